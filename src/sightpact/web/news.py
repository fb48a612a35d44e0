"""`GET /news/`: server-sent events that say which topic changed, and when this page may ask again.

With "sharing" goes what this person may know of the sharings that run, for a session that was live just then. Nothing
else has facts: the page asks, and is checked.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from importlib import import_module

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import close_old_connections
from django.http import HttpRequest
from django.utils.translation import get_language_from_request
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from sightpact.access import news as hub
from sightpact.access.pace import FEW
from sightpact.ledger import clock
from sightpact.people import reads as people
from sightpact.web.news_desk import desk, give_turn

PING_S = 10.0  # a page that hears nothing for twice as long knows that it is not connected
MOST_LISTENERS = 2000
MOST_OF_ONE = 64  # pages of one person
APART_S = 0.0005  # between two events to a page, for each page that is open
SIGNED_OUT = "event: signed_out\ndata: {}\n\n"


async def news(request: Request) -> Response:
    """Stream news to one page until it leaves or its sign-in ends.

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
    events = _events(person, key, _language(request, cookie))
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def _events(person: str, session: str, language: str = "en") -> AsyncIterator[str]:
    with hub.listening(person) as listener:
        yield "retry: 1000\nevent: ping\ndata: {}\n\n"
        looked = clock.monotonic()
        while True:
            topics = await listener.wait(PING_S)
            running = ""
            if "sharing" in topics:
                told = await desk().ask(listener, session, language)
                if not told.live:
                    yield SIGNED_OUT
                    return
                running, looked = told.running, clock.monotonic()
            elif clock.monotonic() - looked >= PING_S:  # also while news flows
                if not await sync_to_async(_is_live)(session):
                    yield SIGNED_OUT
                    return
                looked = clock.monotonic()
            if not topics:
                yield "event: ping\ndata: {}\n\n"
                continue
            if "sharing" not in topics:
                give_turn(listener)
            ask_ms = max(0, round((listener.asks_at - clock.monotonic()) * 1000))
            yield "".join(_event(topic, ask_ms, running) for topic in sorted(topics))
            if hub.count() > FEW:
                await asyncio.sleep(hub.count() * APART_S)  # what comes until then goes together


def _event(topic: str, ask_ms: int, running: str) -> str:
    """One event. `running` is JSON, and so one line without a break."""
    facts = f',"running":{running}' if topic == "sharing" and running else ""
    return f'event: {topic}\ndata: {{"ask_ms":{ask_ms}{facts}}}\n\n'


def _language(request: Request, cookie: SimpleCookie) -> str:
    """The language that this reader's pages have."""
    asked = HttpRequest()
    asked.COOKIES = {name: morsel.value for name, morsel in cookie.items()}
    asked.META = {"HTTP_ACCEPT_LANGUAGE": request.headers.get("accept-language", "")}
    return get_language_from_request(asked)


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
