"""Lakeview in the real database, a reserved journal of the test's own, and a clock that moves when told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime

import pytest

from sightpact.ledger import clock, steps
from sightpact.ledger.clock import SimulatedClock
from tests.access.conftest import district, journal
from tests.activation.unwritable import unwritable

__all__ = ["district", "journal"]

Both = Callable[[], AbstractContextManager[object]]
NOW = datetime(2026, 9, 14, 13, 30, tzinfo=UTC)


@pytest.fixture
def time_told() -> Iterator[SimulatedClock]:
    """Ask for it before `district`: everything is then of this time."""
    told = SimulatedClock(NOW)
    before = clock.use(told)
    steps.forget()
    yield told
    clock.use(before)
    steps.forget()


@pytest.fixture(params=[nullcontext, unwritable], ids=["database", "journal"])
def both_ways(request: pytest.FixtureRequest) -> Both:
    """What is told here holds while the database takes it, and while only the reserved journal does."""
    return request.param  # type: ignore[no-any-return]
