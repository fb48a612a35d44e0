"""What all tests share. Fixtures of one slice stand in that slice's own conftest."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_facts_of_another_test() -> Iterator[None]:
    """The cached snapshot belongs to one database; each test has its own."""
    facts = sys.modules.get("sightpact.access.facts")
    if facts is not None:
        facts._latest = None
    yield


@pytest.fixture(autouse=True)
def no_record_of_another_test() -> None:
    """A key whose log is gone is trouble, and each test's database begins without a log."""
    from django.conf import settings

    from sightpact.ledger import keys, last_head

    for name in ("log.key", last_head.NAME):
        (settings.SIGHTPACT.keys / name).unlink(missing_ok=True)
    keys.load.cache_clear()
