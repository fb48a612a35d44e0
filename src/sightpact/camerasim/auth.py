"""RTSP authentication as cameras do it: Basic, or Digest with MD5 (with or without qop).

Pure. Never: keeping passwords anywhere but in the camera's spec.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

REALM = "camera-sim"
_FIELD = re.compile(r'(\w+)=(?:"([^"]*)"|([^,\s]+))')


def challenge(scheme: str, nonce: str) -> str:
    """The value of WWW-Authenticate."""
    if scheme == "basic":
        return f'Basic realm="{REALM}"'
    return f'Digest realm="{REALM}", nonce="{nonce}"'


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()  # what RTSP cameras speak


def is_right(header: str, scheme: str, nonce: str, method: str, username: str, password: str) -> bool:
    """Whether an Authorization header proves the password for this request."""
    kind, _, rest = header.partition(" ")
    if kind.lower() != scheme:
        return False
    if scheme == "basic":
        expected = base64.b64encode(f"{username}:{password}".encode()).decode()
        return hmac.compare_digest(rest.strip().encode(), expected.encode())
    field = {k.lower(): quoted or bare for k, quoted, bare in _FIELD.findall(rest)}
    if field.get("username") != username or field.get("nonce") != nonce:
        return False
    ha1 = _md5(f"{username}:{REALM}:{password}")
    ha2 = _md5(f"{method}:{field.get('uri', '')}")
    middle = f"{field.get('nc', '')}:{field.get('cnonce', '')}:{field['qop']}:" if "qop" in field else ""
    return hmac.compare_digest(
        field.get("response", "").encode(), _md5(f"{ha1}:{nonce}:{middle}{ha2}").encode()
    )
