"""What waits to be sent to one viewer: references to fragments that all viewers share, and small messages.

Bounded: over the limit a picture is skipped up to its next key frame, for this viewer alone. A fragment is
asked for its lease once more when it leaves.
"""

from __future__ import annotations

import asyncio
from collections import deque

from sightpact.live.edge.secured import Secured
from sightpact.live.edge.stream import Stream

BATCH_BYTES = 64 * 1024  # handed to the socket at once: what is handed over can only be recalled by an abort
MAX_MESSAGE_BYTES = 256 * 1024  # of small messages; a viewer that far behind is gone


class Outbox:
    """The queue of one viewer. `limit`: bytes of fragments that may wait."""

    __slots__ = ("_messages", "_queue", "_transport", "held", "limit", "paused", "written")

    def __init__(self, transport: asyncio.Transport | Secured, limit: int) -> None:
        self._transport, self.limit = transport, limit
        self._queue: deque[tuple[Stream | None, bytes]] = deque()
        self._messages = 0  # bytes of small messages in the queue
        self.held = 0  # bytes of fragments in the queue
        self.paused = False  # the socket takes no more
        self.written = 0  # bytes handed to the socket since the connection began

    def offer(self, stream: Stream, fragment: bytes) -> bool:
        """Queue a fragment. False when there is no room: the stream then waits for its next key frame."""
        if self.held and self.held + len(fragment) > self.limit:
            return False
        self.held += len(fragment)
        self._queue.append((stream, fragment))
        return True

    def message(self, framed: bytes) -> bool:
        """Queue a small message. False when too many wait already."""
        if self._messages + len(framed) > MAX_MESSAGE_BYTES:
            return False
        self._messages += len(framed)
        self._queue.append((None, framed))
        return True

    def backlog(self) -> int:
        """Bytes of small messages that wait."""
        return self._messages

    def drop(self, stream: Stream) -> None:
        """Forget what waits of one stream."""
        if any(owner is stream for owner, _ in self._queue):
            self._queue = deque(item for item in self._queue if item[0] is not stream)
            self.held = sum(len(item[1]) for item in self._queue if item[0] is not None)

    def clear(self) -> None:
        self._queue.clear()
        self.held = self._messages = 0

    def flush(self, now: float) -> None:
        """Hand over as much as the socket takes. `now`: monotonic seconds, asked of each lease."""
        queue = self._queue
        while queue and not self.paused:
            batch: list[bytes] = []
            size = 0
            while queue and size < BATCH_BYTES:
                stream, data = queue.popleft()
                if stream is None:
                    self._messages -= len(data)
                else:
                    self.held -= len(data)
                    if stream.ended or not stream.lease.good(now):
                        continue
                    stream.frames += 1
                    stream.bytes += len(data)
                    stream.mark = self.written + size + len(data)
                batch.append(data)
                size += len(data)
            self.written += size
            if batch:
                self._transport.writelines(batch)
