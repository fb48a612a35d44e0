"""How long and large a request's head may be, and how long its body may take. In front of everything, before anybody is known.

Without it a stranger holds connections open for ever by never ending a request, or fills the memory with one header.
Never: a limit on an answer; news go on for as long as a page is open.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sightpact.web.body_limit import ALARMS

MOST_HEAD = 64 * 1024  # bytes of request line and headers; cookies and a signature need less than 8 KiB
MOST_MESSAGE = (
    20 * 1024 * 1024
)  # of head and body together; `body_limit` counts what it hands on, this what comes after it too


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's own protocol, which ends a connection that is too slow or too large. It answers nothing: nobody listens."""

    head_s: ClassVar[float] = 10.0  # from the first byte, or from connecting, to the end of the headers
    alarm_s: ClassVar[float] = 10.0  # for the body of an alarm, at most 64 KiB
    body_s: ClassVar[float] = 180.0  # for any other body: a scan on a slow line

    _timer: asyncio.TimerHandle | None = None
    _in_head = True
    _came = 0  # bytes of this message so far

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._arm(self.head_s)

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._came += len(data)
        super().data_received(data)
        if self._came > (MOST_HEAD if self._in_head else MOST_MESSAGE):
            self._end()
        elif self._came and self._timer is None and self._in_head and not self.transport.is_closing():
            self._arm(
                self.head_s
            )  # blank lines are no request; a whole one left nothing over, and its answer may take long

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        if self._timer is None:
            self._arm(self.head_s)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._in_head = False
        path = self.scope.get("path", "")
        self._arm(self.alarm_s if path.startswith(ALARMS) else self.body_s)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._disarm()
        self._in_head, self._came = True, 0

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._timer = self.loop.call_later(seconds, self._end)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        self._disarm()
        self.transport.abort()
