"""A row beyond the head was never signed: it is no entry, pages do not show it, and verifying names it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from typer.testing import CliRunner

from sightpact.ledger import actions, reads
from sightpact.ledger.cli import app
from sightpact.ledger.entries import NewEntry, Secret

# Copies of row 3, where none may stand.
COPY = (
    "INSERT INTO ledger_{t} (log_id, {i}, {rest}) SELECT log_id, {at}, {rest} FROM ledger_{t} WHERE {i} = 3"
)
ENTRY = COPY.replace("{t}", "entry").replace("{rest}", "at, type, party, outcome, ref, data")
NODE = COPY.replace("{t}", "node").replace("{rest}", "hash, level") + " AND level = 0"
OPENING = COPY.replace("{t}", "opening").replace("{rest}", "field, key, salt, value")


@pytest.fixture
def live(transactional_db: None) -> int:
    """The size of a log of six entries."""
    with transaction.atomic():
        actions.append(
            [NewEntry("refusal", ref=0, secret={"person": Secret("p", "Omar Reyes")}) for _ in range(5)]
        )
    assert CliRunner().invoke(app, ["verify"]).exit_code == 0
    return 6


@pytest.mark.parametrize(
    ("sql", "at", "says"),
    [
        (ENTRY, 6, "entry 6 is there"),
        (ENTRY, -1, "entry -1"),
        (NODE, 6, "hash 6 of level 0"),
        (OPENING, 6, "opening of entry 6"),
    ],
)
def test_it_is_named(live: int, sql: str, at: int, says: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(i='"index"', at=at))
    broken = CliRunner().invoke(app, ["verify"])
    assert broken.exit_code == 1 and says in broken.output, broken.output


def test_it_is_not_shown(live: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ENTRY.format(i='"index"', at=live))
    assert [entry.index for entry in reads.opened(reads.Query())] == [5, 4, 3, 2, 1, 0]
    assert len(reads.entries(0, 100)) == live
    assert reads.opened_at([live]) == {}
