"""Promise 2. The access record is durable before the first picture leaves."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime

from tests.deployment import Deployment
from tests.promises.conftest import connect, watching


def test_no_frame_while_the_record_cannot_be_written(lakeview: Deployment) -> None:
    """Another writer holds the database: nothing is sent. It lets go: the entry is written, then pictures come."""

    async def run() -> None:
        omar = await connect(lakeview, "omar")
        holder = sqlite3.connect(lakeview.data / "sightpact.sqlite3", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        omar.open({1: lakeview.camera("north-lot")})
        await asyncio.sleep(1.5)
        assert omar.tiles[1].frames == 0 and omar.tiles[1].opened is None
        holder.execute("ROLLBACK")
        holder.close()
        await omar.until(lambda: omar.tiles[1].frames > 0)
        omar.close()

    asyncio.run(run())
    (entry,) = [e for e in lakeview.record() if e["type"] == "admission"]
    assert entry["person"]["value"].startswith("Omar Reyes")


def test_the_entry_is_older_than_the_first_frame(lakeview: Deployment) -> None:
    """For every tile of a whole wall: the frame's arrival at the gateway lies after the entry's time."""
    cameras = [i for slug, i in lakeview.cameras.items() if slug.startswith("lakeview-high")]
    first: dict[str, int] = {}

    async def run() -> None:
        async with watching(lakeview, "sam", cameras) as sam:
            await sam.until(lambda: all(t.frames or t.refused for t in sam.tiles.values()))
            first.update({t.camera: t.first_arrival_us for t in sam.tiles.values() if t.first_arrival_us})

    asyncio.run(run())
    entries = {e["camera"]["key"]: e for e in lakeview.record() if e["type"] == "admission"}
    assert len(first) >= 13 and first.keys() == entries.keys()
    for camera, arrival in first.items():
        written = datetime.fromisoformat(entries[camera]["at"]).timestamp()
        assert arrival / 1e6 >= written, f"{camera} was seen before it was written"
