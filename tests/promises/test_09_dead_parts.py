"""Promise 9: the switch works when a part is dead. A camera, the edge, records, the supervisor, all of them at once."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from datetime import datetime
from typing import Any

import pytest

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, wait_for
from tests.faults.pages import aside, emergencies, end
from tests.promises.conftest import connect, watching

CAMERA = "lakeview-high-north-lot"


def _last_state(tile: Any) -> str:
    return tile.states[-1]["state"] if tile.states else ""


def _ends(it: Deployment, **where: str) -> list[dict[str, Any]]:
    return [e for e in it.record() if e["type"] == "stream_end" and all(e[k] == v for k, v in where.items())]


# a dead camera -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fault", "state"), [("stall", "stalled"), ("refuse", "lost")])
def test_a_dead_camera_says_so_and_comes_back_by_itself(
    lakeview: Deployment, sim: RunningSim, fault: str, state: str
) -> None:
    """Its tile says what was tried and when it is tried again; all others go on; an emergency starts all the same."""

    async def run() -> None:
        cameras = [lakeview.camera("north-lot"), lakeview.camera("main-entrance")]
        async with watching(lakeview, "omar", cameras) as omar:
            dead, other = omar.tiles[1], omar.tiles[2]
            await omar.until(lambda: dead.frames > 3 and other.frames > 3)
            await aside(sim.fault, CAMERA, fault)
            await omar.until(lambda: _last_state(dead) == state, 30)
            said = dead.states[-1]
            assert said["text"], "the tile says what was tried"
            assert "rtsp://" not in said["text"] and "@" not in said["text"]
            if state == "lost":
                assert said["next_try"] and said["next_try"] > said["since"], "and when it is tried again"
            activation = await aside(lakeview.start_sharing)
            assert activation in emergencies(await aside(lakeview.page("omar").json, "/wall/state/"))
            omar.open({3: lakeview.inside[0]})
            frames = other.frames
            await omar.until(lambda: omar.tiles[3].frames > 3 and other.frames > frames + 10)
            assert dead.end is None and other.end is None
            frames = dead.frames
            await aside(sim.fault, CAMERA, "ok")
            await omar.until(lambda: dead.frames > frames + 3 and _last_state(dead) == "live", 40)

    asyncio.run(run())


# a dead edge ---------------------------------------------------------------------------------------------------


def test_a_killed_edge_comes_back_and_the_emergency_still_runs(lakeview: Deployment) -> None:
    """Its pictures' ends are written; the page gets a new ticket and goes on; nobody has to start anything again."""

    async def run() -> None:
        activation = await aside(lakeview.start_sharing)
        cameras = [lakeview.camera("north-lot"), lakeview.inside[0]]
        async with watching(lakeview, "omar", cameras) as omar:
            await omar.until(lambda: all(tile.frames > 3 for tile in omar.tiles.values()))
            await aside(lakeview.kill, "edge")
            await omar.until(lambda: omar.closed is not None)
        await aside(wait_for, lambda: len(_ends(lakeview, reason_code="edge_lost")) == 2)
        assert activation in emergencies(await aside(lakeview.page("omar").json, "/wall/state/"))
        again = await _again(lakeview, "omar")
        again.open(dict(enumerate(cameras, 1)))
        await again.until(lambda: all(tile.frames > 3 for tile in again.tiles.values()))
        again.close()

    asyncio.run(run())


# dead records --------------------------------------------------------------------------------------------------


def test_killed_records_are_closed_for_everybody_until_decided_anew(lakeview: Deployment) -> None:
    """Back within seconds: every viewer has to ask again, what was open is closed in the record, the emergency stands."""

    async def run() -> tuple[str, str]:
        activation = await aside(lakeview.start_sharing)
        before = await aside(_deadline, lakeview, activation)
        cameras = [lakeview.camera("north-lot"), lakeview.inside[0]]
        async with watching(lakeview, "omar", cameras) as omar:
            await omar.until(lambda: all(tile.frames > 40 for tile in omar.tiles.values()))
            await aside(lakeview.kill, "records")
            await omar.until(lambda: omar.closed is not None, 20)
            assert omar.closed is not None and omar.closed[0] == 4409, (
                "the restarted gateway closed the old viewer"
            )
            assert all(tile.end for tile in omar.tiles.values()), "each tile was told"
        await aside(wait_for, lambda: lakeview.page("omar").get("/healthz").status == 200)
        assert await aside(_deadline, lakeview, activation) == before
        again = await _again(lakeview, "omar")
        again.open(dict(enumerate(cameras, 1)))
        await again.until(lambda: all(tile.frames > 3 for tile in again.tiles.values()))
        again.close()
        return activation, before

    asyncio.run(run())
    left = _ends(lakeview, reason_code="gateway_stopped")
    assert len(left) == 2
    assert all(e["frames"] > 0 and e["bytes"] > 0 and e["seconds"] >= 1 for e in left), (
        "with what was last known"
    )


