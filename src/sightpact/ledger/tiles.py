"""C2SP tlog-tiles: the paths of tiles and entry bundles, and the bytes of a bundle.

Pure. Source: c2sp.org/tlog-tiles. A tile holds 256 hashes; level L+1 holds the roots of full tiles of level L.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from sightpact.ledger.errors import BadEntry

WIDTH = 256
MAX_ENTRY = 65535  # bytes: a bundle's length prefix has 16 bits
_LENGTH = struct.Struct(">H")


def tile_path(level: int | str, n: int, width: int = WIDTH) -> str:
    """Path of a tile, or of an entry bundle when `level` is "entries"; `width` under 256 makes it partial."""
    digits = f"{n:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"tile/{level}/{name}" + (f".p/{width}" if width < WIDTH else "")


def bundles(size: int) -> Iterator[tuple[int, int]]:
    """(number, width) of each entry bundle of a log of `size` entries; the last may be partial."""
    for n in range(size // WIDTH):
        yield n, WIDTH
    if size % WIDTH:
        yield size // WIDTH, size % WIDTH


def hash_tiles(size: int) -> Iterator[tuple[int, int, int]]:
    """(level, number, width) of each hash tile of a log of `size` entries; there are no empty tiles."""
    level, count = 0, size
    while count:
        for n, width in bundles(count):
            yield level, n, width
        level, count = level + 1, count // WIDTH


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Entries with 16-bit length prefixes.

    Raises:
        BadEntry: one is too large.
    """
    if any(len(entry) > MAX_ENTRY for entry in entries):
        raise BadEntry(
            "entry", f"it is over {MAX_ENTRY} bytes", "Commit to large texts instead of holding them"
        )
    return b"".join(_LENGTH.pack(len(entry)) + entry for entry in entries)


def decode_bundle(data: bytes) -> tuple[list[bytes], str]:
    """The entries that can be read, and what is wrong with the rest ("" when nothing is)."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            return entries, "it is cut off inside a length"
        (length,) = _LENGTH.unpack_from(data, at)
        if at + 2 + length > len(data):
            return entries, "it is cut off inside an entry"
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return entries, ""
