"""A scripted gate on a real Unix socket, and a real edge process that talks to it. Tests and benches steer
it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sightpact.bench import viewer as bench_viewer
from sightpact.wire import messages as wire

ORIGIN = "http://pages.lakeview.example"


class FakeGate:
    """Admits what it is told to. Attributes are its script; `got` is everything edges said.

    Attributes:
        tickets: ticket to viewer id; used up when redeemed.
        refuse: camera to reason.
        lease_ms, until_utc_ms: of new leases.
        beating: whether beats are sent.
    """

    def __init__(self, *, lease_ms: int = 2000, beat_s: float = 0.5) -> None:
        self.folder = tempfile.mkdtemp(prefix="sightpact-gate-")
        self.path = f"{self.folder}/gate.sock"
        self.session = "session-1"
        self.origins = [ORIGIN]
        self.sources: list[wire.Source] = []
        self.tickets: dict[str, str] = {}
        self.refuse: dict[str, wire.Reason] = {}
        self.lease_ms, self.beat_s = lease_ms, beat_s
        self.until_utc_ms: int | None = None
        self.beating = True
        self.answering = True
        self.streams: dict[int, tuple[str, str]] = {}  # open ones: stream to (viewer, camera)
        self.admitted_at: dict[int, float] = {}
        self.last_beat_at = 0.0
        self.ended: dict[int, wire.StreamEnd] = {}
        self.got: list[wire.FromEdge] = []
        self._numbers = itertools.count(1)
        self._beats = itertools.count(1)
        self._news = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> FakeGate:
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        with contextlib.suppress(OSError):
            Path(self.path).unlink()
        Path(self.folder).rmdir()

    async def listen(self) -> None:
        with contextlib.suppress(OSError):
            Path(self.path).unlink()
        self._server = await asyncio.start_unix_server(self._serve, self.path)
        self._tasks.add(asyncio.ensure_future(self._beat()))

    async def stop(self) -> None:
        """Go away, as a killed gate does."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        if self._writer is not None:
            self._writer.transport.abort()
            self._writer = None
        await asyncio.sleep(0)

    async def restart(self, session: str) -> None:
        await self.stop()
        self.session = session
        self.streams.clear()
        await self.listen()

    def send(self, message: wire.FromGate) -> None:
        assert self._writer is not None
        self._writer.write(wire.pack(message))

    def beat(self) -> None:
        if self._writer is not None:
            self.last_beat_at = time.monotonic()
            self.send(wire.Beat(next(self._beats), list(self.streams)))

    def cut(self, streams: list[int], reason: wire.Reason | None = None) -> float:
        """Returns the monotonic time just before the message was written."""
        now = time.monotonic()
        for number in streams:
            self.streams.pop(number, None)
        self.send(wire.Cut(streams, reason or wire.Reason("all_clear", "The emergency is over.", "3.2")))
        return now

    def of_viewer(self, viewer: str) -> list[int]:
        return [number for number, (name, _) in self.streams.items() if name == viewer]

    def said(self, kind: type[Any]) -> list[Any]:
        return [message for message in self.got if isinstance(message, kind)]

    async def until(self, fact: Any, timeout_s: float = 20.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not fact():
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                raise TimeoutError(f"the gate got {self.got[-10:]}") from None

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.beat_s)
            if self.beating:
                self.beat()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self._writer = writer
        self.send(wire.Welcome(self.session, self.origins))
        self.send(wire.Sources(self.sources))
        splitter = wire.Splitter("edge")
        try:
            while data := await reader.read(65536):
                for message in splitter.feed(data):
                    self._take(message)  # type: ignore[arg-type]
                self._news.set()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def _take(self, message: wire.FromEdge) -> None:
        self.got.append(message)
        if isinstance(message, wire.Redeem) and self.answering:
            name = self.tickets.pop(message.ticket, None)
            if name is None:
                self.send(
                    wire.NoViewer(message.req, wire.Reason("ticket", "This ticket is used up or too old."))
                )
            else:
                self.send(wire.Viewer(message.req, name, f"{name} - Lakeview PD"))
        elif isinstance(message, wire.Admit) and self.answering:
            leases, refused = [], []
            for camera in message.cameras:
                if camera in self.refuse:
                    refused.append(wire.Refused(camera, self.refuse[camera]))
                    continue
                number = next(self._numbers)
                self.streams[number] = message.viewer, camera
                self.admitted_at[number] = time.monotonic()
                leases.append(wire.Lease(number, camera, self.lease_ms, self.until_utc_ms, "3.2"))
            self.send(wire.Admitted(message.req, leases, refused))
        elif isinstance(message, wire.Ended):
            for end in message.streams:
                self.streams.pop(end.stream, None)
                self.ended[end.stream] = end


class EdgeProcess:
    """A real `python -m sightpact.live.edge`."""

    def __init__(self, gate_path: str, *arguments: str) -> None:
        self._command = [
            sys.executable,
            "-m",
            "sightpact.live.edge",
            "--gate-socket",
            gate_path,
            "--port",
            "0",
            *arguments,
        ]
        self.port = 0
        self.tls: ssl.SSLContext | None = None  # to speak to it
        self.log = b""

    async def __aenter__(self) -> EdgeProcess:
        self.process = await asyncio.create_subprocess_exec(
            *self._command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": "src"},
        )
        assert self.process.stdout and self.process.stderr
        line = (await self.process.stdout.readline()).decode()
        if "listening on" not in line:
            raise RuntimeError((await self.process.stderr.read()).decode())
        self.port = int(line.rsplit(":", 1)[1])
        self._reading = asyncio.ensure_future(self._read())
        return self

    async def _read(self) -> None:
        assert self.process.stderr
        while line := await self.process.stderr.readline():
            self.log += line

    async def __aexit__(self, *_: object) -> None:
        if self.process.returncode is None:
            self.process.terminate()
        await asyncio.wait_for(self.process.wait(), 10)
        await self._reading
        assert b"Traceback" not in self.log, self.log.decode()

    def cpu_s(self) -> float:
        """CPU seconds used so far (user and system)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    async def get(self, path: str, extra: str = "") -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=self.tls)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: edge\r\n{extra}\r\n".encode())
        answer = b""
        while data := await reader.read(65536):
            answer += data
        writer.close()
        return answer.decode()

    async def metric(self, name: str) -> float:
        text = await self.get("/metrics")
        return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(name + " "))

    async def viewer(self, gate: FakeGate, name: str = "omar", **options: Any) -> bench_viewer.Viewer:
        """A viewer with a good ticket, ready to open tiles."""
        gate.tickets[f"ticket-{name}"] = name
        viewer = await bench_viewer.connect(
            "127.0.0.1", self.port, ticket=f"ticket-{name}", origin=ORIGIN, **options
        )
        await viewer.until(lambda: viewer.ready)
        return viewer