def test_pictures_end_by_themselves_when_records_stay_dead(lakeview: Deployment) -> None:
    """Nobody brings records back: the leases run out (15 s in an emergency, as section 6.3 says), nobody tells anybody."""

    async def run() -> None:
        await aside(lakeview.start_sharing)
        async with watching(lakeview, "omar", [lakeview.camera("north-lot"), lakeview.inside[0]]) as omar:
            await omar.until(lambda: all(tile.frames > 3 for tile in omar.tiles.values()))
            lease_s = {n: tile.opened["lease_ms"] / 1000 for n, tile in omar.tiles.items() if tile.opened}
            assert lakeview.process is not None
            os.kill(lakeview.process.pid, signal.SIGSTOP)  # the supervisor brings nothing back
            try:
                await aside(lakeview.kill, "records")
                died = time.monotonic()
                await omar.until(lambda: all(tile.end for tile in omar.tiles.values()), 25)
            finally:
                os.kill(lakeview.process.pid, signal.SIGCONT)
            for number, tile in omar.tiles.items():
                assert tile.last_at is not None and tile.last_at - died <= lease_s[number] + 0.5
                assert tile.end is not None and tile.end["code"] == "lease_lapsed"

    asyncio.run(run())


# everything dead -----------------------------------------------------------------------------------------------


def test_the_whole_server_killed_and_started_again(lakeview: Deployment) -> None:
    """The running emergency stands with its deadline; one that fell due while down is ended at the start, before anybody
    is let in; what was open is closed with the last time known.
    """

    async def run() -> None:
        async with watching(lakeview, "omar", [lakeview.inside[0]]) as omar:
            await omar.until(lambda: omar.tiles[1].frames > 40)
            await aside(lakeview.stop, True)

    stands = lakeview.start_sharing()
    before = _deadline(lakeview, stands)
    falls_due = lakeview.start_sharing("medical", "lakeview-middle")
    asyncio.run(run())
    lakeview.python(FALL_DUE, falls_due)
    lakeview.serve()
    assert _deadline(lakeview, stands) == before
    assert emergencies(lakeview.page("omar").json("/wall/state/")) == {stands}
    record = lakeview.record()
    (over,) = [e for e in record if e["type"] == "activation_end"]
    assert (over["reason_code"], over["situation"]["key"]) == ("deadline", falls_due)
    (left,) = [e for e in record if e["type"] == "stream_end"]
    assert left["reason_code"] == "gateway_stopped" and left["frames"] > 0
    assert end(lakeview.page("pia"), stands).status == 200


def test_a_killed_supervisor_leaves_nothing_behind(lakeview: Deployment) -> None:
    """Its two processes end with it, in order, so that the next start finds its ports free."""
    activation = lakeview.start_sharing()
    process = lakeview.process
    assert process is not None
    process.kill()
    wait_for(lambda: lakeview.pid("records") is None and lakeview.pid("edge") is None)
    lakeview.stop()
    lakeview.serve()
    assert emergencies(lakeview.page("omar").json("/wall/state/")) == {activation}


async def _again(it: Deployment, person: str) -> Any:
    """What the page does by itself: ask for a ticket and connect, until it is let in."""
    until = time.monotonic() + 15
    while True:
        try:
            viewer = await connect(it, person)
        except (OSError, AssertionError, TimeoutError):
            viewer = None
        if viewer is not None and viewer.ready is not None:
            return viewer
        assert time.monotonic() < until, "never let in again"
        await asyncio.sleep(0.1)


def _deadline(it: Deployment, activation: str) -> str:
    return datetime.fromisoformat(it.python(DEADLINE, activation).strip()).isoformat()


DEADLINE = """
import sys, django
django.setup()
from sightpact.activation import reads
print(reads.card(sys.argv[1]).deadline_utc.isoformat())
"""

FALL_DUE = """
import sys, django
django.setup()
from datetime import timedelta
from django.db import transaction
from sightpact.activation.models import Activation
from sightpact.ledger import actions, clock
with transaction.atomic():
    Activation.objects.filter(pk=sys.argv[1]).update(deadline_utc=clock.now() - timedelta(seconds=1))
    actions.append([], bump="situation")
"""
