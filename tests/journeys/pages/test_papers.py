"""Sam takes the papers of the agreement away, in a real browser; they are the text that stands on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import DESK, PHONE, Theme

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LOOKS: list[tuple[str, dict[str, int], Theme]] = [
    ("", DESK, ""),
    ("-dark", DESK, "dark"),
    ("-phone", PHONE, ""),
]


def taken(page: Page, name: str, into: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    path = into / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_sam_takes_the_papers_away(lakeview: Deployment, screen: OpenScreen, tmp_path: Path) -> None:
    sam = screen("sam")
    page = sam.goto("/agreements/lakeview-mou/")
    heading = page.get_by_role("heading", level=1).inner_text()
    text = taken(page, "Text as PDF", tmp_path)
    assert re.fullmatch(r"lakeview-mou-revision-\d+\.pdf", text.name)
    told = " ".join(" ".join(p.extract_text().split()) for p in pypdf.PdfReader(text).pages)
    assert heading in told and "Signed on" in told
    shown = page.locator(".status .hash code").first.inner_text()
    assert " ".join(re.findall("....", shown)) in told, "the hash on the page is the one on the paper"
    pack = taken(page, "board pack (two pages)", tmp_path)
    assert len(pypdf.PdfReader(pack).pages) == 2
    assert taken(page, "Word file", tmp_path).read_bytes().startswith(b"PK")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.mark.parametrize(("name", "size", "theme"), LOOKS)
def test_the_links_stand_where_the_text_begins(
    lakeview: Deployment, screen: OpenScreen, name: str, size: dict[str, int], theme: Theme
) -> None:
    sam = screen("sam", size=size, theme=theme)
    page = sam.goto("/agreements/lakeview-mou/")
    expect(page.get_by_role("link", name="Text as PDF")).to_be_visible()
    sam.look(f"sam-papers{name}")
