"""What a person does on pages, for tests of faults."""

from __future__ import annotations

import asyncio
import http.client
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.deployment import Answer, Deployment, Page, wait_for


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


# the switch ----------------------------------------------------------------------------------------------------

START_KEY = """
import django
django.setup()
from sightpact.people import actions, reads
print(actions.enrol_start_key(reads.person_by_slug("pia").id, "a phone"))
"""


def a_phone(it: Deployment) -> Page:
    """Pia's phone: its start key is all that it has."""
    return Page(it, cookies={"sightpact_start": it.python(START_KEY).strip()})


def start(phone: Page, it: Deployment, emergency: str = "intruder") -> str:
    """The second tap. Returns the sharing."""
    fields = {"school": it.schools["lakeview-high"], "emergency": emergency, "key": os.urandom(8).hex()}
    answer = phone.post("/switch/start/", fields, Accept="application/json")
    assert answer.status == 200, answer.text
    found = re.search(r"/switch/([0-9a-f-]{36})/", answer.text)
    assert found
    return found[1]


def ticks(phone: Page, activation: str) -> tuple[list[str], int]:
    """The steps that the switch shows as done, and how many of them with a time of the server's.

    The first, "Sent from this phone", has the phone's own time: the page's script puts it there.
    """
    html = phone.get(f"/switch/{activation}/state/").text
    done = re.findall(r'<li class="done">(.*?)</li>', html, re.S)
    said = [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in done]
    return said, sum("datetime=" in each for each in done)


def told_and_taken(it: Deployment, phone: Page, activation: str) -> None:
    """Omar's page, open since before, hears of it and he takes it: four ticks, the last three with the server's time."""
    omar = it.page("omar")
    wait_for(lambda: activation in emergencies(omar.json("/wall/state/")), what="it stands on the wall")
    act(omar, "/wall/told/", activation=activation)
    act(omar, "/wall/take/", activation=activation)
    said, timed = ticks(phone, activation)
    assert len(said) == 4 and timed == 3, said
    assert said[0].startswith("Sent from this phone") and said[1].startswith("Recorded"), said
    assert "Police told" in said[2] and "Omar Reyes has it" in said[3], said
