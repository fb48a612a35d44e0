"""The drawn places: which there are, which stands for which kind of area, and the empty picture of each.

A scene is a JSON file of polygons, lines and ellipses in tenths of a unit on a stage of 320 x 180 units.
Never: people (figures.py) and camera names (burn_in.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from .walking import Walk

STAGE = (320, 180)
FOLDER = Path(__file__).parent / "scenes"
SUPERSAMPLING = 3


@dataclass(frozen=True)
class Scene:
    name: str
    light: str  # "inside" or "outside"
    perspective: tuple[float, float]
    walks: tuple[Walk, ...]
    items: tuple[tuple[Any, ...], ...]


def names() -> list[str]:
    """All scenes, by file."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


@cache
def load(name: str) -> Scene:
    """Reads a scene. Raises KeyError if there is none of that name."""
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        raise KeyError(name)
    data = json.loads(path.read_text())
    return Scene(
        name=data["scene"],
        light=data["light"],
        perspective=tuple(data["perspective"]),
        walks=tuple(Walk(**walk) for walk in data["walks"]),
        items=tuple(tuple(item) for item in data["items"]),
    )


def _rgba(colour: str, opacity: float) -> tuple[int, int, int, int]:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16), round(opacity * 255)


def draw(scene: Scene, width: int, height: int) -> Image.Image:
    """The empty place as an RGB picture, with the light of a ceiling or sky and a lens's dark corners."""
    zoom = SUPERSAMPLING * width / STAGE[0]
    big = Image.new("RGB", (width * SUPERSAMPLING, height * SUPERSAMPLING), _BACKDROP[scene.light])
    pen = ImageDraw.Draw(big, "RGBA")
    for item in scene.items:
        shape, colour, opacity, numbers = item[:4]
        points = [n / 10 * zoom for n in numbers]
        fill = _rgba(colour, opacity)
        if shape == "p":
            if len(points) >= 6:
                pen.polygon(points, fill=fill)
        elif shape == "e":
            pen.ellipse(points, fill=fill)
        else:
            pen.line(points, fill=fill, width=max(1, round(item[4] * zoom)), joint="curve")
    picture = big.resize((width, height), Image.Resampling.LANCZOS)
    return _light(picture, scene.light)


_BACKDROP = {"inside": "#101416", "outside": "#5e6a5c"}  # where a drawing leaves a gap
_VEILS = {  # share of the height, colour, opacity
    "inside": ((0.0, (13, 20, 23), 0.42), (0.42, (26, 35, 38), 0.12), (1.0, (16, 23, 26), 0.30)),
    "outside": ((0.0, (38, 52, 60), 0.22), (0.5, (26, 35, 38), 0.06), (1.0, (16, 23, 26), 0.28)),
}


def _light(picture: Image.Image, light: str) -> Image.Image:
    import numpy as np

    width, height = picture.size
    data = np.asarray(picture, dtype=np.float64)
    stops = _VEILS[light]
    rows = (np.arange(height) + 0.5) / height
    at = [s[0] for s in stops]
    alpha = np.interp(rows, at, [s[2] for s in stops])[:, None, None]
    veil = np.stack([np.interp(rows, at, [s[1][c] for s in stops]) for c in range(3)], axis=-1)[:, None, :]
    data = data * (1 - alpha) + veil * alpha
    x = ((np.arange(width) + 0.5) / width - 0.5) / 0.75
    y = (rows - 0.46) / 0.75
    distance = np.sqrt(x[None, :] ** 2 + y[:, None] ** 2)
    dark = np.clip((distance - 0.55) / 0.45, 0, 1)[:, :, None] * 0.5
    return Image.fromarray((data * (1 - dark)).clip(0, 255).astype(np.uint8))
