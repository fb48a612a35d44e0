"""A gate for the player's tests: speaks the real messages to the real edge, and does what the test says. Decides nothing."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from pathlib import Path

from sightpact.wire import messages as m


class ScriptedGate:
    """Runs its own loop in a thread. Every ticket is good; what is refused or cut is the test's word."""

    def __init__(
        self, path: Path, sources: dict[str, str], origins: list[str], lease_ms: int = 15000
    ) -> None:
        self.path, self.sources, self.origins, self.lease_ms = path, sources, origins, lease_ms
        self.refused: dict[str, m.Reason] = {}
        self.admitted: dict[int, str] = {}  # stream -> camera
        self.viewers: list[str] = []
        self.beating = True
        self.said: list[m.FromEdge] = []
        self._writer: asyncio.StreamWriter | None = None
        self._numbers = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> ScriptedGate:
        self._thread.start()
        assert self._up.wait(10)
        return self

    def __exit__(self, *_exc: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def cut(self, camera: str, code: str, text: str) -> None:
        """End every stream of this camera with this reason."""
        streams = [stream for stream, each in self.admitted.items() if each == camera]
        for stream in streams:
            del self.admitted[stream]
        self.send(m.Cut(streams, m.Reason(code, text, "3.2")))

    def close_viewers(self, code: str, text: str) -> None:
        for viewer in self.viewers:
            self.send(m.CloseViewer(viewer, m.Reason(code, text)))

    def send(self, message: m.FromGate) -> None:
        self._loop.call_soon_threadsafe(self._send, message)

    def _send(self, message: m.FromGate) -> None:
        if self._writer is not None:
            self._writer.write(m.pack(message))

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._writers: list[asyncio.StreamWriter] = []
        server = await asyncio.start_unix_server(self._edge, self.path)
        self._up.set()
        beats = asyncio.ensure_future(self._beat())
        await self._stop.wait()
        beats.cancel()
        server.close()
        for writer in self._writers:
            writer.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), 5)

    async def _beat(self) -> None:
        for number in itertools.count():
            await asyncio.sleep(0.5)
            if self.beating and self.admitted:
                self._send(m.Beat(number, list(self.admitted)))

    async def _edge(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._writers.append(writer)
        self._send(m.Welcome(session="test", origins=self.origins))
        allowed = ("127.0.0.0/8",)
        self._send(
            m.Sources(
                [m.Source(camera, url, standby=True, allowed=allowed) for camera, url in self.sources.items()]
            )
        )
        splitter = m.Splitter("edge")
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                for message in splitter.feed(data):
                    self.said.append(message)
                    self._answer(message)

    def _answer(self, message: m.FromEdge) -> None:
        if isinstance(message, m.Redeem):
            viewer = f"viewer-{next(self._numbers)}"
            self.viewers.append(viewer)
            self._send(m.Viewer(message.req, viewer, "Omar Reyes · Lakeview PD"))
        elif isinstance(message, m.Admit):
            self._admit(message)
        elif isinstance(message, m.Ended):
            for end in message.streams:
                self.admitted.pop(end.stream, None)

    def _admit(self, message: m.Admit) -> None:
        leases, refused = [], []
        for camera in message.cameras:
            if camera in self.refused or camera not in self.sources:
                refused.append(
                    m.Refused(camera, self.refused.get(camera, m.Reason("unknown", "There is nothing here.")))
                )
                continue
            stream = next(self._numbers)
            self.admitted[stream] = camera
            leases.append(m.Lease(stream, camera, self.lease_ms, None, "3.1"))
        self._send(m.Admitted(message.req, leases, refused))
