"""The browser's reader is the twin of the Python one."""

from __future__ import annotations

import base64
import io
import json
import random
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from sightpact.camerasim import timecode

from .test_timecode import picture

READER = Path(timecode.__file__).with_name("timecode.js").read_text()
PAGE = """async (url) => {
  const image = new Image(); image.src = url; await image.decode();
  const canvas = document.createElement("canvas"); canvas.width = 320; canvas.height = 180;
  const context = canvas.getContext("2d"); context.drawImage(image, 0, 0, 320, 180);
  const code = readTimecode(context.getImageData(0, 0, 320, 180));
  return [code, code && timecodeUtcMs(code, 1800000000000, 16)];
}"""


@pytest.mark.browser
def test_chromium_reads_what_python_draws() -> None:
    rng = random.Random(5)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.add_script_tag(content=READER)
        for _ in range(12):
            number, frame = rng.randrange(1024), rng.randrange(240)
            coded = io.BytesIO()
            Image.fromarray(picture(number, frame)).save(coded, "JPEG", quality=60)
            url = "data:image/jpeg;base64," + base64.b64encode(coded.getvalue()).decode()
            code, utc_ms = page.evaluate(PAGE, url)
            assert code == {"camera": number, "frame": frame}, json.dumps(code)
            told = timecode.utc_of(frame, 1_800_000_000, 16, camera_number=number)
            assert utc_ms / 1000 == pytest.approx(told, abs=1e-3)
        blank = "readTimecode({width: 320, height: 180, data: new Uint8ClampedArray(320 * 180 * 4)})"
        assert page.evaluate(blank) is None
        browser.close()
