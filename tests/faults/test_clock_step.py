"""Somebody moves the server's clock by an hour while it runs: deadlines hold, pictures neither end early nor run on."""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment, wait_for
from tests.faults.pages import aside, emergencies
from tests.promises.conftest import watching

STEPPED = Path(__file__).parent / "stepped"


@pytest.fixture
def clocked(sim: RunningSim, tmp_path: Path) -> Iterator[tuple[Deployment, Path]]:
    offset = tmp_path / "offset"
    offset.write_bytes(struct.pack("<d", 0.0))
    extra = {"PYTHONPATH": str(STEPPED), "WALL_CLOCK_OFFSET": str(offset)}
    with deployment(tmp_path / "data", sim, extra=extra) as it:
        yield it, offset


def test_deadlines_hold_when_the_clock_is_moved(clocked: tuple[Deployment, Path]) -> None:
    """An hour forward, then two hours back."""
    it, offset = clocked

    async def run() -> None:
        activation = await aside(it.start_sharing)
        left_s = float(await aside(it.python, SOON, activation))
        deadline = time.monotonic() + left_s
        async with watching(it, "omar", [it.camera("north-lot"), it.inside[0]]) as omar:
            outside, inside = omar.tiles[1], omar.tiles[2]
            await omar.until(lambda: outside.frames > 3 and inside.frames > 3)
            for hours in (1, -1):
                with offset.open("r+b") as file:  # in place: the processes have it mapped
                    file.write(struct.pack("<d", hours * 3600.0))
                frames, leases = inside.frames, inside.leases
                await omar.until(lambda f=frames, n=leases: inside.frames > f + 15 and inside.leases > n + 1)
            other = await aside(it.start_sharing, "medical", "lakeview-middle")
            assert time.monotonic() < deadline, "the machine was too slow for this test to say anything"
            await omar.until(lambda: inside.end is not None, 30)
            assert inside.end is not None and inside.end["code"] in ("deadline", "lease_lapsed")
            assert inside.last_at is not None and abs(inside.last_at - deadline) < 2.5
            frames = outside.frames
            await omar.until(lambda: outside.frames > frames + 15)
            assert outside.end is None
        await aside(wait_for, lambda: emergencies(it.page("omar").json("/wall/state/")) == {other})

    began = datetime.now(UTC)
    asyncio.run(run())
    record = it.record()
    alarms = [e for e in record if e["type"] == "clock_step"]
    assert len(alarms) == 2 and all(abs(e["seconds"] - 3600) <= 2 for e in alarms)
    assert all("clock was moved" in e["text"]["value"] for e in alarms)
    (over,) = [e for e in record if e["type"] == "activation_end"]
    assert over["reason_code"] == "deadline"
    times = [datetime.fromisoformat(e["at"]) for e in record]
    assert times == sorted(times)
    assert times[-1] - began < timedelta(minutes=5), "entries keep the old course"
    assert it.run("ledger", "verify", check=False).returncode == 0


SOON = """
import sys, django
django.setup()
from datetime import timedelta
from django.db import transaction
from sightpact.activation.models import Activation
from sightpact.ledger import actions, clock
with transaction.atomic():
    Activation.objects.filter(pk=sys.argv[1]).update(deadline_utc=clock.now() + timedelta(seconds=14))
    actions.append([], bump="situation")
print((Activation.objects.get(pk=sys.argv[1]).deadline_utc - clock.now()).total_seconds())
"""
