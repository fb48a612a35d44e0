"""The reserved journal: room on disk taken in advance, so that an emergency is recorded when the disk is full.

Fixed slots, written in place and flushed; the file never grows. A slot counts only if its hash holds, so a write cut
off at any byte leaves either the whole record or none. Replaying into the ledger is the caller's (`replay`).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sightpact.ledger.errors import JournalFull

SIZE = 4 * 1024 * 1024  # bytes
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
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self._slots = os.fstat(self._file).st_size // SLOT
        self._thread_lock = threading.Lock()

    def close(self) -> None:
        os.close(self._file)

    def write(self, kind: str, payload: dict[str, Any]) -> int:
        """Put one record on disk, flushed when this returns.

        Args:
            kind: what the replaying handler goes by.
            payload: JSON; put an id into it by which a second replay can be told.
        Returns:
            the slot, for `clear`.
        Raises:
            JournalFull: no free slot, or the payload is over MAX_PAYLOAD bytes.
        """
        body = json.dumps([kind, payload], ensure_ascii=False, separators=(",", ":")).encode()
        if len(body) > MAX_PAYLOAD:
            raise JournalFull(
                "journal record", f"{len(body)} bytes do not fit a slot", "Leave out what can be looked up"
            )
        with self._locked():
            records, taken = self._scan()
            free = next((slot for slot in range(self._slots) if slot not in taken), None)
            if free is None:
                raise JournalFull(
                    "the reserved journal", f"all {self._slots} slots are taken", "Free the disk; replay"
                )
            sequence = max((r.sequence for r in records), default=0) + 1
            self._put(free, _seal(sequence, body))
        return free

    def pending(self) -> list[Record]:
        """Whole records that were not cleared, in the order written."""
        with self._locked():
            return self._scan()[0]

    def clear(self, slot: int) -> None:
        """Give the slot back, once its record is in the ledger. Clearing twice does no harm."""
        if not 0 <= slot < self._slots:
            raise JournalFull(f"slot {slot}", "there is no such slot", "Use the one that write returned")
        with self._locked():
            self._put(slot, bytes(_HEADER.size))

    def replay(self, handler: Callable[[Record], None]) -> int:
        """Hand each pending record to `handler`, oldest first, and clear it when that returns.

        A handler that raises ends the replay; its record and those after it stay. After a crash between handling and
        clearing the same record comes again: the handler must notice.
        """
        done = 0
        for record in self.pending():
            handler(record)
            self.clear(record.slot)
            done += 1
        return done

    def _scan(self) -> tuple[list[Record], set[int]]:
        found = []
        for slot in range(self._slots):
            header = os.pread(self._file, _HEADER.size, slot * SLOT)
            magic, sequence, length, digest = _HEADER.unpack(header)
            if magic != _MAGIC or length > MAX_PAYLOAD:
                continue
            body = os.pread(self._file, length, slot * SLOT + _HEADER.size)
            if _digest(sequence, body) != digest:
                continue  # torn: the write never returned, so nobody was told that it is recorded
            kind, payload = json.loads(body)
            found.append(Record(slot, sequence, kind, payload))
        found.sort(key=lambda record: record.sequence)
        return found, {record.slot for record in found}

    def _put(self, slot: int, data: bytes) -> None:
        at, done = slot * SLOT, 0
        while done < len(data):
            done += os.pwrite(self._file, data[done:], at + done)
        os.fdatasync(self._file)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._thread_lock:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)


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
