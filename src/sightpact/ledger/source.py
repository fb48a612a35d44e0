"""Where a verifier reads a log from: an exported folder here, the live database in `live_source.py`.

Standard library only. A missing file is None (the verifier says what it means); what cannot be read at all raises.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from sightpact.ledger.entries import Opening
from sightpact.ledger.errors import Unreadable
from sightpact.ledger.tiles import decode_bundle, tile_path

HASH = 32


class Source(Protocol):
    def checkpoint(self) -> str:
        """The signed note."""

    def vkey(self) -> str:
        """The key that came with the log (a verifier should rather bring its own)."""

    def bundle(self, n: int, width: int) -> tuple[list[bytes], str]:
        """Entries of a bundle, and what is wrong with it ("" when nothing is)."""

    def hashes(self, level: int, n: int, width: int) -> tuple[list[bytes], str]:
        """Hashes of a tile, and what is wrong with it."""

    def openings(self) -> Iterator[tuple[int, Opening]] | None:
        """(entry index, opening), or None when there are none with this log."""

    def columns(self, start: int, stop: int) -> list[tuple[int, dict[str, object]]] | None:
        """What searching uses of entries [start, stop), or None where nothing but the bytes is kept."""

    def copies(self) -> list[tuple[str, str]]:
        """(key of a copy elsewhere, head that it countersigned) for each."""

    def beyond(self) -> list[str] | None:
        """What speaks against the head being the last, in words; None where nothing but signed tiles is kept."""


class Folder:
    """An export. Layout: `checkpoint`, `vkey`, `tile/...` as in tlog-tiles, and perhaps `openings.jsonl`."""

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise Unreadable(
                f"{path}", "it is no folder", "Give the folder that `sightpact ledger export` wrote"
            )
        self._path = path

    def checkpoint(self) -> str:
        return self._text("checkpoint")

    def vkey(self) -> str:
        return self._text("vkey").strip()

    def bundle(self, n: int, width: int) -> tuple[list[bytes], str]:
        data = self._bytes(tile_path("entries", n, width))
        if data is None:
            return [], "the file is missing"
        entries, wrong = decode_bundle(data)
        if not wrong and len(entries) > width:
            wrong = f"it holds {len(entries)} entries instead of {width}"
        return entries[:width], wrong

    def hashes(self, level: int, n: int, width: int) -> tuple[list[bytes], str]:
        data = self._bytes(tile_path(level, n, width))
        if data is None:
            return [], "the file is missing"
        wrong = "" if len(data) == width * HASH else f"it is {len(data)} bytes long instead of {width * HASH}"
        return [data[i : i + HASH] for i in range(0, min(len(data), width * HASH) - HASH + 1, HASH)], wrong

    def openings(self) -> Iterator[tuple[int, Opening]] | None:
        path = self._path / "openings.jsonl"
        return self._openings(path) if path.exists() else None

    def columns(self, start: int, stop: int) -> None:
        return None

    def copies(self) -> list[tuple[str, str]]:
        keys = sorted((self._path / "copies").glob("*.vkey"))
        return [(key.read_text().strip(), self._text(f"copies/{key.stem}.note")) for key in keys]

    def beyond(self) -> None:
        return None

    def _openings(self, path: Path) -> Iterator[tuple[int, Opening]]:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    o = json.loads(line)
                    opening = Opening(
                        str(o["field"]), str(o["key"]), bytes.fromhex(o["salt"]), str(o["value"])
                    )
                    yield int(o["index"]), opening
                except (ValueError, KeyError, TypeError):
                    # An opening that cannot be read cannot match: -1 is no entry, so the verifier reports it.
                    yield -1, Opening(f"line {number}", "", b"", "")

    def _bytes(self, name: str) -> bytes | None:
        try:
            return (self._path / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise Unreadable(
                f"{self._path / name}", fault.strerror or str(fault), "Mend the disk or copy"
            ) from fault

    def _text(self, name: str) -> str:
        data = self._bytes(name)
        if data is None:
            raise Unreadable(f"{self._path}", f"it holds no {name}", "Give the folder that the export wrote")
        return data.decode("utf-8", errors="replace")
