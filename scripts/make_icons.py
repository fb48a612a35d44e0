"""Draws the phone icons of `src/sightpact/web/static/web/icons/` from our own mark. Run by hand when the mark changes.

    .venv/bin/python scripts/make_icons.py

Needs the browser of the tests; nothing is downloaded. The pictures are committed: an installation draws none.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parents[1] / "src/sightpact/web/static/web"
SIZES = {"icon-180.png": (180, 0.72), "icon-192.png": (192, 0.72), "icon-512.png": (512, 0.72)}
MASKABLE = {"icon-maskable-512.png": (512, 0.56)}  # phones cut away up to a fifth on each side
PAPER = "#ffffff"


def page(size: int, share: float) -> str:
    """The mark on paper, so large a share of the width. Without its rule for dark pages: an icon has its own ground."""
    mark = re.sub(r"<style>.*?</style>", "", (STATIC / "mark.svg").read_text())
    mark = mark.replace("<svg ", f'<svg width="{round(size * share)}" height="{round(size * share)}" ')
    style = f"margin:0;width:{size}px;height:{size}px;background:{PAPER};display:grid;place-items:center"
    return f'<body style="{style}">{mark}</body>'


def main() -> None:
    folder = STATIC / "icons"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, (size, share) in {**SIZES, **MASKABLE}.items():
            tab = browser.new_page(viewport={"width": size, "height": size})
            tab.set_content(page(size, share))
            picture = Image.open(io.BytesIO(tab.screenshot())).convert("L").quantize(32)
            picture.save(folder / name, optimize=True)
            print(name, (folder / name).stat().st_size, "bytes")
            tab.close()
        browser.close()


if __name__ == "__main__":
    main()
