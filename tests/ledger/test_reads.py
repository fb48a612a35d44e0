"""Searching the record: each filter, paging, closings, and that erased stays erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from sightpact.ledger import actions, reads
from sightpact.ledger.clock import SimulatedClock
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.ledger.models import Opening
from sightpact.ledger.reads import Query, opened

pytestmark = pytest.mark.django_db

OMAR, ROSA = Secret("p-1", "Omar Reyes"), Secret("p-2", "Rosa Delgado")


def add(*entries: NewEntry) -> list[int]:
    with transaction.atomic():
        return [receipt.index for receipt in actions.append(entries)]


def admission(person: Secret, camera: str, **more: object) -> NewEntry:
    secret = {"person": person, "camera": Secret(camera, f"Camera {camera}"), "school": Secret("s-1", "High")}
    return NewEntry("admission", party="lakeview-pd", outcome="granted", secret=secret, **more)


def found(query: Query) -> list[int]:
    return [entry.index for entry in opened(query)]


@pytest.fixture
def day(simulated: SimulatedClock) -> list[int]:
    """Genesis, then 1 to 6, ten seconds apart."""
    indexes: list[int] = []
    for entry in (
        admission(OMAR, "c-1"),
        admission(ROSA, "c-1"),
        NewEntry("refusal", party="fairmont-pd", outcome="refused", reason_code="no_agreement"),
        admission(OMAR, "c-2"),
        NewEntry(
            "stream_end",
            party="lakeview-pd",
            ref=1,
            seconds=30,
            frames=450,
            bytes=1000,
            secret={"person": OMAR},
        ),
        NewEntry("activation_start", emergency="fire", secret={"situation": Secret("x-1", "Fire at High")}),
    ):
        indexes += add(entry)
        simulated.advance(10)
    return indexes


def test_nothing_yet() -> None:
    assert (
        opened(Query()) == []
        and reads.head() is None
        and reads.closings([1]) == {}
        and reads.opened_at([1]) == {}
    )


def test_each_filter(day: list[int]) -> None:
    assert day == [1, 2, 3, 4, 5, 6]
    assert found(Query()) == [6, 5, 4, 3, 2, 1, 0]
    assert found(Query(oldest_first=True, limit=3)) == [0, 1, 2]
    assert found(Query(types=("admission",))) == [4, 2, 1]
    assert found(Query(types=("refusal", "activation_start"))) == [6, 3]
    assert found(Query(party="lakeview-pd", outcome="granted")) == [4, 2, 1]
    assert found(Query(person="p-1")) == [5, 4, 1]
    assert found(Query(person="p-1", camera="c-1")) == [1]
    assert found(Query(school="s-1", types=("stream_end",))) == []
    assert found(Query(situation="x-1")) == [6]
    assert found(Query(person="p-3")) == []


def test_time_and_paging(day: list[int]) -> None:
    first = reads.opened_at([1])[1].at
    assert found(Query(since=first + timedelta(seconds=10), until=first + timedelta(seconds=30))) == [3, 2]
    assert found(Query(since=first + timedelta(days=1))) == []
    assert found(Query(until=first)) == [], "genesis is of the same hundredth"
    assert found(Query(limit=2)) == [6, 5] and found(Query(limit=2, before=5)) == [4, 3]
    assert found(Query(after=4, oldest_first=True)) == [5, 6]


def test_what_is_shown(day: list[int]) -> None:
    entry = reads.opened_at([4])[4]
    assert (entry.shown("person"), entry.key("camera"), entry.shown("text")) == ("Omar Reyes", "c-2", "")
    assert entry.type == "admission" and not entry.erased
    end = reads.closings(day)[1]
    assert (end.index, end.seconds, end.frames, end.bytes, end.ref) == (5, 30, 450, 1000, 1)
    assert 4 not in reads.closings(day)


def test_a_person_whose_opening_is_gone_is_not_found_any_more(day: list[int]) -> None:
    Opening.objects.filter(index=1, field="person").delete()
    assert found(Query(person="p-1")) == [5, 4]
    entry = reads.opened_at([1])[1]
    assert entry.erased == {"person"} and entry.shown("camera") == "Camera c-1"


def test_logs_are_apart(day: list[int]) -> None:
    assert (
        opened(Query(), log="elsewhere.example/log") == []
        and reads.entries(0, 9, log="elsewhere.example/log") == []
    )
