"""How much anybody may send in one request, told before it is stored anywhere: the disk is not for strangers to fill.

Django keeps a whole body before a page is asked whether it is wanted; this stands in front of it.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST = 3 * 1024 * 1024  # bytes; forms are bounded to 2 MiB by Django itself
SCANS = "/sign/paper/"
MOST_OF_A_SCAN = 16 * 1024 * 1024  # the scan of a signed paper, at most 15 MiB, with its form
ALARMS = "/alarms/in/"
MOST_OF_AN_ALARM = 64 * 1024  # read before anybody knows who sent it


class BodyLimit:
    """Refuses a request that says it is too large, and stops listening to one that turns out to be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MOST_OF_A_SCAN if scope["path"].endswith(SCANS) else MOST
        if scope["path"].startswith(ALARMS):
            most = MOST_OF_AN_ALARM
        told = Headers(scope=scope).get("content-length", "0")
        if not told.isdecimal() or int(told) > most:
            size = f"{most // 1024} KiB" if most < MOST else f"{most // 1024 // 1024} MB"
            text = f"This is larger than {size}. Send a smaller file."
            await PlainTextResponse(text, status_code=413)(scope, receive, send)
            return
        heard = 0

        async def bounded() -> Message:
            nonlocal heard
            message = await receive()
            heard += len(message.get("body", b""))
            return {"type": "http.disconnect"} if heard > most else message

        await self._app(scope, bounded, send)
