"""The copy on this machine's disk: entries, the head that was countersigned, key and token. Survives a kill at any moment.

Entries are written and synced before the head that covers them; what stands beyond the head after a crash is cut off.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sightpact_cosign.record import Tree, Wrong, entries_of, framed


@dataclass(frozen=True)
class About:
    """What this copy is of, fixed when it was begun."""

    log: str  # address of the owner's gateway
    vkey: str  # the record's public key
    name: str  # of this copy, as its signatures say it


class Copy:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.about = About(**json.loads((folder / "about.json").read_text()))
            self.key = Ed25519PrivateKey.from_private_bytes(
                bytes.fromhex((folder / "key").read_text().strip())
            )
        except (OSError, ValueError, TypeError) as fault:
            raise Wrong(f"{folder} is no copy ({fault}). Begin one: sightpact-cosign init") from fault
        if (folder / "key").stat().st_mode & 0o077:
            raise Wrong(f"{folder / 'key'} can be read by others. Run: chmod 600 {folder / 'key'}")
        head = folder / "head.json"
        held = (
            json.loads(head.read_text()) if head.exists() else {"size": 0, "peaks": [], "bytes": 0, "at": 0}
        )
        self.tree = Tree(held["size"], [bytes.fromhex(peak) for peak in held["peaks"]])
        self.bytes, self.countersigned_at = int(held["bytes"]), int(held["at"])

    @property
    def token(self) -> str:
        try:
            return (self.folder / "token").read_text().strip()
        except OSError as fault:
            raise Wrong(
                "no token yet. Ask the owner to enrol this copy, then: sightpact-cosign token"
            ) from fault

    def extend(self, entries: list[bytes], tree: Tree, note: str, now: int) -> None:
        """Keep these entries and the head that covers them.

        1. Cut off what a crash left beyond the head. 2. Write and sync the entries. 3. Put the new head in place.
        """
        handle = os.open(self.folder / "entries", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(handle).st_size < self.bytes:
                raise Wrong("entries of this copy are missing from its own file: restore it from a backup")
            os.ftruncate(handle, self.bytes)
            data = b"".join(map(framed, entries))
            done = 0
            while done < len(data):
                done += os.pwrite(handle, data[done:], self.bytes + done)
            os.fsync(handle)
        finally:
            os.close(handle)
        held = {
            "size": tree.size,
            "peaks": [p.hex() for p in tree.peaks],
            "bytes": self.bytes + len(data),
            "at": now,
        }
        put(self.folder / "head.json", json.dumps(held))
        put(self.folder / "checkpoint", note)
        self.tree, self.bytes, self.countersigned_at = tree, held["bytes"], now

    def refuse(self, note: str, why: str, now: int) -> Path:
        """Keep the evidence: a head that the record's own key signed, and why it cannot follow ours.

        The first and the newest are kept, however long it goes on; a head that is kept already is not kept twice.
        """
        folder = self.folder / "refused"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / f"{now}.note"
        for kept in self.refusals():
            if kept.read_text(encoding="utf-8") == note:
                return kept
        while path.exists():  # two within a second
            now += 1
            path = folder / f"{now}.note"
        put(path.with_suffix(".why"), why + "\n")
        put(path, note)
        for between in self.refusals()[1:-1]:
            between.unlink()
            between.with_suffix(".why").unlink(missing_ok=True)
        return path

    def refusals(self) -> list[Path]:
        """Oldest first."""
        return sorted((self.folder / "refused").glob("*.note"), key=lambda path: int(path.stem))

    def check(self) -> int:
        """Read all entries again: do they give the head that was countersigned? Returns how many."""
        path = self.folder / "entries"
        data = path.read_bytes()[: self.bytes] if path.exists() else b""
        again = Tree()
        for entry in entries_of(data):
            again.add(entry)
        if (again.size, again.root()) != (self.tree.size, self.tree.root()):
            raise Wrong(
                "the entries of this copy do not give the head that it countersigned: its file was changed"
            )
        return again.size


def begin(folder: Path, about: About) -> Copy:
    """Make a copy that holds nothing yet, with a key of its own."""
    folder.mkdir(mode=0o700, parents=True)
    put(folder / "key", Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")
    put(folder / "about.json", json.dumps(about.__dict__, indent=1) + "\n")
    return Copy(folder)


def put(path: Path, text: str) -> None:
    """Whole or not at all, readable by its owner alone."""
    draft = path.with_name(f".{path.name}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
