"""The SQL of an append, as few statements as it takes. Only `actions.py` calls this.

Raw statements because an admission waits for them: the ORM would cost more than the disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from sightpact.ledger.entries import Opening
from sightpact.ledger.epoch import EpochValue
from sightpact.ledger.errors import HeadMoved
from sightpact.ledger.tree import HASH_BYTES, Node

WRITER_LOCK = 0x5167_6874  # advisory lock number on PostgreSQL: one writer of the ledger


@dataclass(frozen=True, slots=True)
class Head:
    log: int
    origin: str
    vkey: str
    size: int
    frontier: tuple[bytes, ...]
    last_at: str
    checkpoint: str


EntryRow = tuple[int, str, str, str, str, int | None, bytes]  # index, at, type, party, outcome, ref, data


def take_writer_lock() -> None:
    """Wait for the writer's place, held until the transaction ends. On SQLite the IMMEDIATE transaction is it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])


def read_epoch() -> EpochValue:
    with connection.cursor() as cursor:
        cursor.execute("SELECT world, situation FROM ledger_epoch WHERE id = 1")
        row = cursor.fetchone()
    return EpochValue(*row) if row else EpochValue(0, 0)


def bump_epoch(which: str) -> EpochValue:
    """Count one change of `world` or `situation`."""
    world, situation = int(which == "world"), int(which == "situation")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_epoch (id, world, situation) VALUES (1, %s, %s) ON CONFLICT (id) DO UPDATE"
            " SET world = ledger_epoch.world + excluded.world,"
            " situation = ledger_epoch.situation + excluded.situation",
            [world, situation],
        )
    return read_epoch()


def read_head(origin: str) -> Head | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, origin, vkey, size, frontier, last_at, checkpoint FROM ledger_log WHERE origin = %s",
            [origin],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    packed = bytes(row[4])
    frontier = tuple(packed[i : i + HASH_BYTES] for i in range(0, len(packed), HASH_BYTES))
    return Head(row[0], row[1], row[2], row[3], frontier, row[5], row[6])


def write(
    head: Head,
    size: int,
    frontier: Sequence[bytes],
    last_at: str,
    checkpoint: str,
    entries: Iterable[EntryRow],
    nodes: Iterable[Node],
    openings: Iterable[tuple[int, Opening]],
) -> None:
    """Entries, nodes, openings and the new head.

    Raises:
        HeadMoved: the head is not the one that was read; the caller's transaction must roll back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_log SET size = %s, frontier = %s, last_at = %s, checkpoint = %s WHERE id = %s AND size = %s",
            [size, b"".join(frontier), last_at, checkpoint, head.log, head.size],
        )
        if cursor.rowcount != 1:
            raise HeadMoved("the ledger", "another writer was faster", "Try again")
        cursor.executemany(
            'INSERT INTO ledger_entry (log_id, "index", at, type, party, outcome, ref, data)'
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [(head.log, *row) for row in entries],
        )
        cursor.executemany(
            'INSERT INTO ledger_node (log_id, level, "index", hash) VALUES (%s, %s, %s, %s)',
            [(head.log, *node) for node in nodes],
        )
        opened = [(head.log, i, o.field, o.key, o.salt, o.value) for i, o in openings]
        if opened:
            cursor.executemany(
                'INSERT INTO ledger_opening (log_id, "index", field, key, salt, value) VALUES (%s, %s, %s, %s, %s, %s)',
                opened,
            )
