"""News of committed changes, in this process. Other processes' commits are seen by the gate's polling.

A callback runs on the thread that committed, after the commit: it must be quick and must not raise.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EpochValue:
    world: int
    situation: int


_subscribers: list[Callable[[EpochValue], None]] = []


def subscribe(callback: Callable[[EpochValue], None]) -> Callable[[], None]:
    """Have `callback` called after each commit that bumped an epoch. Returns a function that ends it."""
    _subscribers.append(callback)
    return lambda: _subscribers.remove(callback) if callback in _subscribers else None


def publish(value: EpochValue) -> None:
    """Tell the subscribers. A callback that fails is logged and does not keep the others from hearing."""
    for callback in tuple(_subscribers):
        try:
            callback(value)
        except Exception:
            _log.exception("an epoch subscriber failed")
