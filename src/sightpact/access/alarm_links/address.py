"""Where a feed or broker is: its name looked up once, each address checked, and connected to exactly the one checked."""

from __future__ import annotations

import http.client
import socket
import ssl

from django.conf import settings

from sightpact.activation.alarm_checks import BadSource
from sightpact.wire.address import allowed


def resolve(host: str, port: int) -> str:
    """An address that may be gone to.

    Raises:
        BadSource: none of its addresses may. OSError: the name is not known.
    """
    found = [row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    why = ""
    for address in found:
        reason = allowed(str(address), settings.SIGHTPACT.alarm_networks)
        if reason is None:
            return str(address)
        why = reason
    raise BadSource(
        f"'{host}'", f"cannot be gone to: {why}.", "Mend its address, or allow it in alarm_networks."
    )


def tls(authority: str) -> ssl.SSLContext:
    """TLS that verifies: with the source's own authority where it has one, else with the system's."""
    return ssl.create_default_context(cadata=authority or None)


class Connection(http.client.HTTPConnection):
    """HTTP(S) to one checked address; TLS is verified for the name."""

    def __init__(
        self, address: str, host: str, port: int, context: ssl.SSLContext | None, timeout_s: float
    ) -> None:
        super().__init__(host, port, timeout=timeout_s)
        self._address, self._context = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host) if self._context else plain
