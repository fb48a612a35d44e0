"""The access record as people read it: looks with their ends, refusals, and what happened around them.

Asks the law who may read. The owner's people read all of it; another party's reader only what its own people did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sightpact.access import facts, visible
from sightpact.access.errors import NotFound
from sightpact.decide.facts import Action
from sightpact.ledger import reads as ledger
from sightpact.ledger.reads import OpenedEntry, Query
from sightpact.record import sentences

LOOKS = ("admission", "refusal")
SHARINGS = (
    "activation_start", "activation_told", "activation_take", "aid_called", "activation_end",
    "activation_joined", "activation_widened", "activation_confirmed", "activation_extended", "activation_undone",
    "invitation", "request", "window", "stop", "stop_lifted",
    "drill_start", "drill_told", "drill_taken", "drill_end",
)  # fmt: skip
WHAT = {
    "looks": LOOKS,
    "seen": ("admission",),
    "refused": ("refusal",),
    "sharings": SHARINGS,
    "all": (),
}
"""What a reader may ask for, and the types of entries that answer it."""

PAGE = 100


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


def may_read(person_id: str) -> str:
    """The party whose entries this person reads; "" for all.

    Raises:
        NotFound: the person may not read the record.
    """
    snapshot = facts.snapshot()
    own = visible.own_parties_where(person_id, Action.READ_RECORD, snapshot)
    if not own:
        raise NotFound(
            "There is no such page for you.", "Your role does not name you for it.", "Ask your own office."
        )
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


def _query(asked: Asked, party: str) -> Query:
    return Query(
        types=WHAT.get(asked.what, LOOKS),
        party=party,
        person=asked.person,
        camera=""
        if party
        else asked.camera,  # whether a camera was refused is not for another party to try out
        school="" if party else asked.school,
        since=asked.since,
        until=asked.until,
        before=asked.before,
        limit=PAGE,
    )


def rows_at(indexes: Iterable[int]) -> tuple[Row, ...]:
    """Lines of these entries, oldest first. For readers whose right was asked for already."""
    found = ledger.opened_at(indexes)
    return tuple(_rows([found[index] for index in sorted(found)], ""))


def _rows(entries: list[OpenedEntry], of_party: str) -> Iterator[Row]:
    ends = ledger.closings([entry.index for entry in entries if entry.type == "admission"])
    names = {party.slug: party.name for party in facts.snapshot().names.parties.values()}
    gone = ledger.erasures(entry.index for entry in entries if "person" in entry.erased)
    for entry in entries:
        row = _row(entry, ends.get(entry.index), names)
        if entry.index in gone and row.kind != "event":
            row = replace(row, who=sentences.name_erased(gone[entry.index]))
        yield (
            replace(row, camera="", school="") if of_party and row.kind == "refused" else row
        )  # they were not to know it


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
        camera=sentences.own(entry.shown("camera")) or (sentences.ERASED if "camera" in entry.erased else ""),
        school=entry.shown("school"),
        section=entry.clause,
        agreement=entry.agreement,
        seconds=measured.seconds,
        frames=measured.frames,
        bytes=measured.bytes,
        result=result,
        running=kind == "look" and end is None,
    )
