"""How long a durable append takes, beside a bare write and fsync of the same bytes in the same folder.

The measured part runs in a process of its own on a throw-away data folder, so that no settings are shared. Where it
runs is the temporary folder: point TMPDIR at the disk that matters.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sightpact.bench.rows import Progress, percentile, row

REPEATS = 5
SAMPLES = 400  # appends in each repeat


def run(progress: Progress) -> list[dict[str, Any]]:
    """Rows `ledger.*`. Takes some 20 seconds."""
    progress(0.0, "appends")
    with tempfile.TemporaryDirectory(prefix="sightpact-bench-") as folder:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SIGHTPACT_")} | {
            "SIGHTPACT_DATA": folder,
            "SIGHTPACT_LOG_ORIGIN": "bench.example/log",
            "DJANGO_SETTINGS_MODULE": "sightpact.web.settings",
        }
        worker = subprocess.Popen(
            [sys.executable, "-m", "sightpact.bench.ledger"],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert worker.stdout is not None
        found: dict[str, list[float]] = {}
        for line in worker.stdout:
            found = json.loads(line)
            done = len(next(iter(found.values())))
            progress(done / REPEATS, f"appends, repeat {done} of {REPEATS}")
        if worker.wait() != 0 or not found:
            raise RuntimeError("the ledger bench's worker failed; its error stands above")
    bare = ("write and fsync of the same bytes to a file, same folder, turn by turn", found["bare"])
    alone = (
        "one entry with two secret fields, SQLite WAL synchronous=FULL, signed checkpoint in the same commit"
    )
    return [
        row("ledger.append_ms_p50", f"durable append: {alone}", "ms", found["p50"], samples=SAMPLES, reach=1.0,
            peer=bare),
        row("ledger.append_ms_p99", "the same, 99th percentile", "ms", found["p99"], samples=SAMPLES),
        row("ledger.batch_1600_ms", "1,600 entries in one commit", "ms", found["batch"], samples=1),
    ]  # fmt: skip


def _worker() -> None:
    """Measure, and print all values so far after each repeat."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.conf import settings
    from django.db import transaction

    from sightpact.ledger import actions
    from sightpact.ledger.entries import NewEntry, Secret

    secret = {"person": Secret("p" * 36, "Omar Reyes, Lakeview PD"), "camera": Secret("c" * 36, "Hall")}
    entry = NewEntry("admission", party="lakeview-pd", clause="3.2", policy="0" * 64, secret=secret)

    def append(count: int = 1) -> list[actions.Receipt]:
        with transaction.atomic():
            return actions.append([entry] * count)

    size = len(append()[0].entry_bytes) + 2 * 32 + 250 + 200  # entry, nodes, checkpoint, openings
    bare = (Path(settings.SIGHTPACT.data) / "bare").open("ab", buffering=0)
    found: dict[str, list[float]] = {k: [] for k in ("p50", "p99", "bare", "batch")}

    def write() -> None:
        bare.write(bytes(size))
        os.fsync(bare.fileno())

    for _ in range(REPEATS):
        ours, theirs = [], []
        for _ in range(SAMPLES):
            ours.append(_took(append))
            theirs.append(_took(write))
        found["p50"].append(percentile(ours, 0.5) * 1e3)
        found["p99"].append(percentile(ours, 0.99) * 1e3)
        found["bare"].append(percentile(theirs, 0.5) * 1e3)
        found["batch"].append(_took(lambda: append(1600)) * 1e3)
        print(json.dumps(found), flush=True)
    bare.close()


def _took(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    _worker()
