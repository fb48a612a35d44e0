"""The access record's page and file. Reading it is written down first; who may read is the law's answer, in `reads`."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sightpact.access import facts
from sightpact.access.errors import NotFound
from sightpact.access.reminders import reminders
from sightpact.agreements.clauses.copies import SecondCopy
from sightpact.ledger import clock
from sightpact.ledger.copies.reads import Copy, copies
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard
from sightpact.record import actions, reads, reviews
from sightpact.record.reads import Asked, Row
from sightpact.record.whole import whole

COLUMNS = ("entry", "kind", "from", "to", "person", "party", "camera", "school", "section", "agreement", "seconds", "frames",
           "bytes", "result")  # fmt: skip


@never_cache
@require_GET
def record(request: HttpRequest) -> HttpResponse:
    """The page: filters, lines, whether the record is whole."""
    person = _person(request)
    if person is None:
        return redirect("/sign-in/?next=/record/")
    asked = _asked(request, person)
    try:
        of_party = reads.may_read(person.id)
        entry = actions.note_read(person, _as_text(request))
        found = reads.search(person.id, asked)
    except NotFound as nothing:
        raise Http404(str(nothing)) from nothing
    return render(
        request,
        "record/record.html",
        {
            "asked": asked,
            "found": found,
            "whole": whole(),
            "copies": _copies(),
            "own_entry": entry,
            "choices": _choices(of_party),
            "reviews": reviews.due(person.id),
            "reminders": reminders(facts.snapshot(), person.id),
            "day_from": request.GET.get("from", ""),
            "day_to": request.GET.get("to", ""),
            "query": urlencode({k: v for k, v in request.GET.items() if v and k != "before"}),
            "filtered": any(
                request.GET.get(name) for name in ("person", "camera", "school", "from", "to", "before")
            ),
        },
    )


@never_cache
@require_GET
def record_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The same lines, all pages, as a file. Times are UTC."""
    person = _person(request)
    if person is None:
        return redirect("/sign-in/?next=/record/")
    try:
        reads.may_read(person.id)
        actions.note_read(person, f"file: {_as_text(request)}")
    except NotFound as nothing:
        raise Http404(str(nothing)) from nothing
    pages = reads.pages(person.id, _asked(request, person))
    answer = StreamingHttpResponse(_lines(pages), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="access-record.csv"'
    return answer


class _Echo:
    """What csv writes to: hands the line back."""

    def write(self, line: str) -> str:
        return line


async def _lines(pages: Iterator[tuple[Row, ...]]) -> AsyncIterator[str]:
    """One page at a time, each when the reader has taken the one before: a long record is never held whole."""
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    try:
        while page := await sync_to_async(next)(pages, ()):
            yield "".join(writer.writerow(_line(row)) for row in page)
    except NotFound as taken:  # meanwhile; the file says that it is not whole
        yield writer.writerow(["", "stopped", *[""] * (len(COLUMNS) - 3), str(taken)])


def _line(row: Row) -> list[int | str]:
    until = row.until.isoformat() if row.until else ""
    names = (row.who, row.party, row.camera, row.school, row.section, row.agreement)
    measured = (_or_empty(row.seconds), _or_empty(row.frames), _or_empty(row.bytes))
    return [row.index, row.kind, row.at.isoformat(), until, *map(safe, names), *measured, safe(row.result)]


def safe(text: str) -> str:
    """A name that begins like a formula must not become one in a spreadsheet."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _or_empty(number: int | None) -> int | str:
    return "" if number is None else number


def _asked(request: HttpRequest, person: PersonCard) -> Asked:
    zone = ZoneInfo(person.zone)
    last = _day(request.GET.get("to", ""), zone)
    before = request.GET.get("before", "")
    what = request.GET.get("what", "")
    return Asked(
        what=what if what in reads.WHAT else "looks",
        person=request.GET.get("person", "")[:80],
        camera=request.GET.get("camera", "")[:80],
        school=request.GET.get("school", "")[:80],
        since=_day(request.GET.get("from", ""), zone),
        until=last + timedelta(days=1) if last else None,
        before=int(before) if before.isdecimal() else None,
    )


def _day(text: str, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day in the reader's zone; None for anything that is no day."""
    try:
        return datetime.combine(date.fromisoformat(text), time.min, zone)
    except ValueError:
        return None


def _as_text(request: HttpRequest) -> str:
    return (
        ", ".join(f"{name}={value[:80]}" for name, value in sorted(request.GET.items()) if value) or "newest"
    )


def _choices(of_party: str) -> dict[str, Any]:
    """What the menus offer. Another party's reader is offered its own people, and no list of cameras or schools."""
    names = facts.snapshot().names
    party = next((p.id for p in names.parties.values() if p.slug == of_party), "")
    persons = [
        p for p in names.persons.values() if not party or any(held == party for held, _role in p.roles)
    ]
    if of_party:
        return {"persons": persons, "schools": [], "cameras": []}
    cameras = sorted(names.cameras.values(), key=lambda c: (c.school_name, c.name))
    return {"persons": persons, "schools": list(names.schools.values()), "cameras": cameras}


def _copies() -> list[tuple[str, Copy, bool]]:
    """Copies of the record elsewhere, each with who keeps it, and whether it is silent for longer than an agreement allows."""
    names = {party.slug: party.name for party in people.parties()}
    running = facts.snapshot().names.running.values()
    named = {clause.copy: clause for entry in running for clause in entry.document.all(SecondCopy)}
    found = []
    for copy in copies():
        clause, last = named.get(copy.vkey), copy.countersigned_utc or copy.enrolled_utc
        late = clause is not None and clock.now() - last > timedelta(hours=clause.hours)
        found.append((names.get(copy.party) or (clause.keeper if clause else copy.name), copy, late))
    return found


def _person(request: HttpRequest) -> PersonCard | None:
    return getattr(request, "person", None)
