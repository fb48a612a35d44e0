"""The one form that every bench row has, and the arithmetic behind it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

Progress = Callable[[float, str], None]
"""Called with how much is done (0 to 1) and what is being done."""


def percentile(samples: Sequence[float], part: float) -> float:
    """The sample at `part` (0 to 1) of the sorted samples."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def row(
    id: str,
    what: str,
    unit: str,
    repeats: Sequence[float],
    *,
    samples: int,
    reach: float | None = None,
    peer: tuple[str, Sequence[float]] | None = None,
) -> dict[str, Any]:
    """One row: the median over the repeats.

    Args:
        id: e.g. "ledger.append_ms_p50".
        what: what was measured under which load.
        unit: of the values.
        repeats: one value for each repeat.
        samples: how many single measurements stand behind each repeat.
        reach: the value must be under it; None: no promise.
        peer: what was run beside it, and its values, in the same unit.
    """
    value = statistics.median(repeats)
    made: dict[str, Any] = {
        "id": id,
        "what": what,
        "value": round(value, 4),
        "unit": unit,
        "reach": reach,
        "met": None if reach is None else value < reach,
        "repeats": len(repeats),
        "samples": samples,
        "min": round(min(repeats), 4),
        "max": round(max(repeats), 4),
    }
    if peer is not None:
        beside = statistics.median(peer[1])
        made["peer"] = {"what": peer[0], "value": round(beside, 4)}
        made["ratio"] = round(value / beside, 4) if beside else None
    return made
