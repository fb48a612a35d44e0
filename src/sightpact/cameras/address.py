"""What may be entered as a camera's address. Pure. The edge checks again, at connect, what a name leads to.

Never: credentials in an address. It is shown to technicians and stands in health texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from sightpact.cameras.errors import AddressFault
from sightpact.wire.address import allowed

MAX_ADDRESS = 500  # characters, as the table holds
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_PIN = re.compile(r"sha256=[0-9a-f]{64}")  # the edge trusts this certificate and no other
_SECRET_WORDS = frozenset(
    {"user", "username", "usr", "login", "password", "passwd", "pass", "pwd", "psw", "auth", "token"}
)
_LOCAL_NAMES = ("localhost", "localdomain", "metadata", "metadata.google.internal", "instance-data")
KEYS_HINT = "Write them as username and password beside the address; they are stored encrypted"


def check(address: str, networks: Iterable[str] = ()) -> str:
    """The address, unchanged, if it may be a camera's.

    Args:
        address: rtsp:// or rtsps:// URL.
        networks: CIDR networks allowed beyond the ordinary ones (setting camera_networks).
    Raises:
        AddressFault: with the reason and the remedy; names no credentials.
    """
    networks = tuple(networks)
    if not 0 < len(address) <= MAX_ADDRESS or not all("!" <= c <= "~" for c in address):
        raise _fault(f"it must have 1 to {MAX_ADDRESS} plain characters without spaces", "Copy it again")
    try:
        url = urlsplit(address)
        host, port = url.hostname or "", url.port
    except ValueError as fault:
        raise _fault(f"it cannot be read ({fault})", "Write it like rtsp://10.20.0.5/stream1") from fault
    if url.scheme not in ("rtsp", "rtsps"):
        raise _fault(
            f"it begins with {url.scheme[:20] or 'nothing'}://", "Only rtsp:// and rtsps:// are possible"
        )
    if "@" in url.netloc:
        raise _fault("it holds a user name or password", KEYS_HINT)
    names = {name.lower() for name, _ in parse_qsl(url.query, keep_blank_values=True)}
    if found := sorted(names & _SECRET_WORDS):
        raise _fault(f"its query holds '{found[0]}'", KEYS_HINT)
    if "\\" in address or (url.fragment and not (url.scheme == "rtsps" and _PIN.fullmatch(url.fragment))):
        raise _fault(
            "it holds a # or a backslash",
            "Remove it; only rtsps://…#sha256=<64 hex digits> pins a certificate",
        )
    if port == 0:
        raise _fault("port 0 is no port", "Use the camera's RTSP port, usually 554")
    _check_host(host, networks)
    return address


def _check_host(host: str, networks: tuple[str, ...]) -> None:
    if not host:
        raise _fault("it has no host", "Write it like rtsp://10.20.0.5/stream1")
    try:
        ip_address(host)
    except ValueError:
        _check_name(host, networks)
        return
    if "%" in host:
        raise _fault("it names a network interface (%...)", "Write the address without it")
    if reason := allowed(host, networks):
        raise _fault(
            reason, "Use the camera's own address, or allow its network in the setting camera_networks"
        )


def _check_name(host: str, networks: tuple[str, ...]) -> None:
    """A name is looked up at connect only, and checked there. Here: no name of this machine, and no number in
    disguise (127.1, 0x7f000001, 2130706433), which some resolvers take for an address."""
    labels = host.lower().rstrip(".").split(".")
    if len(host) > 253 or not all(_LABEL.match(label) for label in labels):
        raise _fault("its host is neither an address nor a name", "Write it like rtsp://10.20.0.5/stream1")
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        raise _fault("its host is a number in an unusual form", "Write all four parts, like 10.20.0.5")
    name = ".".join(labels)
    if name in _LOCAL_NAMES or name.endswith((".localhost", ".localdomain")):
        if name.split(".")[-1] == "localhost" and allowed("127.0.0.1", networks) is None:
            return
        raise _fault(
            f"'{name}' is this machine itself or a cloud's own service", "Use the camera's own address"
        )


def _fault(why: str, next_step: str) -> AddressFault:
    return AddressFault("the camera's address", why, next_step)
