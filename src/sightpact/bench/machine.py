"""On what a number was measured: the machine's class, never its name."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any


def describe() -> dict[str, Any]:
    """The `machine` of a bench: processor, cores that this process may use, memory, kernel, versions, date (UTC)."""
    return {
        "cpu": _field(Path("/proc/cpuinfo"), r"model name\s*:\s*(.+)") or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(int(_field(Path("/proc/meminfo"), r"MemTotal:\s*(\d+)") or 0) / 2**20, 1),
        "kernel": f"{platform.system()} {platform.release()}",
        "system": _field(Path("/etc/os-release"), r'PRETTY_NAME="?([^"\n]+)') or "",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {
            name: version(name) for name in ("sightpact", "django", "cedarpy", "cryptography", "av", "uvloop")
        },
        "load_before": round(os.getloadavg()[0], 2),  # of one minute: what else ran on the cores
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "command": " ".join(["sightpact", *sys.argv[1:]]),
    }


def _field(file: Path, pattern: str) -> str:
    try:
        found = re.search(pattern, file.read_text())
    except OSError:
        return ""
    return found.group(1).strip() if found else ""
