"""The page "What would have happened?": looks of the record, or of a made-up month, decided again under another text.

For the owner's people who read its whole record; for everybody else there is no such page. It changes and opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from allauth.core.internal import ratelimit
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sightpact.access import replay_asked, replay_words, visible
from sightpact.access.errors import AccessError
from sightpact.access.replay import Differs, Replayed
from sightpact.access.replay_desk import DESK, Job
from sightpact.agreements import drafting, editor_reads, life, stored_world
from sightpact.agreements.errors import AgreementError
from sightpact.decide.facts import Action
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard
from sightpact.record import actions

DAYS = (7, 30, 90, 365)
MONTH = "month"
_LIMITS = {"replay": "6/m/key"}  # of one person
MOST_ROWS = 500
MOST_LOOKS = 50_000  # of the record; the newest


@dataclass(frozen=True, slots=True)
class Row:
    who: str
    what: str
    when: str
    times: int
    first: datetime
    last: datetime
    only_since: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Looks that one section would have decided otherwise."""

    section: str
    opens: bool
    times: int
    rows: tuple[Row, ...]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def replay(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask; then the same address shows how far it is, and what it found."""
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect_to_login(request.get_full_path())
    texts = _texts(slug, person)
    if not texts:
        raise Http404
    fault = ""
    if request.method == "POST":
        fault = _begin(request, slug, person, texts)
        if not fault:
            return HttpResponseRedirect(reverse("replay", args=[slug]))
    job = DESK.last(person.id, slug)
    shown = {
        "slug": slug,
        "title": life_title(slug),
        "texts": texts.items(),
        "days": DAYS,
        "job": job,
        "fault": fault,
        "most": MOST_LOOKS,
        "asked_text": texts.get(job.key[1], "") if job else "",
        "key": job.key[1] if job else next(reversed(texts)),
        "over": job.key[2] if job else "30",
        "parts": _parts(job) if job and job.found else (),
    }
    return render(request, "web/replay.html", shown, status=422 if fault else 200)


def _texts(slug: str, person: PersonCard) -> dict[str, str]:
    """Key -> name of each text that can be tried; none for whoever does not read the whole record of its owner."""
    readable = visible.owners_where(person.id, Action.READ_RECORD)
    owned = {p.slug for p in people.parties() if p.id in readable}
    state = life.state_of(slug)
    mine = {party for party, _role in person.roles}
    if state is None or state.sides[0].slug not in owned or not mine & set(life.party_ids(slug)):
        return {}
    numbers = reversed(life.revision_numbers(slug))
    found = {str(n): _("Revision %(n)s") % {"n": n} for n in numbers}
    return found | {f"draft-{card.id}": _("Your side's draft") for card in drafting.open_drafts(person, slug)}


def _begin(request: HttpRequest, slug: str, person: PersonCard, texts: Mapping[str, str]) -> str:
    """Begin it; why not, in words, or ""."""
    key, over = request.POST.get("text", ""), request.POST.get("over", "")
    if key not in texts or over not in (MONTH, *map(str, DAYS)):
        return _("Choose a text, and over what it is tried.")
    if not ratelimit.consume(request, app="sightpact.access", action="replay", config=_LIMITS, key=person.id):
        return _("This was asked too often. Wait a minute, then ask again.")
    base = editor_reads.base(slug, key, person)
    if base is None:
        return _("This text has faults, so it cannot be tried. Mend them in the editor first.")
    try:
        if over != MONTH:
            what = f"what would have happened: {slug}, {texts[key]}, the last {over} days"
            actions.note_read(person, what)
        asked = replay_asked.gather(base.document, None if over == MONTH else int(over), most=MOST_LOOKS)
    except (AgreementError, AccessError) as refused:
        return str(refused)
    DESK.ask(person.id, (slug, key, over), asked)
    return ""


def _parts(job: Job) -> tuple[Part, ...]:
    """What would differ, by the section that makes the difference: what would open first."""
    found: Replayed | None = job.found
    asked = job.asked
    names = stored_world.names()
    labels = replay_words.labels_of(*([asked.runs] if asked.runs else []), asked.document)
    grouped: dict[tuple[bool, str], list[Differs]] = {}
    for each in found.differs if found else ():
        grouped.setdefault(
            (not each.was_open, each.section if not each.was_open else each.was_section), []
        ).append(each)
    return tuple(
        Part(
            section,
            opens,
            sum(e.times for e in some),
            tuple(_row(e, names, labels) for e in some[:MOST_ROWS]),
        )
        for (opens, section), some in sorted(grouped.items(), key=lambda item: (not item[0][0], item[0][1]))
    )


def _row(each: Differs, names: Mapping[str, str], labels: Mapping[str, str]) -> Row:
    during = [
        _moments().get(d) or _("while “%(label)s” was shared") % {"label": labels.get(d, d)}
        for d in each.during
    ]
    return Row(
        names.get(each.person, each.person),
        names.get(each.camera, each.camera),
        _(" and ").join(during) or _("on a normal day"),
        each.times,
        each.first,
        each.last,
        each.only_since,
    )


def _moments() -> dict[str, str]:
    return {
        "invitation": _("while the school had invited police to look"),
        "request": _("while a request was approved"),
        "window": _("during a planned event"),
        "drill": _("in a drill"),
    }


def life_title(slug: str) -> str:
    state = life.state_of(slug)
    return state.title if state else slug
