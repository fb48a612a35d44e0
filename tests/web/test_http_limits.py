"""Who never ends a request, or sends a header without end, holds no connection and fills no memory. Over real sockets."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from sightpact.web import http_limits
from sightpact.web.http_limits import BoundedHttp

ALARM = b"POST /alarms/in/x/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Quick(BoundedHttp):
    """The same with times that a test can wait for."""

    head_s, alarm_s, body_s = 0.3, 0.3, 60.0


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Reads the whole body and answers how long it was."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    if scope["path"] == "/slow":
        await asyncio.sleep(2 * Quick.head_s)
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", b"%d" % len(str(size)))],
        }
    )
    await send({"type": "http.response.body", "body": str(size).encode()})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(echo, http=Quick, lifespan="off", log_config=None, timeout_keep_alive=1)
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
    thread.start()
    yield int(listener.getsockname()[1])
    server.should_exit = True
    thread.join()


def said(port: int, *parts: bytes) -> bytes:
    """All that the server says until it ends the connection."""
    with socket.create_connection(("127.0.0.1", port), 20) as link:
        try:
            for part in parts:
                link.sendall(part)
            return b"".join(iter(lambda: link.recv(65536), b""))
        except ConnectionError:
            return b""


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((), id="says nothing"),
        pytest.param((b"POST /alarms/in/x/ HTTP/1.1\r\nHost: loc",), id="never ends its head"),
        pytest.param((ALARM, b"{"), id="never ends its alarm"),
        pytest.param((b"\r\n" * 10,), id="blank lines"),
    ],
)
def test_whoever_does_not_go_on_is_let_go(port: int, parts: tuple[bytes, ...]) -> None:
    assert said(port, *parts) == b""


def test_after_an_answer_too(port: int) -> None:
    assert said(port, GET, b"GET /again").count(b"200 OK") == 1
    assert said(port, GET, b"\r\n").count(b"200 OK") == 1


def test_a_head_without_end_is_cut(port: int) -> None:
    assert said(port, b"GET / HTTP/1.1\r\nX: ", *[b"a" * 65536] * 200) == b""
    assert said(port, b"GET / HTTP/1.1\r\n", *[b"X: " + b"b" * 1000 + b"\r\n"] * 5000) == b""


def test_more_than_a_message_may_be_is_cut(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what comes after the body, such as trailers."""
    monkeypatch.setattr(http_limits, "MOST_MESSAGE", 300_000)
    head = b"POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
    assert said(port, head, *[b"X: " + b"b" * 1000 + b"\r\n"] * 5000) == b""


def test_what_is_sent_as_it_should_be_is_answered(port: int) -> None:
    """Requests one after another, one behind the other, and in small pieces."""
    assert said(port, GET, GET + GET, ALARM, b"x" * 12, b"x" * 8).count(b"200 OK") == 4


def test_an_answer_may_take_long(port: int) -> None:
    """News go on for as long as a page is open; a paper takes its time."""
    assert b"200 OK" in said(port, b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
