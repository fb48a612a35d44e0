"""A camera that is not ours: GStreamer's RTSP server, added by `sightpact import`, plays on the wall."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sightpact.demo import toml_out
from tests.deployment import Deployment, wait_for
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import at_rest
from tests.media.clip import clip

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
HELPER = Path(__file__).parents[1] / "media" / "gstreamer_camera.py"
SLUG = "northgate-gstreamer-lot"

# The clip is dark noise with one white square that moves from left to right: where is it, in the picture's own pixels?
WHITE = """(tile) => {
  const canvas = tile.querySelector("canvas");
  const { data } = canvas.getContext("2d", { alpha: false }).getImageData(0, 16, canvas.width, 1);
  const white = [];
  for (let x = 0; x < canvas.width; x += 1) if (data[x * 4] > 200) white.push(x);
  return { size: [canvas.width, canvas.height], white };
}"""


DECODES = "async () => (await VideoDecoder.isConfigSupported({ codec: 'hvc1.1.6.L30.90' })).supported"


@pytest.fixture(params=["h264", "h265"])
def codec(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def gstreamer(codec: str, tmp_path: Path) -> Iterator[str]:
    """The address of a running GStreamer camera with a password."""
    film = clip(codec)
    units = [b"".join(b"\0\0\0\1" + nal for nal in nals) for nals in film.frames]
    (tmp_path / "units").write_bytes(b"".join(struct.pack(">I", len(unit)) + unit for unit in units))
    command = [
        "/usr/bin/python3",
        str(HELPER),
        codec,
        str(tmp_path / "units"),
        str(film.fps),
        "lakeview-test",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield f"rtsp://127.0.0.1:{int(server.stdout.readline())}/live"
        server.kill()


def test_it_plays_on_the_wall(
    lakeview: Deployment, screen: OpenScreen, codec: str, gstreamer: str, tmp_path: Path
) -> None:
    area = {"slug": SLUG, "school": "northgate", "kind": "parking", "name": "West lot", "floor": 1}
    camera = {
        "slug": SLUG, "school": "northgate", "areas": [SLUG], "name": "West lot", "place": "", "address": gstreamer,
        "username": "svc", "password": "lakeview-test", "standby": False,
    }  # fmt: skip
    file = tmp_path / "west-lot.toml"
    file.write_text(toml_out.tables("areas", [area]) + toml_out.tables("cameras", [camera]))
    lakeview.run("import", str(file))
    assert lakeview.approve_waiting() == 1, "it opens a camera to police: a second person agrees"
    omar = screen("omar")
    wall = at_rest(omar)
    wall.get_by_role("button", name="16", exact=True).click()
    wall.locator(".schools li").filter(has_text="Northgate").get_by_role("button").click()
    tile = wall.locator("live-tile").filter(has_text="West lot")
    if codec == "h265" and not wall.evaluate(DECODES):  # Debian's chromium does so with a graphics card only
        expect(tile.locator(".nopic")).to_contain_text("This browser cannot decode this camera's video.")
        omar.look("omar-gstreamer-h265")
        return
    expect(tile).to_have_attribute("data-state", "live")
    seen = tile.evaluate(WHITE)
    assert seen["size"] == [160, 96] and seen["white"], "the clip's own picture, decoded"
    wait_for(lambda: tile.evaluate(WHITE)["white"] != seen["white"], what="the square moves")
    omar.look("omar-gstreamer")
