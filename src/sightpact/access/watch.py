"""Who is told that something changed, and what is known of the cameras' health. In memory; facts stay where they are.

Pages ask again when told. A person hears only of what the person may see: a police page is told of sharings that its
agreement covers and of its own people; the owner's pages of everything.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from sightpact.access import news
from sightpact.access.facts import Snapshot
from sightpact.wire.messages import CameraHealth

_lock = threading.Lock()
_health: dict[str, CameraHealth] = {}


def sharing_changed(snapshot: Snapshot) -> None:
    """A sharing began, was taken or ended, or people, cameras or agreements changed."""
    parties = {party for agreement in snapshot.world.inventory.agreements for party in agreement.parties}
    news.tell(_people_of(snapshot, parties), "sharing")


def changed(snapshot: Snapshot, persons: Iterable[str]) -> None:
    """Who watches changed: the owners are told, and the watchers' own parties."""
    owners = {agreement.owner for agreement in snapshot.world.inventory.agreements}
    inventory = snapshot.world.inventory.persons
    parties = {party for p in persons if p in inventory for party, _role in inventory[p].roles}
    news.tell(_people_of(snapshot, owners | parties), "watching")


def health(cameras: Sequence[CameraHealth]) -> None:
    with _lock:
        for camera in cameras:
            _health[camera.camera] = camera


def health_of(camera: str) -> CameraHealth | None:
    with _lock:
        return _health.get(camera)


def _people_of(snapshot: Snapshot, parties: set[str]) -> set[str]:
    persons = snapshot.world.inventory.persons.values()
    return {person.id for person in persons if any(party in parties for party, _role in person.roles)}
