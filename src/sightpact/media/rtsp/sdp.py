"""What a camera's description (SDP, RFC 8866) offers. Liberal: real cameras leave out or misspell most of it.

Pure: text in, `Track` out. Lines that cannot be read are passed over.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

MAX_BYTES = 64 * 1024
_STATIC = {26: "JPEG", 32: "MPV", 33: "MP2T", 34: "H263"}
PLAYABLE = ("H264", "H265")


@dataclass(slots=True)
class Media:
    """One m= section."""

    kind: str
    protocol: str
    formats: list[int]
    encodings: dict[int, str] = field(default_factory=dict)
    fmtp: dict[int, str] = field(default_factory=dict)
    control: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """The video track to play."""

    encoding: str  # H264 or H265
    payload_type: int
    control: str
    sets: list[bytes]  # parameter sets, as far as the description has readable ones


def parse(text: str) -> tuple[list[Media], str]:
    """All media sections and the session's own control attribute."""
    found: list[Media] = []
    session_control = ""
    for raw in text[:MAX_BYTES].replace("\r", "\n").split("\n"):
        line = raw.strip()
        if line.startswith("m="):
            words = line[2:].split()
            if len(words) >= 3:
                formats = [
                    int(word) for word in words[3:] if word.isascii() and word.isdigit() and len(word) < 4
                ]
                found.append(Media(words[0].lower(), words[2].upper(), formats))
        elif line.startswith("a="):
            name, _, value = line[2:].partition(":")
            if not found:
                session_control = value.strip() if name.strip() == "control" else session_control
            else:
                _attribute(found[-1], name.strip().lower(), value.strip())
    return found, session_control


def _attribute(media: Media, name: str, value: str) -> None:
    if name == "control":
        media.control = value
    elif name in ("rtpmap", "fmtp"):
        number, _, rest = value.partition(" ")
        if not (number.isascii() and number.isdigit() and len(number) < 4):
            return
        if name == "rtpmap":
            media.encodings[int(number)] = rest.strip().split("/")[0].strip().upper().replace("HEVC", "H265")
        else:
            media.fmtp[int(number)] = rest.strip()


def video_track(text: str) -> Track | str:
    """The first video that we can play, or what is offered instead, in words."""
    media, session_control = parse(text)
    others: list[str] = []
    for section in media:
        if section.kind != "video":
            others.append(section.kind)
            continue
        for number in section.formats or list(section.encodings):
            encoding = section.encodings.get(number) or _STATIC.get(number, "unknown")
            if encoding in PLAYABLE:
                fmtp = section.fmtp.get(number) or next(
                    (v for v in section.fmtp.values() if "sprop" in v), ""
                )
                return Track(encoding, number, section.control or session_control, _sets(fmtp))
            others.append(f"{encoding} video")
    return ", ".join(dict.fromkeys(others)) or "nothing"


def _sets(fmtp: str) -> list[bytes]:
    found: list[bytes] = []
    for part in fmtp.split(";"):
        name, _, value = part.strip().partition("=")
        if name.strip().lower() not in ("sprop-parameter-sets", "sprop-vps", "sprop-sps", "sprop-pps"):
            continue
        for item in value.strip().strip('"').split(","):
            try:
                nal = base64.b64decode(item.strip() + "=" * (-len(item.strip()) % 4), validate=True)
            except (binascii.Error, ValueError):
                continue
            found.append(nal.removeprefix(b"\0\0\0\1").removeprefix(b"\0\0\1"))
    return [nal for nal in found if nal]
