"""Asking the cameras of an owner for one frame each and keeping what became of it: each night, and when somebody asks.

One look at a time; it runs beside the pages, at low priority, and opens no picture to anybody.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connections

from sightpact.access import facts, news
from sightpact.access.news import listening_persons
from sightpact.access.ready import actions, reads
from sightpact.access.ready.actions import Looked
from sightpact.ledger import clock
from sightpact.live import frame_check

log = logging.getLogger(__name__)
_one = threading.Lock()
LOOK_S = 30.0  # between looks at everything but the cameras


def ask_cameras(owner: str, why: str) -> int | None:
    """Ask every camera in service of this owner for one frame. Waits: seconds to a minute.

    1. Leave simulated ones out: they prove nothing. 2. Decode and discard, in a process of its own. 3. Keep the answers.

    Args:
        owner: party id. why: "nightly" or "asked".
    Returns:
        how many showed none; None: a look runs already.
    """
    if not _one.acquire(blocking=False):
        return None
    try:
        snapshot = facts.snapshot()
        cameras = [
            c.id
            for c in snapshot.names.cameras.values()
            if c.owner_id == owner and c.in_service and not c.drill_source
        ]
        began = clock.monotonic()
        found = {
            camera: Looked(seen.ok, seen.seconds, seen.why, seen.detail, seen.one_colour)
            for camera, seen in frame_check.check(cameras).items()
        }
        if found:
            slug = snapshot.names.parties[owner].slug
            actions.keep_frames(found, slug, why, clock.monotonic() - began)
        return sum(not looked.ok for looked in found.values())
    finally:
        _one.release()


def ask_beside(owner: str) -> bool:
    """The same beside the page that asked. False: a look runs already."""
    if _one.locked():
        return False
    threading.Thread(target=_beside, args=(owner,), name="frames", daemon=True).start()
    return True


def is_asking() -> bool:
    return _one.locked()


def _beside(owner: str) -> None:
    try:
        ask_cameras(owner, "asked")
    except Exception:
        log.exception("the cameras could not be asked for a frame")
    finally:
        _tell(owner)
        connections.close_all()


def _tell(owner: str) -> None:
    """The open pages of the owner's people ask again."""
    persons = facts.snapshot().world.inventory.persons
    here = {
        p
        for p in listening_persons()
        if p in persons and any(party == owner for party, _r in persons[p].roles)
    }
    news.tell(here, "ready")


def due(ready_at: str, zone: str, last: datetime, now: datetime) -> bool:
    """Whether the nightly look is due: its time of day has passed since the last one. Pure.

    Args:
        ready_at: HH:MM in `zone`; empty: never by itself. last: when cameras were last asked, or when this process began.
    """
    if not ready_at:
        return False
    here = now.astimezone(ZoneInfo(zone))
    hour, minute = ready_at.split(":")
    tonight = here.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    if tonight > here:
        tonight -= timedelta(days=1)
    return last < tonight


def keep(stop: threading.Event, ready_at: str) -> None:
    """In the server's process, while it runs: look at everything each half minute, at the cameras each night."""
    began = clock.now()
    while not stop.wait(LOOK_S):
        try:
            look(ready_at, began)
        except Exception:
            log.exception("the look at what is ready failed; it is tried again")
            connections.close_all()


def look(ready_at: str, began: datetime) -> None:
    """1. Keep since when each check is as it is. 2. Ask the cameras, when their time of night has passed.

    Args:
        began: when this process began: one that starts by day asks nobody before the night.
    """
    listening = listening_persons()
    for owner in reads.owners():
        found = reads.report(owner, listening)
        actions.keep_states(owner, [(each.id, check) for each in found.all for check in each.checks])
        if due(ready_at, found.zone, max(began, found.looked_utc or began), clock.now()):
            ask_cameras(owner, "nightly")
