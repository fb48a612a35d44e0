"""The whole server killed at random moments, under load: what was acknowledged is in the record, and everything has its end.

3 times in `make test`; SIGHTPACT_KILLS / 20 times where that is set (50 in `make soak`). SIGHTPACT_SEED repeats a run.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import threading
import urllib.error
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment
from tests.faults.pages import aside, end
from tests.promises.conftest import connect

ROUNDS = max(3, int(os.environ.get("SIGHTPACT_KILLS", "0")) // 20)
SEED = int(os.environ.get("SIGHTPACT_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
GONE = (OSError, urllib.error.URLError, AssertionError, TimeoutError)  # what a client of a dying server sees


class Pressing(threading.Thread):
    """Pia and Sam start and end sharings, as fast as they are answered, until the server is gone."""

    def __init__(self, it: Deployment, seed: int) -> None:
        super().__init__()
        self._it, self._rng = it, random.Random(seed)
        self.started: set[str] = set()  # acknowledged
        self.ended: set[str] = set()

    def run(self) -> None:
        with contextlib.suppress(*GONE):
            while True:
                kind = self._rng.choice(["intruder", "medical", "missing_child"])
                school = self._rng.choice(["lakeview-high", "lakeview-middle"])
                activation = self._it.start_sharing(kind, school)
                self.started.add(activation)
                if self._rng.random() < 0.6 and end(self._it.page("pia"), activation).status == 200:
                    self.ended.add(activation)


async def _watch(
    it: Deployment, person: str, session: int, rng: random.Random, opened: Counter[tuple[str, str]]
) -> None:
    """Open and close pictures, noting what was shown to be open, until the server is gone."""
    cameras = [
        i for slug, i in it.cameras.items() if slug.startswith("lakeview-high") and "guidance" not in slug
    ]
    viewer = None
    with contextlib.suppress(*GONE):
        viewer = await connect(it, person, session)
        for turn in range(10_000):
            tile = 1 + turn % 6
            camera = rng.choice(cameras)
            viewer.open({tile: camera})
            await viewer.until(lambda v=viewer, t=tile: v.closed or v.tiles[t].opened or v.tiles[t].refused)
            opened[it.people[person]["id"], camera] += viewer.tiles[tile].opened is not None
            if viewer.closed:
                break
            viewer.send({"t": "close", "tiles": [tile]})
            await asyncio.sleep(0.06)  # more than twenty messages a second would be misuse
    if viewer is not None:
        viewer.close()


async def _load_until_killed(
    it: Deployment, rng: random.Random, opened: Counter[tuple[str, str]]
) -> Pressing:
    pressing = Pressing(it, rng.randrange(2**32))
    pressing.start()
    people = [("omar", 0), ("omar", 1), ("rosa", 0), ("sam", 0)]
    jobs = [asyncio.create_task(_watch(it, who, s, random.Random(rng.random()), opened)) for who, s in people]
    enough = rng.randrange(2, 12), rng.randrange(2, 40)  # acknowledged starts and ends; pictures
    shown = opened.total()
    until = asyncio.get_running_loop().time() + 20
    while len(pressing.started) + len(pressing.ended) < enough[0] or opened.total() - shown < enough[1]:
        assert asyncio.get_running_loop().time() < until, "the server does not answer"
        await asyncio.sleep(
            rng.random() * 0.05
        )  # not a wait for anything: it picks the instruction to be killed at
    await aside(it.stop, True)
    await asyncio.gather(*jobs)
    await aside(pressing.join)
    return pressing


@pytest.mark.timeout(180 + 25 * ROUNDS)
def test_random_kills_of_the_whole_server(sim: RunningSim, tmp_path: Path) -> None:
    print(f"SIGHTPACT_SEED={SEED}")
    rng = random.Random(SEED)
    opened: Counter[tuple[str, str]] = Counter()
    started: set[str] = set()
    ended: set[str] = set()
    with deployment(tmp_path / "data", sim) as it:
        for _round in range(ROUNDS):
            pressing = asyncio.run(_load_until_killed(it, rng, opened))
            started |= pressing.started
            ended |= pressing.ended
            it.serve()
        it.python(ALL_DUE)
        it.stop(hard=True)
        it.serve()
        record = it.record()
        it.stop()
        assert it.run("ledger", "verify", check=False).returncode == 0
        assert it.python(LEFT).split() == ["0", "0"], "no picture and no sharing is left open"
    assert started and ended and opened, "there was load"
    _nothing_lost(record, started, ended, opened)
    _everything_ended(record)


def _nothing_lost(
    record: list[dict[str, Any]], started: set[str], ended: set[str], opened: Counter[tuple[str, str]]
) -> None:
    begun = {e["situation"]["key"] for e in record if e["type"] == "activation_start"}
    assert started <= begun, "an acknowledged start is not in the record"
    over = {
        e["situation"]["key"]
        for e in record
        if e["type"] == "activation_end" and e["reason_code"] == "all_clear"
    }
    assert ended <= over, "an acknowledged end is not in the record"
    admitted = Counter((e["person"]["key"], e["camera"]["key"]) for e in record if e["type"] == "admission")
    assert not opened - admitted, "a picture was opened that the record does not know"


def _everything_ended(record: list[dict[str, Any]]) -> None:
    starts = [e["situation"]["key"] for e in record if e["type"] == "activation_start"]
    ends = [
        e["situation"]["key"] for e in record if e["type"] == "activation_end" and e["outcome"] == "ended"
    ]
    assert len(starts) == len(set(starts)) and sorted(starts) == sorted(ends), (
        "each start has exactly one end"
    )
    admissions = [e["index"] for e in record if e["type"] == "admission"]
    closed = [e["ref"] for e in record if e["type"] == "stream_end"]
    assert sorted(admissions) == sorted(closed), "each admission has exactly one end"


ALL_DUE = """
import django
django.setup()
from datetime import timedelta
from django.db import transaction
from sightpact.activation.models import Activation
from sightpact.ledger import actions, clock
with transaction.atomic():
    Activation.objects.filter(ended_utc=None).update(deadline_utc=clock.now() + timedelta(seconds=0.2))
    actions.append([], bump="situation")
"""

LEFT = """
import django
django.setup()
from sightpact.access.models import OpenStream
from sightpact.activation.models import Activation
print(OpenStream.objects.count(), Activation.objects.filter(ended_utc=None).count())
"""
