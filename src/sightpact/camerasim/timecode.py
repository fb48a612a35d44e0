"""The machine-readable timecode in each picture: camera number and frame of the loop, with a check byte.

Two rows of sixteen cells in the top right corner; every measure is a fraction of the picture's width, so
the code survives scaling. `timecode.js` reads the same layout in a browser: change both together.
Never: anything about clocks here. A frame number becomes a time only by the arithmetic of `utc_of`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

COLUMNS = 16
ROWS = 2
CELLS_PER_WIDTH = 80  # a cell is 1/80 of the width: 8 px at 640, 4 px at 320
LEFT_CELL = 63  # the strip spans cells 63..79 from the left and 1..3 from the top
TOP_CELL = 1
NUMBER_BITS = 10
FRAME_BITS = 10
CHECK_BITS = 8
WHITE = 215
BLACK = 32
MIN_CONTRAST = 60  # luma steps between the white and the black corner cells below which nothing is read
PHASES = 8  # cameras send at one of eight instants within a frame's time, as unsynchronised cameras do


@dataclass(frozen=True)
class Timecode:
    camera_number: int
    frame: int


def _check(value: int) -> int:
    """CRC-8 (polynomial 0x07, start 0x5a, lest all black be a code) over the 20 data bits as 3 bytes."""
    crc = 0x5A
    for byte in value.to_bytes(3, "big"):
        crc ^= byte
        for _ in range(8):
            crc = ((crc << 1) ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc


def cells(camera_number: int, frame: int) -> list[bool]:
    """The 32 cells, row by row, True is white. Corners are the references: white, black / black, white."""
    if not 0 <= camera_number < 1 << NUMBER_BITS or not 0 <= frame < 1 << FRAME_BITS:
        raise ValueError(f"camera number {camera_number} or frame {frame} does not fit into 10 bits")
    data = camera_number << FRAME_BITS | frame
    word = data << CHECK_BITS | _check(data)
    bits = [bool(word >> (27 - i) & 1) for i in range(28)]
    return [True, *bits[:14], False, False, *bits[14:], True]


def _box(width: int, index: int) -> tuple[float, float, float]:
    """Left, top and side length of a cell, in pixels."""
    side = width / CELLS_PER_WIDTH
    return (LEFT_CELL + index % COLUMNS) * side, (TOP_CELL + index // COLUMNS) * side, side


def plate(width: int) -> tuple[int, int, int, int]:
    """The dark plate under the strip: left, top, right, bottom in even pixels (chroma has half of them)."""
    side = width / CELLS_PER_WIDTH
    margin = side / 2
    left, top = LEFT_CELL * side - margin, TOP_CELL * side - margin
    right, bottom = left + COLUMNS * side + 2 * margin, top + ROWS * side + 2 * margin
    return int(left) // 2 * 2, int(top) // 2 * 2, math.ceil(right / 2) * 2, math.ceil(bottom / 2) * 2


def draw(picture: np.ndarray[Any, Any], camera_number: int, frame: int) -> None:
    """Draws the strip into an array of height x width (luma) or height x width x channels, in place."""
    width = picture.shape[1]
    left, top, right, bottom = plate(width)
    picture[top:bottom, left:right] = BLACK
    for index, white in enumerate(cells(camera_number, frame)):
        if white:
            x, y, side = _box(width, index)
            picture[round(y) : round(y + side), round(x) : round(x + side)] = WHITE


def read(picture: np.ndarray[Any, Any]) -> Timecode | None:
    """Reads the strip from a luma, RGB or RGBA array (from about 200 px width), or None if unclear."""
    height, width = picture.shape[:2]
    if width < 128 or height < (TOP_CELL + ROWS) * width / CELLS_PER_WIDTH:
        return None
    levels = []
    for index in range(COLUMNS * ROWS):
        x, y, side = _box(width, index)
        x0, x1 = math.floor(x + side * 0.3), max(math.floor(x + side * 0.3) + 1, math.ceil(x + side * 0.7))
        y0, y1 = math.floor(y + side * 0.3), max(math.floor(y + side * 0.3) + 1, math.ceil(y + side * 0.7))
        patch = picture[y0:y1, x0:x1]
        levels.append(float(patch.mean() if patch.ndim == 2 else patch[..., :3].mean()))
    white, black = (levels[0] + levels[31]) / 2, (levels[15] + levels[16]) / 2
    if white - black < MIN_CONTRAST:
        return None
    shares = [(level - black) / (white - black) for level in levels]
    if any(0.4 < share < 0.6 for share in shares):
        return None
    bits = [share > 0.5 for share in shares]
    if not (bits[0] and bits[31]) or bits[15] or bits[16]:
        return None
    word = int("".join("1" if bit else "0" for bit in bits[1:15] + bits[17:31]), 2)
    data = word >> CHECK_BITS
    if _check(data) != word & 0xFF:
        return None
    return Timecode(camera_number=data >> FRAME_BITS, frame=data & ((1 << FRAME_BITS) - 1))


def phase_s(camera_number: int, fps: int) -> float:
    """Seconds by which a camera's frames follow the full frame instant n / fps."""
    return camera_number % PHASES / PHASES / fps


def utc_of(frame: int, near_utc: float, loop_s: float, *, fps: int = 15, camera_number: int = 0) -> float:
    """The UTC second (Unix time) of the frame: of all turns of the loop, the one nearest `near_utc`.

    Right while the picture is younger than half a loop. Without the camera number up to 1/fps too early.
    """
    taken = frame / fps + phase_s(camera_number, fps)
    return taken + round((near_utc - taken) / loop_s) * loop_s
