"""What goes with the news that sharings changed: never more than the person's own wall says, and nothing to a stranger."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.http import HttpRequest
from django.utils import translation
from starlette.requests import Request

from sightpact.access import alerts, facts, news, sharing, wall
from sightpact.access.gate import Gate
from sightpact.access.pace import Pace
from sightpact.agreements import actions as agreements
from sightpact.ledger import clock
from sightpact.people import actions as people
from sightpact.people import reads
from sightpact.web import news_desk
from sightpact.web.news import _events, _language
from tests.lakeview import Lakeview

SCHOOLS = 20
OPEN_PAGES = 100


class Listening:
    """One page's stream of news."""

    def __init__(self, person: str, session: str) -> None:
        self.person, self.session = person, session
        self.topics: list[str] = []
        self.named: list[list[dict[str, str]]] = []  # what came with "sharing", each time
        self.ask_ms: list[int] = []

    async def listen(self) -> None:
        async for text in _events(self.person, self.session):
            for topic, data in re.findall(r"event: (\w+)\ndata: (.*)\n\n", text):
                self.topics.append(topic)
                said = json.loads(data)
                if topic == "sharing":
                    self.ask_ms.append(said["ask_ms"])
                    self.named.append(said.get("running", []))
            if "end" in self.topics:
                return

    @property
    def ids(self) -> set[str]:
        return {each["id"] for each in self.named[-1]} if self.named else set()


def scene(pages: list[Listening], act: Callable[[], Any], fact: Callable[[], bool]) -> None:
    """Open the pages, act, wait until the fact is so, and close what is still open."""

    async def run() -> None:
        tasks = [asyncio.create_task(page.listen()) for page in pages]
        while news.count() < len(pages):
            await asyncio.sleep(0.01)
        await sync_to_async(act)()
        async with asyncio.timeout(30):
            while not fact():
                await asyncio.sleep(0.01)
        news.tell({page.person for page in pages}, "end")
        await asyncio.wait_for(asyncio.gather(*tasks), 30)
        await sync_to_async(connections.close_all)()

    asyncio.run(run())


def another_session() -> str:
    store = SessionStore()
    store.create()
    assert store.session_key
    return store.session_key


def test_each_is_told_what_they_may_know(district: Lakeview, gate: Gate, session: str) -> None:
    """Pia and Sam are the owner's, Omar is named; Hana is Omar's unnamed colleague, Ines of no party; one has left."""
    hana = people.add_person(
        people.PersonSpec("hana", "Hana Brandt"), [people.Role("lakeview-pd", "officer", "patrol")]
    )
    who = {**{name: district.people[name] for name in ("pia", "sam", "omar", "ines")}, "hana": hana.id}
    pages = {name: Listening(person, session) for name, person in who.items()}
    left = Listening(district.people["omar"], another_session())
    SessionStore(left.session).delete()
    begun = []

    def emergency() -> None:
        school = district.schools["lakeview-high"]
        begun.append(sharing.start(district.people["pia"], (school,), "intruder", "k1"))

    def told() -> bool:
        return all(pages[name].ids for name in ("pia", "sam", "omar")) and "signed_out" in left.topics

    scene([*pages.values(), left], emergency, told)
    card = begun[0]
    for name in ("pia", "sam", "omar"):
        words = pages[name].named[-1][0]
        assert words["mark"] == alerts.mark(card) and words["schools"] == "Lakeview High", name
        assert re.fullmatch(r"\d\d:\d\d", words["at"]) and words["label"], name
        assert set(words) == {"id", "mark", "level", "label", "schools", "at", "state"}, "no camera, no count"
        assert pages[name].ids <= {s.card.id for s in wall.state(who[name]).sharings}, "no more than the wall"
    assert (pages["ines"].topics, pages["hana"].topics) == (["ping", "end"], ["ping", "end"])
    assert left.topics == ["ping", "signed_out"] and left.named == [], "an ended session learns nothing"
    snapshot = facts.snapshot()
    assert [alerts.running(snapshot, who[name]) for name in ("ines", "hana")] == [(), ()]
    assert alerts.asks_first(snapshot, who["omar"]) and not alerts.asks_first(snapshot, who["ines"])


