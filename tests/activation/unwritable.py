"""A database that really refuses to be written, as a full disk makes it: for one connection, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from sightpact.access import emergency_journal, facts, journal_replay, sharing
from sightpact.ledger.journal import Journal


@contextmanager
def unwritable() -> Iterator[None]:
    refuse(True)
    try:
        yield
    finally:
        refuse(False)


def refuse(writes: bool) -> None:
    if connection.vendor == "sqlite":
        statement = f"PRAGMA query_only = {'ON' if writes else 'OFF'}"
    else:
        statement = f"SET default_transaction_read_only = {'on' if writes else 'off'}"
    with connection.cursor() as cursor:
        cursor.execute(statement)


def restart(*, read_all: bool = True) -> None:
    """What a new process knows: the database and the journal's file. Then what records does before it lets anybody in.

    Args:
        read_all: False keeps the people, cameras and agreements that were read, which no test here changes: quicker.
    """
    if read_all:
        facts._latest = None
    before = emergency_journal.journal()
    emergency_journal.use(Journal(before.path))
    before.close()
    emergency_journal.recall()
    journal_replay.replay()
    sharing.end_due()
