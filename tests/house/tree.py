"""The files that the house rules look at, and how a fault is told."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "sightpact"


@dataclass(frozen=True)
class Fault:
    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def files(*endings: str, under: Path = SOURCE) -> Iterator[Path]:
    """Files below `under` that end so, without caches."""
    for path in sorted(under.rglob("*")):
        if path.suffix in endings and path.is_file() and "__pycache__" not in path.parts:
            yield path


def name(path: Path) -> str:
    """The path as it is told, from the root of the repository or, in a test, of its temporary folder."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def dotted(node: ast.expr) -> str:
    """`a.b.c` of an attribute chain, without calls and subscripts: `X.objects.filter(..)[0]` is X.objects.filter."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Subscript | ast.Await):
        return dotted(node.value)
    return "?"
