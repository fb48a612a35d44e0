"""One frame of each real camera, decoded in a process of its own and thrown away; what cannot be shown says why."""

from __future__ import annotations

import asyncio
import dataclasses
import subprocess
import sys
from typing import Any

import msgspec
import pytest

from sightpact.cameras import reads
from sightpact.live import frame_check, one_frame
from sightpact.media.decode import decode_key
from sightpact.media.errors import Unsupported
from sightpact.media.frames import Frame, Parameters
from tests import lakeview
from tests.deployment import simulator
from tests.media.clip import clip
from tests.media.rtsp_server import Camera, Quirks


@pytest.mark.django_db
def test_it_says_which_cameras_would_show_a_picture_and_why_not(settings: Any) -> None:
    settings.SIGHTPACT = dataclasses.replace(settings.SIGHTPACT, camera_networks=("127.0.0.0/8",))
    with simulator() as sim:
        it = lakeview.build(address=f"rtsp://127.0.0.1:{sim.port}/cam/")
        slugs = {key: slug for slug, key in it.cameras.items()}
        dead = {"north-lot": "hang", "gymnasium": "refuse", "library": "not_video"}
        broken = {it.camera(place): fault for place, fault in dead.items()}
        for camera, fault in broken.items():
            sim.fault(slugs[camera], fault)
        asked = [each.id for each in reads.cameras() if each.in_service]
        found = frame_check.check([*asked, "00000000-0000-4000-8000-000000000000"], timeout_s=3)
    assert list(found)[:-1] == asked
    assert {key for key in asked if not found[key].ok} == set(broken)
    assert all(found[key].width > 0 and found[key].seconds > 0 for key in asked if key not in broken)
    assert not any(found[key].one_colour for key in asked)
    assert (
        found[it.camera("library")].why
        == "The camera offers no video that Sightpact can play (H.264 or H.265)."
    )
    assert found[it.camera("north-lot")].why == "The camera sent no picture within 3 seconds."
    assert "out of service" in list(found.values())[-1].why
    for each in found.values():
        assert "rtsp://" not in each.why and "127.0.0.1" not in each.why, (
            "no address for whoever may only know of it"
        )


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_a_password_goes_in_by_stdin_and_nowhere_out(codec: str) -> None:
    """The process is run as `frame_check` runs it, on a camera that asks for a password."""

    async def scene() -> list[one_frame.Found]:
        quirks = Quirks(username="viewer", password="very-secret-word")
        async with Camera(clip(codec), quirks) as camera:
            right = one_frame.Wanted("a", camera.url, "viewer", "very-secret-word", ("127.0.0.0/8",))
            wrong = one_frame.Wanted("b", camera.url, "viewer", "very-secret-lie", ("127.0.0.0/8",))
            guarded = one_frame.Wanted("c", camera.url, "viewer", "very-secret-word", ())
            job = one_frame.Job((right, wrong, guarded), 4, 0)
            line = [sys.executable, "-m", "sightpact.live.one_frame"]
            done = await asyncio.to_thread(
                subprocess.run, line, input=msgspec.json.encode(job), capture_output=True, timeout=60
            )
            assert b"very-secret" not in done.stdout + done.stderr
            return [msgspec.json.decode(each, type=one_frame.Found) for each in done.stdout.splitlines()]

    found = {each.id: each for each in asyncio.run(scene())}
    assert found["a"].ok and (found["a"].width, found["a"].height) == (160, 96)
    assert not found["b"].ok and "user name or password is wrong" in found["b"].detail
    assert not found["c"].ok, "an address that the guard forbids is asked by nobody"


def test_what_is_no_picture_is_not_called_one() -> None:
    seen: list[Any] = []

    async def scene() -> None:
        async with Camera() as camera:
            wanted = one_frame.Wanted("a", camera.url, "", "", ("127.0.0.0/8",))
            seen.append(await one_frame._first_key(wanted, 5))

    asyncio.run(scene())
    parameters, frame = seen[0]
    assert isinstance(parameters, Parameters) and isinstance(frame, Frame)
    assert decode_key(parameters, frame).width == 160
    noise = Frame([b"\x00\x00\x00\x40", bytes(range(64))], 68, True, 0, 0.0, 0.0)
    with pytest.raises(Unsupported):
        decode_key(parameters, noise)
