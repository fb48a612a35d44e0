"""What the kernel still holds of a viewer's socket, and how to drop it. Linux only; no protocol here."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import socket
import struct
from collections.abc import Callable

Asked = Callable[[asyncio.Transport], int]
_OUTQ = 0x5411  # SIOCOUTQ: bytes not yet acknowledged
_OUTQ_NOT_SENT = 0x894B  # SIOCOUTQNSD: bytes not yet sent
_RTT_OFFSET = 68  # tcpi_rtt in struct tcp_info, microseconds
_NOTSENT_LOWAT = 25  # TCP_NOTSENT_LOWAT

SEND_BUFFER = 64 * 1024  # bytes; the kernel doubles it for its own bookkeeping
NOT_SENT_LOW = 16 * 1024  # bytes: more than this unsent makes the socket not writable
DEAD_MS = 15_000  # unacknowledged for so long: the peer is gone


def listener(host: str, port: int) -> socket.socket:
    """A listening socket whose connections inherit small send buffers, so that no old picture waits in the
    kernel."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    sock.setsockopt(socket.IPPROTO_TCP, _NOTSENT_LOWAT, NOT_SENT_LOW)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_MS)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(
        socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1
    )  # a machine that vanished while nothing was sent gives its seat back
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 30)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10)
    sock.bind((host, port))
    sock.listen(512)
    sock.setblocking(False)
    return sock


def _ask(transport: asyncio.Transport, request: int) -> int:
    sock = transport.get_extra_info("socket")
    try:
        answer = fcntl.ioctl(sock.fileno(), request, b"\0\0\0\0")
    except (OSError, ValueError, AttributeError):
        return 0
    return int(struct.unpack("i", answer)[0])


def not_sent(transport: asyncio.Transport) -> int:
    """Bytes in the kernel that did not leave yet."""
    return _ask(transport, _OUTQ_NOT_SENT)


def not_acknowledged(transport: asyncio.Transport) -> int:
    """Bytes in the kernel that the peer has not confirmed."""
    return _ask(transport, _OUTQ)


def round_trip_s(transport: asyncio.Transport) -> float:
    """The kernel's smoothed round-trip time in seconds; 0 when it has none."""
    sock = transport.get_extra_info("socket")
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        return float(struct.unpack_from("I", info, _RTT_OFFSET)[0]) / 1e6
    except (OSError, ValueError, AttributeError, struct.error):
        return 0.0


def abort(transport: asyncio.Transport) -> None:
    """Drop the connection with everything that the kernel still holds (RST instead of FIN)."""
    sock = transport.get_extra_info("socket")
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
