"""Pages that ask again because of news are answered two at a time, and what an answer takes sets the pace of the next ones.

More threads would only wait for each other, and with them the gate's, the switch's and the stop's. Nothing else waits here.
Never: a turn for a request that has a body. No page's question has one, and a stranger who never ends theirs would hold it.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sightpact.access.pace import pace
from sightpact.ledger import clock

AT_ONCE = 2
STATE = "/wall/state/"  # the others say so in a header
FRAGMENT = b"x-fragment"


class Turns:
    """ASGI: in front of the pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _asks_again(scope):
            await self._app(scope, receive, send)
            return
        await self._turns.acquire()
        began = clock.monotonic()
        held = True

        def done() -> None:
            nonlocal held
            if held:
                held = False
                self._turns.release()
                pace.note(clock.monotonic() - began)

        async def sent(message: Message) -> None:
            done()  # it is worked out; a reader with a slow line holds nobody up
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            done()


def _asks_again(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    headers = dict(scope["headers"])
    if headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers:
        return False
    return scope["path"] == STATE or FRAGMENT in headers
