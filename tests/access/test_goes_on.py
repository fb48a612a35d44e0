"""A picture goes on while its emergency is widened and extended: the edge learns the new end, and nothing begins anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sightpact.access import sharing
from sightpact.ledger import reads as ledger
from sightpact.wire.messages import Beat, Cut, Until
from tests import lakeview
from tests.access.conftest import Edge
from tests.access.test_sections_limits import gate_of, new_session
from tests.lakeview import Lakeview


@pytest.fixture
def town(transactional_db: None, journal: None) -> Lakeview:
    return lakeview.build(**lakeview.LIFE)


@pytest.fixture
def edge(town: Lakeview, tmp_path: Any) -> Iterator[Edge]:
    yield from gate_of(town, tmp_path)


def test_nothing_flickers(town: Lakeview, edge: Edge) -> None:
    pia, omar, sam = (town.people[name] for name in ("pia", "omar", "sam"))
    school = (town.schools["lakeview-high"],)
    first = sharing.start(pia, school, "medical", "k1")
    viewer = edge.viewer(omar, new_session())
    (lease,) = edge.ask(viewer, [town.inside[0]]).leases
    for step in (
        lambda: sharing.start(sam, school, "intruder", "k2"),
        lambda: sharing.take(omar, first.id) and sharing.extend(omar, first.id),
        # the whole district: another sharing, under which this picture would be open for longer
        lambda: sharing.start(sam, tuple(town.schools.values()), "missing_child", "k3"),
    ):
        card = step()
        if card.id == first.id:
            moved = edge.hear(Until)
            until = int(card.deadline_utc.timestamp() * 1000)
            assert (moved.streams, moved.until_utc_ms) == ([lease.stream], until)
    assert card.id != first.id and len(card.schools) == len(town.schools)
    for _beat in range(2):
        assert edge.hear(Beat).streams == [lease.stream]
    assert len(ledger.opened(ledger.Query(types=("admission",)))) == 1
    sharing.stop(sam, first.id)
    assert edge.hear(Cut).streams == [lease.stream], "its ground has ended; the other one admits anew"
    (again,) = edge.ask(viewer, [town.inside[0]]).leases
    assert again.until_utc_ms == int(card.deadline_utc.timestamp() * 1000)
