"""What is burnt into each camera's frames over the shared scene: its name, the timecode, a bar of the loop.

Works on the planes of YUV 4:2:0, so that the scene is drawn and converted once for all its cameras.
Never: the scene (scenery.py, figures.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from . import timecode

Plane = np.ndarray[Any, np.dtype[np.uint8]]


class NamePlate:
    """A camera's name as two masks (dark edge, light letters), made once and laid over each frame."""

    def __init__(self, name: str, width: int) -> None:
        size = max(9, round(width / 40))
        font = ImageFont.load_default(size)
        self.x = self.y = round(width / 80) // 2 * 2
        room = timecode.plate(width)[0] - 2 * self.x
        while name and font.getlength(name) > room:
            name = name[:-2].rstrip() + "…" if len(name) > 2 else ""
        right, bottom = (int(v) for v in font.getbbox(name or " ")[2:])
        wide, high = (right + 8) // 2 * 2, (bottom + 8) // 2 * 2
        letters = Image.new("L", (wide, high), 0)
        ImageDraw.Draw(letters).text((3, 1), name, font=font, fill=255)
        edge = letters.filter(ImageFilter.GaussianBlur(size / 9)).point(lambda v: min(200, v * 2))
        self._letters = np.asarray(letters, dtype=np.float32) / 255
        self._edge = np.asarray(edge, dtype=np.float32) / 255
        self._keep = 1 - np.maximum(self._letters, self._edge).reshape(high // 2, 2, wide // 2, 2).mean(
            axis=(1, 3)
        )

    def lay(self, y: Plane, u: Plane, v: Plane) -> None:
        high, wide = self._letters.shape
        part = y[self.y : self.y + high, self.x : self.x + wide]
        dark = part * (1 - self._edge) + 20 * self._edge
        part[:] = dark * (1 - self._letters) + 222 * self._letters
        for chroma in (u, v):
            part = chroma[self.y // 2 : (self.y + high) // 2, self.x // 2 : (self.x + wide) // 2]
            part[:] = 128 + (part.astype(np.float32) - 128) * self._keep


def lay_timecode(y: Plane, u: Plane, v: Plane, number: int, frame: int, loop_frames: int) -> None:
    """The barcode, and under it a bar that fills once per loop, so that a person too sees it move."""
    left, top, right, bottom = timecode.plate(y.shape[1])
    timecode.draw(y, number, frame)
    high = max(2, y.shape[1] // 320 * 2)
    y[bottom : bottom + high, left:right] = 60
    y[bottom : bottom + high, left : left + max(2, (right - left) * (frame + 1) // loop_frames)] = 200
    for chroma in (u, v):
        chroma[top // 2 : (bottom + high) // 2, left // 2 : right // 2] = 128
