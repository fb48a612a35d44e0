"""How often a source may ask for something. The first alarm of a school and kind is never held back. In memory."""

from __future__ import annotations

import threading
from collections import deque

MOST = 60  # messages of one source
WITHIN_S = 60.0
NEW_AGAIN_S = 600.0  # an alarm of a school and kind is a first one again after so many quiet seconds
REMEMBERED = 5000

_lock = threading.Lock()
_came: dict[str, deque[float]] = {}
_last: dict[tuple[str, str], float] = {}


def may(source: str, about: str, now: float) -> bool:
    """Whether this message is acted on.

    Args:
        about: what it is about: schools and kind, or the place as it was sent.
        now: seconds of a monotonic clock.
    """
    with _lock:
        came = _came.setdefault(source, deque())
        while came and came[0] <= now - WITHIN_S:
            came.popleft()
        last = _last.get((source, about))
        is_first = last is None or last <= now - NEW_AGAIN_S
        if not is_first and len(came) >= MOST:
            return False
        came.append(now)
        if len(_last) >= REMEMBERED:
            for key in [key for key, at in _last.items() if at <= now - NEW_AGAIN_S]:
                del _last[key]
        _last[source, about] = now
        return True


def forget() -> None:
    """What a new process knows, and each test."""
    with _lock:
        _came.clear()
        _last.clear()
