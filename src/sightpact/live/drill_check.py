"""While a drill runs: ask each real camera for one frame, in a process of its own, and note how many would have shown.

The frames are decoded and thrown away there (`frame_check.py`); nobody sees one. It holds up neither the keeper nor a drill.
"""

from __future__ import annotations

import logging
import threading

from django.db import close_old_connections

from sightpact.access import drill_sections, drills, facts
from sightpact.activation.drills import DrillCard
from sightpact.live import frame_check

log = logging.getLogger(__name__)
_begun: set[str] = set()  # drills whose cameras this process has begun to ask


def look() -> None:
    """Begin with each drill that nobody looked after yet. Called every few hundred milliseconds."""
    for card in facts.snapshot().drills:
        if card.checked_utc is None and card.id not in _begun:
            _begun.add(card.id)
            threading.Thread(target=_check, args=(card,), name=f"drill-{card.id[:8]}", daemon=True).start()


def _check(card: DrillCard) -> None:
    try:
        wanted = drill_sections.real_cameras(facts.snapshot(), card.agreement, card.schools, card.emergency)
        found = frame_check.check(wanted)
        dark = [(camera, found[camera].why) for camera in wanted if not found[camera].ok]
        drills.checked(card.id, len(wanted), dark)
    except Exception:
        log.exception("the cameras could not be asked during a drill; its report says so")
    finally:
        close_old_connections()
