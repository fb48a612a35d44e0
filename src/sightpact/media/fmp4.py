"""Fragmented MP4 by hand (ISO 14496-12/-15): one init segment, then one fragment per frame.

The fragment header is always 108 bytes, so a player finds the payload without parsing boxes. No B-frames:
decode order is display order. Never: a muxer per viewer.
"""

from __future__ import annotations

import struct

TIMESCALE = 90_000  # ticks a second, the RTP clock of H.264 and H.265
HEADER_BYTES = 108

_FRAGMENT = struct.Struct(">I4sI4sIII4sI4sIII4sIQI4sIIIIIII4s")
_SYNC = 0x02000000  # depends on nothing
_DELTA = 0x01010000  # depends on others, not a sync sample


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def fragment_header(sequence: int, decode_time: int, duration: int, size: int, key: bool) -> bytes:
    """moof and the header of mdat for one frame.

    Args:
        sequence: fragment number, from 1.
        decode_time: ticks of `TIMESCALE` since the camera's stream began.
        duration: ticks; an estimate, since the next frame is not known yet.
        size: payload bytes that follow.
        key: whether a decoder can begin here.
    """
    return _FRAGMENT.pack(
        100,
        b"moof",
        16,
        b"mfhd",
        0,
        sequence & 0xFFFFFFFF,
        76,
        b"traf",
        16,
        b"tfhd",
        0x020000,
        1,  # default-base-is-moof
        20,
        b"tfdt",
        0x01000000,
        decode_time,
        32,
        b"trun",
        0x000701,
        1,
        HEADER_BYTES,
        duration,
        size,
        _SYNC if key else _DELTA,
        8 + size,
        b"mdat",
    )


def init_segment(width: int, height: int, entry_kind: bytes, record_kind: bytes, record: bytes) -> bytes:
    """ftyp and moov for one video track.

    Args:
        entry_kind: b"avc1" or b"hvc1".
        record_kind: b"avcC" or b"hvcC", the name of the decoder configuration box.
        record: its body.
    """
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    mvhd = box(
        b"mvhd",
        struct.pack(">IIIII", 0, 0, 0, TIMESCALE, 0),
        struct.pack(">IHHII", 0x10000, 0x0100, 0, 0, 0),
        matrix,
        bytes(24),
        struct.pack(">I", 2),
    )
    tkhd = box(
        b"tkhd",
        struct.pack(">IIIIII", 3, 0, 0, 1, 0, 0),
        bytes(8),
        struct.pack(">HHHH", 0, 0, 0, 0),
        matrix,
        struct.pack(">II", width << 16, height << 16),
    )
    mdhd = box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, TIMESCALE, 0, 0x55C4, 0))
    hdlr = box(b"hdlr", struct.pack(">II4s", 0, 0, b"vide"), bytes(12), b"Sightpact\0")
    dinf = box(b"dinf", box(b"dref", struct.pack(">II", 0, 1), box(b"url ", struct.pack(">I", 1))))
    entry = box(
        entry_kind,
        bytes(6),
        struct.pack(">H", 1),
        bytes(16),
        struct.pack(">HHIIIH", width, height, 0x480000, 0x480000, 0, 1),
        bytes(32),
        struct.pack(">Hh", 0x18, -1),
        box(record_kind, record),
    )
    stbl = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), entry),
        box(b"stts", bytes(8)),
        box(b"stsc", bytes(8)),
        box(b"stsz", bytes(12)),
        box(b"stco", bytes(8)),
    )
    minf = box(b"minf", box(b"vmhd", struct.pack(">IQ", 1, 0)), dinf, stbl)
    trak = box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, minf))
    mvex = box(b"mvex", box(b"trex", struct.pack(">IIIIII", 0, 1, 1, 0, 0, 0)))
    return box(b"ftyp", b"iso6", struct.pack(">I", 1), b"iso6", b"mp41") + box(b"moov", mvhd, trak, mvex)
