"""How often a source may ask for something. The first alarm of a mapped school and kind is never held back. In memory.

Never: a place or code as it was sent, as what tells two alarms apart; a sender could name a new one each time.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

MOST = 60  # messages of one source
WITHIN_S = 60.0
NEW_AGAIN_S = 600.0  # an alarm of a school and kind is a first one again after so many quiet seconds
REMEMBERED = 5000

_lock = threading.Lock()
_came: dict[str, deque[float]] = {}
_last: dict[tuple[str, str], float] = {}


def may(source: str, abouts: Sequence[str], now: float) -> bool:
    """Whether this message is acted on.

    Args:
        abouts: what it is about, each school with the kind; none for whatever is of no school that is set.
        now: seconds of a monotonic clock.
    """
    with _lock:
        came = _came.setdefault(source, deque())
        while came and came[0] <= now - WITHIN_S:
            came.popleft()
        is_first = any(_last.get((source, about), now - NEW_AGAIN_S) <= now - NEW_AGAIN_S for about in abouts)
        if not is_first and len(came) >= MOST:
            return False
        came.append(now)
        if len(_last) >= REMEMBERED:
            for key in [key for key, at in _last.items() if at <= now - NEW_AGAIN_S]:
                del _last[key]
        _last.update({(source, about): now for about in abouts})
        return True


def forget() -> None:
    """What a new process knows, and each test."""
    with _lock:
        _came.clear()
        _last.clear()
