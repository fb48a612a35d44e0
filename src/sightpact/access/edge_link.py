"""The gate's end of the Unix socket: one link per edge process, messages in and out, nothing decided here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from sightpact.wire.messages import FromEdge, FromGate, Splitter, WireError, pack

log = logging.getLogger(__name__)
MOST_UNSENT = 32 * 1024 * 1024  # bytes; an edge that reads nothing is dropped, and starves


class EdgeLink:
    """One connected edge. `send` never blocks."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.open = True

    def send(self, message: FromGate) -> None:
        if not self.open:
            return
        self._writer.write(pack(message))
        if self._writer.transport.get_write_buffer_size() > MOST_UNSENT:
            log.error("an edge does not read; its link is closed and its streams starve")
            self.close()

    def close(self) -> None:
        self.open = False
        self._writer.transport.abort()


async def listen(
    path: Path,
    joined: Callable[[EdgeLink], None],
    heard: Callable[[EdgeLink, FromEdge], Awaitable[None]],
    left: Callable[[EdgeLink], None],
) -> asyncio.AbstractServer:
    """Listen on the Unix socket (mode 0600). Messages of one link are handled in order.

    Args:
        path: where; an old socket file is replaced.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link, splitter = EdgeLink(writer), Splitter("edge")
        joined(link)
        try:
            while data := await reader.read(1 << 16):
                for message in splitter.feed(data):
                    await heard(link, message)  # type: ignore[arg-type]
        except (WireError, ConnectionError) as fault:
            log.error("link to an edge broke: %s", fault)
        except asyncio.CancelledError:
            pass  # the gate stops, and its loop with it
        finally:
            link.close()
            left(link)

    server = await asyncio.start_unix_server(serve, path=str(path))
    path.chmod(0o600)
    return server
