"""One open wall of a storm: a plain connection that follows the protocol of the page's script (`news.js`, `alert-line.js`)."""

from __future__ import annotations

import asyncio
import json
import time

from sightpact.bench.deployment import Deployment, DeploymentFailed


class Page:
    """A stream of news, and one connection to ask on. It shows what the news named, until the whole state has it."""

    def __init__(self, deployment: Deployment, person: str) -> None:
        self.deployment = deployment
        self.cookie = f"sightpact_session={deployment.sessions[person]}"
        self.listening = asyncio.Event()
        self.heard_at = 0.0  # when it first heard that there is news
        self.asked = 0
        self._line: frozenset[str] = frozenset()  # what the news named and the whole state did not have yet
        self._named = 0  # how often the news named any
        self._whole: frozenset[str] = frozenset()
        self._turn = 0.0  # when it asks; 0: it has nothing to ask for
        self._news = asyncio.Event()
        self._changed = asyncio.Condition()

    @property
    def shows(self) -> frozenset[str]:
        return self._line | self._whole

    @property
    def whole(self) -> frozenset[str]:
        return self._whole

    def forget(self) -> None:
        """A new storm begins."""
        self.heard_at, self.asked = 0.0, 0

    async def listen(self) -> None:
        """Hear the stream of news until cancelled."""
        reader, writer = await self._connect("/news/", "text/event-stream")
        event = b""
        try:
            while line := await reader.readline():
                if line.startswith(b"event: "):
                    event = line[7:].strip()
                elif line.startswith(b"data: ") and event == b"ping":
                    self.listening.set()
                elif line.startswith(b"data: ") and event == b"sharing":
                    await self._hear(json.loads(line[6:]))
        finally:
            writer.close()

    async def ask(self) -> None:
        """Ask for the state when the news gives a turn for it, until cancelled."""
        while True:
            await self._news.wait()
            await asyncio.sleep(self._turn - time.monotonic())
            self._news.clear()
            self._turn, named, line = 0.0, self._named, self._line
            reader, writer = await self._connect("/wall/state/", "application/json", close=True)
            answer = await reader.read()
            writer.close()
            head, _blank, body = answer.partition(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                raise DeploymentFailed(f"a page was answered {head[:80]!r}")
            self.asked += 1
            async with self._changed:
                self._whole = frozenset(json.loads(body)["running"])
                self._line = frozenset() if named == self._named else self._line - line - self._whole
                self._changed.notify_all()

    async def until_shows(self, ids: frozenset[str]) -> float:
        """When it shows exactly these."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.shows == ids)
        return time.monotonic()

    async def until_whole(self, ids: frozenset[str]) -> float:
        """When its whole state names exactly these."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._whole == ids)
        return time.monotonic()

    async def _hear(self, said: dict[str, object]) -> None:
        self.heard_at = self.heard_at or time.monotonic()
        running, ask_ms = said.get("running"), said["ask_ms"]
        assert isinstance(ask_ms, int)
        if isinstance(running, list):
            async with self._changed:
                self._named += 1
                self._line = frozenset(each["id"] for each in running) - self._whole
                self._changed.notify_all()
        self._turn = self._turn or time.monotonic() + ask_ms / 1000
        self._news.set()

    async def _connect(
        self, path: str, accept: str, close: bool = False
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.deployment.ports.pages, limit=2**22)
        last = "Connection: close\r\n" if close else ""
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost:{self.deployment.ports.pages}\r\nCookie: {self.cookie}\r\n"
            f"Accept: {accept}\r\n{last}\r\n".encode()
        )
        return reader, writer
