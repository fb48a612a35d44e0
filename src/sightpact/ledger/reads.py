"""Reading the ledger: head, ranges, and opened entries by person, camera, school, situation, party, time.

Frozen values only. Who may read what is decided above (`record`); here nobody is asked for a right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.conf import settings

from sightpact.ledger import store
from sightpact.ledger.entries import NAMES, SECRET, decode, instant, stamp
from sightpact.ledger.epoch import EpochValue
from sightpact.ledger.errors import BadProof
from sightpact.ledger.models import Entry, Erased, Log, Node, Opening
from sightpact.ledger.tree import consistency_path, frontier_at, inclusion_path, resolve, root_of

MAX_PAGE = 1000
_STEP = 2000  # entries that are looked at in one question


@dataclass(frozen=True, slots=True)
class Head:
    origin: str
    vkey: str
    size: int
    last_at: datetime | None
    checkpoint: str  # signed note


@dataclass(frozen=True, slots=True)
class Opened:
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class OpenedEntry:
    """An entry with what opens it. A secret field without opening here was erased (or never set)."""

    index: int
    type: str
    at: datetime
    agreement: str = ""
    policy: str = ""
    clause: str = ""
    party: str = ""
    emergency: str = ""
    outcome: str = ""
    reason_code: str = ""
    seconds: int | None = None
    frames: int | None = None
    bytes: int | None = None
    ref: int | None = None
    secret: Mapping[str, Opened] = field(default_factory=lambda: MappingProxyType({}))
    erased: frozenset[str] = frozenset()  # secret fields whose opening is gone

    def shown(self, name: str) -> str:
        """What a page shows of a secret field; empty where there is nothing."""
        opened = self.secret.get(name)
        return opened.value if opened else ""

    def key(self, name: str) -> str:
        opened = self.secret.get(name)
        return opened.key if opened else ""


@dataclass(frozen=True, slots=True)
class Query:
    """Which opened entries. Empty means "any". Newest first unless `oldest_first`."""

    types: tuple[str, ...] = ()
    party: str = ""
    outcome: str = ""
    person: str = ""  # keys of secrets
    camera: str = ""
    school: str = ""
    situation: str = ""
    since: datetime | None = None  # inclusive
    until: datetime | None = None  # exclusive
    before: int | None = None  # paging: entries with a smaller index
    after: int | None = None  # paging: entries with a larger index
    limit: int = 100
    oldest_first: bool = False


def epoch() -> EpochValue:
    """How often world and situation have changed."""
    return store.read_epoch()


def head(log: str | None = None) -> Head | None:
    """The log's head, or None when it has not begun."""
    row = Log.objects.filter(origin=_origin(log)).first()
    if row is None:
        return None
    return Head(row.origin, row.vkey, row.size, instant(row.last_at) if row.last_at else None, row.checkpoint)


def entries(start: int, stop: int, log: str | None = None) -> list[bytes]:
    """Stored bytes of entries [start, stop), as far as the head reaches."""
    log_id, size = _log(log)
    if log_id is None:
        return []
    rows = Entry.objects.filter(log_id=log_id, index__gte=start, index__lt=min(stop, size)).order_by("index")
    return [bytes(data) for data in rows.values_list("data", flat=True)]


def opened(query: Query, log: str | None = None) -> list[OpenedEntry]:
    """At most `query.limit` (and never more than MAX_PAGE) entries that match, with their openings."""
    log_id, size = _log(log)
    if log_id is None:
        return []
    found = Entry.objects.filter(log_id=log_id)
    if query.types:
        found = found.filter(type__in=query.types)
    if query.party:
        found = found.filter(party=query.party)
    if query.outcome:
        found = found.filter(outcome=query.outcome)
    # `at` never falls as the index rises, so a span of time is a span of indexes.
    # A row at or beyond the head's size was never signed: it is no entry.
    low = max(_first_at(log_id, size, query.since), 0 if query.after is None else query.after + 1)
    high = _first_at(log_id, size, query.until) if query.until else size
    if query.before is not None:
        high = min(high, query.before)
    found = found.filter(index__gte=low, index__lt=high)
    for name in ("person", "camera", "school", "situation"):
        if key := getattr(query, name):
            having = Opening.objects.filter(log_id=log_id, field=name, key=key, index__gte=low)
            found = found.filter(index__in=having.values("index"))
    order = "index" if query.oldest_first else "-index"
    rows = found.order_by(order).values_list("index", "data")[: max(1, min(query.limit, MAX_PAGE))]
    return _open(log_id, list(rows))


