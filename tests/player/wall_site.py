"""A small web site for the player's tests: the product's own wall page over a state that the test writes.

Real template, real modules, real styles; only the facts are the test's. Served on localhost, where browsers decode video.
"""

from __future__ import annotations

import json
import mimetypes
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from sightpact.access.wall import WallState
from sightpact.live import page


class WallSite:
    """Serves one wall. `state` may be replaced at any time; the page asks again when told."""

    def __init__(self, state: Callable[[], WallState], edge: Callable[[], str]) -> None:
        self.state, self.edge = state, edge
        self.posts: list[str] = []
        self.tickets = True
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                if path == "/wall/":
                    html = render_to_string("live/wall.html", {**page.whole(site.state()), **_AROUND})
                    self._answer(200, "text/html; charset=utf-8", html.encode())
                elif path == "/wall/state/":
                    changed = page.changes(site.state(), None)
                    self._answer(200, "application/json", json.dumps(changed).encode())
                elif path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
                    kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
                    self._answer(200, kind, Path(found).read_bytes())
                else:
                    self._answer(404, "text/plain", b"")

            do_HEAD = do_GET

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                site.posts.append(self.path)
                if self.path == "/live/ticket/" and site.tickets:
                    body = json.dumps({"ticket": "t" * 43, "url": site.edge()}).encode()
                    self._answer(200, "application/json", body)
                elif self.path == "/live/ticket/":
                    self._answer(401, "application/json", b'{"text": "You are signed out."}')
                else:
                    self._answer(200, "application/json", b"{}")

            def _answer(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> WallSite:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()


_AROUND = {"nav": (), "owner": None, "is_demo": False}
