"""The SDP with which a camera describes itself. Pure text.

Never: decisions about faults; the caller says what to leave out.
"""

from __future__ import annotations

import base64

from .clips import Clip
from .rtp import CLOCK_HZ, PAYLOAD_TYPE

TRACK = "trackID=1"


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _head(name: str, host: str) -> list[str]:
    return [
        "v=0",
        f"o=- 1 1 IN IP4 {host}",
        f"s={name}",
        f"c=IN IP4 {host}",
        "t=0 0",
        "a=control:*",
        "a=range:npt=now-",
    ]


def video(name: str, host: str, clip: Clip, *, with_params: bool) -> str:
    """SDP of one H.264 or H.265 track; `with_params=False` leaves the parameter sets out."""
    if clip.codec == "h265":
        fmtp = []
        if with_params:
            vps, sps, pps = clip.params
            fmtp = [f"sprop-vps={_b64(vps)}", f"sprop-sps={_b64(sps)}", f"sprop-pps={_b64(pps)}"]
        encoding = "H265"
    else:
        fmtp = ["packetization-mode=1"]
        if with_params:
            fmtp.append(f"profile-level-id={clip.params[0][1:4].hex()}")
            fmtp.append("sprop-parameter-sets=" + ",".join(_b64(p) for p in clip.params))
        encoding = "H264"
    lines = [
        *_head(name, host),
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
        f"a=rtpmap:{PAYLOAD_TYPE} {encoding}/{CLOCK_HZ}",
        *([f"a=fmtp:{PAYLOAD_TYPE} " + "; ".join(fmtp)] if fmtp else []),
        f"a=framerate:{clip.fps}",
        f"a=control:{TRACK}",
    ]
    return "\r\n".join(lines) + "\r\n"


def audio_only(name: str, host: str) -> str:
    """SDP of a source without any picture: one PCMU track."""
    lines = [*_head(name, host), "m=audio 0 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", f"a=control:{TRACK}"]
    return "\r\n".join(lines) + "\r\n"
