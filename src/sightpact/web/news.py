"""`GET /news/`: server-sent events that say which topic changed. They carry no facts; the page asks again and is checked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from importlib import import_module

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from sightpact.access import news as hub
from sightpact.people import reads as people

PING_S = 10.0  # a page that hears nothing for twice as long knows that it is not connected
MOST_LISTENERS = 2000


async def news(request: Request) -> Response:
    """Stream topics to one page until it leaves or its sign-in ends.

    401 without a session; 503 when too many pages listen (they poll instead).
    """
    cookie = SimpleCookie(request.headers.get("cookie", ""))
    key = cookie[settings.SESSION_COOKIE_NAME].value if settings.SESSION_COOKIE_NAME in cookie else ""
    person = await sync_to_async(_person_of)(key)
    if person is None:
        return PlainTextResponse("Sign in first.", status_code=401)
    if hub.count() >= MOST_LISTENERS:
        return PlainTextResponse("Too many pages listen. This page asks every few seconds instead.", status_code=503)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(person, key), media_type="text/event-stream", headers=headers)


async def _events(person: str, session: str) -> AsyncIterator[str]:
    with hub.listening(person) as listener:
        yield "retry: 1000\nevent: ping\ndata: {}\n\n"
        while True:
            try:
                topics = {await asyncio.wait_for(listener.queue.get(), PING_S)}
            except TimeoutError:
                if not await sync_to_async(people.session_is_live)(session):
                    yield "event: signed_out\ndata: {}\n\n"
                    return
                yield "event: ping\ndata: {}\n\n"
                continue
            while not listener.queue.empty():
                topics.add(listener.queue.get_nowait())
            for topic in sorted(topics):
                yield f"event: {topic}\ndata: {{}}\n\n"


def _person_of(session_key: str) -> str | None:
    if not session_key or not people.session_is_live(session_key):
        return None
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    account = store.get(SESSION_KEY)
    card = people.person_of_account(account) if account else None
    return card.id if card and card.active else None
