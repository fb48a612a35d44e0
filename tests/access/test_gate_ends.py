"""An agreement that a party ends cuts at that instant, also a running emergency; on the real gate."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sightpact.access import sharing
from sightpact.agreements import reads
from sightpact.agreements.actions import ends
from sightpact.ledger import clock
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard
from sightpact.wire.messages import Cut
from tests.access.conftest import Edge
from tests.lakeview import Lakeview


@pytest.fixture
def chief(district: Lakeview) -> PersonCard:
    spec = people_actions.PersonSpec("gail", "Gail Ortega")
    people_actions.add_person(spec, [people_actions.Role("lakeview-pd", "chief")])
    found = people.person_by_slug("gail")
    assert found is not None
    return found


def test_ending_it_cuts_everything_under_it_at_once(
    district: Lakeview, edge: Edge, session: str, chief: PersonCard
) -> None:
    viewer = edge.viewer(district.people["omar"], session)
    sharing.start(district.people["pia"], (district.schools["lakeview-high"],), "intruder", "k1")
    streams = [
        lease.stream for lease in edge.ask(viewer, [*district.inside, district.camera("north-lot")]).leases
    ]
    assert len(streams) == 9
    ends.terminate("lakeview-mou", chief, "The city decided so.")
    cut: list[str] = []
    while len(cut) < len(streams):
        cut += edge.hear(Cut).streams
    assert sorted(cut) == sorted(streams)
    assert edge.ask(viewer, district.inside).leases == []


def test_an_end_that_was_told_before_cuts_at_its_own_instant(
    district: Lakeview, edge: Edge, session: str, chief: PersonCard
) -> None:
    viewer = edge.viewer(district.people["omar"], session)
    at = clock.now() + timedelta(seconds=3)
    ends.terminate("lakeview-mou", chief, "The city decided so.", at)
    (lease,) = edge.ask(viewer, [district.camera("north-lot")]).leases
    assert edge.hear(Cut, within_s=10).streams == [lease.stream]
    assert clock.now() >= at


def told() -> datetime | None:
    return next(entry.facts.terminated for entry in reads.running() if entry.slug == "lakeview-mou")


def test_taken_back_in_time_nothing_is_cut(
    district: Lakeview, edge: Edge, session: str, chief: PersonCard
) -> None:
    viewer = edge.viewer(district.people["omar"], session)
    at = ends.terminate("lakeview-mou", chief, "A mistake.", clock.now() + timedelta(hours=1))
    assert told() == at, "nothing outlasts it, whatever its term"
    ends.withdraw_termination("lakeview-mou", chief)
    assert told() is None
    (lease,) = edge.ask(viewer, [district.camera("north-lot")]).leases
    assert (
        lease.until_utc_ms is None
        or lease.until_utc_ms > (clock.now() + timedelta(days=2)).timestamp() * 1000
    )
