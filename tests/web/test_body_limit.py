"""A body that is too large is neither kept nor read to its end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sightpact.web import body_limit
from sightpact.web.body_limit import BodyLimit


def ask(path: str, chunks: list[bytes], length: int | str | None = None) -> tuple[int, int, bool]:
    """(status, bytes that came through, whether the inner side was told that nobody is there any more)"""
    came, gone, status = 0, False, 0

    async def inner(_scope: Any, receive: Any, send: Any) -> None:
        nonlocal came, gone
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                gone = True
                return
            came += len(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    messages = [
        {"type": "http.request", "body": c, "more_body": i < len(chunks) - 1} for i, c in enumerate(chunks)
    ]

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    headers = [] if length is None else [(b"content-length", str(length).encode())]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    asyncio.run(BodyLimit(inner)(scope, receive, send))
    return status, came, gone


SCAN = "/agreements/lakeview-mou/sign/paper/"


@pytest.mark.parametrize(("path", "most"), [("/people/", body_limit.MOST), (SCAN, body_limit.MOST_OF_A_SCAN)])
def test_what_says_that_it_is_too_large_is_refused_unread(path, most):
    assert ask(path, [b"x"], most + 1) == (413, 0, False)
    assert ask(path, [b"x"], "many") == (413, 0, False)
    assert ask(path, [b"x" * 10, b"y" * 5], 15) == (200, 15, False)


@pytest.mark.parametrize(("path", "most"), [("/people/", body_limit.MOST), (SCAN, body_limit.MOST_OF_A_SCAN)])
def test_what_turns_out_too_large_is_no_longer_listened_to(path, most):
    chunk = bytes(1024 * 1024)
    chunks = [chunk] * (most // len(chunk)) + [b"x", b"x"]
    assert ask(path, chunks) == (0, most, True)
    assert ask(path, chunks[:-2]) == (200, most, False)
