"""What a browser may give as the address and the keys of a push. Pure; the sender checks again what the name leads to.

Never: a request to an address of this network because a browser said so (SSRF).
"""

from __future__ import annotations

import base64
import binascii
from urllib.parse import urlsplit

from sightpact.notices.errors import ChannelFault

MOST_ADDRESS = 1000  # characters
P256DH_BYTES = 65  # an uncompressed P-256 point
AUTH_BYTES = 16


def check_keys(endpoint: str, p256dh: str, auth: str) -> None:
    """Refuse what no push service gives.

    Raises:
        ChannelFault: names what is wrong.
    """
    try:
        url = urlsplit(endpoint)
        host, _port = url.hostname or "", url.port
    except ValueError:
        raise _fault("Its address cannot be read.") from None
    if len(endpoint) > MOST_ADDRESS or not all("!" <= c <= "~" for c in endpoint):
        raise _fault("Its address is too long, or has characters that no address has.")
    if url.scheme not in ("https", "http") or not host or "@" in url.netloc:
        raise _fault("Its address must begin with https:// and name a push service.")
    if (
        len(decoded(p256dh)) != P256DH_BYTES
        or decoded(p256dh)[:1] != b"\x04"
        or len(decoded(auth)) != AUTH_BYTES
    ):
        raise _fault("Its keys are not those of a push subscription.")


def decoded(text: str) -> bytes:
    """base64url without padding; b"" for anything else."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _fault(why: str) -> ChannelFault:
    return ChannelFault("This browser cannot be told.", why, "Load the page again, or use another browser.")
