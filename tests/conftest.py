"""What all tests share. Fixtures of one slice stand in that slice's own conftest."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings as examples

# The gate says the same of the same commit each time; SIGHTPACT_RANDOM=1 (`make soak` sets it) looks for new examples.
examples.register_profile("the same each time", derandomize=True, database=None)
examples.register_profile("random", print_blob=True)
examples.load_profile("random" if os.environ.get("SIGHTPACT_RANDOM") else "the same each time")


@pytest.fixture(autouse=True)
def no_facts_of_another_test() -> Iterator[None]:
    """The cached snapshot belongs to one database; each test has its own."""
    facts = sys.modules.get("sightpact.access.facts")
    if facts is not None:
        facts._latest = None
    unkept = sys.modules.get("sightpact.notices.unkept")
    if unkept is not None:
        unkept.forget_all()
    yield


@pytest.fixture(autouse=True)
def no_record_of_another_test() -> None:
    """A key whose log is gone is trouble, and each test's database begins without a log."""
    from django.conf import settings

    from sightpact.ledger import keys, last_head

    for name in ("log.key", last_head.NAME):
        (settings.SIGHTPACT.keys / name).unlink(missing_ok=True)
    keys.load.cache_clear()
