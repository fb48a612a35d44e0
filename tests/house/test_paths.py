"""Every path that README, CONTRIBUTING, THREAT_MODEL and the documentation name is there: links, and files in backticks."""

import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
CODE = re.compile(r"`((?:src|tests|docs|deploy|scripts)/[\w./*-]+)`")
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "THREAT_MODEL.md")]
PAGES += [path for path in sorted((ROOT / "docs").rglob("*.md")) if "_build" not in path.parts]


def missing(text: str, folder: Path) -> list[str]:
    """What a page names and is not there. Links count from the page's folder, paths in backticks from the root."""
    wrong = [link for link in LINK.findall(text) if not (folder / link).exists()]
    return wrong + [path for path in CODE.findall(text) if not any(ROOT.glob(path.rstrip("/")))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_that_is_named_is_there(page):
    assert missing(page.read_text(), page.parent) == []


def test_it_bites():
    text = "[a](docs/nothing.md) `tests/promises/test_99_*` [b](README.md#x) `src/sightpact/` [c](https://sightpact.example)"
    assert missing(text, ROOT) == ["docs/nothing.md", "tests/promises/test_99_*"]
