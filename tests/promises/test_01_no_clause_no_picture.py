"""Promise 1. Every picture delivered is covered by a clause in force, for a person it names, in a situation that is true."""

from __future__ import annotations

import asyncio

from tests.deployment import Deployment, wait_for
from tests.promises.conftest import connect, watching

REMOVE = """
import django
django.setup()
from sightpact.agreements import actions
actions.remove_person("lakeview-mou", "omar")
"""
SUSPEND = """
import django
django.setup()
from sightpact.agreements import actions
from sightpact.people import reads
actions.suspend("lakeview-mou", reads.person_by_slug("sam"))
"""


def test_only_what_a_section_opens(lakeview: Deployment) -> None:
    """Outside comes under 3.1; inside, private, unclassified and unknown cameras send not one byte."""

    async def run() -> None:
        outside = lakeview.camera("north-lot")
        closed = [
            *lakeview.inside,
            lakeview.camera("guidance"),
            lakeview.camera("new-camera"),
            "no-such-camera",
        ]
        async with watching(lakeview, "omar", [outside, *closed]) as omar:
            await omar.until(lambda: omar.tiles[1].frames > 10)
            assert omar.tiles[1].opened and omar.tiles[1].opened["clause"] == "3.1"
            for number in range(2, 2 + len(closed)):
                tile = omar.tiles[number]
                assert tile.refused is not None and tile.opened is None and tile.bytes == 0

    asyncio.run(run())
    record = lakeview.record()
    assert {e["clause"] for e in record if e["type"] == "admission"} == {"3.1"}
    assert len([e for e in record if e["type"] == "refusal"]) == 11


def test_who_is_not_named_sees_nothing(lakeview: Deployment) -> None:
    async def run() -> None:
        async with watching(lakeview, "ines", list(lakeview.cameras.values())) as ines:
            await ines.until(lambda: all(tile.refused for tile in ines.tiles.values()))
            assert sum(tile.bytes for tile in ines.tiles.values()) == 0
            assert len({tile.refused["text"] for tile in ines.tiles.values() if tile.refused}) == 1

    asyncio.run(run())
    assert lakeview.stranger().post("/live/ticket/").status == 401


def test_taken_out_of_the_annex_ends_the_picture(lakeview: Deployment) -> None:
    """By another process, while it runs: the gate learns of it and cuts."""

    async def run() -> None:
        async with watching(lakeview, "omar", [lakeview.camera("north-lot")]) as omar:
            await omar.until(lambda: omar.tiles[1].frames > 5)
            await asyncio.to_thread(lakeview.python, REMOVE)
            await omar.until(lambda: omar.tiles[1].end is not None)
            seen = omar.tiles[1].frames
            await asyncio.sleep(0.5)
            assert omar.tiles[1].frames == seen
        again = await connect(lakeview, "omar")
        again.open({1: lakeview.camera("north-lot")})
        await again.until(lambda: again.tiles[1].refused is not None)
        again.close()

    asyncio.run(run())


def test_suspension_ends_everything_for_the_other_party_and_nothing_for_the_owner(
    lakeview: Deployment,
) -> None:
    async def run() -> None:
        camera = lakeview.camera("north-lot")
        async with watching(lakeview, "omar", [camera]) as omar, watching(lakeview, "sam", [camera]) as sam:
            await omar.until(lambda: omar.tiles[1].frames > 5)
            await sam.until(lambda: sam.tiles[1].frames > 5)
            await asyncio.to_thread(lakeview.python, SUSPEND)
            await omar.until(lambda: omar.tiles[1].end is not None)
            assert omar.tiles[1].end and omar.tiles[1].end["code"] == "suspended"
            seen = sam.tiles[1].frames
            await sam.until(lambda: sam.tiles[1].frames > seen + 5)
            assert sam.tiles[1].end is None

    asyncio.run(run())
    ends = wait_for(
        lambda: [
            e for e in lakeview.record() if e["type"] == "stream_end" and e["reason_code"] == "suspended"
        ]
    )
    assert ends[0]["frames"] > 0
