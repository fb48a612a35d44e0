"""Pages that ask again take turns; a stranger who never ends a request holds none of them."""

from __future__ import annotations

import asyncio
from typing import Any

from sightpact.web.turns import AT_ONCE, Turns


async def app(_scope: Any, receive: Any, send: Any) -> None:
    """As Django: the whole body is read before anybody is asked who it is."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def never() -> Any:
    await asyncio.Event().wait()


async def nothing() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}


def scope(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http", "method": "GET", "path": "/wall/state/", "headers": list(headers)}


def test_a_body_that_never_comes_holds_no_turn() -> None:
    sent: list[Any] = []

    async def hear(message: Any) -> None:
        sent.append(message)

    async def story() -> None:
        turns = Turns(app)
        bodies = ((b"content-length", b"5"), (b"transfer-encoding", b"chunked"))
        held = [
            asyncio.ensure_future(turns(scope(body), never, hear)) for body in bodies for _n in range(AT_ONCE)
        ]
        await asyncio.sleep(0)
        await asyncio.wait_for(turns(scope((b"content-length", b"0")), nothing, hear), 20)
        for each in held:
            each.cancel()

    asyncio.run(story())
    assert sent[0]["status"] == 200
