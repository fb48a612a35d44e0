"""The access record as people read it: looks with their ends, refusals, and what happened around them.

Asks the law who may read. The owner's people read all of it; another party's reader only what its own people did.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from sightpact.access import facts, visible
from sightpact.access.errors import NotFound
from sightpact.decide.facts import Action
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.ledger.live_source import Live
from sightpact.ledger.notes import parse_vkey
from sightpact.ledger.reads import OpenedEntry, Query
from sightpact.ledger.verify import verify
from sightpact.record import sentences

LOOKS = ("admission", "refusal")
SHARINGS = ("activation_start", "activation_told", "activation_take", "activation_end", "stop", "stop_lifted")
WHAT = {
    "looks": LOOKS,
    "seen": ("admission",),
    "refused": ("refusal",),
    "sharings": SHARINGS,
    "all": (),
}
"""What a reader may ask for, and the types of entries that answer it."""

PAGE = 100
CHECK_AT_ONCE = 5000  # entries that a page checks itself; a longer record is checked by the command line


@dataclass(frozen=True, slots=True)
class Asked:
    """A reader's question. Empty means any. `until` is exclusive; `before` is an entry number, for the next page."""

    what: str = "looks"
    person: str = ""
    camera: str = ""
    school: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a look from its admission to its end, a refusal, or an event."""

    index: int
    kind: str  # look, refused, event
    at: datetime
    until: datetime | None
    who: str
    party: str
    camera: str
    school: str
    section: str
    agreement: str
    seconds: int | None
    frames: int | None
    bytes: int | None
    result: str  # how it ended, why refused, or what happened
    running: bool


@dataclass(frozen=True, slots=True)
class Found:
    rows: tuple[Row, ...]
    size: int  # entries in the whole record
    next_before: int | None
    of_party: str  # not empty: only what this party's people did is shown


@dataclass(frozen=True, slots=True)
class Whole:
    """Whether the record is whole: every entry there, none changed, the head signed."""

    size: int
    checked: bool
    whole: bool
    broken: str  # the first fault, in words
    at: datetime


def may_read(person_id: str) -> str:
    """The party whose entries this person reads; "" for all.

    Raises:
        NotFound: the person may not read the record.
    """
    snapshot = facts.snapshot()
    own = visible.own_parties_where(person_id, Action.READ_RECORD, snapshot)
    if not own:
        raise NotFound("There is no such page for you.", "Your role does not name you for it.", "Ask your own office.")
    owners = {agreement.owner for agreement in snapshot.world.inventory.agreements}
    return "" if any(party in owners for party in own) else snapshot.names.parties[own[0]].slug


def search(person_id: str, asked: Asked) -> Found:
    """One page of the record, newest first.

    Raises:
        NotFound: the person may not read the record.
    """
    party = may_read(person_id)
    entries = ledger.opened(_query(asked, party))
    rows = tuple(_rows(entries, party))
    more = entries[-1].index if len(entries) == PAGE else None
    head = ledger.head()
    return Found(rows, head.size if head else 0, more, party)


def pages(person_id: str, asked: Asked) -> Iterator[tuple[Row, ...]]:
    """All lines that answer the question, for a file. Each page is read when it is wanted, and the right asked for again.

    Raises:
        NotFound: the person may not read the record, or no longer.
    """
    asked = replace(asked, before=None)
    while True:
        party = may_read(person_id)
        entries = ledger.opened(_query(asked, party))
        yield tuple(_rows(entries, party))
        if len(entries) < PAGE:
            return
        asked = replace(asked, before=entries[-1].index)


_checked: tuple[str, Whole] | None = None


def whole() -> Whole | None:
    """Check the record, or say what was found when it stood at the same head. None before it has begun."""
    global _checked
    head = ledger.head()
    if head is None:
        return None
    if _checked is not None and _checked[0] == head.checkpoint:
        return _checked[1]
    if head.size > CHECK_AT_ONCE:
        return Whole(head.size, False, False, "", clock.now())
    source = Live(settings.SIGHTPACT.log_origin, settings.SIGHTPACT.keys / "log.key")
    report = verify(source, parse_vkey(source.vkey()))
    fault = next((each for step in report.steps for each in step.faults), None)
    broken = "" if fault is None else fault.why if fault.entry is None else f"{fault.why} ({fault.entry:,})"
    answer = Whole(report.size, True, report.whole, broken, clock.now())
    _checked = (source.checkpoint(), answer)
    return answer


def _query(asked: Asked, party: str) -> Query:
    return Query(
        types=WHAT.get(asked.what, LOOKS),
        party=party,
        person=asked.person,
        camera="" if party else asked.camera,  # whether a camera was refused is not for another party to try out
        school="" if party else asked.school,
        since=asked.since,
        until=asked.until,
        before=asked.before,
        limit=PAGE,
    )


def _rows(entries: list[OpenedEntry], of_party: str) -> Iterator[Row]:
    ends = ledger.closings([entry.index for entry in entries if entry.type == "admission"])
    names = {party.slug: party.name for party in facts.snapshot().names.parties.values()}
    for entry in entries:
        row = _row(entry, ends.get(entry.index), names)
        yield replace(row, camera="", school="") if of_party and row.kind == "refused" else row  # they were not to know it


def _row(entry: OpenedEntry, end: OpenedEntry | None, names: dict[str, str]) -> Row:
    kind = {"admission": "look", "refusal": "refused"}.get(entry.type, "event")
    if kind == "look":
        result = sentences.how_it_ended(end.reason_code) if end else ""
    elif kind == "refused":
        result = sentences.reason(entry.reason_code)
    else:
        result = sentences.said(entry)
    measured = end or entry
    return Row(
        index=entry.index,
        kind=kind,
        at=entry.at,
        until=end.at if end else None,
        who=sentences.who(entry) if entry.shown("person") or kind != "event" else "",
        party=names.get(entry.party, entry.party),
        camera=entry.shown("camera") or (sentences.ERASED if "camera" in entry.erased else ""),
        school=entry.shown("school"),
        section=entry.clause,
        agreement=entry.agreement,
        seconds=measured.seconds,
        frames=measured.frames,
        bytes=measured.bytes,
        result=result,
        running=kind == "look" and end is None,
    )
