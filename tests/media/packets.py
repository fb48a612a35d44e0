"""NAL units to RTP, the sending side, for tests."""

from __future__ import annotations

import struct


def payloads(codec: str, nals: list[bytes], size: int = 1200) -> list[bytes]:
    """RTP payloads of one access unit: single NAL units, fragmented when longer than `size`."""
    out = []
    for nal in nals:
        if len(nal) <= size:
            out.append(nal)
            continue
        if codec == "h264":
            kind, head, body = nal[0] & 31, bytes([nal[0] & 0xE0 | 28]), nal[1:]
        else:
            kind, head, body = nal[0] >> 1 & 63, bytes([nal[0] & 0x81 | 49 << 1, nal[1]]), nal[2:]
        parts = [body[at : at + size] for at in range(0, len(body), size)]
        for index, part in enumerate(parts):
            flags = (0x80 if index == 0 else 0) | (0x40 if index == len(parts) - 1 else 0)
            out.append(head + bytes([flags | kind]) + part)
    return out


class Sender:
    """Numbers packets."""

    def __init__(self, payload_type: int = 96, sequence: int = 65_500, clock: int = 4_294_900_000) -> None:
        self.payload_type, self.sequence, self.clock = payload_type, sequence, clock

    def packet(self, payload: bytes, marker: bool, clock: int | None = None) -> bytes:
        head = struct.pack(
            ">BBHII", 0x80, self.payload_type | marker << 7, self.sequence & 0xFFFF,
            (self.clock if clock is None else clock) & 0xFFFFFFFF, 0x1234,
        )  # fmt: skip
        self.sequence += 1
        return head + payload

    def frame(self, codec: str, nals: list[bytes], step: int = 6000, size: int = 1200) -> list[bytes]:
        parts = payloads(codec, nals, size)
        out = [self.packet(part, index == len(parts) - 1) for index, part in enumerate(parts)]
        self.clock += step
        return out
