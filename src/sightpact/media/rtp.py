"""RTP and RTCP headers (RFC 3550). Pure: bytes in, numbers out; anything malformed is None, never an
exception."""

from __future__ import annotations

import struct

from sightpact.media.frames import SenderReport

_HEADER = struct.Struct(">BBHII")
_REPORT = struct.Struct(">BBHIIII")

# payload type, marker, sequence, RTP time, payload start, payload end
Packet = tuple[int, int, int, int, int, int]


def parse(packet: bytes) -> Packet | None:
    """Where the payload of an RTP packet lies; None when it is no RTP packet."""
    size = len(packet)
    if size < 12:
        return None
    first, second, sequence, rtp_time, _ssrc = _HEADER.unpack_from(packet)
    if first >> 6 != 2:
        return None
    start, end = 12, size
    if first & 0x3F:  # padding, extension or contributing sources: rare
        start += 4 * (first & 0x0F)
        if first & 0x10:
            if start + 4 > size:
                return None
            start += 4 + 4 * (packet[start + 2] << 8 | packet[start + 3])
        if first & 0x20:
            end -= packet[-1]
        if start > end:
            return None
    return second & 0x7F, second >> 7, sequence, rtp_time, start, end


def sender_report(packet: bytes, arrived: float) -> SenderReport | None:
    """The first sender report in a compound RTCP packet, if any."""
    at = 0
    while at + 8 <= len(packet):
        kind, words = packet[at + 1], packet[at + 2] << 8 | packet[at + 3]
        if packet[at] >> 6 != 2:
            return None
        if kind == 200 and at + 20 <= len(packet):
            _, _, _, _, seconds, fraction, rtp_time = _REPORT.unpack_from(packet, at)
            return SenderReport(seconds + fraction / 2**32, rtp_time, arrived)
        at += 4 + 4 * words
    return None
