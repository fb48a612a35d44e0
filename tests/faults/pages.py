"""What a person does on pages, for tests of faults."""

from __future__ import annotations

import asyncio
import http.client
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.deployment import Answer, Deployment, Page


def act(page: Page, path: str, **fields: str) -> Answer:
    """A press on a button of the wall, as its script does it."""
    return page.post(path, fields, Accept="application/json")


def end(page: Page, activation: str, reason: str = "all_clear") -> Answer:
    return page.post(f"/switch/{activation}/end/", {"reason": reason}, Accept="application/json")


def emergencies(state: dict[str, Any]) -> set[str]:
    """The sharings that a wall shows."""
    return {tile["situation"] for tile in state["tiles"] if tile["situation"]}


class News:
    """What an open page hears."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self._answer = answer

    def hear(self, topic: str) -> None:
        """Wait until this topic comes. Raises TimeoutError after the connection's own time."""
        while line := self._answer.readline():
            if re.fullmatch(rb"event: " + topic.encode() + rb"\s*", line):
                return
        raise AssertionError("the news ended")


@contextmanager
def news(it: Deployment, person: str, session: int = 0, within_s: float = 8.0) -> Iterator[News]:
    link = http.client.HTTPConnection("127.0.0.1", it.ports.pages, timeout=within_s)
    try:
        link.request(
            "GET", "/news/", headers={"Cookie": f"sightpact_session={it.people[person]['sessions'][session]}"}
        )
        answer = link.getresponse()
        assert answer.status == 200
        heard = News(answer)
        heard.hear("ping")
        yield heard
    finally:
        link.close()


async def aside(job: Any, *given: Any, **named: Any) -> Any:
    """A blocking call, beside viewers that go on."""
    return await asyncio.to_thread(job, *given, **named)
