"""Rule: what runs is declared, what is declared is used, and docs/design/0001-foundation.md says what for."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

from tests.house.tree import ROOT, SOURCE, files, parsed

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NOTE = (ROOT / "docs/design/0001-foundation.md").read_text().partition("\n## Runtime dependencies\n")[2]

IMPORTED_AS = {
    "django-allauth": "allauth",
    "django-ninja": "ninja",
    "django-csp": "csp",
    "pillow": "PIL",
    "python-docx": "docx",
    "paho-mqtt": "paho",
    "pyjwt": "jwt",
}
BY_NAME = {
    # declared and never imported: who uses it
    "whitenoise": "a middleware, named in the settings",
    "httptools": "uvicorn takes it for its HTTP parser when it is there",
    "psycopg": "Django's PostgreSQL backend",
}
COMES_WITH = {
    # imported and not declared: the declared package whose own interface it is
    "asgiref": "django",
    "pydantic": "django-ninja",
}

FOR_DEVELOPERS = {
    # imported by a bench, which runs from a checkout: in the group `dev`
    "playwright": "bench/",
    "regopy": "bench/",
    "casbin": "bench/",
}


def declared() -> set[str]:
    wanted = [
        *PROJECT["dependencies"],
        *(name for extra in PROJECT["optional-dependencies"].values() for name in extra),
    ]
    return {re.match(r"[A-Za-z0-9-]+", each).group().lower() for each in wanted}  # type: ignore[union-attr]


def imported(root: Path = SOURCE) -> set[str]:
    """Top-level names of everything imported that is neither ours nor Python's own."""
    found = set()
    for path in files(".py", under=root):
        inside = str(path.relative_to(root))
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Import):
                names = {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = {node.module.partition(".")[0]}
            else:
                continue
            found |= {name for name in names if not inside.startswith(FOR_DEVELOPERS.get(name, "no folder"))}
    return found - sys.stdlib_module_names - {"sightpact"}


def unused(packages: set[str], names: set[str]) -> list[str]:
    return sorted(p for p in packages - set(BY_NAME) if IMPORTED_AS.get(p, p.replace("-", "_")) not in names)


def undeclared(packages: set[str], names: set[str]) -> list[str]:
    known = {IMPORTED_AS.get(p, p.replace("-", "_")) for p in packages} | set(COMES_WITH)
    return sorted(names - known)


def explained() -> set[str]:
    cells = re.findall(r"^\| ([^|]+?) \|", NOTE, re.M)[1:]  # without the heading
    return {name for cell in cells for name in re.sub(r" \(.*\)", "", cell).split(", ")}


def test_what_is_declared_is_used() -> None:
    assert unused(declared(), imported()) == []


def test_what_is_imported_is_declared() -> None:
    assert undeclared(declared(), imported()) == []


def test_each_dependency_is_explained_and_no_other() -> None:
    assert explained() == declared()


def test_the_exceptions_are_still_needed() -> None:
    assert declared() >= set(BY_NAME) | set(COMES_WITH.values())
    assert imported() >= set(COMES_WITH)


def test_it_bites(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text("import requests\nfrom yaml import load\nimport json\n")
    names = imported(tmp_path)
    assert undeclared(declared(), names) == ["requests", "yaml"]
    assert unused(declared() | {"requests", "left-pad"}, imported() | names) == ["left-pad"]


def test_the_lock_files_hold_what_is_declared_and_name_no_registry() -> None:
    for name in ("run", "dev"):
        text = (ROOT / f"requirements/{name}.lock").read_text()
        locked = set(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==", text, re.M))
        assert sorted(declared() - locked) == [], name
        assert "://" not in text, name
