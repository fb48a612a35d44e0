"""H.264: what a parameter set says, and what each NAL unit is for (ITU-T H.264 7.3, RFC 6184, ISO 14496-15).

Knows bytes only; nothing about packets or time.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from sightpact.media.bits import Bits, BitsError, unescape
from sightpact.media.fmp4 import init_segment
from sightpact.media.frames import Parameters

IDR, SEI, SPS, PPS = 5, 6, 7, 8
_HIGH_PROFILES = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}


@dataclass(frozen=True, slots=True)
class Sps:
    profile: int
    constraints: int
    level: int
    chroma: int
    depth_luma: int
    depth_chroma: int
    width: int
    height: int


def parse_sps(nal: bytes) -> Sps:
    """Read a sequence parameter set.

    Raises:
        BitsError: it ends early or describes no picture.
    """
    if len(nal) < 4:
        raise BitsError("parameter set too short")
    bits = Bits(unescape(nal[1:]))
    profile, constraints, level = bits.u(8), bits.u(8), bits.u(8)
    bits.ue()  # id
    chroma, depth_luma, depth_chroma, separate = 1, 8, 8, 0
    if profile in _HIGH_PROFILES:
        chroma = bits.ue()
        if chroma == 3:
            separate = bits.u(1)
        depth_luma, depth_chroma = 8 + bits.ue(), 8 + bits.ue()
        bits.skip(1)
        if bits.u(1):
            _skip_scaling_lists(bits, 12 if chroma == 3 else 8)
    bits.ue()  # log2_max_frame_num
    order = bits.ue()
    if order == 0:
        bits.ue()
    elif order == 1:
        bits.skip(1)
        bits.se()
        bits.se()
        for _ in range(_bounded(bits.ue(), 255)):
            bits.se()
    bits.ue()  # reference frames
    bits.skip(1)
    width = (_bounded(bits.ue(), 1023) + 1) * 16
    map_height = _bounded(bits.ue(), 1023) + 1
    frame_only = bits.u(1)
    if not frame_only:
        bits.skip(1)
    bits.skip(1)
    height = map_height * 16 * (2 - frame_only)
    if bits.u(1):
        left, right, top, bottom = bits.ue(), bits.ue(), bits.ue(), bits.ue()
        unit_x = 2 if chroma in (1, 2) and not separate else 1
        unit_y = (2 if chroma == 1 and not separate else 1) * (2 - frame_only)
        width -= (left + right) * unit_x
        height -= (top + bottom) * unit_y
    if width <= 0 or height <= 0 or chroma > 3 or depth_luma > 14 or depth_chroma > 14:
        raise BitsError("parameter set describes no picture")
    return Sps(profile, constraints, level, chroma, depth_luma, depth_chroma, width, height)


def _bounded(value: int, limit: int) -> int:
    if value > limit:
        raise BitsError("parameter set holds a number out of range")
    return value


def _skip_scaling_lists(bits: Bits, count: int) -> None:
    for index in range(count):
        if not bits.u(1):
            continue
        last = following = 8
        for _ in range(16 if index < 6 else 64):
            if following:
                following = (last + bits.se()) % 256
            last = following or last


def set_id(nal: bytes) -> int:
    """The id of a picture parameter set, or of a sequence parameter set."""
    bits = Bits(unescape(nal[1:24]))
    if nal[0] & 0x1F == SPS:
        bits.skip(24)
    return bits.ue()


def parameters(sps_list: list[bytes], pps_list: list[bytes]) -> Parameters:
    """What a decoder needs. The last of `sps_list` tells the picture's size.

    Raises:
        BitsError: the parameter set cannot be read.
    """
    nal = sps_list[-1]
    sps = parse_sps(nal)
    record = bytes([1, sps.profile, sps.constraints, sps.level, 0xFF, 0xE0 | len(sps_list)])
    record += b"".join(struct.pack(">H", len(item)) + item for item in sps_list)
    record += bytes([len(pps_list)]) + b"".join(struct.pack(">H", len(item)) + item for item in pps_list)
    if sps.profile in (100, 110, 122, 144):
        record += bytes([0xFC | sps.chroma, 0xF8 | (sps.depth_luma - 8), 0xF8 | (sps.depth_chroma - 8), 0])
    codec = f"avc1.{sps.profile:02x}{sps.constraints:02x}{sps.level:02x}"
    init = init_segment(sps.width, sps.height, b"avc1", b"avcC", record)
    return Parameters(codec, sps.width, sps.height, init, record)
