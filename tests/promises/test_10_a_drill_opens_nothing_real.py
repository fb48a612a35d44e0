"""Promise 10. A drill never opens a live inside picture, looks different everywhere, and gives way to a real start at once.

On the real thing: Omar's viewer asks for every camera of the district while a drill runs; what he gets is counted in bytes,
and what the picture is is read from its pixels. (The look of each page: tests/journeys/test_drill.py.)
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import Iterator
from typing import Any

import av
import pytest

from sightpact.camerasim import timecode
from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment, simulator, wait_for
from tests.promises.conftest import connect

DRILLS = 2


@pytest.fixture(scope="module")
def practising() -> Iterator[RunningSim]:
    with simulator(drills=DRILLS) as running:
        yield running


@pytest.fixture(scope="module")
def lakeview(practising: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployment(tmp_path_factory.mktemp("drill") / "data", practising, drills=DRILLS) as it:
        yield it


def start_drill(it: Deployment, key: str) -> str:
    page = it.page("pia")
    sent = {"where": it.schools["lakeview-high"], "emergency": "intruder", "key": key}
    answer = page.post("/drills/start/", sent)
    assert answer.status == 200 and "/drills/" in answer.url, answer.text
    return answer.url.rstrip("/").rpartition("/")[2]


def _number(tile: Any) -> int | None:
    """Which camera a picture is of, read from the timecode that the camera drew into it."""
    with av.open(io.BytesIO(base64.b64decode(tile.config["init"]) + tile.fragments[0])) as container:
        pixels = next(container.decode(video=0)).to_ndarray(format="rgb24")
    read = timecode.read(pixels)
    return read.camera_number if read else None


def test_a_drill_opens_nothing_real_and_gives_way(lakeview: Deployment, practising: RunningSim) -> None:
    cameras = sorted(lakeview.cameras.items())
    drawn = {camera for slug, camera in cameras if "-drill-" in slug}
    inside = {lakeview.cameras[f"lakeview-high-{name}"] for name in ("hallway-a", "library", "gymnasium")}
    numbers = {spec.number for slug, spec in practising.specs.items() if "-drill-" in slug}
    practising.fault("lakeview-high-library", "refuse")  # it would show nothing: the drill says so
    found: dict[str, Any] = {}

    async def run() -> None:
        quiet = await connect(lakeview, "omar", 1)
        quiet.open(dict(enumerate(sorted(drawn), 1)))
        await quiet.until(lambda: all(tile.refused for tile in quiet.tiles.values()))
        quiet.close()  # without a drill nobody sees a simulated picture either
        drill = await asyncio.to_thread(start_drill, lakeview, "first")
        omar = await connect(lakeview, "omar", keep_fragments=True)
        omar.open(dict(enumerate((camera for _slug, camera in cameras), 1)))
        by_id = {tile.camera: tile for tile in omar.tiles.values()}
        await omar.until(lambda: all(t.opened or t.refused for t in by_id.values()))
        await omar.until(lambda: all(by_id[c].fragments and by_id[c].config for c in drawn))
        found["open"] = {camera for camera, tile in by_id.items() if tile.opened}
        found["numbers"] = {_number(by_id[camera]) for camera in drawn}
        found["answers"] = await asyncio.to_thread(lambda: lakeview.page("omar").json("/wall/state/"))
        found["drill"] = drill
        await asyncio.to_thread(
            wait_for, lambda: "real cameras would show" in _drill_page(lakeview, drill), 30.0, "the frames"
        )
        found["page"] = _drill_page(lakeview, drill)
        real = await asyncio.to_thread(lakeview.start_sharing)
        await omar.until(lambda: all(by_id[camera].end for camera in drawn))
        found["ends"] = {by_id[camera].end["code"] for camera in drawn}
        found["after"] = await asyncio.to_thread(lambda: lakeview.page("omar").json("/wall/state/"))
        found["bytes"] = {camera: tile.bytes for camera, tile in by_id.items()}
        omar.close()
        await asyncio.to_thread(lakeview.end_sharing, real)

    asyncio.run(run())
    outside = {t["id"] for t in lakeview.page("omar").json("/wall/state/")["tiles"] if not t["inside"]}
    assert found["open"] == drawn | outside, "simulated pictures, and what is open at all times anyway"
    assert not found["open"] & inside and not any(found["bytes"][camera] for camera in inside)
    assert found["numbers"] == numbers, "the pictures are those of the drawn cameras"
    wall = found["answers"]
    assert wall["mode"] == "drill" and {t["id"] for t in wall["tiles"]} == drawn
    said = json.dumps(wall).replace("Drill ", "")
    assert not any(name in said for name in ("Hallway", "Library", "Gymnasium", "inside camera", "16 "))
    assert "Library" in found["page"], "the owner's people read which camera would not show"
    assert found["ends"] == {"pre_empted"}
    assert found["after"]["mode"] == "emergency" and not any(t["drill"] for t in found["after"]["tiles"])
    looks = [e for e in lakeview.record() if e["type"] == "admission" and e["camera"]["key"] in drawn]
    assert looks and {e["reason_code"] for e in looks} == {"drill"}, "nobody reads them as looks at a school"
    (over,) = [e for e in lakeview.record() if e["type"] == "drill_end"]
    assert over["reason_code"] == "pre_empted" and "real cameras would show" in over["text"]["value"]


def _drill_page(it: Deployment, drill: str) -> str:
    return it.page("pia").get(f"/drills/{drill}/state/").text


def test_a_drill_ends_also_when_the_gateway_was_killed_in_it(lakeview: Deployment) -> None:
    """It comes back with the gateway until its own end, and no run of the gateway forgets to end it."""
    drill = start_drill(lakeview, "second")
    lakeview.stop(hard=True)
    lakeview.serve()
    assert lakeview.page("omar").json("/wall/state/")["mode"] == "drill"
    lakeview.page("omar").post(f"/drills/{drill}/end/")
    after = lakeview.page("omar").json("/wall/state/")
    assert after["mode"] != "drill" and not any(tile["drill"] for tile in after["tiles"])
    assert [e["reason_code"] for e in lakeview.record() if e["type"] == "drill_end"][-1] == "ended"