def test_a_suspended_agreement_and_an_end(district: Lakeview, gate: Gate, session: str) -> None:
    """The news never names what the wall does not; what has ended is named no more."""
    school = district.schools["lakeview-high"]
    begun = sharing.start(district.people["pia"], (school,), "intruder", "k1")
    sam = reads.person(district.people["sam"])
    assert sam is not None
    omar = Listening(district.people["omar"], session)
    agreement = facts.snapshot().names.agreement_slugs[begun.agreement]
    scene([omar], lambda: agreements.suspend(agreement, sam, "a test"), lambda: bool(omar.named))
    on_wall = {s.card.id for s in wall.state(omar.person).sharings}
    assert omar.ids <= on_wall
    assert wall.state(omar.person).tiles == () or not any(t.inside for t in wall.state(omar.person).tiles)
    agreements.resume(agreement, sam)
    after = Listening(district.people["omar"], session)
    scene(
        [after],
        lambda: sharing.stop(district.people["sam"], begun.id),
        lambda: bool(after.named) and not after.ids,
    )
    assert after.ids == set()


def test_the_words_are_in_the_reader_s_language() -> None:
    def language(**headers: str) -> str:
        raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        return _language(Request({"type": "http", "headers": raw}), SimpleCookie(headers.get("cookie", "")))

    asked = HttpRequest()
    assert language(accept_language="es-MX,es;q=0.9") == "es"
    assert language(accept_language="fi") == translation.get_language_from_request(asked)
    assert language(accept_language="en", cookie="django_language=es") == "es"


def test_twenty_schools_and_a_hundred_pages(district: Lakeview, gate: Gate, session: str) -> None:
    """Every page names every sharing; those who may take ask before others, and not all at once."""
    kinds = [("intruder", school) for school in district.schools.values()]
    officers = [district.people["omar"], district.people["sam"], district.people["pia"]]
    pages = [Listening(officers[n % 3], session) for n in range(OPEN_PAGES)]
    begun: set[str] = set()

    def storm() -> None:
        for number, (kind, school) in enumerate(kinds[:SCHOOLS]):
            begun.add(sharing.start(district.people["sam"], (school,), kind, f"k{number}").id)

    scene(pages, storm, lambda: len(begun) == len(kinds[:SCHOOLS]) and all(p.ids == begun for p in pages))
    assert {page.ids == begun for page in pages} == {True}
    asks = sorted(page.ask_ms[0] for page in pages)
    assert asks[0] == 0 and asks[-1] > 0, "the first ask at once, the last later"


def test_a_page_has_one_turn_at_a_time() -> None:
    """Alone it asks at once; news while its turn lies ahead give it no second one; many get turns one after the other."""
    pace = Pace()
    now, many = clock.monotonic(), 500
    assert pace.turn(0.0, many) - now < 1
    ahead = now + 1000
    assert pace.turn(ahead, many) == ahead
    turns = [pace.turn(0.0, many) for _ in range(many)]
    assert turns == sorted(turns) and turns[-1] - now > 400 * pace.took_s
    assert pace.turn(0.0, 2) < turns[-1], "few pages are not held up"


def test_who_may_take_waits_behind_nobody_who_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many pages heard that somebody watches; then an emergency begins: dispatch's page asks now, whatever turn it had."""
    monkeypatch.setattr(news_desk, "pace", Pace())
    monkeypatch.setattr(news_desk, "count", lambda: 500)
    loop = asyncio.new_event_loop()
    pages = [news.Listener(f"p{n}", loop) for n in range(500)]
    for page in pages:
        news_desk.give_turn(page)
    dispatch, others = pages[-1], pages[-100:-1]
    later = dispatch.asks_at
    assert later - clock.monotonic() > 5
    news_desk.give_turn(dispatch, front=True)
    assert dispatch.asks_at <= clock.monotonic(), "now"
    before = [page.asks_at for page in others]
    for page in (*others, dispatch):
        news_desk.give_turn(page)
    assert [page.asks_at for page in others] == before, "each has one turn"
    for page in pages:
        news_desk.give_turn(page, front=True)
    mine = [page.asks_at for page in pages]
    for page in pages:
        news_desk.give_turn(page, front=True)
    ahead = [(page.asks_at, due) for page, due in zip(pages, mine, strict=True) if due > clock.monotonic()]
    assert len(ahead) > 400 and all(now == before for now, before in ahead), "in front it is one turn as well"
    loop.close()
