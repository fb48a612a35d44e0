"""Drives `writer.py`: starts writers, hears what they acknowledge, kills them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


class Writers:
    """A nursery of writer processes on this test's database. Owns one process; use as a context."""

    def __enter__(self) -> Writers:
        name = str(connection.settings_dict["NAME"])
        connection.close()
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("writer.py")), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        )
        self.acknowledged: dict[int, str] = {}  # index to sha256 of the entry's bytes
        self.moved = 0
        self._pid = 0
        return self

    def __exit__(self, *_: object) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.read()
        self._process.stdout.close()
        self._process.wait()

    def start(self, command: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        while not self._pid:
            self.hear()

    def kill(self) -> None:
        """End the writer with SIGKILL, wherever it is, and hear out what it had still said."""
        os.kill(self._pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> None:
        while self._pid:
            self.hear()

    def hear(self) -> str:
        """Take in one line. An index acknowledged twice with different bytes means that an entry was lost."""
        assert self._process.stdout
        line = self._process.stdout.readline().split()
        if not line:
            raise AssertionError("the writers' process ended")
        if line[0] == "pid":
            self._pid = int(line[1])
        elif line[0] == "gone":
            self._pid = 0
        elif line[0] == "moved":
            self.moved += int(line[1])
        else:
            index, digest = int(line[1]), line[2]
            assert self.acknowledged.get(index, digest) == digest, (
                f"entry {index} was acknowledged and then lost"
            )
            self.acknowledged[index] = digest
        return line[0]
