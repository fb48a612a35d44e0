"""Walking people: where each one is at an instant of the loop, and how he or she is drawn.

A walk is a path on the stage; size follows the scene's perspective, speed is a person's (0.8 body heights a second).
Never: the place itself (scenery.py). The people are made up of four polygons and a circle, and nobody in particular.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from .scenery import STAGE

PACE = 0.8  # body heights a second
STEPS_PER_HEIGHT = 1.15  # full step cycles while moving one body height, times the pace
FADE_S = 0.35  # coming out of a door
OVERSIZE = 4  # supersampling
TOPS = ("#486a72", "#6b4b52", "#8c4640", "#43597a", "#62714e", "#85734f", "#59536f", "#a0785a")
LEGS = ("#333538", "#2e3038", "#3b4454", "#4a4038")
SKINS = ("#a88468", "#8a6248", "#c79f80", "#6f4b37")
HAIRS = ("#2b2522", "#3d2c20", "#54412f", "#1f1d1f")


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


def place(walk: dict[str, Any], t: float, loop_s: float) -> Placed | None:
    """Where the walker is `t` seconds into the loop, or None while out of the picture.

    `walk`: path [[x, y], ...], perspective [k, horizon] (height = k * (y - horizon)), look, start (share of the loop),
    doors (fade at the ends). A path that ends where it began is walked and then waited out.
    """
    path, (k, horizon) = walk["path"], walk["perspective"]
    tall = walk.get("tall", 1.0)
    lengths = []
    for (x0, y0), (x1, y1) in zip(path, path[1:], strict=False):
        mean = max(1.0, k * ((y0 + y1) / 2 - horizon))
        lengths.append(math.hypot(x1 - x0, (y1 - y0) * 2.2) / mean)  # depth is foreshortened
    total = sum(lengths)
    duration = min(loop_s, total / (PACE * walk.get("pace", 1.0)))
    since = (t - walk.get("start", 0.0) * loop_s) % loop_s
    closed = path[0] == path[-1]
    if since > duration:
        if not closed:
            return None
        since = duration
    gone = since / duration * total
    walked = gone
    (x0, y0), (x1, y1) = path[-2], path[-1]
    share = 1.0
    for i, length in enumerate(lengths):
        if gone <= length:
            (x0, y0), (x1, y1) = path[i], path[i + 1]
            share = gone / length if length else 1.0
            break
        gone -= length
    x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
    reach = math.hypot(x1 - x0, y1 - y0) or 1.0
    moving = since < duration
    fade = min(1.0, since / FADE_S, (duration - since) / FADE_S) if walk.get("doors") and not closed else 1.0
    return Placed(
        x=x,
        y=y,
        height=max(2.0, k * (y - horizon) * tall),
        dx=(x1 - x0) / reach if moving else 0.0,
        dy=(y1 - y0) / reach if moving else 0.0,
        step=walked * STEPS_PER_HEIGHT % 1.0 if moving else 0.0,
        opacity=max(0.0, fade),
        look=walk.get("look", 0),
    )


def draw(picture: Image.Image, who: Placed, dim: float) -> None:
    """Draws a person with shadow onto the picture in place. `dim` darkens clothes to the light of the scene."""
    zoom = picture.width / STAGE[0]
    unit = who.height * zoom / 7.9  # the drawing below is 7.9 units tall
    wide, high = math.ceil(5 * unit) + 2, math.ceil(9.4 * unit) + 2
    patch = Image.new("RGBA", (wide * OVERSIZE, high * OVERSIZE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(patch)
    u = unit * OVERSIZE
    cx, cy = patch.width / 2, 8.4 * u

    def colour(digits: str, shade: float = 1.0) -> tuple[int, int, int, int]:
        return *(round(int(digits[i : i + 2], 16) * dim * shade) for i in (1, 3, 5)), 255  # type: ignore[return-value]

    def poly(points: list[tuple[float, float]], fill: tuple[int, int, int, int]) -> None:
        pen.polygon([(cx + x * u, cy + y * u) for x, y in points], fill=fill)

    def ball(x: float, y: float, rx: float, ry: float, fill: tuple[int, int, int, int]) -> None:
        pen.ellipse([cx + (x - rx) * u, cy + (y - ry) * u, cx + (x + rx) * u, cy + (y + ry) * u], fill=fill)

    look = who.look
    top, leg = TOPS[look % len(TOPS)], LEGS[look % len(LEGS)]
    skin, hair = SKINS[look // 2 % len(SKINS)], HAIRS[look // 3 % len(HAIRS)]
    ball(0.25, 0.05, 1.5, 0.42, (0, 0, 0, 70))
    swing = math.sin(2 * math.pi * who.step)
    sideways, ahead = abs(who.dx), abs(who.dy)
    face = 1 if who.dx >= 0 else -1
    bob = -0.12 * abs(math.cos(2 * math.pi * who.step)) if sideways or ahead else 0.0
    width = 0.95 - 0.22 * sideways
    for side in (-1, 1):  # legs, the far one darker
        stride = side * swing
        foot_x = side * 0.34 * (1 - 0.6 * sideways) + stride * 1.25 * sideways
        foot_y = (
            -0.42 * max(0.0, stride) * ahead
            - 0.25 * max(0.0, math.cos(2 * math.pi * who.step) * side) * sideways
        )
        hip = side * 0.36 * (1 - 0.5 * sideways)
        knee = (hip + foot_x) / 2 + 0.22 * face * sideways * max(0.0, stride)
        fill = colour(leg, 1.0 if side > 0 else 0.82)
        poly([(hip - 0.42, -4.1 + bob), (hip + 0.42, -4.1 + bob), (knee + 0.32, -2.0), (foot_x + 0.26, foot_y - 0.1),
              (foot_x - 0.28, foot_y - 0.1), (knee - 0.32, -2.0)], fill)  # fmt: skip
        poly([(foot_x - 0.3, foot_y - 0.3), (foot_x + 0.3 + 0.35 * sideways * face, foot_y - 0.18),
              (foot_x + 0.3 + 0.35 * sideways * face, foot_y + 0.05), (foot_x - 0.3, foot_y + 0.05)], colour("#26262a"))  # fmt: skip
    for side in (-1, 1):  # arms, opposite to the legs
        stride = -side * swing
        shoulder = side * width * 0.86
        hand_x = side * (width + 0.32) * (1 - 0.75 * sideways) + stride * 0.95 * sideways
        hand_y = -3.75 + bob - 0.3 * max(0.0, stride)
        poly([(shoulder - 0.25, -6.2 + bob), (shoulder + 0.25, -6.2 + bob), (hand_x + 0.22, hand_y), (hand_x - 0.22, hand_y)],
             colour(top, 0.84))  # fmt: skip
        ball(hand_x, hand_y + 0.06, 0.2, 0.22, colour(skin))
    poly([(-width, -6.2 + bob), (-width * 0.55, -6.62 + bob), (width * 0.55, -6.62 + bob), (width, -6.2 + bob),
          (width * 0.86, -3.8 + bob), (-width * 0.86, -3.8 + bob)], colour(top))  # fmt: skip
    poly([(width * 0.2, -6.6 + bob), (width * 0.6, -6.6 + bob), (width, -6.2 + bob), (width * 0.86, -3.8 + bob),
          (width * 0.32, -3.8 + bob)], colour(top, 0.86))  # fmt: skip
    if look % 3 == 1:  # a school bag
        back = -face * sideways
        ball(
            back * 0.85,
            -5.3 + bob,
            0.55 + 0.2 * (1 - sideways),
            0.95,
            colour("#3a4148" if look % 2 else "#5a3f3a"),
        )
    nod = 0.14 * face * sideways
    ball(nod, -7.2 + bob, 0.6, 0.7, colour(skin))
    away = who.dy < -0.3
    ball(nod - 0.1 * face * sideways, -7.42 + bob, 0.64, 0.62 if away else 0.46, colour(hair))
    if look % 2 == 0:  # longer hair
        ball(nod - 0.3 * face * sideways, -7.0 + bob, 0.6 if away else 0.34, 0.72, colour(hair))
        if not away:
            ball(nod + 0.14 * face * sideways, -7.08 + bob, 0.46, 0.56, colour(skin))
    patch = patch.resize((wide, high), Image.Resampling.BOX)
    if who.opacity < 1:
        patch.putalpha(patch.getchannel("A").point(lambda a: round(a * who.opacity)))
    # Whole-pixel steps would jerk at this size; the resize above is cheap, a sub-pixel shift is not worth it.
    picture.paste(patch, (round(who.x * zoom - wide / 2), round(who.y * zoom - 8.4 * unit)), patch)
