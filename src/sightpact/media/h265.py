"""H.265: what parameter sets say, and what each NAL unit is for (ITU-T H.265 7.3, RFC 7798, ISO 14496-15).

Knows bytes only; nothing about packets or time.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from sightpact.media.bits import Bits, BitsError, unescape
from sightpact.media.fmp4 import init_segment
from sightpact.media.frames import Parameters

VPS, SPS, PPS = 32, 33, 34


@dataclass(frozen=True, slots=True)
class Sps:
    profile_space: int
    tier: int
    profile: int
    compatibility: int  # 32 flags
    constraints: bytes  # 6 bytes
    level: int
    sub_layers: int
    nested: int
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
    if len(nal) < 16:
        raise BitsError("parameter set too short")
    bits = Bits(unescape(nal[2:]))
    bits.skip(4)
    sub_layers, nested = bits.u(3) + 1, bits.u(1)
    space, tier, profile = bits.u(2), bits.u(1), bits.u(5)
    compatibility, constraints, level = bits.u(32), bits.u(48).to_bytes(6, "big"), bits.u(8)
    if sub_layers > 1:
        present = [(bits.u(1), bits.u(1)) for _ in range(sub_layers - 1)]
        bits.skip(2 * (8 - (sub_layers - 1)))
        for has_profile, has_level in present:
            bits.skip(88 * has_profile + 8 * has_level)
    bits.ue()  # id
    chroma = bits.ue()
    separate = bits.u(1) if chroma == 3 else 0
    width, height = bits.ue(), bits.ue()
    if bits.u(1):
        left, right, top, bottom = bits.ue(), bits.ue(), bits.ue(), bits.ue()
        unit_x = 2 if chroma in (1, 2) and not separate else 1
        unit_y = 2 if chroma == 1 and not separate else 1
        width -= (left + right) * unit_x
        height -= (top + bottom) * unit_y
    depth_luma, depth_chroma = 8 + bits.ue(), 8 + bits.ue()
    if not (
        0 < width <= 16384 and 0 < height <= 16384 and chroma <= 3 and depth_luma <= 16 and depth_chroma <= 16
    ):
        raise BitsError("parameter set describes no picture")
    return Sps(
        space,
        tier,
        profile,
        compatibility,
        constraints,
        level,
        sub_layers,
        nested,
        chroma,
        depth_luma,
        depth_chroma,
        width,
        height,
    )


def codec_string(sps: Sps) -> str:
    """RFC 6381 form of ISO 14496-15 annex E: the real profile, tier and level, never a guess."""
    space = ("", "A", "B", "C")[sps.profile_space]
    flags = int(f"{sps.compatibility:032b}"[::-1], 2)
    constraints = sps.constraints.rstrip(b"\0")
    tail = "".join(f".{byte:X}" for byte in constraints)
    return f"hvc1.{space}{sps.profile}.{flags:X}.{'H' if sps.tier else 'L'}{sps.level}{tail}"


def set_id(nal: bytes) -> int:
    """The id of a VPS, or PPS. An SPS's id lies behind its profile; one SPS at a time is kept, as id 0."""
    kind = (nal[0] >> 1) & 0x3F
    bits = Bits(unescape(nal[2:24]))
    if kind == VPS:
        return bits.u(4)
    return bits.ue() if kind == PPS else 0


def parameters(vps_list: list[bytes], sps_list: list[bytes], pps_list: list[bytes]) -> Parameters:
    """What a decoder needs. The last of `sps_list` tells the picture's size.

    Raises:
        BitsError: the parameter set cannot be read.
    """
    sps = parse_sps(sps_list[-1])
    record = struct.pack(
        ">BBI6sBHBBBBHBB",
        1,
        sps.profile_space << 6 | sps.tier << 5 | sps.profile,
        sps.compatibility,
        sps.constraints,
        sps.level,
        0xF000,
        0xFC,
        0xFC | sps.chroma,
        0xF8 | (sps.depth_luma - 8) & 7,
        0xF8 | (sps.depth_chroma - 8) & 7,
        0,
        sps.sub_layers << 3 | sps.nested << 2 | 3,
        3,
    )
    for kind, nals in ((VPS, vps_list), (SPS, sps_list), (PPS, pps_list)):
        record += struct.pack(">BH", 0x80 | kind, len(nals))
        record += b"".join(struct.pack(">H", len(item)) + item for item in nals)
    init = init_segment(sps.width, sps.height, b"hvc1", b"hvcC", record)
    return Parameters(codec_string(sps), sps.width, sps.height, init, record)
