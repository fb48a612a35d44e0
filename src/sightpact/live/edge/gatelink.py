"""The edge's connection to the gate: connects, connects again, and hands over messages in order.

What cannot be delivered while the gate is away is the caller's concern; leases run out meanwhile, and that is
right.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections import deque
from typing import Protocol, cast

from sightpact.wire.messages import FromEdge, FromGate, Hello, Splitter, WireError, pack

RETRY_S = 0.25
TURN_S = 0.002  # so long the gate's messages may hold the loop before pictures have their turn
MAX_WAITING_BYTES = 64 * 1024 * 1024  # a gate that reads nothing for long is as good as gone

log = logging.getLogger("sightpact.edge")


class Listener(Protocol):
    """Who gets the gate's messages."""

    def from_gate(self, message: FromGate, now: float) -> None:
        """`now`: monotonic seconds at which the bytes were read."""

    def gate_lost(self) -> None: ...


class _Wire(asyncio.Protocol):
    def __init__(self, listener: Listener, gone: asyncio.Event) -> None:
        self._listener, self._gone = listener, gone
        self._splitter = Splitter("gate")
        self._heard: deque[tuple[FromGate, float]] = deque()  # with the time at which each was read
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one but does not inherit

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        try:
            idle = not self._heard
            for message in self._splitter.feed(data):
                self._heard.append((cast(FromGate, message), now))
            if idle:
                self._turn()
        except WireError as fault:
            log.error("gate sent what is no message: %s", fault)
            if self.transport is not None:
                self.transport.abort()

    def _turn(self) -> None:
        """Hand over what was heard, in order. What takes longer than a turn goes on after the loop has served the pictures:
        a cut of many streams must not delay the pictures of everybody else."""
        until = time.monotonic() + TURN_S
        while self._heard:
            self._listener.from_gate(*self._heard.popleft())
            if time.monotonic() >= until and self._heard:
                asyncio.get_running_loop().call_soon(self._turn)
                return

    def connection_lost(self, exc: Exception | None) -> None:
        while self._heard:  # the gate's last words count
            self._listener.from_gate(*self._heard.popleft())
        self.transport = None
        self._gone.set()


class GateLink:
    """Keeps the connection. `name`: this edge process, for the gate's log."""

    def __init__(self, path: str, name: str, listener: Listener) -> None:
        self._path, self._name, self._listener = path, name, listener
        self._wire: _Wire | None = None

    @property
    def connected(self) -> bool:
        return self._wire is not None and self._wire.transport is not None

    def send(self, message: FromEdge) -> bool:
        """Send one message. False when there is no gate to send it to."""
        wire = self._wire
        if wire is None or wire.transport is None:
            return False
        if wire.transport.get_write_buffer_size() > MAX_WAITING_BYTES:
            wire.transport.abort()
            return False
        wire.transport.write(pack(message))
        return True

    async def run(self) -> None:
        """Connect for ever; cancel to stop."""
        loop = asyncio.get_running_loop()
        while True:
            gone = asyncio.Event()
            with contextlib.suppress(OSError):
                _, wire = await loop.create_unix_connection(lambda: _Wire(self._listener, gone), self._path)  # noqa: B023
                self._wire = wire
                self.send(Hello(edge=self._name, pid=os.getpid()))
                try:
                    await gone.wait()
                finally:
                    self._wire = None
                    if wire.transport is not None:
                        wire.transport.close()
                self._listener.gate_lost()
            await asyncio.sleep(RETRY_S)
