"""The faults a camera can be told to show, and the pure ones among them that spoil packets.

Never: sockets. `camera.py` and `connection.py` act on the fault; here it is named and, for garbage, mixed.
"""

from __future__ import annotations

import random
from enum import StrEnum


class Fault(StrEnum):
    OK = "ok"
    STALL = "stall"
    DROP = "drop"
    REFUSE = "refuse"
    HANG = "hang"
    SLOW = "slow"
    GARBAGE = "garbage"
    GARBAGE_FRAMING = "garbage_framing"
    NO_PARAMS = "no_params"
    PARAM_CHANGE = "param_change"
    NOT_VIDEO = "not_video"


MEANING = {
    Fault.OK: "ends any fault; the camera behaves",
    Fault.STALL: "stays connected and answers RTSP, but sends no picture",
    Fault.DROP: "resets its connections once; new ones are served",
    Fault.REFUSE: "resets its connections, and each new one at its first request",
    Fault.HANG: "accepts and reads, but neither answers nor sends",
    Fault.SLOW: "dribbles 3,000 bytes a second, so the picture falls ever further behind",
    Fault.GARBAGE: "spoils every second RTP packet: bits flipped, cut short, or a nonsense header",
    Fault.GARBAGE_FRAMING: "puts stray bytes between the interleaved packets",
    Fault.NO_PARAMS: "leaves the parameter sets out of the SDP (key frames bring them); resets connections",
    Fault.PARAM_CHANGE: "from the next key frame on sends another resolution with new parameter sets",
    Fault.NOT_VIDEO: "describes one audio track and no picture; resets connections",
}

RESETS = frozenset({Fault.DROP, Fault.REFUSE, Fault.NO_PARAMS, Fault.NOT_VIDEO})
SLOW_BYTES_PER_S = 3_000


def help_text() -> str:
    """One line per fault, for --help and the control port."""
    return "\n".join(f"  {fault.value:<16} {meaning}" for fault, meaning in MEANING.items())


def spoil(packet: bytes, rng: random.Random) -> bytes:
    """A packet with whole interleaved framing and spoilt RTP inside (or left as it is, every other time)."""
    if rng.random() < 0.5:
        return packet
    body = bytearray(packet[4:])
    choice = rng.randrange(4)
    if choice == 0:
        for _ in range(1 + len(body) // 50):
            body[rng.randrange(12, len(body))] ^= 1 << rng.randrange(8)
    elif choice == 1:
        body = body[: rng.randrange(len(body))]
    elif choice == 2:
        body[0:2] = rng.randbytes(2)
    else:
        body[12:14] = bytes([rng.choice((0, 24, 28, 30, 31, 98)), rng.randrange(256)])
    return packet[:2] + len(body).to_bytes(2, "big") + bytes(body)


def stray(rng: random.Random) -> bytes:
    """Bytes that belong to no packet; now and then they look like the start of one."""
    junk = rng.randbytes(rng.randrange(1, 40))
    return b"$" + junk if rng.random() < 0.3 else junk
