"""Web Push: encrypted for one browser (RFC 8291), signed as this server (VAPID, RFC 8292), urgent, with TTL and Topic.

The key pair is made under the data folder's keys at its first use. Encryption and signature are the libraries' work.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from webpush import WebPush, WebPushSubscription

from sightpact.ledger import clock
from sightpact.notices.senders import web
from sightpact.notices.words import Job, SendFault

KEY = "vapid.key"  # PEM, mode 0600
VALID = timedelta(hours=12)  # of a signature; RFC 8292 allows 24 h
GONE = (404, 410)


def send(job: Job, keys: Path, subject: str, networks: tuple[str, ...]) -> None:
    """Hand it to the push service of the browser.

    Args:
        keys: the data folder's folder of keys. subject: whom the push service may write to (mailto: or https:).
    Raises:
        SendFault: `gone` when the browser took its agreement back.
    """
    service = urlsplit(job.address)
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(job.ttl_s),
        "Urgency": "high" if job.level != "notice" else "normal",
        "Topic": job.topic,
        "Authorization": _vapid(f"{service.scheme}://{service.netloc}", keys, subject),
    }
    said = {"title": job.title, "url": job.url, "topic": job.topic, "token": job.token}
    if job.level == "notice":
        said["quiet"] = "1"  # a drill, or what is over: no second ring, and it leaves by itself
    body = json.dumps(said).encode()
    answer = web.post(job.address, _encrypt(body, job, keys), headers, networks)
    if answer.status in GONE:
        raise SendFault("the browser is told no more: it took its agreement back", again=False, gone=True)
    if answer.status == 429 or answer.status >= 500:
        raise SendFault(f"the push service answers {answer.status}")
    if not 200 <= answer.status < 300:
        raise SendFault(f"the push service refuses it ({answer.status})", again=False)


def public_key(keys: Path) -> str:
    """What a browser must be given when it agrees: the raw P-256 point, base64url."""
    point = (
        _key(keys)
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def _encrypt(body: bytes, job: Job, keys: Path) -> bytes:
    """For this browser alone. The library's own signature is not used: it leaves a port out of the audience."""
    key = _key(keys)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    try:
        browser = WebPushSubscription.model_validate(
            {"endpoint": job.address, "keys": {"p256dh": job.p256dh, "auth": job.auth}}
        )
        return WebPush(private, public, subscriber="unused").get(body, browser).encrypted
    except ValueError as fault:
        raise SendFault("the browser's keys cannot be used", again=False, gone=True) from fault


def _vapid(audience: str, keys: Path, subject: str) -> str:
    claims = {"aud": audience, "exp": int((clock.now() + VALID).timestamp()), "sub": subject}
    token = jwt.encode(claims, _key(keys), algorithm="ES256")
    return f"vapid t={token}, k={public_key(keys)}"


def _key(keys: Path) -> ec.EllipticCurvePrivateKey:
    path = keys / KEY
    if not path.exists():
        _make(path)
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SendFault(f"{path} is no P-256 key. Restore it from its backup", again=False)
    return key


def _make(path: Path) -> None:
    """A new key pair. Of two at once, the second keeps the first one's."""
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(pem)
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
