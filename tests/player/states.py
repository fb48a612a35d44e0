"""Wall states for the player's tests: the people and places of the house's cast, the times near a given instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sightpact.access.wall import EndedSharing, SchoolRow, Sharing, Tile, WallState, Watcher
from sightpact.activation.reads import ActivationCard

ZONE = "America/New_York"
CLOSED = "Inside cameras are closed. Section 3.2 opens them in an emergency."


def tile(number: int, camera: str, name: str, place: str = "", *, inside: bool = False) -> Tile:
    return Tile(
        camera=camera, number=number, name=name, place=place, school="Lakeview High", school_id="high",
        section="3.2" if inside else "3.1", inside=inside, situation="s1" if inside else "", zone=ZONE,
    )  # fmt: skip


def quiet(tiles: tuple[Tile, ...], now: datetime) -> WallState:
    return WallState(
        mode="quiet",
        sharings=(),
        tiles=tiles,
        watchers=(Watcher("omar", "Omar Reyes", "Lakeview PD", "dispatch", len(tiles), True),),
        closed_sentence=CLOSED,
        ended=None,
        schools=(
            SchoolRow("high", "Lakeview High", 31, ()),
            SchoolRow("middle", "Lakeview Middle", 26, ("Gym doors",)),
            SchoolRow("creekside", "Creekside Elementary", 22, ()),
            SchoolRow("hillcrest", "Hillcrest Elementary", 21, ()),
            SchoolRow("northgate", "Northgate Elementary", 19, ()),
        ),
        agreements=(),
        zone=ZONE,
        now=now,
    )


def card(now: datetime) -> ActivationCard:
    return ActivationCard(
        id="s1", owner="district", agreement="a1", emergency="intruder", clause="3.2", schools=("high",),
        school_names=("Lakeview High",), source="switch", verified=True, started_by="pia", started_by_name="Pia Marsh",
        started_utc=now - timedelta(minutes=18), deadline_utc=now + timedelta(minutes=41, seconds=20), told_utc=now,
        taken_by=None, taken_by_name="", taken_utc=None, end_proposed_by_name="", end_proposed_utc=None, end_due_utc=None,
        ended_by_name="", ended_by_phone="", ended_utc=None, end_reason="", entry=48210,
    )  # fmt: skip


def emergency(
    tiles: tuple[Tile, ...], now: datetime, *, taken: bool = False, proposed: bool = False
) -> WallState:
    running = card(now)
    if taken:
        running = replace(
            running, taken_by="omar", taken_by_name="Omar Reyes", taken_utc=now - timedelta(minutes=17)
        )
    if proposed:
        due = now + timedelta(seconds=223)
        running = replace(running, end_proposed_by_name="Pia Marsh", end_proposed_utc=now, end_due_utc=due)
    sharing = Sharing(
        card=running, label="Intruder in the building", agreement_slug="lakeview-mou", agreement_title="Agreement",
        cameras=sum(1 for t in tiles if t.inside), can_take=not taken, can_end=True, can_stop=False, is_mine=taken, zone=ZONE,
    )  # fmt: skip
    watchers = (
        Watcher("omar", "Omar Reyes", "Lakeview PD", "dispatch", 9, True),
        Watcher("rosa", "Rosa Delgado", "Lakeview PD", "phone", 1, False),
        Watcher("sam", "Sam Whitfield", "the district", "", 2, False),
    )
    return replace(quiet(tiles, now), mode="emergency", sharings=(sharing,), watchers=watchers)


def ended(tiles: tuple[Tile, ...], now: datetime) -> WallState:
    over = replace(
        card(now), taken_by="omar", taken_by_name="Omar Reyes", taken_utc=now - timedelta(minutes=17),
        ended_utc=now, ended_by_name="Sam Whitfield", ended_by_phone="555-0142", end_reason="stop",
    )  # fmt: skip
    return replace(
        quiet(tiles, now),
        mode="ended",
        ended=EndedSharing(over, "Intruder in the building", 8, 1965, "Sam Whitfield", "555-0142"),
    )


def now() -> datetime:
    return datetime.now(UTC)
