"""Camera addresses: taken apart, and joined with control attributes as cameras mean them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from sightpact.media.errors import Unsupported


@dataclass(frozen=True, slots=True)
class Address:
    url: str  # without user name, password and fragment
    host: str
    port: int
    tls: bool
    pin: bytes | None = None  # SHA-256 of the camera's certificate, from "#sha256=HEX"

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


def parse(url: str) -> Address:
    """Take apart rtsp://host[:port]/path or rtsps://... .

    Raises:
        Unsupported: another scheme, no host, a bad port, control characters, or an unreadable certificate
        pin.
    """
    text = "The camera's address is not one that Sightpact can use; it begins with rtsp:// or rtsps://."
    if any(ord(char) < 33 or ord(char) == 127 for char in url):
        raise Unsupported(text, "address holds spaces or control characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise Unsupported(text, f"address cannot be read: {fault}") from None
    if parts.scheme not in ("rtsp", "rtsps") or not parts.hostname:
        raise Unsupported(text, f"scheme {parts.scheme or 'missing'!r}, host {parts.hostname or 'missing'!r}")
    tls = parts.scheme == "rtsps"
    host = parts.hostname
    shown = f"[{host}]" if ":" in host else host
    place, query = f":{port}" if port else "", f"?{parts.query}" if parts.query else ""
    clean = f"{parts.scheme}://{shown}{place}{parts.path}{query}"
    pin = None
    if parts.fragment:
        name, _, value = parts.fragment.partition("=")
        try:
            pin = bytes.fromhex(value.replace(":", ""))
        except ValueError:
            pin = b""
        if name != "sha256" or len(pin) != 32:
            raise Unsupported(text, "certificate pin is not #sha256= and 64 hex digits")
    return Address(clean, host, port or (322 if tls else 554), tls, pin)


def base(request_url: str, headers: dict[str, str]) -> str:
    """The base for control attributes; a Content-Base without scheme is passed over."""
    for name in ("content-base", "content-location"):
        value = headers.get(name, "").strip()
        if value.lower().startswith(("rtsp://", "rtsps://")):
            return value
    return request_url


def control(base_url: str, attribute: str) -> list[str]:
    """URLs to try for a control attribute: appended first (what nearly all cameras mean), then as RFC 3986
    says."""
    if not attribute or attribute == "*":
        return [base_url]
    if attribute.lower().startswith(("rtsp://", "rtsps://")):
        return [attribute]
    appended = (
        base_url + attribute.lstrip("/") if base_url.endswith("/") else f"{base_url}/{attribute.lstrip('/')}"
    )
    joined = _join(base_url, attribute)
    return [appended] if joined in (appended, "") else [appended, joined]


def _join(base_url: str, attribute: str) -> str:
    scheme, _, rest = base_url.partition("://")
    try:
        return urljoin("http://" + rest, attribute).replace("http://", scheme + "://", 1)
    except ValueError:
        return ""
