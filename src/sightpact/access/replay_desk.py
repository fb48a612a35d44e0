"""One worker for replays asked on a page, and what each person asked last. A newer question of a person ends the older one.

In memory alone: after a restart one asks again. Never: a decision for a picture, or a second replay at the same time.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connections

from sightpact.access.replay import Replayed
from sightpact.access.replay_asked import Asked, decide
from sightpact.ledger import clock

KEPT = 32  # people
KEPT_FOR = timedelta(hours=1)  # what was found; one asks again
BREATH = 20  # looks; then whoever waits for the processor has it first
_BREATH_S = 0.002
_log = logging.getLogger(__name__)


class _Ended(Exception):
    """Its person asked something else."""


@dataclass
class Job:
    """One replay. `done` rises to `total`; then `found` is there, or `failed`."""

    asked: Asked
    key: tuple[str, ...]  # agreement, text, over what
    done: int = 0
    found: Replayed | None = None
    failed: bool = False
    ended: bool = False
    found_utc: datetime | None = None

    @property
    def total(self) -> int:
        return self.asked.total

    @property
    def waits(self) -> bool:
        return self.found is None and not self.failed


class Desk:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: ThreadPoolExecutor | None = None
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._pause = threading.Event()

    def ask(self, person: str, key: tuple[str, ...], asked: Asked) -> Job:
        """Begin a replay for a person (id); what that person asked before is given up."""
        job = Job(asked, key)
        with self._lock:
            self._forget()
            if before := self._jobs.pop(person, None):
                before.ended = True
            self._jobs[person] = job
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)[1].ended = True
            self._worker = self._worker or ThreadPoolExecutor(1, "replay")
            self._worker.submit(self._work, job)
        return job

    def last(self, person: str, agreement: str) -> Job | None:
        """What this person asked last, if it was about this agreement (slug)."""
        with self._lock:
            self._forget()
            job = self._jobs.get(person)
        return job if job is not None and job.key[0] == agreement else None

    def _forget(self) -> None:
        since = clock.now() - KEPT_FOR
        old = [who for who, job in self._jobs.items() if job.found_utc is not None and job.found_utc < since]
        for who in old:
            del self._jobs[who]

    def _work(self, job: Job) -> None:
        def told(count: int) -> None:
            job.done = count
            if job.ended:
                raise _Ended
            if count % BREATH == 0:
                self._pause.wait(_BREATH_S)

        try:
            told(0)
            found = decide(job.asked, told)
            job.asked = replace(job.asked, recorded=() if job.asked.recorded else job.asked.recorded)
            job.found, job.found_utc = found, clock.now()  # the looks themselves are not kept
        except _Ended:
            job.failed = True
        except Exception:
            _log.exception("a replay failed")
            job.failed = True
        finally:
            connections.close_all()  # this thread is no request's


DESK = Desk()
