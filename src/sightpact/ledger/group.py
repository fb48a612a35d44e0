"""Group commit: entries of many threads share one durable commit. For callers with no other change to make.

The first to come leads: it commits everything that waits, then hands the lead on. Nobody waits idly, only for a
commit that is under way (about a millisecond), so a lone append is as quick as without a group.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from sightpact.ledger import actions, store
from sightpact.ledger.actions import Receipt
from sightpact.ledger.entries import NewEntry, check
from sightpact.ledger.epoch import EpochValue
from sightpact.ledger.errors import EpochMoved

MAX_BATCH = 512  # entries in one commit: bounds what a newcomer can wait for


@dataclass(eq=False, slots=True)
class _Waiting:
    entries: Sequence[NewEntry]
    expect: EpochValue | None
    done: threading.Event = field(default_factory=threading.Event)
    receipts: list[Receipt] = field(default_factory=list)
    fault: BaseException | None = None


_queue: deque[_Waiting] = deque()
_lead = threading.Lock()


def append(entries: Sequence[NewEntry], *, expect: EpochValue | None = None) -> list[Receipt]:
    """Add entries durably, together with whatever other threads are adding. Call it outside any transaction.

    Args:
        entries: what happened.
        expect: epoch of the snapshot that the caller decided on.
    Returns:
        one receipt per entry, already on disk.
    Raises:
        EpochMoved, BadEntry, KeyTrouble, HeadMoved: nothing of this caller's was written.
    """
    for entry in entries:
        check(entry)
    mine = _Waiting(entries, expect)
    _queue.append(mine)
    with _lead:
        # Whoever had the lead before may have done ours; else we lead, for all who wait by now.
        if not mine.done.is_set():
            _commit(_take(mine))
    if mine.fault is not None:
        raise mine.fault
    return mine.receipts


def _take(mine: _Waiting) -> list[_Waiting]:
    """Those who wait, oldest first, up to MAX_BATCH entries; always including the leader."""
    batch: list[_Waiting] = []
    count = 0
    while _queue and count < MAX_BATCH:
        batch.append(_queue.popleft())
        count += len(batch[-1].entries)
    if mine not in batch:
        _queue.remove(mine)
        batch.append(mine)
    return batch


def _commit(batch: Sequence[_Waiting]) -> None:
    try:
        with transaction.atomic(durable=True):
            store.take_writer_lock()
            found = store.read_epoch()
            going = [w for w in batch if w.expect is None or w.expect == found]
            receipts = actions.append([entry for w in going for entry in w.entries])
    except BaseException as fault:
        for waiting in batch:
            waiting.fault = fault
            waiting.done.set()
        if not isinstance(fault, Exception):
            raise
        return
    rest = iter(receipts)
    for waiting in batch:
        if waiting in going:
            waiting.receipts = [next(rest) for _ in waiting.entries]
        else:
            waiting.fault = EpochMoved(waiting.expect, found)
        waiting.done.set()
