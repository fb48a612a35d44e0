"""The boxes are read back by an independent reader (FFmpeg): same pictures in, same pictures out."""

from __future__ import annotations

import io
from typing import Any

import av
import pytest

from sightpact.media.depacketise import H264, H265
from sightpact.media.fmp4 import HEADER_BYTES, fragment_header
from sightpact.media.frames import Frame, Parameters
from tests.media.clip import clip
from tests.media.packets import Sender


def recorded(codec: str, **options: Any) -> tuple[Parameters, list[Frame]]:
    frames: list[Frame] = []
    parameters: list[Parameters] = []
    taker = {"h264": H264, "h265": H265}[codec](frames.append, parameters.append)
    sender = Sender()
    for nals in clip(codec, **options).frames:
        for packet in sender.frame(codec, nals):
            taker.packet(packet, 1.0)
    return parameters[0], frames


@pytest.mark.parametrize(
    ("codec", "options", "begins"),
    [
        ("h264", {"profile": "baseline"}, "avc1.42c0"),
        ("h264", {"profile": "high"}, "avc1.6400"),
        ("h264", {"width": 322, "height": 182}, "avc1."),
        ("h265", {}, "hvc1.1.6.L30.90"),
        ("h265", {"width": 322, "height": 182}, "hvc1.1.6.L"),
    ],
)
def test_ffmpeg_reads_our_file(codec: str, options: dict[str, Any], begins: str) -> None:
    parameters, frames = recorded(codec, **options)
    film = clip(codec, **options)
    data = parameters.init
    for number, frame in enumerate(frames):
        payload = frame.payload()
        head = fragment_header(number + 1, number * 6000, 6000, len(payload), frame.key)
        assert len(head) == HEADER_BYTES == 108
        data += head + payload
    assert parameters.codec.startswith(begins)
    assert (parameters.width, parameters.height) == (film.width, film.height)
    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (film.width, film.height)
        pictures = list(container.decode(stream))
    assert len(pictures) == len(film.frames)
    assert [picture.pts for picture in pictures] == [number * 6000 for number in range(len(pictures))]
    assert [picture.key_frame for picture in pictures] == [frame.key for frame in frames]
