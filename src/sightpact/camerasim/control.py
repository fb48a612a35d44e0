"""The control port: a few HTTP calls with which a person or a test sets faults and reads counters.

Never on another interface than loopback. Requests from web pages (with an Origin) are refused.
"""

from __future__ import annotations

import asyncio
import json
import re

from . import faults
from .faults import Fault
from .server import Simulator

HELP = f"""camera-sim control
  GET  /cameras                       what each camera is doing
  POST /cameras/SLUG/fault/FAULT      show a fault (SLUG "all": every camera)
Faults:
{faults.help_text()}
"""


class Control:
    """Owns the control socket."""

    def __init__(self, simulator: Simulator) -> None:
        self._sim = simulator
        self.port = 0

    async def start(self, port: int) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).decode("latin-1")
            status, body = await self._do(head)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            status, body = "400 Bad Request", "That is not an HTTP request.\n"
        kind = "application/json" if body.startswith(("[", "{")) else "text/plain; charset=utf-8"
        data = body.encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n"
        writer.write(head.encode() + b"Connection: close\r\n\r\n" + data)
        writer.close()

    async def _do(self, head: str) -> tuple[str, str]:
        line, _, rest = head.partition("\r\n")
        if re.search(r"^origin:", rest, re.IGNORECASE | re.MULTILINE):
            return "403 Forbidden", "Web pages may not control cameras.\n"
        method, path, *_ = [*line.split(" "), "", ""]
        if (method, path) == ("GET", "/cameras"):
            return "200 OK", json.dumps(self._sim.states()) + "\n"
        match = re.fullmatch(r"/cameras/([^/]+)/fault/(\w+)", path)
        if method == "POST" and match:
            try:
                fault = Fault(match[2])
            except ValueError:
                return "404 Not Found", f"There is no fault {match[2]!r}.\n{HELP}"
            slugs = list(self._sim.cameras) if match[1] == "all" else [match[1]]
            if any(slug not in self._sim.cameras for slug in slugs):
                return "404 Not Found", f"There is no camera {match[1]!r}; GET /cameras lists them.\n"
            for slug in slugs:
                await self._sim.show(slug, fault)
            return "200 OK", json.dumps({"camera": match[1], "fault": fault.value}) + "\n"
        return ("200 OK", HELP) if (method, path) == ("GET", "/") else ("404 Not Found", HELP)

    async def close(self) -> None:
        self._server.close()
