"""Draws a person: a few polygons, walking or standing, and nobody in particular.

Never: where people are (walking.py) or the place around them (scenery.py).
"""

from __future__ import annotations

import math

from PIL import Image, ImageDraw

from .scenery import STAGE
from .walking import Placed

LARGE_PX = 6  # pixels a unit from which twofold supersampling is enough; it also gives sub-pixel steps
TALL = 7.9  # units of the drawing below, feet at 0, upwards negative
WIDE, ABOVE, BELOW = 5.0, 8.4, 1.0  # room around the drawing
TOPS = ("#486a72", "#6b4b52", "#8c4640", "#43597a", "#62714e", "#85734f", "#59536f", "#a0785a")
LEGS = ("#333538", "#2e3038", "#3b4454", "#4a4038")
SKINS = ("#a88468", "#8a6248", "#c79f80", "#6f4b37")
HAIRS = ("#2b2522", "#3d2c20", "#54412f", "#1f1d1f")
SHOES, BAGS = "#26262a", ("#5a3f3a", "#3a4148")

Point = tuple[float, float]


class _Pen:
    """Draws in the person's own units on an oversized patch. `dim` darkens to the light of the scene."""

    def __init__(self, patch: Image.Image, origin: Point, unit: float, dim: float) -> None:
        self._draw = ImageDraw.Draw(patch)
        self._x, self._y = origin
        self._unit, self._dim = unit, dim

    def _ink(self, digits: str, shade: float) -> tuple[int, ...]:
        return tuple(round(int(digits[i : i + 2], 16) * self._dim * shade) for i in (1, 3, 5))

    def poly(self, colour: str, points: list[Point], shade: float = 1.0) -> None:
        at = [(self._x + x * self._unit, self._y + y * self._unit) for x, y in points]
        self._draw.polygon(at, fill=self._ink(colour, shade))

    def ball(self, colour: str, x: float, y: float, rx: float, ry: float) -> None:
        self._draw.ellipse(self._around(x, y, rx, ry), fill=self._ink(colour, 1.0))

    def shadow(self) -> None:
        self._draw.ellipse(self._around(0.25, 0.05, 1.5, 0.42), fill=(0, 0, 0, 70))

    def _around(self, x: float, y: float, rx: float, ry: float) -> list[float]:
        u = self._unit
        return [
            self._x + (x - rx) * u,
            self._y + (y - ry) * u,
            self._x + (x + rx) * u,
            self._y + (y + ry) * u,
        ]


def draw(picture: Image.Image, who: Placed, dim: float) -> None:
    """Draws a person with shadow onto the picture, in place. `dim` (0..1) is the light of the scene."""
    zoom = picture.width / STAGE[0]
    unit = who.height * zoom / TALL
    wide, high = math.ceil(WIDE * unit) + 2, math.ceil((ABOVE + BELOW) * unit) + 2
    left, top = who.x * zoom - wide / 2, who.y * zoom - ABOVE * unit
    rest_x, rest_y = left - math.floor(left), top - math.floor(top)
    oversize = 2 if unit > LARGE_PX else 4
    patch = Image.new("RGBA", (wide * oversize, high * oversize), (0, 0, 0, 0))
    origin = ((wide / 2 + rest_x) * oversize, (ABOVE * unit + rest_y) * oversize)
    pen = _Pen(patch, origin, unit * oversize, dim)
    pen.shadow()
    swing, lift = math.sin(2 * math.pi * who.step), math.cos(2 * math.pi * who.step)
    bob = -0.12 * abs(lift) if who.dx or who.dy else 0.0
    _legs(pen, who, swing, lift, bob)
    _arms(pen, who, swing, bob)
    _body(pen, who, bob)
    _head(pen, who, bob)
    patch = patch.resize((wide, high), Image.Resampling.BOX)
    if who.opacity < 1:
        patch.putalpha(patch.getchannel("A").point(lambda a: round(a * who.opacity)))
    picture.paste(patch, (math.floor(left), math.floor(top)), patch)


