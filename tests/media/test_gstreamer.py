"""The unchanged client against GStreamer's RTSP server: proof that we talk RTSP and not merely to ourselves."""

from __future__ import annotations

import asyncio
import struct
import subprocess
from pathlib import Path

import pytest

from tests.media.clip import clip
from tests.media.test_depacketise import pictures
from tests.media.test_source import Watch

HELPER = Path(__file__).with_name("gstreamer_camera.py")


def play(codec: str, folder: Path, *, password: str = "") -> tuple[Watch, list[bytes]]:
    film = clip(codec)
    units = [b"".join(b"\0\0\0\1" + nal for nal in nals) for nals in film.frames]
    path = folder / "units"
    path.write_bytes(b"".join(struct.pack(">I", len(unit)) + unit for unit in units))
    command = ["/usr/bin/python3", str(HELPER), codec, str(path), "30", *([password] if password else [])]

    async def go() -> Watch:
        server = await asyncio.create_subprocess_exec(
            *command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert server.stdout and server.stderr
        try:
            line = await asyncio.wait_for(server.stdout.readline(), 20)
            if not line:
                pytest.fail((await server.stderr.read()).decode())
            sign_in = {"username": "svc", "password": password} if password else {}
            async with Watch(f"rtsp://127.0.0.1:{int(line)}/live", **sign_in) as watch:
                await watch.until(lambda: len(watch.frames) >= 40)
                return watch
        finally:
            server.kill()
            await server.communicate()

    return asyncio.run(go()), [pictures(film, number) for number in range(len(film.frames))]


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_the_same_pictures_arrive(codec: str, tmp_path: Path) -> None:
    watch, sent = play(codec, tmp_path)
    got = [frame.payload() for frame in watch.frames]
    start = sent.index(got[0])
    assert watch.frames[0].key
    assert got == [sent[(start + number) % len(sent)] for number in range(len(got))]
    assert (watch.parameters[0].width, watch.parameters[0].height) == (160, 96)
    assert watch.names()[:2] == ["connecting", "live"]


def test_digest_sign_in(tmp_path: Path) -> None:
    watch, _ = play("h264", tmp_path, password="lakeview-test")
    assert watch.frames[0].key
