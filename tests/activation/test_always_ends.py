"""No sharing, request, event period, invitation or drill is ever found without an end: a seeded run, with restarts."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from sightpact.access import facts
from sightpact.ledger.clock import SimulatedClock
from tests import lakeview
from tests.activation.endings import KINDS, Driver
from tests.lakeview import ASKING

DISPATCH = [{"party": "lakeview-pd", "roles": ["dispatcher"], "named_only": True}]
LONGEST = timedelta(hours=4)


def run(time_told: SimulatedClock, seed: int, steps: int) -> Driver:
    facts._latest = None
    kinds = [
        {"kind": kind, "label": kind, "meaning": kind, "minutes": 30, "cap_minutes": 120, "level": level}
        for kind, level in KINDS.items()
    ]
    view = {"emergencies": kinds}
    sections = {
        "s3_2": view,
        "s3_3": {"report": DISPATCH, "report_minutes": 5},
        "s3_4": {"extend_minutes": 15},
    }
    driver = Driver(lakeview.build(drills=2, **ASKING, **sections), time_told, seed, LONGEST)
    driver.run(steps)
    return driver


@pytest.mark.usefixtures("journal")
@pytest.mark.timeout(300)
def test_nothing_is_found_without_an_end(time_told: SimulatedClock, transactional_db: None) -> None:
    driver = run(time_told, 20261122, 150)
    assert {"sharing", "asking", "drill"} == set(driver.known.values())


@pytest.mark.soak
@pytest.mark.usefixtures("journal")
@pytest.mark.timeout(7200)
def test_nothing_is_found_without_an_end_in_ten_thousand_steps(
    time_told: SimulatedClock, transactional_db: None
) -> None:
    seed, steps = (
        int(os.environ.get(f"SIGHTPACT_{name}") or n) for name, n in (("SEED", 1), ("STEPS", 10_000))
    )
    driver = run(time_told, seed, steps)
    print(f"\nseed {seed}: {len(driver.known)} begun, all ended; {dict(sorted(driver.did.items()))}")
