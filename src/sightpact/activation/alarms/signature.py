"""Who may have sent a message: HMAC-SHA256 over its time and body, in two schemes that products know. Pure.

`Sightpact-Timestamp` and `Sightpact-Signature: v1=<hex>` over `timestamp + "." + body`, as most products sign; and
Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64>` over `id.timestamp.body`).
A key is 32 random bytes, written `whsec_<base64>`. Source: www.standardwebhooks.com, its specification.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sightpact.activation.alarms.message import Forged

PREFIX = "whsec_"
NEVER = Forged("The alarm was not accepted.", "It is not signed with this source's key.", "Look at the key.")
_NO_KEY = b"\0" * 32  # so that an unknown source takes as long as a known one


@dataclass(frozen=True, slots=True)
class Signed:
    sent_utc: datetime
    mark: str  # sha256 hex of the signature: the same only for the very same message


def write_key(secret: bytes) -> str:
    return PREFIX + base64.b64encode(secret).decode()


def read_key(text: str) -> bytes:
    """The bytes of a written key.

    Raises:
        ValueError: it is none.
    """
    if not text.startswith(PREFIX):
        raise ValueError("a key begins with whsec_")
    return base64.b64decode(text.removeprefix(PREFIX), validate=True)


def sign(key: str, timestamp: int, body: bytes) -> str:
    """The value of `Sightpact-Signature` for a body sent at this Unix time, in seconds."""
    return "v1=" + _mac(read_key(key), b"%d." % timestamp + body).hex()


def verify(headers: Mapping[str, str], body: bytes, keys: Sequence[str]) -> Signed:
    """Find that one of the keys signed this body and its time.

    Args:
        headers: names in any case.
        keys: those that count now; none for an unknown source, which is refused in the same time.
    Raises:
        Forged: for every reason alike.
    """
    told = {name.lower(): value.strip() for name, value in headers.items()}
    stamp = told.get("sightpact-timestamp", "") or told.get("webhook-timestamp", "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 11):
        raise NEVER
    if "sightpact-signature" in told:
        signed = f"{stamp}.".encode() + body
        offered = [_hex(part) for part in told["sightpact-signature"].replace(",", " ").split()]
    else:
        signed = f"{told.get('webhook-id', '')}.{stamp}.".encode() + body
        offered = [_base64(part) for part in told.get("webhook-signature", "").split()]
    known = [read_key(key) for key in keys] or [_NO_KEY]
    wanted = [_mac(key, signed) for key in known]
    found = next((w for w in wanted for o in offered[:8] if hmac.compare_digest(w, o)), None)
    if found is None or not keys:
        raise NEVER
    return Signed(datetime.fromtimestamp(int(stamp), UTC), hashlib.sha256(found).hexdigest())


def is_bearer(headers: Mapping[str, str], keys: Sequence[str]) -> bool:
    """Whether the key itself was sent, as a bearer token or as the password of HTTP Basic: for products that cannot sign."""
    told = {name.lower(): value.strip() for name, value in headers.items()}
    scheme, _, value = told.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        value = _base64("v1," + value.strip()).decode(errors="replace").partition(":")[2]
    elif scheme.lower() != "bearer":
        return False
    offered = hashlib.sha256(value.strip().encode()).digest()
    return any(hmac.compare_digest(offered, hashlib.sha256(key.encode()).digest()) for key in keys)


def _mac(key: bytes, signed: bytes) -> bytes:
    return hmac.new(key, signed, hashlib.sha256).digest()


def _hex(part: str) -> bytes:
    try:
        return bytes.fromhex(part.removeprefix("v1="))
    except ValueError:
        return b""


def _base64(part: str) -> bytes:
    try:
        return base64.b64decode(part.removeprefix("v1,"), validate=True)
    except ValueError:
        return b""
