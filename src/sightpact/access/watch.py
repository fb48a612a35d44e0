"""Who is told that something changed, and what is known of the cameras' health. In memory; facts stay where they are.

Pages ask again when told. A person hears only of what the person may see: even that there was news is news.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from sightpact.access import news
from sightpact.access.facts import Snapshot
from sightpact.access.neighbours import asleep
from sightpact.decide.facts import Action, Grant, Person
from sightpact.wire.messages import CameraHealth

_lock = threading.Lock()
_health: dict[str, CameraHealth] = {}


def sharing_changed(snapshot: Snapshot) -> None:
    """A sharing began, was taken or ended, or people, cameras or agreements changed.

    Told: the owners' people, whom an agreement names, and whoever asked to look.
    A colleague of theirs whom none names learns nothing, not even when.
    """
    owners = {agreement.owner for agreement in snapshot.world.inventory.agreements}
    askers = {card.asked_by for card in snapshot.askings + snapshot.past_askings}
    persons = snapshot.world.inventory.persons
    news.tell(
        (
            p
            for p in news.listening_persons()
            if p in persons and (p in askers or _concerned(snapshot, persons[p], owners))
        ),
        "sharing",
    )


def changed(snapshot: Snapshot, cameras: Iterable[str]) -> None:
    """Who watches these cameras changed. Told: who may see who watches at their owner, and on whose wall they may be."""
    seen = list(dict.fromkeys(cameras))
    owners = {
        snapshot.world.inventory.cameras[c].owner for c in seen if c in snapshot.world.inventory.cameras
    }

    def may(person: str) -> bool:
        if any(isinstance(snapshot.answer(person, Action.SEE_WATCHERS, owner), Grant) for owner in owners):
            return True
        return any(isinstance(snapshot.answer(person, Action.VIEW_LIVE, camera), Grant) for camera in seen)

    news.tell((person for person in news.listening_persons() if may(person)), "watching")


def health(cameras: Sequence[CameraHealth]) -> None:
    with _lock:
        for camera in cameras:
            _health[camera.camera] = camera


def health_of(camera: str) -> CameraHealth | None:
    with _lock:
        return _health.get(camera)


def forget_health() -> None:
    """The edge is gone: nothing is known of the cameras until one reports again."""
    with _lock:
        _health.clear()


def _concerned(snapshot: Snapshot, person: Person, owners: set[str]) -> bool:
    """A neighbour who waits to be called for aid learns nothing before, not even when."""
    named = bool(person.named_in) and not asleep(snapshot, person.id)
    return named or any(party in owners for party, _role in person.roles)
