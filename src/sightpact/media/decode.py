"""Whether one key frame can be decoded: by PyAV, and the picture is forgotten at once.

Never on a loop that carries pictures, and never in the server's own process: a decoder reads what a camera made up.
"""

from __future__ import annotations

from dataclasses import dataclass

from sightpact.media.errors import Unsupported
from sightpact.media.frames import Frame, Parameters


@dataclass(frozen=True, slots=True)
class Decoded:
    """What is told of a picture. Not the picture."""

    width: int  # pixels
    height: int
    one_colour: (
        bool  # nothing to see: a covered lens, or a picture that a camera sends when its sensor is gone
    )


def decode_key(parameters: Parameters, frame: Frame) -> Decoded:
    """Decode one key frame and throw the picture away.

    Raises:
        Unsupported: the frame cannot be decoded as what the camera says that it is.
    """
    import av

    codec = "h264" if parameters.codec.startswith("avc") else "hevc"
    try:
        decoder = av.CodecContext.create(codec, "r")
        decoder.thread_count = 1
        decoder.extradata = parameters.record
        pictures = [*decoder.decode(av.Packet(frame.payload())), *decoder.decode(None)]
    except (av.error.FFmpegError, ValueError) as fault:
        raise _undecodable(f"{codec} decoder: {fault}") from None
    if not pictures:
        raise _undecodable(f"{codec} decoder gave no picture for a key frame of {frame.size} bytes")
    picture = pictures[0]
    return Decoded(picture.width, picture.height, _one_colour(picture))


def _one_colour(picture: object) -> bool:
    """Every fourth row and column of the brightness lies within two steps of 255."""
    import numpy as np

    plane = picture.planes[0]  # type: ignore[attr-defined]
    rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[::4, : plane.width : 4]
    return int(rows.max()) - int(rows.min()) <= 2


def _undecodable(detail: str) -> Unsupported:
    return Unsupported(
        "The camera sends a picture that cannot be decoded. District IT can set it to H.264 or H.265, 8 bit.",
        detail[:200],
    )
