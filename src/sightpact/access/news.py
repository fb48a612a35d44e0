"""News for open pages: which topic changed, for whom. Carries no facts: a page that hears it asks again, and is checked.

Thread-safe in, asyncio out. A page that does not listen loses the news, not the truth (it asks when it reconnects).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

MOST_WAITING = 32  # news per page; a page that is behind needs only one


class Listener:
    def __init__(self, person: str, loop: asyncio.AbstractEventLoop) -> None:
        self.person = person
        self.queue: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self._loop = loop

    def tell(self, topic: str) -> None:
        self._loop.call_soon_threadsafe(self._put, topic)

    def _put(self, topic: str) -> None:
        if not self.queue.full():
            self.queue.put_nowait(topic)


_lock = threading.Lock()
_listeners: set[Listener] = set()


@contextmanager
def listening(person: str) -> Iterator[Listener]:
    """Be told, in the running event loop, of what may concern this person."""
    listener = Listener(person, asyncio.get_running_loop())
    with _lock:
        _listeners.add(listener)
    try:
        yield listener
    finally:
        with _lock:
            _listeners.discard(listener)


def tell(persons: Iterable[str], topic: str) -> None:
    """Tell the open pages of these persons. Nobody else learns that there was news."""
    wanted = set(persons)
    with _lock:
        concerned = [listener for listener in _listeners if listener.person in wanted]
    for listener in concerned:
        listener.tell(topic)


def listening_persons() -> set[str]:
    """Whose pages are open now."""
    with _lock:
        return {listener.person for listener in _listeners}


def count(person: str | None = None) -> int:
    """How many pages listen; of one person, when named."""
    with _lock:
        return sum(person in (None, listener.person) for listener in _listeners)
