"""Makes logs that are deliberately wrong, each in one way, from a right one. The checked-in generator of bad input.

Works on exported folders, so that it needs no database: `build` makes a right one with a seed.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sightpact.ledger import notes, tree
from sightpact.ledger.entries import NewEntry, Secret, encode
from sightpact.ledger.tiles import WIDTH, bundles, decode_bundle, encode_bundle, hash_tiles, tile_path

ORIGIN = "lakeview.example/sightpact"


def build(folder: Path, size: int, seed: int, *, unordered: bool = False, mend: bool = False) -> notes.Signer:
    """A right export of `size` entries (or one whose times go backwards). `mend` keeps the folder's old key out."""
    rng = random.Random(seed)
    key = notes.signer(ORIGIN, rng.randbytes(32))
    data, openings = [], []
    for index in range(size):
        second = (size - index if unordered else index) % 60
        entry = NewEntry("genesis" if index == 0 else "refusal", reason_code="closed", clause="3.2")
        if index:
            secret = {"person": Secret(f"id-{index}", "Omar Reyes, Lakeview Police Department, dispatcher")}
            entry = NewEntry("refusal", party="lakeview-pd", clause="3.2", ref=index - 1, secret=secret)
        stamp = f"2026-11-21T14:{(index // 60) % 60 if not unordered else 0:02d}:{second:02d}.00Z"
        encoded = encode(entry, stamp, rng.randbytes)
        data.append(encoded.data)
        openings += [
            {"index": index, "field": o.field, "key": o.key, "salt": o.salt.hex(), "value": o.value}
            for o in encoded.openings
        ]
    write(folder, data, key)
    (folder / "openings.jsonl").write_text(
        "".join(json.dumps(o, ensure_ascii=False) + "\n" for o in openings)
    )
    return key


def write(folder: Path, data: list[bytes], key: notes.Signer) -> None:
    """Lay out entries, tiles, checkpoint and key as an export does."""
    _, frontier, nodes = tree.append(0, [], [tree.leaf_hash(d) for d in data])
    at = {(level, index): value for level, index, value in nodes}
    for n, width in bundles(len(data)):
        put(folder / tile_path("entries", n, width), encode_bundle(data[n * WIDTH : n * WIDTH + width]))
    for level, n, width in hash_tiles(len(data)):
        put(folder / tile_path(level, n, width), b"".join(at[8 * level, n * WIDTH + i] for i in range(width)))
    (folder / "checkpoint").write_text(
        notes.sign(notes.checkpoint_text(key.name, len(data), tree.root_of(frontier)), [key])
    )
    (folder / "vkey").write_text(key.vkey + "\n")


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@dataclass(frozen=True)
class Wrong:
    """One way to be wrong: what is done to the folder, and what the verifier must name."""

    name: str
    change: Callable[[Path, int], None]
    step: int  # the first step of the argument that must fail
    entry: int | None = None
    file: str = ""


