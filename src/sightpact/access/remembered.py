"""Answers for pages that hang on the facts alone: worked out once, kept until the facts move. Nothing here admits anybody.

At 279 cameras a page asks the law some thousand times; the gate shares the processor with the pages.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from django.utils.translation import get_language

from sightpact.access.facts import Snapshot
from sightpact.ledger import clock

P = ParamSpec("P")
T = TypeVar("T")
MOST = 512  # answers kept for each function


def while_facts_stand(
    work_out: Callable[Concatenate[Snapshot, P], T],
) -> Callable[Concatenate[Snapshot, P], T]:
    """Keep the answers of a function of a snapshot and of plain values (ids, flags).

    An answer is given again for the same facts, until a sharing's deadline passes: then the law answers otherwise though
    nobody wrote anything. (When a term begins or ends, the snapshot itself is read anew.)
    """
    kept: dict[Hashable, tuple[Snapshot, datetime | None, T]] = {}

    @functools.wraps(work_out)
    def answer(snapshot: Snapshot, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (args, tuple(sorted(kwargs.items())), get_language())
        known = kept.get(key)
        if known is not None:
            facts, until, value = known
            same = facts.world is snapshot.world and facts.version == snapshot.version
            if same and (until is None or clock.now() < until):
                return value
        now = clock.now()
        value = work_out(snapshot, *args, **kwargs)
        if len(kept) >= MOST:
            kept.clear()
        until = min((s.deadline_utc for s in snapshot.situations if s.deadline_utc > now), default=None)
        kept[key] = (snapshot, until, value)
        return value

    return answer
