from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from sightpact.ledger import clock
from sightpact.ledger.models import Entry, Opening
from sightpact.people import actions, reads
from sightpact.people.actions import PartySpec, PersonSpec, Role


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def time():
    """A clock that moves only when told; starts now, since sessions and passkeys are timed by Django."""
    simulated = clock.SimulatedClock(datetime.now(UTC))
    before = clock.use(simulated)
    yield simulated
    clock.use(before)


@pytest.fixture
def cast(db) -> dict[str, reads.PersonCard]:
    actions.add_party(
        PartySpec(
            "lakeview-usd",
            "Lakeview Unified School District",
            "Lakeview USD",
            "owner",
            zone="America/Chicago",
        )
    )
    actions.add_party(PartySpec("lakeview-pd", "Lakeview Police Department", "Lakeview PD", "agency"))
    actions.add_person(
        PersonSpec("omar", "Omar Reyes"), [Role("lakeview-pd", "dispatcher", "dispatch console 2")]
    )
    actions.add_person(PersonSpec("pia", "Pia Marsh"), [Role("lakeview-usd", "principal")])
    actions.add_person(
        PersonSpec("rosa", "Rosa Delgado"), [Role("lakeview-pd", "sro"), Role("lakeview-usd", "guest")]
    )
    return {card.slug: card for card in reads.persons()}


@pytest.fixture
def recorded() -> Callable[[], list[tuple[str, str, str]]]:
    """(type, party, who) of all entries so far but the genesis."""

    def entries() -> list[tuple[str, str, str]]:
        who = {o.index: o.value for o in Opening.objects.filter(field="person")}
        rows = Entry.objects.exclude(type="genesis").order_by("index")
        return [(row.type, row.party, who.get(row.index, "")) for row in rows]

    return entries
