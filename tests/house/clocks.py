"""Rule: the wall clock is read in `ledger/clock.py` and nowhere else. Monotonic clocks are free: they tell no time of day."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.tree import SOURCE, Fault, dotted, files, name, parsed

ALLOWED = {
    # path or folder under src/sightpact: why it may
    "ledger/clock.py": "this is the clock",
    "media/": "stamps the arrival of a picture; below the ledger",
    "live/edge/": "stamps arrivals and speaks UTC to browsers; knows no ledger",
    "camerasim/": "stand-alone: draws the time into its pictures",
    "bench/": "measures",
}

READS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("time.time", "time.time_ns", "time.gmtime", "time.localtime", "time.strftime", "time.ctime"),
    *("timezone.now", "timezone.localtime", "timezone.localdate"),
}
MODULES = {
    "time": {"time", "time_ns", "gmtime", "localtime"},
    "django.utils.timezone": {"now", "localtime", "localdate"},
}
MODEL_ARGUMENTS = {"auto_now", "auto_now_add"}  # Django would read its own clock


def faults(root: Path = SOURCE) -> list[Fault]:
    found = []
    for path in files(".py", under=root):
        inside = str(path.relative_to(root))
        if (
            any(inside == allowed or inside.startswith(allowed) for allowed in ALLOWED)
            or "migrations" in path.parts
        ):
            continue
        found += [Fault(name(path), line, what) for line, what in readings(parsed(path))]
    return found


def readings(tree: ast.Module) -> list[tuple[int, str]]:
    """(line, what) of each reading of the wall clock in a module."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            tail = ".".join(dotted(node).split(".")[-2:])
            if tail in READS:
                found.append((node.lineno, f"{tail} reads the clock; use sightpact.ledger.clock"))
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name in MODULES.get(node.module or "", ()):
                    found.append(
                        (node.lineno, f"imports {alias.name} of {node.module}; use sightpact.ledger.clock")
                    )
        elif isinstance(node, ast.keyword) and node.arg in MODEL_ARGUMENTS:
            found.append((node.value.lineno, f"{node.arg} reads Django's clock; set the field in the action"))
    return found
