"""A clip: the coded frames of one camera's loop, and the file that keeps them.

File: "SPCLIP1\n", u32 length of a JSON head, the head, then all NAL units end to end.
Never: encoding (clip_encoding.py) or sending (camera.py).
"""

from __future__ import annotations

import base64
import json
import mmap
import os
import struct
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"SPCLIP1\n"


@dataclass(frozen=True)
class CodedFrame:
    is_key: bool
    nals: tuple[memoryview, ...]  # picture NAL units, without start codes and without parameter sets


@dataclass(frozen=True)
class Clip:
    codec: str  # "h264" or "h265"
    width: int
    height: int
    fps: int
    params: tuple[bytes, ...]  # SPS, PPS; for H.265 VPS, SPS, PPS
    frames: tuple[CodedFrame, ...]

    @property
    def loop_s(self) -> float:
        return len(self.frames) / self.fps


def save(
    path: Path,
    codec: str,
    size: tuple[int, int],
    fps: int,
    params: list[bytes],
    frames: list[tuple[bool, list[bytes]]],
) -> None:
    """Writes the file under another name first, so that a reader never sees half a clip."""
    head = json.dumps(
        {
            "codec": codec,
            "width": size[0],
            "height": size[1],
            "fps": fps,
            "params": [base64.b64encode(p).decode() for p in params],
            "frames": [[int(is_key), [len(n) for n in nals]] for is_key, nals in frames],
        }
    ).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as out:
        out.write(MAGIC + struct.pack(">I", len(head)) + head)
        for _, nals in frames:
            out.writelines(nals)
    part.replace(path)


def load(path: Path) -> Clip:
    """Maps the file; frames are views into the mapping, so that memory is the system's page cache.

    Raises ValueError if the file is not a whole clip.
    """
    with path.open("rb") as file:
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    if bytes(data[:8]) != MAGIC:
        raise ValueError(f"{path} is not a clip file; delete it and it is made again")
    (size,) = struct.unpack(">I", data[8:12])
    head = json.loads(bytes(data[12 : 12 + size]))
    at = 12 + size
    frames = []
    for is_key, lengths in head["frames"]:
        nals = []
        for length in lengths:
            nals.append(data[at : at + length])
            at += length
        frames.append(CodedFrame(is_key=bool(is_key), nals=tuple(nals)))
    if at != len(data):
        raise ValueError(f"{path} is cut short; delete it and it is made again")
    return Clip(
        codec=head["codec"],
        width=head["width"],
        height=head["height"],
        fps=head["fps"],
        params=tuple(base64.b64decode(p) for p in head["params"]),
        frames=tuple(frames),
    )
