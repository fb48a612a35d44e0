"""Opens a TCP or TLS connection to a camera, at exactly the address that passed the guard."""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import ssl
from collections.abc import Callable, Sequence
from functools import cache

from sightpact.media.address import allowed
from sightpact.media.errors import Lost, Refused, Unsupported
from sightpact.media.rtsp.connection import Connection
from sightpact.media.rtsp.url import Address


async def connect(
    address: Address, networks: Sequence[str], make: Callable[[], Connection], timeout_s: float
) -> Connection:
    """Resolve, check, connect.

    1. Resolve the host once.
    2. Take the first resolved address that the guard allows; refuse when there is none.
    3. Connect a socket to that literal address, so that a second, different DNS answer plays no part.
    4. For rtsps: verify the certificate by the system's authorities, or compare it with the pin.

    Raises:
        Refused: the guard said no. Lost: nothing answered. Unsupported: the certificate is not trusted.
    """
    try:
        async with asyncio.timeout(timeout_s):
            return await _connect(address, networks, make)
    except TimeoutError:
        raise Lost(
            "The camera cannot be reached.", f"{address.place}: no connection within {timeout_s:g} s"
        ) from None
    except ssl.SSLCertVerificationError as fault:
        raise Unsupported(
            "The camera's certificate is not trusted. District IT can pin it.",
            f"{address.place}: {fault.verify_message}; to pin it, add #sha256=<fingerprint> to the address",
        ) from None
    except ssl.SSLError as fault:
        raise Lost(
            "The camera cannot be reached securely.", f"{address.place}: {fault.reason or fault}"
        ) from None
    except OSError as fault:
        number = fault.errno or 0
        what = os.strerror(number) if number > 0 else fault.strerror or str(fault)
        raise Lost("The camera cannot be reached.", f"{address.place}: {what}") from None


async def _connect(address: Address, networks: Sequence[str], make: Callable[[], Connection]) -> Connection:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except UnicodeError as fault:
        raise OSError(str(fault)) from None
    reason, fault_seen = "the name has no address", None
    for family, _, _, _, place in found[:8]:
        objection = allowed(str(place[0]), networks)
        if objection is not None:
            reason = objection
            continue
        try:
            connection = await _open(family, place, address, make)
        except OSError as fault:
            fault_seen = fault
            continue
        if address.pin is not None:
            _check_pin(connection, address)
        return connection
    if fault_seen is not None:
        raise fault_seen
    raise Refused(
        "The camera's address is one that Sightpact does not connect to. District IT can allow its network.",
        f"{address.place}: {reason}",
    )


async def _open(family: int, place: object, address: Address, make: Callable[[], Connection]) -> Connection:
    loop = asyncio.get_running_loop()
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        await loop.sock_connect(sock, place)  # type: ignore[arg-type]
        context = _context(address) if address.tls else None
        name = address.host if context else None
        _, connection = await loop.create_connection(make, sock=sock, ssl=context, server_hostname=name)
    except BaseException:
        sock.close()
        raise
    return connection


@cache
def _by_authorities() -> ssl.SSLContext:
    return ssl.create_default_context()


def _context(address: Address) -> ssl.SSLContext:
    if address.pin is None:
        return _by_authorities()
    context = ssl.SSLContext(
        ssl.PROTOCOL_TLS_CLIENT
    )  # the pin is the trust; cameras sign their own certificates
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _check_pin(connection: Connection, address: Address) -> None:
    seen = connection.certificate()
    if seen is None or hashlib.sha256(seen).digest() != address.pin:
        connection.close()
        fingerprint = hashlib.sha256(seen or b"").hexdigest()
        raise Refused(
            "The camera's certificate is not the one that District IT pinned.",
            f"{address.place}: certificate fingerprint {fingerprint} is not the pinned one",
        )
