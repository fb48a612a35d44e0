"""Fixtures of the ledger's tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sightpact.ledger import clock, steps


@pytest.fixture
def simulated() -> Iterator[clock.SimulatedClock]:
    """A clock that moves only when told, for this test."""
    mine = clock.SimulatedClock(datetime(2026, 11, 21, 14, 0, tzinfo=UTC))
    before = clock.use(mine)
    steps.forget()
    yield mine
    clock.use(before)
    steps.forget()
