"""Lakeview with the sections on what is owed after an emergency and on how long names stay, and an emergency that was watched."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from sightpact.access import sharing
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret
from tests import lakeview
from tests.lakeview import Lakeview

SAM = [{"party": "lakeview-usd", "roles": ["superintendent"]}]
AFTER: dict[str, dict[str, Any]] = {
    "s6_5": {
        "heading": "After an emergency",
        "kind": "after",
        "statement_hours": 72,
        "basis": "disclosure_99_36",
        "text": "Counsel advises to record each.",
        "by": SAM,
        "told": SAM,
    },
    "s6_6": {
        "heading": "How long names are kept",
        "kind": "retention",
        "names": [{"record": "looks", "days": 365}, {"record": "refusals", "days": 30}],
    },
}
NOW = datetime(2026, 9, 14, 13, 30, tzinfo=UTC)


def build(**changes: Any) -> Lakeview:
    return lakeview.build(**{**AFTER, **changes})


def emergency(district: Lakeview, at: clock.SimulatedClock, key: str = "k", *, watched: bool = True) -> str:
    """Pia starts, Omar is shown two cameras for 90 and 30 s, Pia ends it. Returns its number."""
    card = sharing.start(district.people["pia"], (district.schools["lakeview-high"],), "intruder", key)
    at.advance(4)
    looks = [look(district, card.id, name) for name in ("Hallway A", "Library")] if watched else []
    at.advance(30)
    if looks:
        stop_look(looks[1], 30)
        at.advance(60)
        stop_look(looks[0], 90)
    sharing.all_clear(district.people["pia"], card.id)
    return card.id


def look(
    district: Lakeview, situation: str, camera: str, person: str = "omar", party: str = "lakeview-pd"
) -> int:
    names = {
        "omar": "Omar Reyes, dispatcher, Lakeview Police Department",
        "sam": "Sam Whitfield, superintendent",
    }
    secret = {
        "person": Secret(district.people[person], names[person]),
        "camera": Secret("", camera),
        "school": Secret(district.schools["lakeview-high"], "Lakeview High"),
        "device": Secret("", "Console 1"),
    }
    if situation:
        secret["situation"] = Secret(situation, situation)
    return write(
        NewEntry(
            "admission",
            agreement="lakeview-mou",
            clause="3.2",
            party=party,
            outcome="admitted",
            secret=secret,
        )
    )


def stop_look(index: int, seconds: int) -> int:
    secret = {"person": Secret("", "Omar Reyes")}
    return write(
        NewEntry(
            "stream_end", outcome="ended", reason_code="all_clear", seconds=seconds, ref=index, secret=secret
        )
    )


def write(entry: NewEntry) -> int:
    with transaction.atomic():
        return ledger.append([entry])[0].index
