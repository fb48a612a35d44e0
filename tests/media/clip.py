"""Canned video for tests: encoded once per session by PyAV, as a list of access units in Annex B form."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import av
import numpy as np


@dataclass(frozen=True)
class Clip:
    codec: str  # h264 or h265
    width: int
    height: int
    fps: int
    frames: list[
        list[bytes]
    ]  # NAL units of each access unit, without start codes; sets are in the key frames
    sets: list[bytes]


def split(data: bytes) -> list[bytes]:
    return [part for raw in data.split(b"\x00\x00\x01") if (part := raw.rstrip(b"\x00"))]


@cache
def clip(
    codec: str = "h264",
    width: int = 160,
    height: int = 96,
    fps: int = 15,
    seconds: int = 2,
    gop: int = 15,
    bitrate: int = 0,
    profile: str = "",
) -> Clip:
    name = {"h264": "libx264", "h265": "libx265"}[codec]
    encoder: Any = av.CodecContext.create(name, "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.framerate = width, height, "yuv420p", fps
    encoder.time_base = Fraction(1, fps)
    common = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes=0:repeat-headers=1"
    options = {"preset": "fast" if profile == "high" else "ultrafast", "tune": "zerolatency"}
    if codec == "h264":
        options |= {"x264-params": f"{common}:sliced-threads=0:threads=1"}
        options |= {"profile": profile} if profile else {}
    else:
        options |= {"x265-params": f"{common}:log-level=none:pools=1:frame-threads=1:open-gop=0"}
    if bitrate:
        encoder.bit_rate = bitrate
    encoder.options = options
    frames = []
    random = np.random.default_rng(7)
    noise = random.integers(0, 255, (height, width, 3), dtype=np.uint8)
    for number in range(fps * seconds):
        picture = np.roll(noise // 4, number * 3, axis=1)
        picture[8:24, (number * 4) % width : (number * 4) % width + 16] = 255
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        frame.pts = number
        frames += [bytes(packet) for packet in encoder.encode(frame)]
    frames += [bytes(packet) for packet in encoder.encode(None)]
    units = [split(data) for data in frames]
    is_set = (
        (lambda n: n[0] & 31 in (7, 8)) if codec == "h264" else (lambda n: n[0] >> 1 & 63 in (32, 33, 34))
    )
    return Clip(codec, width, height, fps, units, [nal for nal in units[0] if is_set(nal)])
