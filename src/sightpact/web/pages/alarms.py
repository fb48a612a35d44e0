"""The pages of alarm sources: how each is, what it sent and what became of it; registering, mapping, keys, tests, revoking.

For whoever may change access for the owner; for everybody else there is no such page. A new key is shown once, in the answer
to the tap that made it, and is kept in no page or message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sightpact.access import alarm_health, alarm_try, changes, facts
from sightpact.access.alarm_health import SourceHealth
from sightpact.access.alarm_in import TooOften
from sightpact.access.alarm_words import became, outcome_words
from sightpact.access.changes import AddAlarmSource, who
from sightpact.access.changes.kinds import the_owner
from sightpact.access.changes.reads import waiting
from sightpact.access.errors import UNWRITABLE
from sightpact.access.facts import Snapshot
from sightpact.activation import alarm_reads as reads
from sightpact.activation.actions import alarm_sources
from sightpact.activation.alarm_reads import AlarmCard, SourceCard
from sightpact.activation.alarms import lines
from sightpact.activation.alarms.message import BadAlarm, Forged
from sightpact.activation.alarms.states import KINDS, kind_words
from sightpact.people.reads import PersonCard
from sightpact.web.pages.changes import told


@dataclass(frozen=True, slots=True)
class Row:
    card: SourceCard
    health: SourceHealth
    kind: str
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Came:
    card: AlarmCard
    became: str
    asks: bool  # nobody has said yet which school it is


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alarm_list(request: HttpRequest) -> HttpResponse:
    """Every source with how it is, and what came last. POST registers one: it waits for a second person."""
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect_to_login("/alarms/")
    snapshot = _must(person)
    typed: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: value for name, value in request.POST.items() if isinstance(value, str)}
        if _register(request, typed, person):
            return HttpResponseRedirect("/alarms/")
    page: dict[str, Any] = {
        "rows": [_row(snapshot, source) for source in reads.sources()],
        "came": _came(reads.latest(30)),
        "proposed": [c.title for c in waiting(snapshot, person) if c.kind == AddAlarmSource.kind],
        "typed": typed,
        **_known(snapshot),
    }
    return render(request, "web/alarms.html", page, status=422 if typed else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alarm_source(request: HttpRequest, source: UUID) -> HttpResponse:
    """One source. POST `do`: map, key, login, test, revoke."""
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect_to_login("/alarms/")  # not even the id that was asked for
    snapshot = _must(person)
    card = reads.source(str(source))
    if card is None or card.owner not in who.acts_for(snapshot, person):
        raise Http404
    key = ""
    if request.method == "POST":
        key = _done(request, card, person)
        if not key:
            there = (
                "/alarms/" if request.POST.get("do") == "revoke" else reverse("alarm_source", args=[card.id])
            )
            return HttpResponseRedirect(there)
        card = reads.source(card.id) or card
    page: dict[str, Any] = {
        "row": _row(snapshot, card),
        "key": key,
        "places": lines.written(card.places),
        "codes": lines.written(card.codes),
        "address": settings.SIGHTPACT.url + reverse("alarm_in", args=[card.id]),
        "came": _came(reads.latest(50, card.id)),
        **_known(snapshot),
    }
    return render(request, "web/alarm_source.html", page)


def _done(request: HttpRequest, card: SourceCard, person: PersonCard) -> str:
    """Do what was asked; returns a new key, where one was made. A fault is said on the next page."""
    sent = request.POST
    try:
        match sent.get("do", ""):
            case "map":
                places, codes = lines.places(sent.get("places", "")), lines.codes(sent.get("codes", ""))
                alarm_sources.map_source(card.id, places, codes, person)
                messages.success(request, _("Stored. It holds from now on."))
            case "key" if sent.get("version") != str(
                card.version
            ):  # the answer that showed one was loaded again
                messages.warning(request, _("No key was made: this page was old. A key is shown once."))
            case "key":
                return alarm_sources.make_key(card.id, person)
            case "login":
                alarm_sources.set_login(card.id, sent.get("user", ""), sent.get("password", ""), person)
                messages.success(request, _("Stored. The connection is made anew."))
            case "test":
                for outcome in alarm_try.send(card):
                    messages.info(request, outcome_words(outcome))
            case "revoke":
                alarm_sources.revoke(card.id, person)
                messages.success(request, _("Revoked. It starts nothing any more."))
    except (*changes.FAULTS, TooOften, BadAlarm, Forged) as fault:
        messages.error(request, str(fault))
    except UNWRITABLE:
        messages.error(request, _("Nothing was changed: the record cannot be written now. Try again."))
    return ""


def _register(request: HttpRequest, typed: dict[str, str], person: PersonCard) -> bool:
    """Propose the source of the form; False: what is wrong stands on the page, and what was typed stays."""
    heartbeat = typed.get("heartbeat", "").strip()
    try:
        wanted = AddAlarmSource(
            typed.get("name", "").strip(),
            typed.get("form", ""),
            lines.places(typed.get("places", "")),
            lines.codes(typed.get("codes", "")),
            typed.get("address", "").strip(),
            typed.get("topic", "").strip(),
            typed.get("trust", "signed"),
            typed.get("authority", "").strip(),
            int(heartbeat) * 60 if heartbeat.isdecimal() and len(heartbeat) < 6 else None,
        )
        told(request, changes.propose(wanted, person))
        return True
    except changes.FAULTS as fault:
        messages.error(request, str(fault))
    except UNWRITABLE:
        messages.error(request, _("Nothing was changed: the record cannot be written now. Try again."))
    return False


def _known(snapshot: Snapshot) -> dict[str, Any]:
    """What a mapping may name: schools and kinds of emergency; and the forms of sources."""
    kinds = {kind.kind: kind.label for kinds in snapshot.names.kinds.values() for kind in kinds}
    return {
        "schools": [(school.slug, school.name) for school in snapshot.names.schools.values()],
        "kinds": sorted(kinds.items()),
        "forms": [(kind, kind_words(kind)) for kind in KINDS],
    }


def _row(snapshot: Snapshot, source: SourceCard) -> Row:
    health = alarm_health.of(snapshot, source)
    names = tuple(snapshot.names.schools[school].name for school in health.schools)
    return Row(source, health, kind_words(source.kind), names)


def _came(cards: tuple[AlarmCard, ...]) -> list[Came]:
    return [Came(card, became(card.state, card.why), card.state == "which_school") for card in cards]


def _must(person: PersonCard) -> Snapshot:
    snapshot = facts.snapshot()
    if the_owner() not in who.acts_for(snapshot, person):
        raise Http404
    return snapshot
