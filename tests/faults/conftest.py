"""Simulated cameras for the tests with a whole deployment; a gate with scripted edges for those without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sightpact.camerasim.testing import RunningSim
from tests.access.conftest import district, gate, journal, session
from tests.deployment import simulator

__all__ = ["district", "gate", "journal", "session"]


@pytest.fixture(scope="session")
def sim() -> Iterator[RunningSim]:
    with simulator() as running:
        yield running
