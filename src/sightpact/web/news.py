"""`GET /news/`: server-sent events that say which topic changed. They carry no facts; the page asks again and is checked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from http.cookies import SimpleCookie
from importlib import import_module

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import close_old_connections
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from sightpact.access import news as hub
from sightpact.ledger import clock
from sightpact.people import reads as people

PING_S = 10.0  # a page that hears nothing for twice as long knows that it is not connected
MOST_LISTENERS = 2000
MOST_OF_ONE = 64  # pages of one person


async def news(request: Request) -> Response:
    """Stream topics to one page until it leaves or its sign-in ends.

    401 without a session; 503 when too many pages listen (they poll instead).
    """
    cookie = SimpleCookie(request.headers.get("cookie", ""))
    key = cookie[settings.SESSION_COOKIE_NAME].value if settings.SESSION_COOKIE_NAME in cookie else ""
    person = await sync_to_async(_person_of)(key)
    if person is None:
        return PlainTextResponse("Sign in first.", status_code=401)
    if hub.count() >= MOST_LISTENERS or hub.count(person) >= MOST_OF_ONE:
        return PlainTextResponse(
            "Too many pages listen. This page asks every few seconds instead.", status_code=503
        )
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(person, key), media_type="text/event-stream", headers=headers)


async def _events(person: str, session: str) -> AsyncIterator[str]:
    with hub.listening(person) as listener:
        yield "retry: 1000\nevent: ping\ndata: {}\n\n"
        looked = clock.monotonic()
        while True:
            topics: set[str] = set()
            with suppress(TimeoutError):
                topics.add(await asyncio.wait_for(listener.queue.get(), PING_S))
            if clock.monotonic() - looked >= PING_S:  # also while news flows
                if not await sync_to_async(_is_live)(session):
                    yield "event: signed_out\ndata: {}\n\n"
                    return
                looked = clock.monotonic()
            if not topics:
                yield "event: ping\ndata: {}\n\n"
                continue
            while not listener.queue.empty():
                topics.add(listener.queue.get_nowait())
            for topic in sorted(topics):
                yield f"event: {topic}\ndata: {{}}\n\n"


def _is_live(session_key: str) -> bool:
    close_old_connections()  # outside Django's requests nobody else does
    return people.session_is_live(session_key)


def _person_of(session_key: str) -> str | None:
    close_old_connections()
    if not session_key or not people.session_is_live(session_key):
        return None
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    account = store.get(SESSION_KEY)
    card = people.person_of_account(account) if account else None
    return card.id if card and card.active else None
