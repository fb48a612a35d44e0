"""Writing the ledger: begin and append. The only module (with `store.py`) that writes these tables.

Never: an entry changed or removed; a checkpoint signed for anything but what stands in the same transaction.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.conf import settings
from django.db import connection, transaction

from sightpact.ledger import clock, epoch, erased, keys, last_head, notes, steps, store, tree
from sightpact.ledger.entries import NAMES, Encoded, NewEntry, Secret, encode, stamp
from sightpact.ledger.epoch import EpochValue
from sightpact.ledger.errors import BadNote, EpochMoved, KeyTrouble, NotInTransaction
from sightpact.ledger.last_head import LastHead
from sightpact.ledger.models import Erased, Log, Opening

Bump = Literal["world", "situation"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof for the caller: where its entry stands. Valid once the transaction has committed."""

    index: int
    at: str  # UTC, hundredths
    entry_bytes: bytes


def append(
    entries: Sequence[NewEntry],
    *,
    log: str | None = None,
    bump: Bump | None = None,
    expect: EpochValue | None = None,
) -> list[Receipt]:
    """Add entries to the log, in the caller's transaction.

    1. Take the writer's place (SQLite: the IMMEDIATE transaction holds it already).
    2. Compare the epoch with the caller's snapshot, where one is given.
    3. Read the head; begin the log with its genesis entry if there is none.
    4. Encode with a time that never goes back, hash, grow the tree, sign the checkpoint.
    5. Write entries, nodes, openings and head; bump the epoch.
    6. After the commit: tell the subscribers of the epoch, and log a clock step if there was one.

    Args:
        entries: what happened; may be empty when only the epoch is to be bumped.
        log: origin of the log; None: the deployment's own.
        bump: which facts the caller has changed.
        expect: epoch of the snapshot that the caller decided on.
    Returns:
        one receipt per entry, in order.
    Raises:
        NotInTransaction, EpochMoved, BadEntry, KeyTrouble, HeadMoved: nothing is written; roll back.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction("append", "no transaction is open", "Call it inside transaction.atomic()")
    store.take_writer_lock()
    if expect is not None and (found := store.read_epoch()) != expect:
        raise EpochMoved(expect, found)
    receipts = _write(entries, log or settings.SIGHTPACT.log_origin) if entries else []
    if bump is not None:
        value = store.bump_epoch(bump)
        transaction.on_commit(lambda: epoch.publish(value))
    return receipts


def erase(indexes: Sequence[int], entry: NewEntry) -> int:
    """Erase what opens the names of entries. The entries stay, and the log stays whole: it never held the names.

    1. Append the entry that says by which rule, with the list of entries as its text, so that whoever verifies the log knows
    that nobody took them away. 2. Delete the openings of NAMES, over their bytes. 3. Keep which entry says so. All or nothing.

    Args:
        indexes: entries of the deployment's own log. entry: `openings_erased`; its number and its text are filled in here.
    Returns:
        of how many entries.
    Raises:
        as `append`; nothing is erased then.
    """
    with transaction.atomic():
        store.take_writer_lock()
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA secure_delete = ON")
        log = Log.objects.get(origin=settings.SIGHTPACT.log_origin)
        for some, listed in erased.lists(indexes):
            told = replace(entry, frames=len(some), secret={"text": Secret("", listed)})
            (receipt,) = append([told])
            for first in range(0, len(some), 500):
                part = some[first : first + 500]
                Opening.objects.filter(log=log, index__in=part, field__in=NAMES).delete()
                rows = [Erased(log=log, index=index, by=receipt.index) for index in part]
                Erased.objects.bulk_create(rows, ignore_conflicts=True)
    return len(indexes)


def begin(origin: str | None = None, *, anew: bool = False) -> tuple[str, ...]:
    """Make the signing key and begin the log with its genesis entry; does nothing if it has begun.

    1. Take the writer's place. 2. Where a new record is wanted: put the old key and the old head aside.
    3. Key file. 4. Log row and genesis entry.

    Args:
        anew: a key without its log is no accident: begin another record, with a key of its own.
    Returns:
        files that were put aside.
    Raises:
        KeyTrouble: a key is here and its log is not; or a new record is wanted under a name that is taken.
    """
    with transaction.atomic():
        store.take_writer_lock()
        name = origin or settings.SIGHTPACT.log_origin
        if store.read_head(name) is None:
            aside = keys.put_aside(settings.SIGHTPACT.keys) if anew else ()
            _begin(name)
            return aside
        if anew:
            raise KeyTrouble(
                f"the record {name}",
                "it has begun, and its name is its own for good",
                "Set another log_origin for the new record, then run: sightpact init --new-record",
            )
        return ()


def check(origin: str | None = None) -> None:
    """May this record be continued here? Asked at each start.

    Raises:
        KeyTrouble: it is not in this database, its key is not here, or its head is not the one last signed.
    """
    name = origin or settings.SIGHTPACT.log_origin
    head = store.read_head(name)
    if head is None:
        raise _astray(name)
    _key_of(head)


def _write(entries: Sequence[NewEntry], origin: str) -> list[Receipt]:
    head = store.read_head(origin) or _begin(origin)
    key = _key_of(head)
    now = clock.now()
    at = max(stamp(now), head.last_at)
    step = steps.measure(now, clock.monotonic(), clock.stepped_s(), head.last_at)
    if step:
        transaction.on_commit(lambda: steps.report(step))
    encoded = [encode(entry, at, os.urandom) for entry in entries]
    _extend(head, key, at, list(zip(entries, encoded, strict=True)))
    return [Receipt(head.size + i, at, e.data) for i, e in enumerate(encoded)]


def _extend(head: store.Head, key: notes.Signer, at: str, added: Sequence[tuple[NewEntry, Encoded]]) -> None:
    size, frontier, nodes = tree.append(head.size, head.frontier, (tree.leaf_hash(e.data) for _, e in added))
    root = tree.root_of(frontier)
    note = notes.sign(notes.checkpoint_text(head.origin, size, root), [key])
    rows = [
        (head.size + i, at, entry.type, entry.party, entry.outcome, entry.ref, e.data)
        for i, (entry, e) in enumerate(added)
    ]
    openings = [(head.size + i, opening) for i, (_, e) in enumerate(added) for opening in e.openings]
    store.write(head, size, frontier, at, note, rows, nodes, openings)
    signed = LastHead(size, root, head.origin)
    transaction.on_commit(lambda: last_head.keep(settings.SIGHTPACT.keys, signed))


def _begin(origin: str) -> store.Head:
    """A new log: its row and its genesis entry. Never beside a head that was signed here: that would be a second history."""
    path = settings.SIGHTPACT.keys / "log.key"
    if (path.parent / last_head.NAME).exists() or (path.exists() and keys.load(path).name != origin):
        raise _astray(origin)  # a key alone is of a beginning that never committed
    key = keys.create(path, origin)
    Log.objects.create(origin=origin, vkey=key.vkey)
    head = store.read_head(origin)
    assert head is not None
    genesis = NewEntry("genesis", party=origin)
    at = stamp(clock.now())
    _extend(head, key, at, [(genesis, encode(genesis, at, os.urandom))])
    begun = store.read_head(origin)
    assert begun is not None
    return begun


def _key_of(head: store.Head) -> notes.Signer:
    """The key, once it is sure that it goes on where it signed last."""
    path = settings.SIGHTPACT.keys / "log.key"
    key = keys.load(path)
    if key.vkey != head.vkey:
        raise KeyTrouble(
            "the ledger's signing key",
            f"{path} is not the key that this log was begun with",
            "Restore the right one",
        )
    here = LastHead(head.size, tree.root_of(head.frontier), head.origin)
    last = last_head.read(path.parent)
    if last == here:
        return key
    if last is not None and last.origin == head.origin and last.size >= head.size:
        raise KeyTrouble(
            f"the record {head.origin}",
            f"it stands at {head.size} entries, and {last.size} were signed here: the database was put back or changed",
            "Restore the newest database. If it is lost, the record cannot go on: set another log_origin, then run:"
            " sightpact init --new-record",
        )
    # Ahead of the file (a crash, or entries of this very transaction): then the key itself must have signed it.
    try:
        text, _ = notes.open_note(head.checkpoint, [notes.parse_vkey(key.vkey)])
        body = notes.parse_checkpoint(text)
    except BadNote as fault:
        raise _changed(head) from fault
    if (body.origin, body.size, body.root) != (here.origin, here.size, here.root):
        raise _changed(head)
    return key


def _changed(head: store.Head) -> KeyTrouble:
    return KeyTrouble(
        f"the record {head.origin}",
        "its head in the database is not one that was signed",
        "Run `sightpact ledger verify`, and restore the newest database",
    )


def _astray(origin: str) -> KeyTrouble:
    return KeyTrouble(
        f"the record {origin}",
        f"a key is in {settings.SIGHTPACT.keys}, and the record that it signed is not in this database",
        "Restore the database. If it is lost, say so to the other parties, then run: sightpact init --new-record",
    )
