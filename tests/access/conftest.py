"""A gate on a real socket, with a scripted edge that speaks the real messages; the database is real and committed."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from sightpact.access import emergency_journal, facts, tickets
from sightpact.access.gate import Gate
from sightpact.wire.messages import Admit, Admitted, Beat, Cut, Redeem, Splitter, Viewer, pack
from tests import lakeview

ORIGIN = "http://localhost:8000"
M = TypeVar("M")


class Edge:
    """What an edge process says and hears, by hand."""

    gate: Gate  # the one it talks to

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._splitter = Splitter("gate")
        self._heard: list[Any] = []
        self._req = 0

    def say(self, message: Any) -> None:
        self._socket.sendall(pack(message))

    def hear(self, kind: type[M], within_s: float = 5.0) -> M:
        """The next message of this kind; others before it are put aside (and dropped)."""
        until = time.monotonic() + within_s
        while True:
            for number, message in enumerate(self._heard):
                if isinstance(message, kind):
                    del self._heard[: number + 1]
                    return message
            self._heard.clear()
            self._socket.settimeout(max(0.01, until - time.monotonic()))
            data = self._socket.recv(1 << 16)
            assert data, "the gate closed the link"
            self._heard += self._splitter.feed(data)

    def next(self, within_s: float = 10.0) -> Any:
        """The next message, of whatever kind."""
        while not self._heard:
            self._socket.settimeout(within_s)
            data = self._socket.recv(1 << 16)
            assert data, "the gate closed the link"
            self._heard += self._splitter.feed(data)
        return self._heard.pop(0)

    def viewer(self, person: str, session: str) -> str:
        self._req += 1
        self.say(Redeem(self._req, tickets.issue(person, session, "test"), ORIGIN, "127.0.0.1"))
        return self.hear(Viewer).viewer

    def ask(self, viewer: str, cameras: list[str]) -> Admitted:
        self._req += 1
        self.say(Admit(self._req, viewer, cameras))
        return self.hear(Admitted)

    def close(self) -> None:
        self._socket.close()


__all__ = ["Beat", "Cut", "Edge"]


@pytest.fixture
def district(transactional_db: None) -> lakeview.Lakeview:
    facts._latest = None
    return lakeview.build()


@pytest.fixture
def journal(tmp_path: Path, settings: Any) -> Iterator[None]:
    """A reserved journal of this test's own."""
    emergency_journal.use(emergency_journal.Journal(tmp_path / "reserved.journal"))
    yield
    emergency_journal.use(None)


@pytest.fixture
def gate(district: lakeview.Lakeview, journal: None, tmp_path: Path) -> Iterator[Gate]:
    gate = Gate(tmp_path / "gate.sock", [ORIGIN])
    gate.start()
    yield gate
    gate.stop()
    connections.close_all()


@pytest.fixture
def edge(gate: Gate, tmp_path: Path) -> Iterator[Edge]:
    edge = Edge(tmp_path / "gate.sock")
    edge.gate = gate
    yield edge
    edge.close()


@pytest.fixture
def session(district: lakeview.Lakeview) -> str:
    """A live session key, as a signed-in page has one."""
    store = SessionStore()
    store["made for"] = "a test"
    store.create()
    assert store.session_key is not None
    return store.session_key
