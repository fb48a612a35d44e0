"""Writes a log into a folder that anybody can verify without us: tlog-tiles files, checkpoint, key, openings if asked.

Never: openings unless asked for by name.
"""

from __future__ import annotations

import json
from pathlib import Path

from sightpact.ledger import notes
from sightpact.ledger.errors import Unreadable
from sightpact.ledger.source import Source
from sightpact.ledger.tiles import bundles, encode_bundle, hash_tiles, tile_path

_README = """\
This is the record of {origin}, {size} entries, as of its checkpoint.
Layout: https://c2sp.org/tlog-tiles. To check it: sightpact ledger verify FOLDER --key VKEY
The file vkey is the log's public key. Compare it with the one that the owner has published elsewhere.
"""


def export(source: Source, folder: Path, openings: bool = False) -> int:
    """Write the log as of its checkpoint.

    Args:
        source: the live log (or another export).
        folder: is made; must be empty.
        openings: also write what opens names and places. Give such a folder only to who may read them.
    Returns:
        how many entries were written.
    Raises:
        Unreadable: the folder is not empty, or entries or hashes are missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Unreadable(f"{folder}", "it is not empty", "Give a new folder")
    note = source.checkpoint()
    body = notes.parse_checkpoint(note.rpartition("\n\n")[0] + "\n")
    for n, width in bundles(body.size):
        entries, wrong = source.bundle(n, width)
        _write(
            folder / tile_path("entries", n, width), encode_bundle(entries), wrong or _short(entries, width)
        )
    for level, n, width in hash_tiles(body.size):
        hashes, wrong = source.hashes(level, n, width)
        _write(folder / tile_path(level, n, width), b"".join(hashes), wrong or _short(hashes, width))
    found = source.openings() if openings else None
    if found is not None:
        path = folder / "openings.jsonl"
        path.touch(mode=0o600)
        with path.open("w", encoding="utf-8") as out:
            for index, o in found:
                line = {
                    "index": index,
                    "field": o.field,
                    "key": o.key,
                    "salt": o.salt.hex(),
                    "value": o.value,
                }
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
    for number, (copy_key, countersigned) in enumerate(source.copies()):
        _write(folder / f"copies/{number}.vkey", f"{copy_key}\n".encode(), "")
        _write(folder / f"copies/{number}.note", countersigned.encode(), "")
    (folder / "vkey").write_text(source.vkey() + "\n")
    (folder / "README.txt").write_text(_README.format(origin=body.origin, size=body.size))
    (folder / "checkpoint").write_text(
        note, encoding="utf-8"
    )  # last: a folder without it is an unfinished export
    return body.size


def _short(things: list[bytes], width: int) -> str:
    return "" if len(things) == width else f"{width - len(things)} are missing"


def _write(path: Path, data: bytes, wrong: str) -> None:
    if wrong:
        raise Unreadable(f"{path.name}", wrong, "Run `sightpact ledger verify` on the live record first")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
