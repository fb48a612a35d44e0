"""What was asked for, at the real gate: admitted under its section, cut when it ends, whoever or whatever ends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from sightpact.access import asking, facts
from sightpact.access.asking_fit import Wanted
from sightpact.access.gate import Gate
from sightpact.activation.askings import AskingCard
from sightpact.agreements import actions as agreements
from sightpact.ledger import reads as ledger
from sightpact.ledger.clock import SimulatedClock
from sightpact.people import reads as people
from sightpact.wire.messages import Cut
from tests import lakeview
from tests.access.conftest import ORIGIN, Edge
from tests.activation.conftest import time_told
from tests.lakeview import ASKING, Lakeview

__all__ = ["time_told"]


@pytest.fixture
def it(time_told: SimulatedClock, transactional_db: None) -> Lakeview:
    facts._latest = None
    return lakeview.build(**ASKING)


@pytest.fixture
def omar(it: Lakeview, journal: None, tmp_path: Path) -> Iterator[tuple[Edge, str]]:
    """Omar's wall at the gate."""
    gate = Gate(tmp_path / "gate.sock", [ORIGIN])
    gate.start()
    edge = Edge(tmp_path / "gate.sock")
    edge.gate = gate
    store = SessionStore()
    store["made for"] = "a test"
    store.create()
    assert store.session_key is not None
    yield edge, edge.viewer(it.people["omar"], store.session_key)
    edge.close()
    gate.stop()
    connections.close_all()


def invite(it: Lakeview, cameras: tuple[str, ...] = ()) -> AskingCard:
    mou, school = it.agreements["lakeview-mou"], it.schools["lakeview-high"]
    wanted = Wanted("invitation", mou, school, "A door alarm", "k1", minutes=10, cameras=cameras)
    return asking.ask(it.people["pia"], wanted)


def test_closed_says_which_section_would_open_it(it: Lakeview, omar: tuple[Edge, str]) -> None:
    edge, viewer = omar
    answer = edge.ask(viewer, it.inside)
    assert answer.leases == []
    assert {r.reason.clause for r in answer.refused} <= {"3.2", "3.5", "3.6", "3.7"}


def test_an_invitation_opens_its_cameras_and_its_end_cuts_exactly_those(
    it: Lakeview, omar: tuple[Edge, str]
) -> None:
    edge, viewer = omar
    outside = edge.ask(viewer, [it.camera("north-lot")]).leases[0]
    card = invite(it, tuple(it.inside[:3]))
    answer = edge.ask(viewer, it.inside)
    assert sorted(lease.camera for lease in answer.leases) == sorted(it.inside[:3])
    assert {lease.clause for lease in answer.leases} == {"3.5"}
    assert card.deadline_utc is not None
    assert {lease.until_utc_ms for lease in answer.leases} == {int(card.deadline_utc.timestamp() * 1000)}
    admissions = [e for e in ledger.opened(ledger.Query(types=("admission",))) if e.clause == "3.5"]
    assert {e.key("situation") for e in admissions} == {card.id}
    assert {e.ref for e in admissions} == {card.entry}, "the record leads from the look to the invitation"
    asking.end(it.people["omar"], card.id)
    cut = edge.hear(Cut)
    assert sorted(cut.streams) == sorted(lease.stream for lease in answer.leases)
    assert outside.stream not in cut.streams
    assert (cut.reason.code, cut.reason.text) == ("ended", "Omar Reyes ended it.")


def test_its_deadline_cuts_without_anybody(
    it: Lakeview, omar: tuple[Edge, str], time_told: SimulatedClock
) -> None:
    edge, viewer = omar
    invite(it)
    leases = edge.ask(viewer, it.inside).leases
    assert len(leases) == 8
    time_told.advance(600)
    cut = edge.hear(Cut)
    assert sorted(cut.streams) == sorted(lease.stream for lease in leases)
    assert cut.reason.code == "deadline"
    assert edge.ask(viewer, it.inside).leases == []


def test_a_suspension_cuts_it(it: Lakeview, omar: tuple[Edge, str]) -> None:
    edge, viewer = omar
    invite(it)
    leases = edge.ask(viewer, it.inside).leases
    sam = people.person(it.people["sam"])
    assert sam is not None
    agreements.suspend("lakeview-mou", sam)
    assert sorted(edge.hear(Cut).streams) == sorted(lease.stream for lease in leases)


def test_an_event_opens_at_the_gate_when_it_begins(
    it: Lakeview, omar: tuple[Edge, str], time_told: SimulatedClock
) -> None:
    edge, viewer = omar
    opens = time_told.now() + timedelta(hours=1)
    mou, school = it.agreements["lakeview-mou"], it.schools["lakeview-high"]
    closes = opens + timedelta(hours=1)
    wanted = Wanted("window", mou, school, "Final", "w1", opens_utc=opens, closes_utc=closes)
    card = asking.ask(it.people["omar"], wanted)
    asking.answer(it.people["pia"], card.id, True)
    gym = it.camera("gymnasium")
    assert edge.ask(viewer, [gym]).leases == []
    time_told.advance(3600)
    assert edge.ask(viewer, [gym]).leases == [], "not before its opening is in the record"
    asking.settle()
    (lease,) = edge.ask(viewer, [gym]).leases
    assert lease.clause == "3.7"
    time_told.advance(3600)
    assert edge.hear(Cut).streams == [lease.stream]
