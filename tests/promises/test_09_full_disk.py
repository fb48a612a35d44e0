"""Promise 9: the switch works when things break. Here: not one byte is left on the disk.

The emergency is recorded in the reserved journal and told at once; pictures follow the agreement's clause; when there is
room again everything is in the ledger, in the order in which it happened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sightpact.camerasim.testing import RunningSim
from tests.deployment import deployment, wait_for
from tests.faults.pages import act, aside, emergencies, end, news
from tests.faults.small_disk import SmallDisk
from tests.promises.conftest import watching

PAGES = {
    "omar": ["/", "/wall/", "/wall/state/", "/agreements/lakeview-mou/"],
    "pia": ["/", "/switch/"],
    "sam": ["/", "/watching/", "/watching/state/", "/record/", "/today/"],
    "ines": ["/wall/"],
}


@pytest.fixture
def disk(request: pytest.FixtureRequest, sim: RunningSim, tmp_path: Path) -> Iterator[SmallDisk]:
    changes = {"6.2": {"then": request.param}}
    with deployment(tmp_path / "data", sim, changes=changes, kind=SmallDisk) as it:
        assert isinstance(it, SmallDisk)
        yield it


def _replayed(it: SmallDisk) -> list[dict[str, Any]]:
    """Make room, and wait until the record has everything."""
    it.empty()
    return wait_for(
        lambda: (r := it.record()) and any(e["type"] == "journal_replayed" for e in r) and r,
        20,
        "the journal is in the ledger",
    )


def _whole(it: SmallDisk) -> None:
    said = it.run("ledger", "verify", check=False)
    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize("disk", ["continue"], indirect=True)
def test_an_emergency_on_a_full_disk(disk: SmallDisk) -> None:
    """Started, told, seen, taken, stopped: all of it while nothing can be written but the reserve."""
    omar, pia, sam = (disk.page(person) for person in ("omar", "pia", "sam"))
    outside = disk.camera("north-lot")

    async def run() -> str:
        async with watching(disk, "omar", [outside]) as viewer:
            await viewer.until(lambda: viewer.tiles[1].frames > 3)
            await aside(disk.fill)
            for person, paths in PAGES.items():
                for path in paths:
                    answer = await aside(disk.page(person).get, path)
                    assert answer.status == 200, f"{person} {path}: {answer.status}"
            with news(disk, "omar") as heard:
                activation: str = await aside(disk.start_sharing, key="one press")
                await aside(heard.hear, "sharing")
            assert await aside(disk.start_sharing, key="one press") == activation, (
                "the same press again is the same start"
            )
            assert await aside(disk.start_sharing, key="second press") == activation, (
                "a second presser joins the first"
            )
            assert activation in emergencies(await aside(omar.json, "/wall/state/"))
            assert (await aside(act, omar, "/wall/told/", activation=activation)).status == 200
            shown = await aside(pia.get, f"/switch/{activation}/")
            assert shown.status == 200 and "Recorded in the reserve" in shown.text

            viewer.open({2: disk.inside[0], 3: disk.inside[1]})
            await viewer.until(lambda: viewer.tiles[2].frames > 3 and viewer.tiles[3].frames > 3)
            assert viewer.tiles[1].end is None, "what ran goes on, as the clause says"
            board = await aside(sam.get, "/watching/")
            assert board.status == 200 and "Omar Reyes" in board.text

            assert (await aside(act, omar, "/wall/take/", activation=activation)).status == 200
            assert (await aside(end, pia, activation)).status == 200, "dispatch has it: this proposes"
            assert activation in emergencies(await aside(omar.json, "/wall/state/"))
            assert (
                await aside(sam.post, "/watching/stop-sharing/", {"activation": activation})
            ).status == 200
            await viewer.until(lambda: viewer.tiles[2].end is not None and viewer.tiles[3].end is not None)
            assert {viewer.tiles[n].end["code"] for n in (2, 3)} == {"stop"}
            frames = viewer.tiles[1].frames
            await viewer.until(lambda: viewer.tiles[1].frames > frames + 10)
            fields = {"person": disk.people["omar"]["id"], "owner": disk.parties["lakeview-usd"]}
            assert (await aside(sam.post, "/watching/stop/", fields)).status == 200
            await viewer.until(lambda: viewer.tiles[1].end is not None)
            assert viewer.tiles[1].end["code"] == "stopped"
        return activation

    activation = asyncio.run(run())
    before = [e["type"] for e in disk.record()]
    assert "activation_start" not in before, "the disk was full all the time"
    record = _replayed(disk)
    story = [e for e in record if e.get("situation", {}).get("key") == activation]
    inside = [e for e in story if e["type"] == "admission"]
    steps = [(e["type"], e["outcome"], e["reason_code"]) for e in story if e["type"].startswith("activation")]
    assert steps == [
        ("activation_start", "started", "switch"),
        ("activation_joined", "joined", "switch"),
        ("activation_told", "told", ""),
        ("activation_take", "taken", ""),
        ("activation_end", "proposed", ""),
        ("activation_end", "ended", "stop"),
    ]
    assert {e["camera"]["key"] for e in inside} == set(disk.inside[:2])
    closed = {e["ref"]: e for e in record if e["type"] == "stream_end"}
    assert all(
        closed[e["index"]]["reason_code"] == "stop" and closed[e["index"]]["frames"] > 3 for e in inside
    )
    order = [
        e["type"]
        for e in record
        if e["type"] in ("activation_start", "admission", "stop", "journal_replayed")
    ]
    assert order == ["admission", "activation_start", "admission", "admission", "stop", "journal_replayed"]
    _whole(disk)


@pytest.mark.parametrize("disk", ["close"], indirect=True)
def test_where_the_clause_says_close_no_picture_runs_unrecorded(disk: SmallDisk) -> None:
    """The emergency stands and is told all the same; each picture that may not be shown says why; with room they come."""

    async def run() -> None:
        async with watching(disk, "omar", [disk.camera("north-lot")]) as viewer:
            await viewer.until(lambda: viewer.tiles[1].frames > 3)
            await aside(disk.fill)
            await viewer.until(lambda: viewer.tiles[1].end is not None)
            assert viewer.tiles[1].end["code"] == "log_unwritable", (
                "also what ran ends, once a write has failed"
            )
            activation = await aside(disk.start_sharing)
            assert activation in emergencies(await aside(disk.page("omar").json, "/wall/state/"))
            viewer.open({2: disk.inside[0]})
            await viewer.until(lambda: viewer.tiles[2].refused is not None)
            assert viewer.tiles[2].refused["code"] == "log_unwritable"
            assert "record cannot be written" in viewer.tiles[2].refused["text"]
            await aside(_replayed, disk)
            viewer.open({3: disk.inside[0]})
            await viewer.until(lambda: viewer.tiles[3].frames > 3)

    asyncio.run(run())
    refused = [e for e in disk.record() if e["type"] == "admission" and e["camera"]["key"] == disk.inside[0]]
    assert len(refused) == 1, "what was not shown has no admission"
    _whole(disk)


@pytest.mark.parametrize("disk", ["continue"], indirect=True)
def test_a_full_disk_and_a_dead_process(disk: SmallDisk) -> None:
    """What was acknowledged on a full disk stands after records died and came back, the disk still full. What was open when it
    died, recorded before or in the reserve, is closed once there is room.
    """
    outside, inside = disk.camera("north-lot"), disk.inside[0]

    async def run() -> str:
        async with watching(disk, "omar", [outside]) as viewer:
            await viewer.until(lambda: viewer.tiles[1].frames > 3)
            await aside(disk.fill)
            activation: str = await aside(disk.start_sharing)
            other = await aside(disk.start_sharing, "medical", "lakeview-middle")
            assert (await aside(end, disk.page("pia"), other, "mistake")).status == 200
            viewer.open({2: inside})
            await viewer.until(lambda: viewer.tiles[2].frames > 3)
            await aside(disk.kill, "records")
            await viewer.until(lambda: viewer.closed is not None)
            assert viewer.closed is not None and viewer.closed[0] == 4409
        shown = await aside(wait_for, lambda: disk.page("omar").json("/wall/state/"))
        assert emergencies(shown) == {activation}, "the start stands, the end stands"
        async with watching(disk, "omar", [inside]) as viewer:
            await viewer.until(lambda: viewer.tiles[1].frames > 3)
        return activation

    activation = asyncio.run(run())
    assert end(disk.page("pia"), activation).status == 200
    ends = [e["reason_code"] for e in _replayed(disk) if e["type"] == "activation_end"]
    assert ends == ["mistake", "all_clear"]
    closed = wait_for(lambda: len(found := _closed(disk)) == 3 and found)
    assert closed[:2] == [(outside, "gateway_stopped"), (inside, "gateway_stopped")]
    assert closed[2][0] == inside and closed[2][1] != "gateway_stopped"
    _whole(disk)


def _closed(it: SmallDisk) -> list[tuple[str, str]]:
    """Camera and reason of each picture that ended, in the order of the admissions."""
    record = it.record()
    ends = {e["ref"]: e["reason_code"] for e in record if e["type"] == "stream_end"}
    return [
        (e["camera"]["key"], ends[e["index"]])
        for e in record
        if e["type"] == "admission" and e["index"] in ends
    ]
