"""One person cannot take every seat, flood the record, or close others' pictures."""

from __future__ import annotations

import pytest

from sightpact.access import limits, news, tickets, watch
from sightpact.access.limits import Allowance
from sightpact.ledger import reads as ledger
from sightpact.wire.messages import Admit, CloseViewer
from tests.access.conftest import Edge
from tests.lakeview import Lakeview


def test_an_allowance_fills_with_time_up_to_its_size() -> None:
    allowance = Allowance(at_once=10, per_s=2)
    assert allowance.take("omar", 10, now=100.0)
    assert not allowance.take("omar", 1, now=100.2)
    assert allowance.take("rosa", 10, now=100.2), "another person's is another person's"
    assert allowance.take("omar", 2, now=101.0)
    assert not allowance.take("omar", 11, now=900.0), "never more than its size"


def test_a_person_s_tickets_push_out_only_that_person_s() -> None:
    tickets._open.clear()
    omar = tickets.issue("omar", "session", "")
    for _ in range(limits.TICKETS * 3):
        tickets.issue("ines", "session", "")
    assert tickets.redeem(omar) is not None
    assert len(tickets._open) == limits.TICKETS


def test_who_tries_addresses_loses_the_socket(
    district: Lakeview, edge: Edge, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REFUSALS_AT_ONCE", 20.0)
    edge.gate._refusals_left.at_once = 20.0
    omar = edge.viewer(district.people["omar"], session)
    for number in range(4):
        edge.say(Admit(100 + number, omar, [f"{number}{i:011d}" for i in range(10)]))
    assert edge.hear(CloseViewer).viewer == omar
    assert len(ledger.opened(ledger.Query(types=("refusal",)))) <= 40


def test_what_does_not_fit_the_record_touches_nobody_else(
    district: Lakeview, edge: Edge, session: str
) -> None:
    omar = edge.viewer(district.people["omar"], session)
    sam = edge.viewer(district.people["sam"], session)
    (running,) = edge.ask(sam, [district.inside[0]]).leases
    answer = edge.ask(omar, ["\x00", "x" * 5000, district.camera("north-lot")])
    assert [lease.camera for lease in answer.leases] == [district.camera("north-lot")]
    assert running.stream in edge.gate._registry.renewable()
    refused = ledger.opened(ledger.Query(types=("refusal",)))
    assert {entry.key("camera") for entry in refused} == {""}, "what somebody typed stays out of the record"


def test_news_reaches_only_whom_it_concerns(
    district: Lakeview, edge: Edge, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even that there was news is news: Ines hears nothing when an emergency begins or somebody watches."""
    told: list[tuple[frozenset[str], str]] = []
    everybody = set(district.people.values())
    monkeypatch.setattr(news, "listening_persons", lambda: everybody)
    monkeypatch.setattr(news, "tell", lambda persons, topic: told.append((frozenset(persons), topic)))
    snapshot = edge.gate._snapshot
    watch.sharing_changed(snapshot)
    watch.changed(snapshot, [district.inside[0]])
    people = district.people
    (sharing, _), (watching, _) = told
    assert people["ines"] not in sharing | watching
    assert {people["omar"], people["pia"], people["sam"]} <= sharing
    assert people["omar"] not in watching, (
        "Sam looks inside while it is closed to police: they are not told when"
    )
    assert people["sam"] in watching
