"""RTP: coded frames into packets (RFC 6184 for H.264, RFC 7798 for H.265), RTCP sender reports, interleaving.

Pure functions on bytes. Never: sockets or clocks.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

MTU = 1400  # bytes of RTP payload, header not counted
CLOCK_HZ = 90_000
PAYLOAD_TYPE = 96
NTP_EPOCH_S = 2_208_988_800  # from 1900 to 1970

Buffer = bytes | memoryview
_HEADER = struct.Struct(">cBHBBHII")  # interleaving (4 bytes) and RTP (12 bytes) in one go


def payloads(codec: str, params: Iterable[Buffer], nals: Iterable[Buffer], mtu: int = MTU) -> list[bytes]:
    """RTP payloads of a frame: parameter sets in one packet, small NAL units alone, large ones in parts."""
    h265 = codec == "h265"
    out: list[bytes] = []
    sets = list(params)
    if sets:
        out.append(_aggregate(h265, sets))
    for nal in nals:
        if len(nal) <= mtu:
            out.append(bytes(nal))
        elif h265:
            _fragment(out, nal, 2, bytes([nal[0] & 0x81 | 49 << 1, nal[1]]), nal[0] >> 1 & 0x3F, mtu)
        else:
            _fragment(out, nal, 1, bytes([nal[0] & 0xE0 | 28]), nal[0] & 0x1F, mtu)
    return out


def _aggregate(h265: bool, sets: list[Buffer]) -> bytes:
    head = bytes([48 << 1, 1]) if h265 else bytes([max(s[0] & 0x60 for s in sets) | 24])  # AP / STAP-A
    return head + b"".join(struct.pack(">H", len(s)) + bytes(s) for s in sets)


def _fragment(out: list[bytes], nal: Buffer, skip: int, head: bytes, kind: int, mtu: int) -> None:
    """FU-A (H.264) or FU (H.265): `head`, start and end bits with the NAL type, a part of the unit."""
    room = mtu - len(head) - 1
    end = len(nal)
    for at in range(skip, end, room):
        flags = (0x80 if at == skip else 0) | (0x40 if at + room >= end else 0)
        out.append(b"".join((head, bytes((flags | kind,)), nal[at : at + room])))


def interleaved(parts: list[bytes], seq: int, timestamp: int, ssrc: int, channel: int) -> list[bytes]:
    """Packets ready for the RTSP connection; the last one carries the marker bit (end of the frame)."""
    last = len(parts) - 1
    return [
        _HEADER.pack(
            b"$",
            channel,
            len(part) + 12,
            0x80,
            PAYLOAD_TYPE | (0x80 if i == last else 0),
            (seq + i) & 0xFFFF,
            timestamp,
            ssrc,
        )
        + part
        for i, part in enumerate(parts)
    ]


def sender_report(ssrc: int, utc: float, timestamp: int, packets: int, octets: int, channel: int) -> bytes:
    """SR and SDES with CNAME in one RTCP packet, interleaved. `timestamp` stands for the instant `utc`."""
    ntp = int((utc + NTP_EPOCH_S) * (1 << 32)) & 0xFFFFFFFFFFFFFFFF
    report = struct.pack(
        ">BBHIQIII", 0x80, 200, 6, ssrc, ntp, timestamp, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF
    )
    cname = b"camera-sim"
    item = bytes([1, len(cname)]) + cname
    chunk = struct.pack(">I", ssrc) + item + bytes(4 - len(item) % 4)
    compound = report + struct.pack(">BBH", 0x81, 202, len(chunk) // 4) + chunk
    return struct.pack(">cBH", b"$", channel, len(compound)) + compound
