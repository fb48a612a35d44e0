"""What happened in one sharing, drill or request, step by step, each with the seconds since its start. Reads only.

Made of the record alone. Who may read it was asked before; a reader of another party is shown its own people by name, and
for all others their organization.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from sightpact.access import facts
from sightpact.activation import askings, drills
from sightpact.activation import reads as activation
from sightpact.ledger import reads as ledger
from sightpact.ledger.reads import MAX_PAGE, Opened, OpenedEntry, Query
from sightpact.record import sentences

NOT_A_STEP = frozenset({"stream_end", "disclosure_recorded", "notice_approved"})
OWNERS_ALONE = frozenset({"notice_sent", "refusal", "alarm_forged", "alarm_source"})
MOST_PAGES = 50  # of a thousand entries each


@dataclass(frozen=True, slots=True)
class Look:
    """One camera that one person was shown. `seconds` is None while it runs."""

    person: str  # "Omar Reyes, dispatcher, Lakeview Police Department"; "" when the name was erased
    key: str  # id of the person
    party: str  # slug
    camera: str
    section: str
    at: datetime
    seconds: int | None
    ended: str  # in a few words
    entry: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened. `seconds` since the start; `looks` where it is people who began to watch."""

    at: datetime
    seconds: float
    text: str
    kind: str = ""  # type of its entry
    party: str = ""  # slug
    entry: int = 0
    looks: tuple[Look, ...] = ()


def of(kind: str, id: str, of_party: str = "") -> tuple[Step, ...]:
    """The steps of one sharing ("activation"), drill ("drill") or request ("asking"), oldest first.

    Args:
        id: its number. of_party: slug; not empty: as a reader of this party may see it.
    """
    entries = list(_entries(id))
    if not entries:
        return ()
    zero = min(begun(kind, id) or entries[0].at, entries[0].at)
    looks = {look.entry: look for look in _looks(entries, of_party)}
    return tuple(_steps(_for(entries, of_party), looks, zero))


def looks(id: str, of_party: str = "") -> tuple[Look, ...]:
    """Every camera that anybody was shown in it, in the order in which they began."""
    return tuple(_looks(list(_entries(id)), of_party))


def begun(kind: str, id: str) -> datetime | None:
    """When the gateway heard of it; None when there is none of this number."""
    if kind == "activation":
        return started.started_utc if (started := activation.card(id)) else None
    if kind == "drill":
        return drill.started_utc if (drill := drills.card(id)) else None
    return asked.asked_utc if (asked := askings.card(id)) else None


def _entries(id: str) -> Iterator[OpenedEntry]:
    after: int | None = None
    for _page in range(MOST_PAGES):
        found = ledger.opened(Query(situation=id, after=after, limit=MAX_PAGE, oldest_first=True))
        yield from found
        if len(found) < MAX_PAGE:
            return
        after = found[-1].index


def _looks(entries: Iterable[OpenedEntry], of_party: str) -> Iterator[Look]:
    admitted = [e for e in entries if e.type == "admission" and (not of_party or e.party == of_party)]
    ends = {}
    for first in range(0, len(admitted), 500):
        ends |= ledger.closings(e.index for e in admitted[first : first + 500])
    for entry in admitted:
        end = ends.get(entry.index)
        yield Look(
            person=entry.shown("person"),
            key=entry.key("person"),
            party=entry.party,
            camera=sentences.place(entry),
            section=entry.clause,
            at=entry.at,
            seconds=end.seconds if end else None,
            ended=sentences.how_it_ended(end.reason_code) if end else "",
            entry=entry.index,
        )


def _for(entries: Iterable[OpenedEntry], of_party: str) -> Iterator[OpenedEntry]:
    """What this reader may see of it: other parties' looks not at all, and their people as their organization."""
    names = {party.slug: party.name for party in facts.snapshot().names.parties.values()}
    for entry in entries:
        if entry.type in NOT_A_STEP:
            continue
        if not of_party or entry.party == of_party:
            yield entry
        elif entry.type != "admission" and entry.type not in OWNERS_ALONE:
            yield _without_names(entry, names.get(entry.party, ""))


def _without_names(entry: OpenedEntry, party: str) -> OpenedEntry:
    secret = {name: opened for name, opened in entry.secret.items() if name not in ("person", "device")}
    if "person" in entry.secret and party:
        secret["person"] = Opened("", party)
    return replace(entry, secret=MappingProxyType(secret))


def _steps(entries: Iterable[OpenedEntry], looks: dict[int, Look], zero: datetime) -> Iterator[Step]:
    together: list[OpenedEntry] = []
    for entry in (*entries, None):
        if together and (entry is None or not sentences.same_look(together[0], entry)):
            yield _watched(together, looks, zero)
            together = []
        if entry is not None and entry.type == "admission":
            together.append(entry)
        elif entry is not None:
            yield Step(
                entry.at,
                _since(zero, entry.at),
                sentences.said(entry),
                entry.type,
                entry.party,
                entry.index,
            )


def _watched(entries: list[OpenedEntry], looks: dict[int, Look], zero: datetime) -> Step:
    first = entries[0]
    text = sentences.looked(entries[::-1]).text
    shown = tuple(looks[e.index] for e in entries if e.index in looks)
    return Step(first.at, _since(zero, first.at), text, first.type, first.party, first.index, shown)


def _since(zero: datetime, at: datetime) -> float:
    return max(0.0, round((at - zero).total_seconds(), 2))
