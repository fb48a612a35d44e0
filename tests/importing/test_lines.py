from __future__ import annotations

import json
import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sightpact.web.importing.lines import line_of, locate, parse_path
from tests.importing.conftest import EXAMPLE, SIGNED

TEXT = '''\
title = "x"   # line 1

[[cameras]]
slug = "a"
note = """
[[cameras]]
slug = "not a key" \\"""
"""
list = [
  "one", # two
  "two", { k = 1, deep = [1,
            2] },
]
[[cameras]]
"quoted \\"key\\"" = 'x'
a.b . c = 1
[cameras.sub]
k = '\'\'[x]'\'\'
[[cameras.inner]]
k = 2026-07-01T10:00:00Z
[[cameras.inner]]
k = { a = "}", b = ']' }
[other]
last = true'''.replace("'\\'\\'", "'''").replace("'\\'\\'", "'''")


def test_each_thing_has_its_line() -> None:
    found = locate(TEXT)
    for path, line in {
        "title": 1,
        "cameras[0]": 3,
        "cameras[0].slug": 4,
        "cameras[0].note": 5,
        "cameras[0].list": 9,
        "cameras[0].list[0]": 10,
        "cameras[0].list[1]": 11,
        "cameras[0].list[2].k": 11,
        "cameras[0].list[2].deep[1]": 12,
        "cameras[1]": 14,
        "cameras[1].a.b.c": 16,
        "cameras[1].sub.k": 18,
        "cameras[1].inner[0].k": 20,
        "cameras[1].inner[1]": 21,
        "cameras[1].inner[1].k.b": 22,
        "other.last": 24,
    }.items():
        assert line_of(found, path) == line, path
    assert line_of(found, ("cameras", 1, 'quoted "key"')) == 15


def test_a_path_without_a_line_has_that_of_what_is_around_it() -> None:
    found = locate(TEXT)
    assert line_of(found, "cameras[1].missing[3].x") == 14
    assert line_of(found, "nothing") == 1 and line_of(found, "") == 1


def every_path(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [p for k, v in value.items() for p in [(*path, k), *every_path(v, (*path, k))]]
    if isinstance(value, list):
        return [p for i, v in enumerate(value) for p in [(*path, i), *every_path(v, (*path, i))]]
    return []


def test_everything_that_tomllib_reads_has_a_line() -> None:
    for text in (TEXT, EXAMPLE, SIGNED):
        found, lines = locate(text), text.split("\n")
        for path in every_path(tomllib.loads(text)):
            assert path in found, path
            if isinstance(path[-1], str) and '"' not in path[-1]:
                assert path[-1] in lines[found[path] - 1], path


def test_paths() -> None:
    assert parse_path("clauses[4].emergencies[0].minutes") == ("clauses", 4, "emergencies", 0, "minutes")
    assert parse_path("") == ()


scalar = st.one_of(st.integers(-9, 9), st.booleans(), st.text(max_size=8), st.just("a\nb"), st.just('"""'))
values = st.recursive(scalar, lambda inner: st.lists(inner, max_size=3), max_leaves=6)


@given(st.lists(st.dictionaries(st.text("abc-_", min_size=1, max_size=4), values, max_size=4), max_size=4))
def test_any_tables_are_walked_to_the_right_lines(tables: list[dict[str, Any]]) -> None:
    def toml(value: Any) -> str:
        if isinstance(value, list):
            return "[\n" + ",\n".join(map(toml, value)) + "\n]"
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

    text, expected = "", {}
    for index, table in enumerate(tables):
        text += "[[t]]\n"
        expected["t", index] = text.count("\n")
        for key, value in table.items():
            expected["t", index, key] = text.count("\n") + 1
            text += f"{key} = {toml(value)}\n"
    tomllib.loads(text)
    found = locate(text)
    assert {path: found.get(path) for path in expected} == expected
