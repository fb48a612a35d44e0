"""News for open pages: which topic changed, for whom. No facts pass here: `web/news_desk.py` adds what a person may know.

Thread-safe in, asyncio out. A page that does not listen loses the news, not the truth (it asks when it reconnects).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress


class Listener:
    """One open page. Belongs to its event loop."""

    def __init__(self, person: str, loop: asyncio.AbstractEventLoop) -> None:
        self.person = person
        self.loop = loop
        self.asks_at = 0.0  # monotonic: when it asks for the whole state
        self.in_front = False  # that turn is among those who may take an incident
        self._topics: set[str] = set()  # what it has not heard yet; once each, however often told
        self._some = asyncio.Event()

    async def wait(self, seconds: float) -> set[str]:
        """The topics that changed since the last call; none when nothing did for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._some.wait()
        return self.take()

    def take(self) -> set[str]:
        """What is there by now."""
        topics, self._topics = self._topics, set()
        self._some.clear()
        return topics

    def put(self, topic: str) -> None:
        self._topics.add(topic)
        self._some.set()


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
    loops: dict[asyncio.AbstractEventLoop, list[Listener]] = {}
    with _lock:
        for listener in _listeners:
            if listener.person in wanted:
                loops.setdefault(listener.loop, []).append(listener)
    for loop, concerned in loops.items():
        with suppress(RuntimeError):  # its loop is gone, and so are its pages
            loop.call_soon_threadsafe(_put, concerned, topic)


def _put(listeners: list[Listener], topic: str) -> None:
    for listener in listeners:
        listener.put(topic)


def listening_persons() -> set[str]:
    """Whose pages are open now."""
    with _lock:
        return {listener.person for listener in _listeners}


def count(person: str | None = None) -> int:
    """How many pages listen; of one person, when named."""
    if person is None:
        return len(_listeners)
    with _lock:
        return sum(person == listener.person for listener in _listeners)
