"""Promise 5. A viewer never receives a frame that reached the gateway before the access began (nor one captured before).

The timecode is read from the decoded pixels of the first frame that a viewer got, on cameras that stood by all the time.
"""

from __future__ import annotations

import asyncio
import base64
import io
from datetime import datetime
from typing import Any

import av

from sightpact.camerasim import timecode
from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment
from tests.promises.conftest import connect


def _first_picture(init: str, fragment: bytes) -> Any:
    """The pixels of the first fragment alone: it must be a whole picture by itself."""
    with av.open(io.BytesIO(base64.b64decode(init) + fragment)) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")


def test_the_first_picture_was_taken_after_the_admission(lakeview: Deployment, sim: RunningSim) -> None:
    got: dict[str, tuple[float, float]] = {}  # camera -> captured, arrived (UTC seconds)

    async def run() -> None:
        for name in ("hallway-a", "library", "gymnasium"):  # these stand by: connected long before
            slug = f"lakeview-high-{name}"
            await asyncio.to_thread(sim.wait_for, slug, lambda state: state["viewers"] >= 1)
        await asyncio.to_thread(lakeview.start_sharing)
        omar = await connect(lakeview, "omar", keep_fragments=True)
        omar.open(dict(enumerate(lakeview.inside, 1)))
        await omar.until(lambda: all(t.fragments and t.config for t in omar.tiles.values()))
        for tile in omar.tiles.values():
            pixels = _first_picture(tile.config["init"], tile.fragments[0])
            read = timecode.read(pixels)
            assert read is not None, "the first picture must be whole and legible"
            arrived = tile.first_arrival_us / 1e6
            taken = timecode.utc_of(
                read.frame, arrived, sim.picture.loop_s, fps=sim.picture.fps, camera_number=read.camera_number
            )
            got[tile.camera] = (taken, arrived)
        omar.close()

    asyncio.run(run())
    written = {
        e["camera"]["key"]: datetime.fromisoformat(e["at"]).timestamp()
        for e in lakeview.record()
        if e["type"] == "admission"
    }
    for camera, (taken, arrived) in got.items():
        assert arrived >= written[camera]
        assert taken >= written[camera] - 1 / sim.picture.fps, "a frame from before the admission was shown"