def wrongs(size: int) -> list[Wrong]:
    """All ways, for an export of `size` entries (more than 256, so that there are upper tiles)."""
    last = size // WIDTH
    width = size % WIDTH
    entries0, tile0 = tile_path("entries", 0), tile_path(0, 0)
    tail, tail_tile = tile_path("entries", last, width), tile_path(0, last, width)
    upper = tile_path(1, 0, size // WIDTH)
    return [
        Wrong("a byte of an entry", lambda f, n: edit_entry(f, size, 17, _last_digit), 3, 17),
        Wrong(
            "a byte of the last entry", lambda f, n: edit_entry(f, size, size - 1, _last_digit), 3, size - 1
        ),
        Wrong("two entries swapped", lambda f, n: swap(f, size, 20, 40), 3, 20),
        Wrong("an entry dropped in the middle", lambda f, n: drop(f, size, 30), 2, WIDTH - 1),
        Wrong("the last bundle gone", lambda f, n: (f / tail).unlink(), 2, last * WIDTH, tail),
        Wrong("a bundle cut off", lambda f, n: cut(f / entries0, 100), 2, WIDTH - 1, entries0),
        Wrong("an entry added to a bundle", lambda f, n: add(f / tail), 2, size, tail),
        Wrong("a byte of a hash tile", lambda f, n: flip(f / tile0, 32 * 5), 3, 5, tile0),
        Wrong("a hash tile gone", lambda f, n: (f / tail_tile).unlink(), 3, None, tail_tile),
        Wrong("a hash tile cut off", lambda f, n: cut(f / tile0, 100), 3, None, tile0),
        Wrong("a byte of an upper tile", lambda f, n: flip(f / upper, 3), 4, 0, upper),
        Wrong("entry and its hash changed together", lambda f, n: forge(f, size, 300), 4, 256, upper),
        Wrong("the same where no upper tile is full", lambda f, n: forge(f, size, size - 1), 5),
        Wrong(
            "the size in the checkpoint",
            lambda f, n: text(f / "checkpoint", f"\n{size}\n", f"\n{size - 1}\n"),
            1,
        ),
        Wrong(
            "the root in the checkpoint", lambda f, n: flip_line(f / "checkpoint", 2), 1, None, "checkpoint"
        ),
        Wrong("the origin in the checkpoint", lambda f, n: text(f / "checkpoint", "lakeview", "lakewood"), 1),
        Wrong("the signature", lambda f, n: flip_line(f / "checkpoint", 4), 1, None, "checkpoint"),
        Wrong("no signature", lambda f, n: cut(f / "checkpoint", 60), 1),
        Wrong(
            "another name shown",
            lambda f, n: text(f / "openings.jsonl", "Omar Reyes", "Rosa Delgado", 1),
            7,
            1,
        ),
        Wrong(
            "an opening of no entry",
            lambda f, n: text(f / "openings.jsonl", '"index": 1,', '"index": 0,', 1),
            7,
            0,
        ),
        Wrong(
            "an opening that is no JSON", lambda f, n: text(f / "openings.jsonl", '{"index": 2', "{", 1), 7
        ),
    ]


def copy(source: Path, target: Path) -> Path:
    shutil.copytree(source, target)
    return target


def read_entries(folder: Path, size: int) -> list[bytes]:
    found: list[bytes] = []
    for n, width in bundles(size):
        found += decode_bundle((folder / tile_path("entries", n, width)).read_bytes())[0]
    return found


def write_entries(folder: Path, entries: list[bytes], size: int) -> None:
    for n, width in bundles(size):
        put(folder / tile_path("entries", n, width), encode_bundle(entries[n * WIDTH : (n + 1) * WIDTH]))


def edit_entry(folder: Path, size: int, index: int, change: Callable[[bytes], bytes]) -> None:
    entries = read_entries(folder, size)
    entries[index] = change(entries[index])
    write_entries(folder, entries, size)


def swap(folder: Path, size: int, one: int, other: int) -> None:
    entries = read_entries(folder, size)
    entries[one], entries[other] = entries[other], entries[one]
    write_entries(folder, entries, size)


def drop(folder: Path, size: int, index: int) -> None:
    """The first bundle one short; what follows it stays where it is."""
    path = folder / tile_path("entries", 0)
    entries = decode_bundle(path.read_bytes())[0]
    del entries[index]
    path.write_bytes(encode_bundle(entries))


def forge(folder: Path, size: int, index: int) -> None:
    """Change an entry and its leaf hash, as somebody would who owns the database but not the key."""
    edit_entry(folder, size, index, _last_digit)
    entry = read_entries(folder, size)[index]
    n = index // WIDTH
    path = folder / tile_path(0, n, min(WIDTH, size - n * WIDTH))
    data = bytearray(path.read_bytes())
    at = 32 * (index % WIDTH)
    data[at : at + 32] = tree.leaf_hash(entry)
    path.write_bytes(bytes(data))


def add(path: Path) -> None:
    path.write_bytes(path.read_bytes() + encode_bundle([b"{}"]))


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


def flip_line(path: Path, line: int) -> None:
    """Change one letter in the middle of a line of base64."""
    lines = path.read_text().split("\n")
    middle = len(lines[line]) - 20
    letter = lines[line][middle]
    lines[line] = lines[line][:middle] + ("A" if letter != "A" else "B") + lines[line][middle + 1 :]
    path.write_text("\n".join(lines))


def cut(path: Path, by: int) -> None:
    path.write_bytes(path.read_bytes()[:-by])


def text(path: Path, old: str, new: str, count: int = -1) -> None:
    before = path.read_text()
    assert old in before
    path.write_text(before.replace(old, new, count))


def _last_digit(data: bytes) -> bytes:
    """Still canonical JSON, so that only the hash can tell."""
    return data.replace(b'"3.2"', b'"3.3"')
