"""Promise 9: no internet. The server, its cameras and its people on one machine whose only interface is its own loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.faults import namespaces

HOME = Path(__file__).parents[2]


def test_the_whole_story_without_a_network() -> None:
    """Where the machine lends no namespace the same story runs, and its processes' sockets are the proof: none leaves it."""
    alone = namespaces.unshare("n")
    line = [*alone, sys.executable, "-m", "tests.faults.offline", *(["--alone"] if alone else [])]
    done = subprocess.run(line, cwd=HOME, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stderr[-4000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["ended"] == "all_clear"
    assert seen["elsewhere"] == [], "something spoke to an address that is not this machine"
    assert not alone or seen["interfaces"] == ["lo"]
