"""A database that was put back or changed is not signed again: the last head stands beside the key."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection, transaction
from typer.testing import CliRunner

from sightpact.ledger import actions, last_head, reads
from sightpact.ledger.cli import app
from sightpact.ledger.entries import NewEntry
from sightpact.ledger.errors import KeyTrouble
from sightpact.ledger.models import Entry, Log, Node

pytestmark = pytest.mark.django_db(transaction=True)


def add(count: int = 1) -> None:
    with transaction.atomic():
        actions.append([NewEntry("refusal", clause="3.2")] * count)


def back_to(row: Log) -> None:
    """As a backup of that hour would be put back."""
    Entry.objects.filter(index__gte=row.size).delete()
    for level in range(8):
        Node.objects.filter(level=level, index__gte=row.size >> level).delete()
    Log.objects.filter(id=row.id).update(
        size=row.size, frontier=row.frontier, last_at=row.last_at, checkpoint=row.checkpoint
    )


def test_it_is_kept_after_each_commit() -> None:
    add()
    add(3)
    head, last = reads.head(), last_head.read(settings.SIGHTPACT.keys)
    assert head is not None and last is not None and (last.size, last.origin) == (5, head.origin)
    assert (settings.SIGHTPACT.keys / last_head.NAME).stat().st_mode & 0o777 == 0o600
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.append([NewEntry("alarm")])
        _ = 1 // 0
    assert last_head.read(settings.SIGHTPACT.keys) == last


def test_a_database_put_back_is_not_signed_again() -> None:
    add(4)
    earlier = Log.objects.get()
    add(2)
    back_to(earlier)
    with pytest.raises(KeyTrouble, match=r"5 entries, and 7 were signed"):
        add()
    with pytest.raises(KeyTrouble):
        actions.check()
    assert Entry.objects.count() == 5
    broken = CliRunner().invoke(app, ["verify"])
    assert broken.exit_code == 1 and "the database was put back" in broken.output, broken.output


def test_another_history_of_the_same_length_or_longer_is_not_signed() -> None:
    add(4)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_log SET frontier = %s", [bytes(32) * 2])
    with pytest.raises(KeyTrouble, match="put back or changed"):
        add()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_log SET size = 6")
    with pytest.raises(KeyTrouble, match="not one that was signed"):
        add()


def test_a_file_behind_or_lost_does_no_harm() -> None:
    add(2)
    path = settings.SIGHTPACT.keys / last_head.NAME
    kept = path.read_bytes()
    add(2)
    for content in (kept, b"", b"nonsense\n", None):
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)
        add()
    assert CliRunner().invoke(app, ["verify"]).exit_code == 0
