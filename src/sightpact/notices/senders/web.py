"""One HTTPS POST to an address that somebody outside gave: checked, then connected to exactly what was checked.

Never: a redirect followed, a proxy used, an answer of more than a few kilobytes read, an address of this network.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from sightpact.notices.words import SendFault
from sightpact.wire.address import METADATA, embedded

TIMEOUT_S = 10.0  # for all of it: an answer that drips in ends then too
MOST_ANSWER = 4096  # bytes
UNICAST = ip_network("2000::/3")  # all of IPv6 that is handed out for the internet


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    body: bytes
    retry_after: str


def post(
    url: str, body: bytes, headers: Mapping[str, str], networks: Sequence[str], *, may_be_inside: bool = False
) -> Answered:
    """Send `body` to `url` and return what was answered.

    Args:
        networks: CIDR networks that are allowed although they are not public; over plain http these alone.
        may_be_inside: the address is from the settings, so that private networks are allowed too (never metadata services).
    Raises:
        SendFault: not allowed, or not reached.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address, named = _resolve(host, port, networks, may_be_inside)
    if parts.scheme != "https" and not named:
        raise SendFault(f"{host} is not reached by https", again=False)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    link = _Link(host, port, address, parts.scheme == "https")
    deadline = threading.Timer(TIMEOUT_S, link.cut)
    deadline.daemon = True
    deadline.start()
    late = f"{host} does not answer within {TIMEOUT_S:g} s"
    try:
        link.request("POST", path, body, dict(headers))
        answer = link.getresponse()
        said = answer.read(MOST_ANSWER)
        if link.is_cut:
            raise SendFault(late)
        return Answered(answer.status, said, answer.getheader("Retry-After") or "")
    except (OSError, http.client.HTTPException) as fault:
        raise SendFault(
            late if link.is_cut else f"{host} does not answer ({type(fault).__name__})"
        ) from fault
    finally:
        deadline.cancel()
        link.close()


def _resolve(host: str, port: int, networks: Sequence[str], may_be_inside: bool) -> tuple[str, bool]:
    """The one address to connect to, and whether the settings name its network. Each address of the name must be allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise SendFault(f"the name {host} is not known") from fault
    named = True
    addresses = [str(each[4][0]) for each in found]
    for text in addresses:
        address = embedded(ip_address(text.split("%", 1)[0]))
        inside = any(
            address in network
            for network in (ip_network(n, strict=False) for n in networks)
            if network.version == address.version
        )
        named = named and inside
        private = address.is_private and not (address.is_loopback or address.is_link_local)
        public = (
            address.is_global and not address.is_multicast and (address.version == 4 or address in UNICAST)
        )
        allowed = inside or public or (may_be_inside and private)
        if str(address) in METADATA or not allowed:
            raise SendFault(f"{host} lies in a network that messages are not sent to", again=False)
    if not addresses:
        raise SendFault(f"the name {host} is not known")
    return addresses[0], named


class _Link(http.client.HTTPConnection):
    """A connection to one checked address, under the host's own name (SNI, certificate, Host)."""

    def __init__(self, host: str, port: int, address: str, tls: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self._address, self._tls = address, tls
        self.default_port = 443 if tls else 80
        self.is_cut = False
        self._raw: Any = None  # kept here, since `sock` is let go while the answer is still read

    def connect(self) -> None:
        raw: Any = socket.create_connection((self._address, self.port), TIMEOUT_S)
        if self._tls:
            context = ssl.create_default_context()
            raw = context.wrap_socket(raw, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = self._raw = raw
        if self.is_cut:  # before there was anything to cut
            raise TimeoutError
        if self._tls:
            raw.do_handshake()

    def cut(self) -> None:
        """End it now, from another thread: whoever waits for bytes gets none."""
        self.is_cut = True
        if self._raw is not None:
            with suppress(OSError):  # closed meanwhile
                socket.socket.shutdown(self._raw, socket.SHUT_RDWR)  # beneath TLS: it waits for nobody
