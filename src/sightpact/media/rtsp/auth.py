"""HTTP authentication for RTSP (RFC 7616, RFC 7617): Digest with SHA-256 or MD5, Basic only where nothing
else is offered. Pure but for the client nonce."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass

# MD5 is what most cameras speak; the name here is the protocol's, not our choice of a hash.
_HASHES = {"SHA-256": 2, "MD5": 1}
_PART = re.compile(r'([a-zA-Z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


@dataclass(slots=True)
class Challenge:
    scheme: str  # digest or basic
    realm: str = ""
    nonce: str = ""
    opaque: str | None = None
    qop: str = ""  # "auth" or empty
    algorithm: str = "MD5"
    session: bool = False  # the -sess variant
    stale: bool = False
    count: int = 0  # requests answered with this nonce


def strongest(headers: list[str]) -> Challenge | None:
    """The best challenge that we can answer, out of all WWW-Authenticate headers."""
    best: tuple[int, Challenge] | None = None
    for header in headers:
        for text in re.split(r",\s*(?=(?:Digest|Basic)\s)", header, flags=re.IGNORECASE):
            scheme, _, rest = text.strip().partition(" ")
            parts = {name.lower(): quoted or plain for name, quoted, plain in _PART.findall(rest)}
            if scheme.lower() == "basic":
                rank, challenge = 0, Challenge("basic", parts.get("realm", ""))
            elif scheme.lower() == "digest" and parts.get("nonce"):
                name = parts.get("algorithm", "MD5").upper()
                plain = name.removesuffix("-SESS")
                if plain not in _HASHES:
                    continue
                offered = [word.strip() for word in parts.get("qop", "").lower().split(",")]
                if parts.get("qop") and "auth" not in offered:
                    continue
                challenge = Challenge(
                    "digest",
                    parts.get("realm", ""),
                    parts["nonce"],
                    parts.get("opaque"),
                    "auth" if "auth" in offered else "",
                    plain,
                    name != plain,
                    parts.get("stale", "").lower() == "true",
                )
                rank = _HASHES[plain]
            else:
                continue
            if best is None or rank > best[0]:
                best = rank, challenge
    return best[1] if best else None


def authorization(challenge: Challenge, username: str, password: str, method: str, uri: str) -> str:
    """The Authorization header's value for one request."""
    if challenge.scheme == "basic":
        return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()

    def digest(text: str) -> str:
        name = "sha256" if challenge.algorithm == "SHA-256" else "md5"
        return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

    challenge.count += 1
    count, client = f"{challenge.count:08x}", secrets.token_hex(8)
    secret = digest(f"{username}:{challenge.realm}:{password}")
    if challenge.session:
        secret = digest(f"{secret}:{challenge.nonce}:{client}")
    request = digest(f"{method}:{uri}")
    middle = f"{challenge.nonce}:{count}:{client}:auth" if challenge.qop else challenge.nonce
    parts = [
        f'username="{_quoted(username)}"',
        f'realm="{challenge.realm}"',
        f'nonce="{challenge.nonce}"',
        f'uri="{uri}"',
        f'response="{digest(f"{secret}:{middle}:{request}")}"',
        f"algorithm={challenge.algorithm}{'-sess' * challenge.session}",
    ]
    if challenge.qop:
        parts += ["qop=auth", f"nc={count}"]
    if challenge.qop or challenge.session:
        parts.append(f'cnonce="{client}"')
    if challenge.opaque is not None:
        parts.append(f'opaque="{challenge.opaque}"')
    return "Digest " + ", ".join(parts)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
