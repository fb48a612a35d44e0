"""Each test that docs/explanation/what-shows-it.md names exists."""

from __future__ import annotations

import ast
import re

from tests.house.tree import ROOT

PAGE = (ROOT / "docs/explanation/what-shows-it.md").read_text()
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def missing(text: str) -> list[str]:
    found = sorted(set(NAMED.findall(text)))
    assert found, "the page names tests"
    known = {path: functions(path) for path, _name in found}
    return [f"{path}::{name}" for path, name in found if name not in known[path]]


def functions(path: str) -> set[str]:
    file = ROOT / path
    tree = ast.parse(file.read_text()) if file.exists() else ast.Module([], [])
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_each_named_test_exists() -> None:
    assert missing(PAGE) == []


def test_it_bites() -> None:
    assert missing("`tests/house/test_shown.py::test_none`") == ["tests/house/test_shown.py::test_none"]
