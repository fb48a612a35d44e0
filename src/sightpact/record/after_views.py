"""After an emergency: the list of what is owed, one sharing step by step, its statement, and each as a file.

Who may read the record reads it; reading is written down first. Whom the agreement names signs.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from sightpact.access import facts
from sightpact.access.errors import AccessError, NotFound
from sightpact.access.waiting_causes import waiting_causes
from sightpact.activation.reasons import ENDS
from sightpact.agreements.errors import AgreementError
from sightpact.agreements.papers import making
from sightpact.agreements.papers.pace import Pace
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard
from sightpact.record import actions, after, after_paper, after_words, reads, sentences, timeline
from sightpact.record.after import Line
from sightpact.record.errors import NotSigned
from sightpact.record.views import safe

_pace = Pace()
MOST = 2400  # characters of each field of a statement


@never_cache
@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """What is owed, every sharing of the last year, and how they ended."""
    person = _person(request)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    lines = _listed(person)
    of_party = reads.may_read(person.id)
    open_ones = sorted((x for x in lines if x.is_open), key=lambda x: x.due_utc or x.card.started_utc)
    found = {
        "owed": open_ones,
        "lines": lines,
        "counts": _counts(lines),
        "of_party": of_party,
        "why": {line.card.id: after_words.why_nothing(line) for line in lines},
        "own_entry": actions.note_read(person, "after an emergency: the list"),
    }
    return render(request, "record/after.html", found)


@never_cache
@require_GET
def counts(request: HttpRequest) -> HttpResponse:
    """How many sharings of each kind ended how, as a file."""
    person = _person(request)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("kind", "outcome", "count"))
    for kind, outcomes in _counts(_listed(person)):
        for outcome, count in outcomes:
            writer.writerow((safe(kind), outcome, count))
    actions.note_read(person, "after an emergency: counts, file")
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="sharings-by-outcome.csv"'
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, activation: str) -> HttpResponse:
    """One sharing step by step, with its statement; a POST signs a version of it."""
    person = _person(request)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    line = _one(person, str(activation))
    if request.method == "POST":
        return _sign(request, person, line)
    return render(request, "record/after_one.html", _shown(person, line, {}))


@never_cache
@require_GET
def as_json(request: HttpRequest, activation: str) -> HttpResponse:
    """The same steps as data. Times are UTC."""
    person = _person(request)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    line = _one(person, str(activation))
    actions.note_read(person, f"after an emergency: {line.card.id}, file")
    steps = timeline.of("activation", line.card.id, reads.may_read(person.id))
    answer = JsonResponse(
        {
            "activation": line.card.id,
            "agreement": line.agreement,
            "section": line.card.clause,
            "emergency": line.card.emergency,
            "schools": list(line.card.school_names),
            "started": line.card.started_utc.isoformat(),
            "ended": line.card.ended_utc.isoformat() if line.card.ended_utc else None,
            "end_reason": line.card.end_reason,
            "steps": [_step(step) for step in steps],
        }
    )
    answer["Content-Disposition"] = f'attachment; filename="after-{line.card.started_utc:%Y-%m-%d}.json"'
    return answer


@never_cache
@require_GET
def report(request: HttpRequest, activation: str) -> HttpResponse:
    """The same as a paper (PDF/UA), for a meeting afterwards."""
    person = _person(request)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    line = _one(person, str(activation))
    if not _pace.may(person.id, clock.monotonic()):
        return HttpResponse(_("Too many papers in a short time. Wait a minute, then ask again."), status=429)
    actions.note_read(person, f"after an emergency: {line.card.id}, paper")
    facts_of = _facts(person, line)
    try:
        content = making.made(
            "after", after_paper.fill(line, facts_of["steps"], facts_of["people"], person.zone)
        )
    except AgreementError as fault:
        return HttpResponse(str(fault), status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="after-{line.card.started_utc:%Y-%m-%d}.pdf"'
    return answer


def _sign(request: HttpRequest, person: PersonCard, line: Line) -> HttpResponse:
    if not line.may_sign or line.state == "running":
        raise Http404
    words, parties = (request.POST.get(name, "").strip()[:MOST] for name in ("words", "parties"))
    threat, seen = request.POST.get("threat", ""), request.POST.get("version", "")
    try:
        if threat not in ("yes", "no"):
            raise NotSigned(
                _("Nothing was signed."), _("It does not say whether there was a threat."), _("Choose one.")
            )
        version = int(seen) if seen.isdecimal() else 0
        actions.sign_statement(person, line, threat == "yes", words, parties, version)
    except AccessError as fault:
        messages.error(request, str(fault))
        kept = {"words": words, "parties": parties, "threat": threat}
        return render(request, "record/after_one.html", _shown(person, line, kept), status=409)
    messages.success(request, _("Signed. It is in the record."))
    return redirect(request.path)


def _shown(person: PersonCard, line: Line, kept: dict[str, str]) -> dict[str, Any]:
    entry = actions.note_read(person, f"after an emergency: {line.card.id}")
    found = _facts(person, line)
    last = line.versions[-1] if line.versions else None
    names = facts.snapshot().names
    owner = names.parties[line.card.owner]
    form = {
        "words": last.words if last else after_words.suggested(line),
        "parties": last.parties if last else after_words.parties(found["people"], owner.slug),
        "threat": ("yes" if last.threat else "no") if last else "",
    }
    return {
        **found,
        "line": line,
        "form": form | kept,
        "last": last,
        "why": after_words.why_nothing(line),
        "basis": after_words.basis_says(line.basis, owner.name),
        "waits": _waits(line),
        "of_party": reads.may_read(person.id),
        "own_entry": entry,
        "most": MOST,
    }


def _waits(line: Line) -> list[str]:
    """What would take access away by routine, and waits for the end of this one."""
    if line.state != "running":
        return []
    causes = waiting_causes(facts.snapshot())
    return [cause.text for cause in causes if cause.agreement == line.card.agreement]


def _facts(person: PersonCard, line: Line) -> dict[str, Any]:
    of_party = reads.may_read(person.id)
    steps = timeline.of("activation", line.card.id, of_party)
    people = after_words.shown(look for step in steps for look in step.looks)
    return {"steps": steps, "people": people}


def _step(step: timeline.Step) -> dict[str, Any]:
    looks = [
        {
            "person": x.person,
            "camera": x.camera,
            "section": x.section,
            "from": x.at.isoformat(),
            "seconds": x.seconds,
        }
        for x in step.looks
    ]
    told = {"at": step.at.isoformat(), "seconds": step.seconds, "text": step.text, "entry": step.entry}
    return {**told, "looks": looks} if looks else told


def _counts(lines: tuple[Line, ...]) -> list[tuple[str, list[tuple[str, int]]]]:
    """By kind, how many ended how; kinds by name, ends in the order of words."""
    by_kind: dict[str, Counter[str]] = {}
    for line in lines:
        if line.card.end_reason in ENDS:
            by_kind.setdefault(line.kind, Counter())[sentences.reason(line.card.end_reason)] += 1
    return [(kind, sorted(found.items())) for kind, found in sorted(by_kind.items())]


def _listed(person: PersonCard) -> tuple[Line, ...]:
    try:
        return after.listed(person.id)
    except NotFound as nothing:
        raise Http404(str(nothing)) from nothing


def _one(person: PersonCard, activation: str) -> Line:
    try:
        return after.one(person.id, activation)
    except NotFound as nothing:
        raise Http404(str(nothing)) from nothing


def _person(request: HttpRequest) -> PersonCard | None:
    return getattr(request, "person", None)
