"""The reserved journal: room on disk taken in advance, so that an emergency is recorded when the disk is full.

Fixed slots, written in place and flushed; the file never grows. A slot counts only if its hash holds, so a write cut
off at any byte leaves either the whole record or none. Replaying into the ledger is the caller's.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import mmap
import os
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sightpact.ledger.errors import JournalFull

SIZE = 16 * 1024 * 1024  # bytes: 2,048 slots; one slot holds several admissions (access/emergency_journal.py)
SLOT = 8192  # bytes; a multiple of every common sector and page
_HEADER = struct.Struct(
    ">8sQI32s"
)  # magic, sequence number, length, SHA-256 of sequence number, length, payload
_MAGIC = b"SPJRNL1\n"
MAX_PAYLOAD = SLOT - _HEADER.size


@dataclass(frozen=True, slots=True)
class Record:
    slot: int
    sequence: int  # rises with each write: the order of events
    kind: str
    payload: dict[str, Any]


class Journal:
    """Owns the file handle. Safe between threads and between processes (a file lock)."""

    def __init__(self, path: Path, size: int = SIZE) -> None:
        """Open the journal; make it, with its room really taken, if it is not there.

        Args:
            path: the file; its folder must exist.
            size: bytes, a multiple of SLOT; counts only when the file is made.
        Raises:
            OSError: there is no room now: better known at start than in an emergency.
        """
        if not path.exists():
            _reserve(path, size)
        self.path = path
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        size = os.fstat(self._file).st_size
        self._slots = size // SLOT
        self._seen = mmap.mmap(self._file, size, prot=mmap.PROT_READ)
        self._known: dict[
            int, tuple[bytes, int]
        ] = {}  # whole records as last seen: slot -> (header, sequence)
        self._thread_lock = threading.Lock()

    def close(self) -> None:
        self._seen.close()
        os.close(self._file)

    def write(self, kind: str, payload: dict[str, Any], *, keep_free: int = 0) -> int:
        """Put one record on disk, flushed when this returns. See `write_many`. Returns the slot, for `clear`."""
        return self.write_many([(kind, payload)], keep_free=keep_free)[0]

    def write_many(self, records: Sequence[tuple[str, dict[str, Any]]], *, keep_free: int = 0) -> list[int]:
        """Put records on disk with one flush: all are there when this returns. A crash meanwhile keeps any of them, or none.

        Args:
            records: what the replaying handler goes by, and JSON; put an id into it by which a second replay can be told.
            keep_free: so many slots must stay free for what matters more.
        Returns:
            the slots, in order, for `clear`.
        Raises:
            JournalFull: too few free slots, or a payload over MAX_PAYLOAD bytes. Nothing is written.
        """
        bodies = [encoded(kind, payload) for kind, payload in records]
        if too_long := max((len(body) for body in bodies if len(body) > MAX_PAYLOAD), default=0):
            raise JournalFull(
                "journal record", f"{too_long} bytes do not fit a slot", "Leave out what can be looked up"
            )
        with self._locked():
            self._look()
            free = [slot for slot in range(self._slots) if slot not in self._known]
            if len(free) < len(bodies) + keep_free:
                why = f"{len(free)} of {self._slots} slots are free, {len(bodies) + keep_free} are needed"
                raise JournalFull("the reserved journal", why, "Free the disk; replay")
            sequence = max((number for _, number in self._known.values()), default=0)
            for slot, (number, body) in zip(free, enumerate(bodies, sequence + 1), strict=False):
                self._put(slot, _seal(number, body))
            os.fdatasync(self._file)
        return free[: len(bodies)]

    @property
    def free(self) -> int:
        """Slots that can be written now."""
        with self._locked():
            self._look()
            return self._slots - len(self._known)

    @property
    def empty(self) -> bool:
        return self.free == self._slots

    def pending(self) -> list[Record]:
        """Whole records that were not cleared, in the order written."""
        with self._locked():
            self._look()
            found = []
            for slot, (header, sequence) in self._known.items():
                kind, payload = json.loads(self._body(slot, header))
                found.append(Record(slot, sequence, kind, payload))
            return sorted(found, key=lambda record: record.sequence)

    def clear(self, slot: int) -> None:
        """Give the slot back, once its record is in the ledger. Clearing twice does no harm."""
        if not 0 <= slot < self._slots:
            raise JournalFull(f"slot {slot}", "there is no such slot", "Use the one that write returned")
        with self._locked():
            self._put(slot, bytes(_HEADER.size))
            os.fdatasync(self._file)

    def _look(self) -> None:
        """Bring `_known` up to date. Only slots whose header changed are hashed again: a look costs half a millisecond."""
        for slot in range(self._slots):
            header = self._seen[slot * SLOT : slot * SLOT + _HEADER.size]
            known = self._known.get(slot)
            if known is not None and known[0] == header:
                continue
            self._known.pop(slot, None)
            magic, sequence, length, digest = _HEADER.unpack(header)
            if magic != _MAGIC or length > MAX_PAYLOAD:
                continue
            if _digest(sequence, self._body(slot, header)) != digest:
                continue  # torn: the write never returned, so nobody was told that it is recorded
            self._known[slot] = header, sequence

    def _body(self, slot: int, header: bytes) -> bytes:
        at = slot * SLOT + _HEADER.size
        return self._seen[at : at + _HEADER.unpack(header)[2]]

    def _put(self, slot: int, data: bytes) -> None:
        at, done = slot * SLOT, 0
        while done < len(data):
            done += os.pwrite(self._file, data[done:], at + done)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._thread_lock:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)


def encoded(kind: str, payload: dict[str, Any]) -> bytes:
    """A record's bytes, as they count against MAX_PAYLOAD."""
    return json.dumps([kind, payload], ensure_ascii=False, separators=(",", ":")).encode()


def _seal(sequence: int, body: bytes) -> bytes:
    return _HEADER.pack(_MAGIC, sequence, len(body), _digest(sequence, body)) + body


def _digest(sequence: int, body: bytes) -> bytes:
    return hashlib.sha256(struct.pack(">QI", sequence, len(body)) + body).digest()


def _reserve(path: Path, size: int) -> None:
    """Take the room: allocate, write zeros (so that no block is a promise), flush file, then folder."""
    draft = path.with_name(path.name + ".new")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        size -= size % SLOT
        os.posix_fallocate(file, 0, size)
        for _ in range(size // SLOT):
            os.write(file, bytes(SLOT))
        os.fsync(file)
    finally:
        os.close(file)
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
