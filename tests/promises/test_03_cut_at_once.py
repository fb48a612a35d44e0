"""Promise 3. When the basis ends, the picture ends on every screen without the viewer's help: told, at once; out of contact
with the authority, within the lease that the agreement states. How fast, in milliseconds, is `sightpact bench live`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

from sightpact.bench.viewer import Viewer
from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment
from tests.promises.conftest import connect, watching


async def _running(viewer: Viewer) -> None:
    await viewer.until(lambda: all(tile.frames > 3 for tile in viewer.tiles.values()))


def test_told_every_screen_ends_and_outside_goes_on(lakeview: Deployment) -> None:
    """Two viewers, eight inside pictures each: all end with the reason, and not one byte of them comes afterwards."""

    async def run() -> None:
        activation = await asyncio.to_thread(lakeview.start_sharing)
        outside = lakeview.camera("north-lot")
        async with (
            watching(lakeview, "omar", [outside, *lakeview.inside]) as omar,
            watching(lakeview, "rosa", [outside, *lakeview.inside]) as rosa,
        ):
            await _running(omar)
            await _running(rosa)
            await asyncio.to_thread(lakeview.end_sharing, activation)
            for viewer in (omar, rosa):
                await viewer.until(lambda v=viewer: all(v.tiles[n].end for n in range(2, 10)))
                seen = [viewer.tiles[n].bytes for n in range(2, 10)]
                frames = viewer.tiles[1].frames
                await viewer.until(lambda v=viewer, f=frames: v.tiles[1].frames > f + 10)
                assert [viewer.tiles[n].bytes for n in range(2, 10)] == seen
                assert {viewer.tiles[n].end["code"] for n in range(2, 10)} == {"all_clear"}
                assert viewer.tiles[1].end is None
        again = await connect(lakeview, "omar")
        again.open({1: lakeview.inside[0]})
        await again.until(lambda: again.tiles[1].refused is not None)
        assert again.tiles[1].refused["clause"] == "3.2", "reconnecting gives the reason and no picture"
        again.close()

    asyncio.run(run())


def test_starved_pictures_end_within_the_lease(sim: RunningSim, tmp_path: Path) -> None:
    """The authority stops answering (frozen, not ended). Nobody tells anybody; the leases run out by themselves."""
    with deployment(tmp_path / "data", sim, changes={"6.3": {"standing_s": 1, "emergency_s": 3}}) as it:

        async def run() -> None:
            await asyncio.to_thread(it.start_sharing)
            async with watching(it, "omar", [it.camera("north-lot"), it.inside[0]]) as omar:
                await _running(omar)
                pid = it.pid("records")
                assert pid is not None
                os.kill(pid, signal.SIGSTOP)
                frozen = time.monotonic()
                try:
                    await omar.until(lambda: all(t.end for t in omar.tiles.values()), 8)
                finally:
                    os.kill(pid, signal.SIGCONT)
                for number, lease in ((1, 1.0), (2, 3.0)):
                    last = omar.tiles[number].last_at
                    assert last is not None and last - frozen <= lease + 0.5, (
                        "a frame came after the lease's end"
                    )
                    assert omar.tiles[number].end["code"] == "lease_lapsed"

        asyncio.run(run())


def test_one_viewer_is_stopped_and_the_others_go_on(lakeview: Deployment) -> None:
    async def run() -> None:
        camera = lakeview.camera("north-lot")
        async with watching(lakeview, "omar", [camera]) as omar, watching(lakeview, "rosa", [camera]) as rosa:
            await _running(omar)
            await _running(rosa)
            fields = {"person": lakeview.people["omar"]["id"], "owner": lakeview.parties["lakeview-usd"]}
            answer = await asyncio.to_thread(lakeview.page("sam").post, "/watching/stop/", fields)
            assert answer.status == 200, answer.text
            await omar.until(lambda: omar.tiles[1].end is not None)
            assert omar.tiles[1].end["code"] == "stopped"
            frames = rosa.tiles[1].frames
            await rosa.until(lambda: rosa.tiles[1].frames > frames + 10)

    asyncio.run(run())


def test_a_sign_out_ends_the_pictures_of_that_session_only(lakeview: Deployment) -> None:
    async def run() -> None:
        camera = lakeview.camera("north-lot")
        async with (
            watching(lakeview, "omar", [camera], 0) as one,
            watching(lakeview, "omar", [camera], 1) as two,
        ):
            await _running(one)
            await _running(two)
            await asyncio.to_thread(lakeview.page("omar", 0).post, "/sign-out/")
            await one.until(lambda: one.closed is not None)
            frames = two.tiles[1].frames
            await two.until(lambda: two.tiles[1].frames > frames + 10)

    asyncio.run(run())
