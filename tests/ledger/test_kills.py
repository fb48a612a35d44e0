"""No acknowledged entry is ever lost: writers killed at random, and two at once.

SIGHTPACT_KILLS says how many (50 here, 1,000 in `make soak`), SIGHTPACT_SEED repeats a run.
"""

from __future__ import annotations

import hashlib
import os
import random
import time

import pytest
from django.conf import settings

from sightpact.ledger import notes, reads
from sightpact.ledger.live_source import Live
from sightpact.ledger.verify import verify
from tests.ledger.writers import Writers

KILLS = int(os.environ.get("SIGHTPACT_KILLS", "50"))
SEED = int(os.environ.get("SIGHTPACT_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180 + 2 * KILLS)]


def test_random_kills_lose_nothing() -> None:
    print(f"SIGHTPACT_SEED={SEED}")
    rng = random.Random(SEED)
    with Writers() as writers:
        for turn in range(KILLS):
            writers.start(f"write {SEED + turn}")
            for _ in range(rng.randrange(1, 15)):
                writers.hear()
            time.sleep(
                rng.random() * 0.003
            )  # not a wait for anything: it picks the instruction to be killed at
            writers.kill()
        acknowledged = writers.acknowledged
    _all_there(acknowledged)


def test_two_processes_append_side_by_side() -> None:
    with Writers() as one, Writers() as other:
        one.start("race 40")
        other.start("race 40")
        one.wait()
        other.wait()
        assert not one.acknowledged.keys() & other.acknowledged.keys()
        acknowledged = one.acknowledged | other.acknowledged
    assert reads.epoch().situation == 80 == len(acknowledged), "each success saw the facts that it changed"
    _all_there(acknowledged)


def _all_there(acknowledged: dict[int, str]) -> None:
    head = reads.head()
    assert head is not None and acknowledged and max(acknowledged) < head.size
    stored = reads.entries(0, head.size)
    for index, digest in acknowledged.items():
        assert hashlib.sha256(stored[index]).hexdigest() == digest
    source = Live(settings.SIGHTPACT.log_origin)
    report = verify(source, notes.parse_vkey(source.vkey()))
    assert report.whole, [step.faults for step in report.steps]
