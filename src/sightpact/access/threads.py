"""The gate's two helping threads: one reads facts, one writes entries, so that its event loop never waits for a database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sightpact.access import gate_log

T = TypeVar("T")


class Threads:
    """Owned by the gate; made on its loop. Each thread keeps its own database connection."""

    def __init__(self, unwritable: Callable[[], None]) -> None:
        """Args: unwritable: told (on the writer's thread) when a write that nobody waits for found the record unwritable."""
        self._loop = asyncio.get_running_loop()
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="gate-reader")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="gate-writer")
        self._unwritable = unwritable
        self._closed = False

    async def read(self, job: Callable[[], T]) -> T:
        return await self._loop.run_in_executor(self._reader, job)

    async def write(self, job: Callable[[], T]) -> T:
        """In turn; the gate goes on meanwhile."""
        return await self._loop.run_in_executor(self._writer, job)

    def submit(self, job: Callable[..., object], *given: object) -> None:
        """The same, without waiting. A failure is logged; if the record cannot be written, pictures follow their clause."""
        if self._closed:
            return  # the gate has stopped and has written every end; a link that breaks now has nothing to add
        self._writer.submit(gate_log.quietly, self._unwritable, job, *given)

    async def close(self) -> None:
        """After everything that was submitted."""
        self._closed = True
        for executor in (self._reader, self._writer):
            await self._loop.run_in_executor(executor, gate_log.hang_up)
            executor.shutdown(wait=True)
