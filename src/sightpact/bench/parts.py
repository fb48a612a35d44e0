"""A bench in parts: each can be run alone, and one that fails does not take the others' figures with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sightpact.bench.deployment import DeploymentFailed
from sightpact.bench.rows import Progress

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """What one throw-away deployment measures."""

    says: str  # while it runs
    rows: tuple[str, ...]  # ids
    run: Callable[[Progress, bool], Rows]  # (progress of this part from 0 to 1, quick)


class PartsFailed(DeploymentFailed):
    """Some parts could not be measured; the rows of the others are here."""

    def __init__(self, rows: Rows, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.rows, self.faults = rows, list(faults)


def wanted(parts: Sequence[Part], only: Sequence[str]) -> tuple[Part, ...]:
    """The parts that measure these rows, by whole id or its beginning; all of them when none is named."""
    return tuple(p for p in parts if not only or any(row.startswith(id) for row in p.rows for id in only))


def run_parts(parts: Sequence[Part], progress: Progress, quick: bool) -> Rows:
    """Measure them one after the other.

    Raises:
        PartsFailed: after all of them, when one or more could not be measured.
    """
    rows: Rows = []
    faults = []
    for number, part in enumerate(parts):

        def inside(done: float, text: str, number: int = number) -> None:
            progress((number + done) / len(parts), text)

        inside(0.0, part.says)
        try:
            rows += part.run(inside, quick)
        except Exception as fault:  # also what a browser raises: the other parts' figures are worth hours
            faults.append(f"{', '.join(part.rows)}: {_said(fault)}")
    progress(1.0, "done")
    if faults:
        raise PartsFailed(rows, faults)
    return rows


def _said(fault: Exception) -> str:
    if isinstance(fault, DeploymentFailed | OSError):
        return str(fault)
    return f"{type(fault).__name__}: {fault}".splitlines()[0]