def in_clear(types: Sequence[str], outcomes: Sequence[str]) -> Iterator[OpenedEntry]:
    """Entries of these types and outcomes in every log of this database, oldest first, without what opens them.

    Also those of a log that was followed by another: what was recorded there stays recorded.
    """
    for log_id, size in Log.objects.order_by("id").values_list("id", "size"):
        found = Entry.objects.filter(log_id=log_id, type__in=types, outcome__in=outcomes, index__lt=size)
        for index, data in found.order_by("index").values_list("index", "data"):
            yield _entry(index, bytes(data), {})


def clear_between(
    types: Sequence[str], since: datetime, until: datetime, log: str | None = None
) -> Iterator[OpenedEntry]:
    """Entries of these types in [since, until), oldest first, without what opens them: for walking many."""
    log_id, size = _log(log)
    if log_id is None:
        return
    low, high = _first_at(log_id, size, since), _first_at(log_id, size, until)
    found = Entry.objects.filter(log_id=log_id, type__in=types, index__gte=low, index__lt=high)
    for index, data in found.order_by("index").values_list("index", "data").iterator(chunk_size=2000):
        yield _entry(index, bytes(data), {})


def parties_of(types: Sequence[str], situation: str, log: str | None = None) -> frozenset[str]:
    """Whose people entries of these types in one situation are about (slugs). One question to the database."""
    log_id, size = _log(log)
    if log_id is None:
        return frozenset()
    having = Opening.objects.filter(log_id=log_id, field="situation", key=situation).values("index")
    found = Entry.objects.filter(log_id=log_id, type__in=types, index__in=having, index__lt=size)
    return frozenset(found.values_list("party", flat=True).distinct())


def first_at(moment: datetime, log: str | None = None) -> int:
    """Index of the first entry at or after a moment; the log's size when there is none."""
    log_id, size = _log(log)
    return 0 if log_id is None else _first_at(log_id, size, moment)


def root(size: int, log: str | None = None) -> bytes:
    """Root hash of the tree of the first `size` entries.

    Raises:
        BadProof: the log does not reach so far.
    """
    return root_of(nodes(frontier_at(size), log))


def opened_at(indexes: Iterable[int], log: str | None = None) -> dict[int, OpenedEntry]:
    """Entries by index, with their openings."""
    log_id, size = _log(log)
    if log_id is None:
        return {}
    rows = Entry.objects.filter(log_id=log_id, index__in=list(indexes), index__lt=size).values_list(
        "index", "data"
    )
    return {entry.index: entry for entry in _open(log_id, list(rows))}


def closings(indexes: Iterable[int], log: str | None = None) -> dict[int, OpenedEntry]:
    """For entries that were closed (an admission by its stream_end ...): the first entry whose `ref` names them."""
    log_id, size = _log(log)
    if log_id is None:
        return {}
    # Sorted here: asked to sort, SQLite walks the whole log backwards instead of using the index on `ref`.
    rows = Entry.objects.filter(log_id=log_id, ref__in=list(indexes), index__lt=size).values_list(
        "index", "data"
    )
    newest_first = sorted(_open(log_id, list(rows)), key=lambda entry: -entry.index)
    return {entry.ref: entry for entry in newest_first if entry.ref is not None}


def erasures(indexes: Iterable[int], log: str | None = None) -> dict[int, OpenedEntry]:
    """For entries whose names were erased: the entry that says by which rule."""
    log_id, _size = _log(log)
    if log_id is None:
        return {}
    by = dict(Erased.objects.filter(log_id=log_id, index__in=list(indexes)).values_list("index", "by"))
    told = opened_at(set(by.values()), log)
    return {index: told[number] for index, number in by.items() if number in told}


