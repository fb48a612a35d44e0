"""The other sides of telling, under the tests' control: a push service, a mail server, a gateway. Real sockets, real checks.

The push service does what a browser vendor's does (VAPID, RFC 8292), and keeps what only the browser can open (RFC 8291).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import queue
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


class Browser:
    """What a browser makes when it agrees to be told: a key pair and a secret that only it has."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    @property
    def p256dh(self) -> str:
        return b64(
            self._key.public_key().public_bytes(
                serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
            )
        )

    @property
    def auth(self) -> str:
        return b64(self._auth)

    def opened(self, body: bytes) -> dict[str, Any]:
        """As a browser opens it, step by step: RFC 8291 section 3.4 and RFC 8188 section 2."""
        salt, length = body[:16], body[20]
        theirs = body[21 : 21 + length]
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        mine = base64.urlsafe_b64decode(self.p256dh + "==")
        info = b"WebPush: info\0" + mine + theirs
        shared = _hkdf(self._auth, self._key.exchange(ec.ECDH(), point), info, 32)
        key = _hkdf(salt, shared, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, shared, b"Content-Encoding: nonce\0", 12)
        clear = AESGCM(key).decrypt(nonce, body[21 + length :], None).rstrip(b"\0")
        assert clear[-1:] == b"\2", "one record, and it is the last"
        return dict(json.loads(clear[:-1]))


@dataclass
class Got:
    headers: dict[str, str]
    body: bytes
    path: str


@dataclass
class Service:
    """A server on this machine that keeps what it got and answers as it is told to."""

    url: str
    got: queue.Queue[Got] = field(default_factory=queue.Queue)
    answers: int = 201
    hold: threading.Event = field(default_factory=threading.Event)

    def next(self, within_s: float = 10.0) -> Got:
        return self.got.get(timeout=within_s)


@contextmanager
def service() -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.hold.wait(30)
            made.got.put(Got({k.lower(): v for k, v in self.headers.items()}, body, self.path))
            self.send_response(made.answers)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Service(f"http://127.0.0.1:{server.server_address[1]}")
    made.hold.set()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.hold.set()
        server.shutdown()
        server.server_close()


def check_vapid(got: Got, audience: str, public_key: str) -> dict[str, Any]:
    """What a push service checks before it takes anything; returns the claims."""
    scheme, _space, rest = got.headers["authorization"].partition(" ")
    given = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid" and given["k"] == public_key
    point = base64.urlsafe_b64decode(given["k"] + "==")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    return dict(jwt.decode(given["t"], key, algorithms=["ES256"], audience=audience))


def check_gateway(got: Got, secret: str) -> dict[str, Any]:
    """What a gateway checks: the signature over time and body. Returns what it is asked to do."""
    mac = hmac.new(secret.encode(), got.headers["sightpact-time"].encode() + b"." + got.body, hashlib.sha256)
    assert got.headers["sightpact-signature"] == f"v1={mac.hexdigest()}"
    return dict(json.loads(got.body))


@dataclass
class Mailbox:
    port: int
    got: queue.Queue[tuple[str, str]] = field(default_factory=queue.Queue)  # (to, message)
    refuses: set[str] = field(default_factory=set)


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """As much of SMTP as a district's server speaks to us."""

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 mail.lakeview.example ready")
            to = ""
            while line := self.rfile.readline().decode().strip():
                word = line.split(":")[0].upper()
                if word == "RCPT TO":
                    to = line.partition("<")[2].rstrip(">")
                    self.say("550 no such person" if to in made.refuses else "250 ok")
                elif word == "DATA":
                    self.say("354 go on")
                    lines = []
                    while (text := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                        lines.append(text)
                    made.got.put((to, "\n".join(lines)))
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    made = Mailbox(server.server_address[1])
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
