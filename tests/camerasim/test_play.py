"""FFmpeg, as an independent client, plays what the simulator sends, and the pixels tell when they were taken."""

from __future__ import annotations

import contextlib
import struct
import time
from collections.abc import Iterator
from itertools import islice, pairwise

import av
import pytest

from sightpact.camerasim import timecode
from sightpact.camerasim.testing import RunningSim

from .rawrtsp import RawClient

FFMPEG = {"rtsp_transport": "tcp", "probesize": "32", "analyzeduration": "0"}


def decoded(url: str) -> Iterator[av.VideoFrame]:
    """What FFmpeg shows. What comes before the first parameter sets cannot be decoded and is passed over."""
    with av.open(url, options=FFMPEG, timeout=30) as container:
        for packet in container.demux(video=0):
            with contextlib.suppress(av.error.InvalidDataError):
                yield from packet.decode()


@pytest.mark.parametrize("slug", ["frame", "packet", "hevc", "bare"])
def test_ffmpeg_plays_it_and_the_timecode_is_the_time(sim: RunningSim, slug: str) -> None:
    instants, ages, loop_s = [], [], sim.picture.loop_s
    for frame in islice(decoded(sim.url(slug)), 12):
        code = timecode.read(frame.to_ndarray(format="rgb24"))
        assert code is not None
        assert code.camera_number == sim.specs[slug].number
        now = time.time()
        instants.append(timecode.utc_of(code.frame, now, loop_s, camera_number=code.camera_number))
        ages.append((now - instants[-1] + 0.001) % loop_s)
    assert min(ages) < loop_s / 4, "none came when it was taken"
    for earlier, later in pairwise(instants):
        assert (later - earlier) % loop_s == pytest.approx(1 / 15, abs=1e-3), (
            "each frame follows the one before"
        )


@pytest.mark.parametrize("slug", ["digest", "basic"])
def test_ffmpeg_signs_in(sim: RunningSim, slug: str) -> None:
    frame = next(decoded(sim.url(slug, with_password=True)))
    assert (frame.width, frame.height) == (320, 180)
    with pytest.raises(av.error.HTTPUnauthorizedError):
        next(decoded(sim.url(slug)))


def test_the_sender_report_and_the_pixels_tell_the_same_instant(sim: RunningSim) -> None:
    """RTP time, RTCP's UTC and the timecode agree, so that arrival times can be tested against any of them."""
    decoder = av.CodecContext.create("h264", "r")
    report: tuple[float, int] | None = None
    with RawClient(sim.url("frame")) as client:
        client.play()
        for channel, data in client.packets():
            if channel == 1:
                ntp, timestamp = struct.unpack(">QI", data[8:20])
                report = ntp / 2**32 - 2_208_988_800, timestamp
                break
        assert report
        for timestamp, coded in islice(client.frames(), 10):
            (picture,) = decoder.decode(av.Packet(coded)) or [None]
            if picture is None:
                continue
            by_report = report[0] + ((timestamp - report[1] + 2**31) % 2**32 - 2**31) / 90_000
            code = timecode.read(picture.to_ndarray(format="rgb24"))
            assert code
            told = timecode.utc_of(
                code.frame, by_report, sim.picture.loop_s, camera_number=code.camera_number
            )
            assert told == pytest.approx(by_report, abs=1e-3)
            return
    pytest.fail("no picture was decoded")