def named_before(
    types: Sequence[str], agreement: str, moment: datetime, after: int, limit: int, log: str | None = None
) -> list[OpenedEntry]:
    """At most `limit` entries of these types before a moment, after an index, that still have a name; oldest first.

    Args:
        agreement: slug; of it alone. Empty: of those that name none.
    """
    log_id, size = _log(log)
    if log_id is None:
        return []
    until, having = _first_at(log_id, size, moment), Opening.objects.filter(log_id=log_id, field__in=NAMES)
    of_it: list[tuple[int, Any]] = []
    while len(of_it) < limit:
        named = having.filter(index__gt=after).values("index")
        found = Entry.objects.filter(
            log_id=log_id, type__in=types, index__gt=after, index__lt=until, index__in=named
        )
        some = list(found.order_by("index").values_list("index", "data")[:_STEP])
        of_it += [row for row in some if _entry(row[0], bytes(row[1]), {}).agreement == agreement]
        if len(some) < _STEP:
            break
        after = some[-1][0]
    return _open(log_id, of_it[:limit])


def inclusion_proof(index: int, size: int, log: str | None = None) -> list[bytes]:
    """Hashes that prove entry `index` in the tree of `size`.

    Raises:
        BadProof: the index is not in that tree.
    """
    return resolve(inclusion_path(index, size), lambda wanted: nodes(wanted, log))


def root_at(size: int, log: str | None = None) -> bytes:
    """Root of the tree of the first `size` entries, from the stored hashes.

    Raises:
        BadProof: the log has not so many.
    """
    return root_of(nodes(frontier_at(size), log))


def consistency_proof(first: int, second: int, log: str | None = None) -> list[bytes]:
    """Hashes that prove that the tree of `second` extends that of `first`.

    Raises:
        BadProof: first is 0 or larger than second.
    """
    return resolve(consistency_path(first, second), lambda wanted: nodes(wanted, log))


def nodes(addresses: Sequence[tuple[int, int]], log: str | None = None) -> list[bytes]:
    """Hashes of complete subtrees, in the order asked for."""
    if (log_id := _log(log)[0]) is None:
        raise BadProof("proof", "the log has not begun", "Append first")
    by_level: dict[int, list[int]] = {}
    for level, index in addresses:
        by_level.setdefault(level, []).append(index)
    found: dict[tuple[int, int], bytes] = {}
    for level, wanted in by_level.items():
        rows = Node.objects.filter(log_id=log_id, level=level, index__in=wanted).values_list("index", "hash")
        found |= {(level, index): bytes(value) for index, value in rows}
    if missing := next((a for a in addresses if a not in found), None):
        raise BadProof("proof", f"node {missing} is missing", "Run `sightpact ledger verify`")
    return [found[address] for address in addresses]


def _open(log_id: int, rows: Sequence[tuple[int, Any]]) -> list[OpenedEntry]:
    secrets: dict[int, dict[str, Opened]] = {index: {} for index, _ in rows}
    openings = Opening.objects.filter(log_id=log_id, index__in=list(secrets))
    for index, name, key, value in openings.values_list("index", "field", "key", "value"):
        secrets[index][name] = Opened(key, value)
    return [_entry(index, bytes(data), secrets[index]) for index, data in rows]


def _entry(index: int, data: bytes, secret: dict[str, Opened]) -> OpenedEntry:
    record = decode(data)
    clear = {
        k: v for k, v in record.items() if k in OpenedEntry.__dataclass_fields__ and k not in ("at", "secret")
    }
    committed = record.keys() & _SECRETS
    return OpenedEntry(
        index=index,
        at=instant(record["at"]),
        secret=MappingProxyType(secret),
        erased=frozenset(committed - secret.keys()),
        **clear,
    )


_SECRETS = frozenset(SECRET)


def _first_at(log_id: int, size: int, moment: datetime | None) -> int:
    """Index of the first entry at or after the moment (the log's size if there is none), by halving."""
    if moment is None:
        return 0
    wanted = stamp(moment)
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        if Entry.objects.values_list("at", flat=True).get(log_id=log_id, index=middle) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


def _origin(log: str | None) -> str:
    return log or settings.SIGHTPACT.log_origin


def _log(log: str | None) -> tuple[int | None, int]:
    """Row id and size of the log; (None, 0) when it has not begun."""
    return Log.objects.filter(origin=_origin(log)).values_list("id", "size").first() or (None, 0)
