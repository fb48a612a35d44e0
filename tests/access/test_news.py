"""How many news events each person's page gets while an emergency runs: a stranger's none. That there was news is news."""

from __future__ import annotations

import asyncio
import re

from asgiref.sync import sync_to_async
from django.db import connections

from sightpact.access import news, sharing
from sightpact.access.gate import Gate
from sightpact.people import actions as people
from sightpact.web.news import _events
from tests.access.conftest import Edge
from tests.lakeview import Lakeview


def test_a_stranger_s_page_hears_nothing_of_an_emergency(
    district: Lakeview, gate: Gate, edge: Edge, session: str
) -> None:
    """Ines is of no party, Hana a colleague of Omar whom the agreement does not name."""
    roles = [people.Role("lakeview-pd", "officer", "patrol")]
    hana = people.add_person(people.PersonSpec("hana", "Hana Brandt"), roles)
    everybody = {**district.people, "hana": hana.id}
    heard: dict[str, list[str]] = {who: [] for who in everybody}

    async def page(who: str) -> None:
        async for text in _events(everybody[who], session):
            heard[who] += re.findall(r"event: (\w+)", text)
            if "end" in heard[who]:
                return

    async def until(who: str, topic: str) -> None:
        while topic not in heard[who]:
            await asyncio.sleep(0.01)

    def emergency() -> str:
        school = district.schools["lakeview-high"]
        return sharing.start(district.people["pia"], (school,), "intruder", "k1").id

    def look() -> None:
        viewer = edge.viewer(district.people["omar"], session)
        assert len(edge.ask(viewer, district.inside).leases) == 8

    async def scene() -> None:
        pages = [asyncio.create_task(page(who)) for who in everybody]
        while news.count() < len(everybody):
            await asyncio.sleep(0.01)
        activation = await sync_to_async(emergency)()
        await asyncio.wait_for(until("omar", "sharing"), 10)
        await sync_to_async(look)()
        await asyncio.wait_for(until("sam", "watching"), 10)
        before = heard["sam"].count("sharing")
        await sync_to_async(sharing.stop)(district.people["sam"], activation)
        while heard["sam"].count("sharing") == before:
            await asyncio.sleep(0.01)
        news.tell(everybody.values(), "end")  # behind all that was told before
        await asyncio.wait_for(asyncio.gather(*pages), 10)
        await sync_to_async(connections.close_all)()

    asyncio.run(scene())
    told = {who: [topic for topic in topics if topic not in ("ping", "end")] for who, topics in heard.items()}
    assert (told["ines"], told["hana"]) == ([], [])
    assert {"sharing", "watching"} <= set(told["omar"])
    assert {"sharing", "watching"} <= set(told["sam"])
    assert "sharing" in told["pia"]
