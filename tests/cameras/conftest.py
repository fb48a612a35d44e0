from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from sightpact.cameras import actions, credentials
from sightpact.cameras.actions import AreaSpec, CameraSpec, SchoolSpec
from sightpact.people import actions as people
from sightpact.people.actions import PartySpec, PersonSpec, Role


@pytest.fixture(autouse=True)
def _no_facts_of_another_test() -> None:
    """A test's transaction is undone, and with it the epoch that the cached snapshot goes by."""
    from sightpact.access import facts

    facts._latest = None


@pytest.fixture
def keys() -> Iterator[Path]:
    """The server's key, made for this test alone."""
    folder: Path = settings.SIGHTPACT.keys
    credentials.make_server_key(folder)
    yield folder
    for name in (credentials.SERVER_KEY, credentials.RECOVERY):
        (folder / name).unlink(missing_ok=True)
    credentials.open_sealed.cache_clear()


@pytest.fixture
def district(db, keys: Path) -> None:
    people.add_party(
        PartySpec(
            "lakeview-usd",
            "Lakeview Unified School District",
            "Lakeview USD",
            "owner",
            zone="America/Chicago",
        )
    )
    people.add_party(PartySpec("lakeview-pd", "Lakeview Police Department", "Lakeview PD", "agency"))
    people.add_person(PersonSpec("dana", "Dana"), [Role("lakeview-usd", "it")])
    actions.put_inventory(
        schools=[
            SchoolSpec("high", "lakeview-usd", "Lakeview High", zone="America/Chicago", order=1),
            SchoolSpec("middle", "lakeview-usd", "Lakeview Middle", zone="America/Chicago", order=2),
        ],
        areas=[
            AreaSpec("high-parking", "high", "parking", "North parking"),
            AreaSpec("high-hall", "high", "hallway", "Hallway 1 West"),
            AreaSpec("high-guidance", "high", "guidance", "Guidance office"),
            AreaSpec("middle-lobby", "middle", "lobby", "Lobby"),
        ],
        cameras=[
            CameraSpec("high-1", "high", "North parking", "rtsp://10.20.0.1/s", ("high-parking",), order=1),
            CameraSpec(
                "high-2",
                "high",
                "Hallway 1 West",
                "rtsps://10.20.0.2:322/s?channel=1",
                ("high-hall",),
                order=2,
                username="viewer",
                password="pa:ss/w@rd ü",
                standby=True,
                tags=("west", "ground"),
            ),
            CameraSpec(
                "high-3", "high", "Hall end", "rtsp://cam3.lakeview.example/s", ("high-hall", "high-guidance")
            ),
            CameraSpec("middle-1", "middle", "Annex door 3", "rtsp://10.20.1.1/s"),
        ],
    )
