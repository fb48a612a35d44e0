"""TLS upon a viewer's TCP connection, with no buffer of its own: what is written is encrypted and handed to the
TCP transport at once, so that a cut can still see (and drop) every byte that has not left.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Iterable


class Secured:
    """The part of a transport that an outbox and a viewer use, encrypted.

    Args:
        raw: the TCP transport; back-pressure is its own (`pause_writing` comes from it).
        context: with the server's certificate.
    """

    def __init__(self, raw: asyncio.Transport, context: ssl.SSLContext) -> None:
        self._raw = raw
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)
        self._ready = False

    def feed(self, data: bytes) -> bytes:
        """Take bytes from the network and return what they say. The first ones are the handshake.

        Raises:
            ssl.SSLError: no TLS, or a broken one; the connection is of no use any more.
        """
        self._in.write(data)
        said: list[bytes] = []
        try:
            if not self._ready:
                self._tls.do_handshake()
                self._ready = True
            while part := self._tls.read(65536):
                said.append(part)
        except ssl.SSLWantReadError:
            pass
        finally:
            if self._out.pending:
                self._raw.write(self._out.read())
        return b"".join(said)

    def write(self, data: bytes) -> None:
        self._tls.write(data)
        self._raw.write(self._out.read())

    def writelines(self, parts: Iterable[bytes]) -> None:
        self.write(b"".join(parts))

    def close(self) -> None:
        """Say good-bye as TLS wants it, and close after what is written has left."""
        with contextlib.suppress(ssl.SSLError, ValueError):
            self._tls.unwrap()  # wants the peer's answer, which nobody waits for
        if self._out.pending:
            self._raw.write(self._out.read())
        self._raw.close()

    def is_closing(self) -> bool:
        return self._raw.is_closing()
