"""Where each walking person is at an instant of the loop. Pure arithmetic on the stage's 320 x 180 units.

Size follows the scene's perspective, speed is a person's. Never: drawing (figures.py) or places (scenery.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

PACE = 0.8  # body heights a second
STEPS_PER_HEIGHT = 1.15  # full step cycles while moving one body height
FORESHORTENING = 2.2  # steps into the depth look shorter than steps sideways
FADE_S = 0.35  # coming out of a door


@dataclass(frozen=True)
class Walk:
    """A person's way through the scene, once per loop."""

    path: list[list[float]]  # feet: x, y and, where the floor is not flat, the height on the screen
    look: int  # which clothes, skin and hair
    start: float  # share of the loop
    pace: float = 1.0  # times a walk
    stays: bool = False  # stands at the end of the path until the loop turns
    doors: bool = False  # comes out of a door and goes into one


@dataclass(frozen=True)
class Placed:
    x: float  # stage units, feet
    y: float
    height: float  # stage units
    dx: float  # direction on the screen, length 1 or 0 (standing)
    dy: float
    step: float  # 0..1 in the step cycle
    opacity: float
    look: int


def place(walk: Walk, perspective: tuple[float, float], t: float, loop_s: float) -> Placed | None:
    """Where the walker is `t` seconds into the loop, or None while out of the picture.

    Height on the screen is k * (y - horizon) for `perspective` (k, horizon), unless the path gives heights
    itself (on stairs). A walk that would outlast the loop is hurried.
    """
    k, horizon = perspective
    points = [(p[0], p[1], p[2] if len(p) > 2 else max(2.0, k * (p[1] - horizon))) for p in walk.path]
    pairs = list(pairwise(points))
    lengths = [math.hypot(b[0] - a[0], (b[1] - a[1]) * FORESHORTENING) * 2 / (a[2] + b[2]) for a, b in pairs]
    total = sum(lengths)
    duration = min(loop_s, total / (PACE * walk.pace))
    since = (t - walk.start * loop_s) % loop_s
    moving = since < duration
    if not moving and not walk.stays:
        return None
    walked = min(since / duration, 1.0) * total
    left = walked
    for (a, b), length in zip(pairs, lengths, strict=True):  # noqa: B007 - the segment found is used below
        if left <= length:
            break
        left -= length
    share = min(1.0, left / length) if length else 1.0
    x, y, height = (a[i] + (b[i] - a[i]) * share for i in range(3))
    reach = math.hypot(b[0] - a[0], b[1] - a[1]) or 1.0
    return Placed(
        x=x,
        y=y,
        height=height,
        dx=(b[0] - a[0]) / reach if moving else 0.0,
        dy=(b[1] - a[1]) / reach if moving else 0.0,
        step=walked * STEPS_PER_HEIGHT % 1.0 if moving else 0.0,
        opacity=min(1.0, since / FADE_S, (duration - since) / FADE_S) if walk.doors else 1.0,
        look=walk.look,
    )
