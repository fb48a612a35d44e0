"""Is the record whole? A short one is checked when a page asks; a longer one beside the pages, at most once in five minutes.

Each entry costs about half a millisecond, and the gate shares the processor. A very long record: the command line.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connections

from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.ledger.live_source import Live
from sightpact.ledger.notes import parse_vkey
from sightpact.ledger.verify import verify

AT_ONCE = 200  # entries that are checked while the page waits
CHECK_HERE = 5000  # entries that are checked in this process at all
AGAIN_S = 300  # seconds from one check beside the pages to the next

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Whole:
    """Whether the record is whole: every entry there, none changed, the head signed. Of `size` entries, as of `at`."""

    size: int
    checked: bool
    whole: bool
    broken: str  # the first fault, in words
    at: datetime
    soon: bool = False  # not checked yet, and being checked now


@dataclass(frozen=True, slots=True)
class _Last:
    checkpoint: str
    answer: Whole
    began_s: float  # of the monotonic clock


_last: _Last | None = None
_checking = threading.Lock()


def whole() -> Whole | None:
    """The newest answer, which may be some minutes old and says so by `at` and `size`. None before the record has begun."""
    head = ledger.head()
    if head is None:
        return None
    last = _last
    if last is not None and last.checkpoint == head.checkpoint:
        return last.answer
    if head.size > CHECK_HERE:
        return Whole(head.size, False, False, "", clock.now())
    if head.size <= AT_ONCE:
        return _check()
    if last is None or last.answer.size > head.size or clock.monotonic() - last.began_s >= AGAIN_S:
        _check_beside()
    if last is None or last.answer.size > head.size:
        return Whole(head.size, False, False, "", clock.now(), soon=True)
    return last.answer


def wait() -> None:
    """Until no check runs beside the pages."""
    with _checking:
        pass


def _check() -> Whole:
    global _last
    began = clock.monotonic()
    source = Live(settings.SIGHTPACT.log_origin, settings.SIGHTPACT.keys / "log.key")
    report = verify(source, parse_vkey(source.vkey()))
    fault = next((each for step in report.steps for each in step.faults), None)
    broken = "" if fault is None else fault.why if fault.entry is None else f"{fault.why} ({fault.entry:,})"
    answer = Whole(report.size, True, report.whole, broken, clock.now())
    _last = _Last(source.checkpoint(), answer, began)
    return answer


def _check_beside() -> None:
    if _checking.acquire(blocking=False):
        threading.Thread(target=_checked_beside, name="record-check", daemon=True).start()


def _checked_beside() -> None:
    try:
        _check()
    except Exception:
        log.exception("the record could not be checked")
    finally:
        connections.close_all()
        _checking.release()
