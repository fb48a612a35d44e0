"""Hours, numbers of people and calls for aid, kept by the real gate: real socket, real database, signed agreements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as st

from sightpact.access import aid, facts, sharing, visible, watch
from sightpact.access.errors import NotFound, Refused
from sightpact.access.facts import Snapshot
from sightpact.access.gate import Gate
from sightpact.access.neighbours import asleep, neighbours
from sightpact.access.streams import Registry, State
from sightpact.access.sweep import AskedOnce
from sightpact.activation.errors import UnknownActivation
from sightpact.decide.facts import Grant
from sightpact.decide.world import World
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.ledger.epoch import EpochValue
from sightpact.wire.messages import Admit, Admitted, Cut, Ended, StreamEnd, ViewerGone
from tests import lakeview, regional
from tests.access.conftest import ORIGIN, Edge
from tests.decide import policies
from tests.lakeview import Lakeview

TUESDAY_NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # 12:00 in Lakeview
SCHOOL_HOURS = {"opens": "07:30", "closes": "16:00", "days": ["mon", "tue", "wed", "thu", "fri"]}


@pytest.fixture
def at_noon() -> Iterator[clock.SimulatedClock]:
    simulated = clock.SimulatedClock(TUESDAY_NOON)
    before = clock.use(simulated)
    yield simulated
    clock.use(before)


def gate_of(district: Lakeview, tmp_path: Any) -> Iterator[Edge]:
    gate = Gate(tmp_path / "gate.sock", [ORIGIN])
    gate.start()
    edge = Edge(tmp_path / "gate.sock")
    edge.gate = gate
    yield edge
    edge.close()
    gate.stop()
    connections.close_all()


@pytest.fixture
def fresh(transactional_db: None) -> None:
    facts._latest = None


# how many people ----------------------------------------------------------------------------------------------


@pytest.fixture
def one_at_once(fresh: None, journal: None) -> Lakeview:
    return lakeview.build(s3_1={"viewers": 1})


@pytest.fixture
def edge_of_one(one_at_once: Lakeview, tmp_path: Any) -> Iterator[Edge]:
    yield from gate_of(one_at_once, tmp_path)


def new_session() -> str:
    store = SessionStore()
    store["made for"] = "a test"
    store.set_expiry(30 * 86400)  # a test's clock may stand days away
    store.create()
    assert store.session_key is not None
    return store.session_key


def test_who_comes_when_all_places_are_taken_is_told_and_comes_in_later(
    one_at_once: Lakeview, edge_of_one: Edge
) -> None:
    district, edge = one_at_once, edge_of_one
    session = new_session()
    omar, rosa = (edge.viewer(district.people[p], session) for p in ("omar", "rosa"))
    lots = [district.camera("north-lot"), district.camera("main-entrance")]
    assert len(edge.ask(omar, lots).leases) == 2, "one person, two cameras: one place"
    refused = edge.ask(rosa, lots).refused
    assert {(r.reason.code, r.reason.clause) for r in refused} == {("full", "3.1")}
    assert "Section 3.1 lets only so many people watch at once" in refused[0].reason.text
    entries = ledger.opened(ledger.Query(types=("refusal",)))
    assert {(e.reason_code, e.clause) for e in entries} == {("full", "3.1")}
    edge.say(ViewerGone(omar))
    assert len(edge.ask(rosa, lots).leases) == 2


def test_two_who_ask_in_one_breath_share_one_place(one_at_once: Lakeview, edge_of_one: Edge) -> None:
    district, edge = one_at_once, edge_of_one
    session = new_session()
    viewers = [edge.viewer(district.people[p], session) for p in ("omar", "rosa")]
    lot = district.camera("north-lot")
    for number, viewer in enumerate(viewers):
        edge.say(Admit(70 + number, viewer, [lot]))
    answers = [edge.hear(Admitted) for _ in viewers]
    assert sorted(len(a.leases) for a in answers) == [0, 1]


def test_a_section_without_a_limit_opens_it_when_the_other_is_full(
    one_at_once: Lakeview, edge_of_one: Edge
) -> None:
    district, edge = one_at_once, edge_of_one
    session = new_session()
    omar, rosa = (edge.viewer(district.people[p], session) for p in ("omar", "rosa"))
    lot = district.camera("north-lot")
    (lease,) = edge.ask(omar, [lot]).leases
    assert lease.clause == "3.1"
    sharing.start(district.people["pia"], (district.schools["lakeview-high"],), "intruder", "k1")
    (other,) = edge.ask(rosa, [lot]).leases
    assert other.clause == "3.2", "an emergency is not kept waiting by a limit on looking at parking lots"


PEOPLE = ("pat", "quin", "rae", "sol")
YARDS = ("yard", "lot", "gate")


def _snapshot() -> Snapshot:
    """Four dispatchers and three outside cameras under a section that lets two people watch."""
    basis = policies.agreement(viewers=(("3.1", 2),))
    stock = replace(
        policies.inventory(),
        persons={p: policies.person(p, (policies.PD, "dispatcher")) for p in PEOPLE},
        cameras={c: policies.camera(c, "exterior") for c in YARDS},
        agreements=(basis,),
    )
    nobody: Any = None  # what people are called is not asked for
    return Snapshot(EpochValue(1, 1), World(stock), nobody, (), (), (), ())


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("ask", "leave", "sweep")), st.sampled_from(PEOPLE), st.sampled_from(YARDS)
        ),
        max_size=40,
    )
)
def test_never_more_people_than_the_section_lets(steps: list[tuple[str, str, str]]) -> None:
    registry, snapshot = Registry(), _snapshot()
    for step, person, camera in steps:
        asked = AskedOnce(snapshot, registry.streams.values())
        if step == "ask":
            answer = asked.answer(person, camera)
            watched_by = {s.person for s in registry.streams.values() if s.state is State.LEASED}
            assert isinstance(answer, Grant) is (len(watched_by - {person}) < 2)
            if isinstance(answer, Grant):
                asked.seat(person, answer)
                registry.committed(registry.ask(person, person, camera, answer), 1, 0.0)
        elif step == "leave":
            for stream in registry.of_viewer(person):
                registry.cut(stream, "gone")
        else:
            assert registry.redecide(lambda s, a=asked: a.answer(s.person, s.camera)) == []  # type: ignore[misc]
        assert len({s.person for s in registry.streams.values() if s.state is State.LEASED}) <= 2


# at which hours -----------------------------------------------------------------------------------------------


@pytest.fixture
def in_school_hours(at_noon: clock.SimulatedClock, fresh: None, journal: None) -> Lakeview:
    return lakeview.build(s3_1={"hours": SCHOOL_HOURS})


@pytest.fixture
def edge_in_hours(in_school_hours: Lakeview, tmp_path: Any) -> Iterator[Edge]:
    yield from gate_of(in_school_hours, tmp_path)


def test_what_hours_opened_ends_with_them_and_comes_back(
    in_school_hours: Lakeview, edge_in_hours: Edge, at_noon: clock.SimulatedClock
) -> None:
    district, edge = in_school_hours, edge_in_hours
    omar = edge.viewer(district.people["omar"], new_session())
    lot = district.camera("north-lot")
    (lease,) = edge.ask(omar, [lot]).leases
    assert lease.until_utc_ms == int(datetime(2026, 11, 24, 21, 0, tzinfo=UTC).timestamp() * 1000)
    at_noon.advance(4 * 3600 + 1)  # 16:00:01
    cut = edge.hear(Cut)
    assert cut.streams == [lease.stream] and cut.reason.code == "closed_until_hours"
    edge.say(Ended([StreamEnd(lease.stream, "cut", 10, 1000)]))
    (refused,) = edge.ask(omar, [lot]).refused
    assert refused.reason.clause == "3.1" and "at certain hours" in refused.reason.text
    at_noon.advance(15.5 * 3600)  # Wednesday, 07:30:01
    assert len(edge.ask(omar, [lot]).leases) == 1


def test_pages_are_told_when_hours_begin(in_school_hours: Lakeview, at_noon: clock.SimulatedClock) -> None:
    before = facts.snapshot()
    assert before.names.reread_utc == datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
    at_noon.advance(4 * 3600 + 1)
    after = facts.snapshot()
    assert after.version != before.version and after.names.reread_utc == datetime(
        2026, 11, 25, 12, 30, tzinfo=UTC
    )


# a neighbour --------------------------------------------------------------------------------------------------


@pytest.fixture
def region(fresh: None, journal: None) -> Lakeview:
    return regional.build()


@pytest.fixture
def edge_of_region(region: Lakeview, tmp_path: Any) -> Iterator[Edge]:
    yield from gate_of(region, tmp_path)


def _start(region: Lakeview, emergency: str = "intruder") -> str:
    return sharing.start(region.people["pia"], (region.schools["lakeview-high"],), emergency, "k1").id


def test_a_neighbour_sees_nothing_until_dispatch_calls(region: Lakeview, edge_of_region: Edge) -> None:
    edge, felix, nora = edge_of_region, region.people["felix"], region.people["nora"]
    viewer = edge.viewer(felix, new_session())
    hallway, library = region.camera("hallway"), region.camera("library")
    activation = _start(region)
    assert edge.ask(viewer, [hallway]).refused[0].reason.code == "closed_until_aid"
    aid.call(nora, activation, "fairmont-pd")
    answer = edge.ask(viewer, [hallway, library])
    assert [(lease.camera, lease.clause) for lease in answer.leases] == [(hallway, "3.3")]
    assert [r.camera for r in answer.refused] == [library]
    (entry,) = ledger.opened(ledger.Query(types=("aid_called",)))
    assert (entry.agreement, entry.clause, entry.party) == ("lakeview-regional", "3.3", "northshore-dispatch")
    assert entry.key("person") == nora and "Fairmont" in entry.shown("text")
    sharing.stop(region.people["sam"], activation)
    assert edge.hear(Cut).streams == [answer.leases[0].stream]


def test_the_call_is_made_once_by_whom_a_section_names(region: Lakeview) -> None:
    activation = _start(region)
    for person in ("omar", "pia", "felix"):
        with pytest.raises(Refused):
            aid.call(region.people[person], activation, "fairmont-pd")
    with pytest.raises(NotFound):
        aid.call(region.people["nora"], activation, "nobody")
    with pytest.raises(Refused):
        aid.call(region.people["nora"], activation, "lakeview-pd")
    for _again in range(2):
        aid.call(region.people["nora"], activation, "fairmont-pd")
    assert len(ledger.opened(ledger.Query(types=("aid_called",)))) == 1
    sharing.stop(region.people["sam"], activation)
    with pytest.raises(UnknownActivation):
        aid.call(region.people["nora"], activation, "fairmont-pd")


def test_no_call_in_an_emergency_that_the_section_does_not_name(region: Lakeview) -> None:
    activation = _start(region, "explosion_fire")
    snapshot = facts.snapshot()
    assert neighbours(snapshot, region.people["nora"], snapshot.live[0]) == ()
    with pytest.raises(Refused):
        aid.call(region.people["nora"], activation, "fairmont-pd")


def test_a_neighbour_does_not_even_learn_of_it(region: Lakeview, monkeypatch: pytest.MonkeyPatch) -> None:
    felix, nora = region.people["felix"], region.people["nora"]
    told: list[str] = []
    monkeypatch.setattr("sightpact.access.news.listening_persons", lambda: {felix, nora})
    monkeypatch.setattr("sightpact.access.news.tell", lambda persons, _topic: told.extend(persons))
    activation = _start(region)
    snapshot = facts.snapshot()
    assert asleep(snapshot, felix) and not asleep(snapshot, nora)
    assert visible.concerning(snapshot, felix, snapshot.live, visible.cameras_for(felix, snapshot)) == []
    watch.sharing_changed(snapshot)
    assert told == [nora]
    aid.call(nora, activation, "fairmont-pd")
    snapshot = facts.snapshot()
    assert not asleep(snapshot, felix)
    seen = visible.cameras_for(felix, snapshot)
    assert [c.id for c in visible.concerning(snapshot, felix, snapshot.live, seen)] == [activation]
    (neighbour,) = neighbours(snapshot, nora, snapshot.live[0])
    assert neighbour.called_utc is not None and neighbour.by_name == "Nora Lind"