def _face(who: Placed) -> int:
    return 1 if who.dx >= 0 else -1


def _half_width(who: Placed) -> float:
    return 0.95 - 0.22 * abs(who.dx)


def _legs(pen: _Pen, who: Placed, swing: float, lift: float, bob: float) -> None:
    colour, sideways, face = LEGS[who.look % len(LEGS)], abs(who.dx), _face(who)
    for side in (-1, 1):
        stride = side * swing
        x = side * 0.34 * (1 - 0.6 * sideways) + stride * 1.25 * sideways
        y = -0.42 * max(0.0, stride) * abs(who.dy) - 0.25 * max(0.0, lift * side) * sideways
        hip = side * 0.36 * (1 - 0.5 * sideways)
        knee = (hip + x) / 2 + 0.22 * face * sideways * max(0.0, stride)
        thigh = [(knee - 0.32, -2.0), (hip - 0.42, -4.1 + bob), (hip + 0.42, -4.1 + bob), (knee + 0.32, -2.0)]
        pen.poly(colour, [*thigh, (x + 0.26, y - 0.1), (x - 0.28, y - 0.1)], 1.0 if side > 0 else 0.82)
        toe = x + 0.3 + 0.35 * sideways * face
        pen.poly(SHOES, [(x - 0.3, y - 0.3), (toe, y - 0.18), (toe, y + 0.05), (x - 0.3, y + 0.05)])


def _arms(pen: _Pen, who: Placed, swing: float, bob: float) -> None:
    sideways, half = abs(who.dx), _half_width(who)
    for side in (-1, 1):  # opposite to the legs
        stride = -side * swing
        x, y = side * (half + 0.32) * (1 - 0.75 * sideways) + stride * 0.95 * sideways, -3.75 + bob
        y -= 0.3 * max(0.0, stride)
        top, high = side * half * 0.86, -6.2 + bob
        sleeve = [(top - 0.25, high), (top + 0.25, high), (x + 0.22, y), (x - 0.22, y)]
        pen.poly(TOPS[who.look % len(TOPS)], sleeve, 0.84)
        pen.ball(SKINS[who.look // 2 % len(SKINS)], x, y + 0.06, 0.2, 0.22)


def _body(pen: _Pen, who: Placed, bob: float) -> None:
    colour, w = TOPS[who.look % len(TOPS)], _half_width(who)
    neck, shoulder, waist = -6.62 + bob, -6.2 + bob, -3.8 + bob
    left = [(-w * 0.86, waist), (-w, shoulder), (-w * 0.55, neck)]
    right = [(w * 0.55, neck), (w, shoulder), (w * 0.86, waist)]
    pen.poly(colour, [*left, *right])
    pen.poly(colour, [(w * 0.2, neck), *right, (w * 0.32, waist)], 0.86)
    if who.look % 3 == 1:  # a school bag
        back = -_face(who) * abs(who.dx)
        pen.ball(BAGS[who.look % 2], back * 0.85, -5.3 + bob, 0.75 - 0.2 * abs(who.dx), 0.95)


def _head(pen: _Pen, who: Placed, bob: float) -> None:
    skin, hair = SKINS[who.look // 2 % len(SKINS)], HAIRS[who.look // 3 % len(HAIRS)]
    turn, away = _face(who) * abs(who.dx), who.dy < -0.3
    x = 0.14 * turn
    pen.ball(skin, x, -7.2 + bob, 0.6, 0.7)
    pen.ball(hair, x - 0.1 * turn, -7.42 + bob, 0.64, 0.62 if away else 0.46)
    if who.look % 2 == 0:  # longer hair
        if away:
            pen.ball(hair, x, -7.0 + bob, 0.6, 0.72)
        else:
            pen.ball(hair, x - 0.3 * turn, -7.05 + bob, 0.64 - 0.3 * abs(turn), 0.5)
            pen.ball(skin, x + 0.14 * turn, -7.08 + bob, 0.46, 0.56)
