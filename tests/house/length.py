"""Rule: a file is small and has one subject. Think at 300 lines, never past 500."""

from __future__ import annotations

from pathlib import Path

from tests.house.tree import ROOT, SOURCE, Fault, files, name

THINK, LIMIT = 300, 500
NOT_OURS = ("vendor", "migrations")  # other people's code, and code that Django writes
DATA = ("tokens.css",)  # one list of named values; splitting it would hide it


def counted(*roots: Path) -> list[tuple[int, str]]:
    found = []
    for root in roots:
        for path in files(".py", ".js", ".css", ".html", under=root):
            if path.name in DATA or any(part in NOT_OURS for part in path.parts):
                continue
            found.append((len(path.read_text().splitlines()), name(path)))
    return sorted(found, reverse=True)


def longer_than(limit: int, *roots: Path) -> list[tuple[int, str]]:
    return [(lines, path) for lines, path in counted(*(roots or (SOURCE, ROOT / "tests"))) if lines > limit]


def faults(*roots: Path) -> list[Fault]:
    return [
        Fault(path, lines, f"{lines} lines; the limit is {LIMIT}")
        for lines, path in longer_than(LIMIT, *roots)
    ]
