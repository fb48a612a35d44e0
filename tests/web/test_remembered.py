"""What pages keep while the facts stand: the same answer, and never one of other facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sightpact.access import facts, sharing
from sightpact.ledger import clock
from sightpact.web.pages.open_now import now_open
from tests import lakeview

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_answer_is_kept_while_the_facts_stand(transactional_db: None) -> None:
    district = lakeview.build()
    owner = district.parties["lakeview-usd"]
    quiet = now_open(facts.snapshot(), owner)
    assert now_open(facts.snapshot(), owner) is quiet
    assert now_open(facts.snapshot(), owner, standing_only=True) == quiet
    school = district.schools["lakeview-high"]
    card = sharing.start(district.people["pia"], (school,), "intruder", key="k")
    shared = now_open(facts.snapshot(), owner)
    assert (quiet.inside, shared.inside) == (0, 8)
    assert now_open(facts.snapshot(), owner, standing_only=True).inside == 0
    moved = clock.SimulatedClock(card.deadline_utc + timedelta(seconds=1))
    before = clock.use(moved)
    try:  # nobody has written the end yet
        assert now_open(facts.snapshot(), owner).inside == 0
    finally:
        clock.use(before)
    assert datetime.now(UTC) < card.deadline_utc
