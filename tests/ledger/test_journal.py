"""The reserved journal: what was acknowledged comes back, what was torn does not, and it never grows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sightpact.ledger import journal as module
from sightpact.ledger.errors import JournalFull
from sightpact.ledger.journal import MAX_PAYLOAD, SLOT, Journal

SLOTS = 4


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "reserved.journal", SLOTS * SLOT)
    yield made
    made.close()


def test_room_is_really_taken(tmp_path: Path) -> None:
    path = tmp_path / "reserved.journal"
    Journal(path).close()
    info = path.stat()
    assert info.st_size == module.SIZE and info.st_blocks * 512 >= info.st_size
    assert info.st_mode & 0o077 == 0


def test_write_pending_clear(journal: Journal, tmp_path: Path) -> None:
    slots = [journal.write("activation_start", {"n": n, "text": "é"}) for n in range(3)]
    again = Journal(tmp_path / "reserved.journal")
    assert [(r.kind, r.payload["n"]) for r in again.pending()] == [("activation_start", n) for n in range(3)]
    again.clear(slots[0])
    assert journal.write("x", {"n": 9}) == slots[0], "a cleared slot is used again"
    assert [r.payload["n"] for r in again.pending()] == [1, 2, 9], "in the order written, not of slots"
    again.close()
    assert (tmp_path / "reserved.journal").stat().st_size == SLOTS * SLOT


def test_full_and_too_large(journal: Journal) -> None:
    for n in range(SLOTS):
        journal.write("x", {"n": n})
    with pytest.raises(JournalFull):
        journal.write("x", {})
    journal.clear(0)
    with pytest.raises(JournalFull):
        journal.write("x", {"text": "y" * MAX_PAYLOAD})
    with pytest.raises(JournalFull):
        journal.clear(SLOTS)
    journal.write("x", {"text": "y" * (MAX_PAYLOAD - 20)})


def test_many_at_once_and_slots_kept_for_what_matters_more(journal: Journal) -> None:
    with pytest.raises(JournalFull):
        journal.write_many([("x", {"n": n}) for n in range(3)], keep_free=2)
    assert journal.pending() == [], "all or none"
    assert len(journal.write_many([("x", {"n": n}) for n in range(2)], keep_free=2)) == 2
    with pytest.raises(JournalFull):
        journal.write("x", {"n": 2}, keep_free=2)
    journal.write("start", {"n": 3})
    assert [r.payload["n"] for r in journal.pending()] == [0, 1, 3] and journal.free == 1


def test_torn_at_any_byte_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "reserved.journal"
    made = Journal(path, SLOTS * SLOT)
    made.write("x", {"n": 1})
    empty = path.read_bytes()
    slot = made.write("x", {"n": 2, "text": "abc" * 10})
    made.close()
    whole = path.read_bytes()
    end = max(i for i in range(len(whole)) if whole[i] != empty[i]) + 1
    for cut in range(slot * SLOT, end):
        path.write_bytes(whole[:cut] + empty[cut:])
        seen = Journal(path)
        assert [r.payload["n"] for r in seen.pending()] == [1], f"cut at byte {cut - slot * SLOT}"
        seen.close()
    path.write_bytes(whole)
    seen = Journal(path)
    assert len(seen.pending()) == 2
    seen.close()


WRITER = """
import sys
from pathlib import Path
from sightpact.ledger.journal import Journal
journal = Journal(Path(sys.argv[1]))
for n in range(10_000):
    slot = journal.write("x", {"n": n, "text": "y" * (n % 700)})
    sys.stdout.write(f"{n}\\n"); sys.stdout.flush()
    if n % 3 == 0:
        journal.clear(slot)
        sys.stdout.write(f"-{n}\\n"); sys.stdout.flush()
    if n == int(sys.argv[2]):
        sys.stdin.read()
"""


def test_killed_writers_keep_what_they_acknowledged(tmp_path: Path) -> None:
    """Killed while running, at whatever instruction it is at; the parent reads acknowledgements until then."""
    path = tmp_path / "reserved.journal"
    for round_ in range(5):
        path.unlink(missing_ok=True)
        Journal(path, 600 * SLOT).close()
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), "900"],
            stdout=subprocess.PIPE,
            stdin=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout and writer.stdin
        said = [writer.stdout.readline().strip() for _ in range(20 + 37 * round_)]
        os.kill(writer.pid, signal.SIGKILL)
        said += writer.stdout.read().split()
        writer.stdin.close()
        writer.stdout.close()
        writer.wait()
        written = {int(s) for s in said if s and not s.startswith("-")}
        cleared = {-int(s) for s in said if s.startswith("-")}
        seen = Journal(path)
        found = {r.payload["n"] for r in seen.pending()}
        seen.close()
        # Beyond what was said, at most the one write or clear that was under way may have come through.
        assert {n for n in written - cleared if n % 3} <= found
        assert not found & cleared and len(found - written) <= 1
