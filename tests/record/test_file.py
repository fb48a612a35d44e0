"""The record as a file: page by page, never held whole, and nothing further for whom the right was taken meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.asgi import get_asgi_application
from django.db import connections

from sightpact.access import actions as access
from sightpact.ledger.entries import NewEntry
from sightpact.people import actions as people
from sightpact.record import reads
from tests import lakeview
from tests.browser import as_person

pytestmark = pytest.mark.django_db(transaction=True)


def test_pages_are_read_as_they_are_taken_and_the_right_is_asked_for_again(transactional_db: None) -> None:
    lakeview.build()
    many = reads.PAGE * 3
    access.note([NewEntry("refusal", party="lakeview-pd", reason_code="closed") for _ in range(many)])
    session = as_person("sam").cookies["sightpact_session"].value
    bodies: list[bytes] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            bodies.append(message.get("body", b""))
        if len(bodies) == 2:  # the heading, and the first page
            await sync_to_async(people.set_roles)("sam", [])

    async def ask() -> None:
        heard: asyncio.Queue[Any] = asyncio.Queue()
        heard.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        headers = [(b"host", b"localhost"), (b"cookie", f"sightpact_session={session}".encode())]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
        }
        scope |= {
            "path": "/record/file.csv",
            "raw_path": b"/record/file.csv",
            "query_string": b"",
            "headers": headers,
        }
        scope |= {"root_path": "", "client": ("192.0.2.1", 1), "server": ("x", 1)}
        await get_asgi_application()(scope, heard.get, send)
        await sync_to_async(connections.close_all)()

    asyncio.run(ask())
    heading, *lines = b"".join(bodies).decode().splitlines()
    assert heading.startswith("entry,kind,from")
    assert len(lines) == reads.PAGE + 1
    assert lines[-1].startswith(",stopped,")
