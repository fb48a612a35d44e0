"""The look of a simulated picture for drills: violet lines on dark, and the word DRILL drawn into it.

A realistic one would be taken for real when somebody photographs the screen. Never: which cameras have it (spec.py).
"""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

GROUND, LINE, BOX, WORD = "#1d1438", "#b9a3ff", "#d5c6ff", "#1d1140"


def drawn(frame: Image.Image) -> Image.Image:
    """The frame as a line drawing of the same size, marked DRILL at its left, under the name."""
    edges = frame.convert("L").filter(ImageFilter.FIND_EDGES).point(lambda light: min(255, light * 4))
    width, height = frame.size
    ImageDraw.Draw(edges).rectangle((0, 0, width - 1, height - 1), outline=0, width=2)  # the filter's own rim
    picture = ImageOps.colorize(edges, black=GROUND, white=LINE)
    size = max(14, round(width / 16))
    font = ImageFont.load_default(size)
    left, top, right, bottom = (int(v) for v in font.getbbox("DRILL"))
    pad = size // 3
    wide, high = right - left + 2 * pad, bottom - top + 2 * pad
    at = (pad, height // 8)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((*at, at[0] + wide, at[1] + high), fill=BOX)
    pen.text((at[0] + pad - left, at[1] + pad - top), "DRILL", font=font, fill=WORD)
    return picture
