"""The camera field: one square is one camera. Server-made SVG, one path a state, with its counts in words.

Pure. Colours are classes of `static/agreements/reader.css`, so that print and dark follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_STEP, _SIDE, _PER_ROW, _GAP = 6.3, 3.9, 40, 5.0

OPEN, ELSEWHERE, SHUT, NEVER, UNCLASSIFIED = "open", "elsewhere", "shut", "never", "unclassified"
STATES = (OPEN, ELSEWHERE, SHUT, NEVER, UNCLASSIFIED)


@dataclass(frozen=True, slots=True)
class Field:
    """An SVG drawing: its size, one path a state, and what it says in words."""

    width: float
    height: float
    paths: tuple[tuple[str, str], ...]  # (state, path data)
    label: str


def draw(groups: Sequence[Sequence[str]], label: str) -> Field | None:
    """Draw groups of cameras, each beginning on a new row.

    Args:
        groups: per group the state of each camera.
        label: the same in words, for those who do not see it.
    Returns:
        None when there is no camera to draw.
    """
    groups = [sorted(g, key=STATES.index) for g in groups if g]
    if not groups:
        return None
    strokes: dict[str, list[str]] = {}
    top = 0.55
    for group in groups:
        for index, state in enumerate(group):
            x, y = 0.55 + (index % _PER_ROW) * _STEP, top + (index // _PER_ROW) * _STEP
            strokes.setdefault(state, []).append(_square(state, round(x, 2), round(y, 2)))
        top += ((len(group) - 1) // _PER_ROW + 1) * _STEP + _GAP
    width = min(_PER_ROW, max(len(g) for g in groups)) * _STEP
    height = round(top - _GAP, 2)
    paths = tuple((state, "".join(strokes[state])) for state in STATES if state in strokes)
    return Field(max(round(width, 2), _PER_ROW * _STEP), height, paths, label)


def _square(state: str, x: float, y: float) -> str:
    half = _SIDE / 2
    if state == SHUT:
        return f"M{x + half - 0.7:.2f} {y + half - 0.7:.2f}h1.4v1.4h-1.4z"
    if state == NEVER:
        return f"M{x} {y + half:.2f}h{_SIDE}"
    if state == UNCLASSIFIED:
        return f"M{x} {y}l{_SIDE} {_SIDE}m0 -{_SIDE}l-{_SIDE} {_SIDE}"
    return f"M{x} {y}h{_SIDE}v{_SIDE}h-{_SIDE}z"
