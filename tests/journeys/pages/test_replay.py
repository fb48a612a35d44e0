"""Sam comments at a section of the redline, settles it there, and asks what would have happened. In a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.pages.test_redline import SECOND
from tests.journeys.screens import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_comment_at_its_section_and_a_month_that_nobody_lived(
    lakeview: Deployment, screen: OpenScreen
) -> None:
    lakeview.python(SECOND)
    sam = screen("sam")
    page = sam.goto("/agreements/lakeview-mou/changes/")
    section = page.locator("#s3\\.1")
    section.get_by_text("Comment on section 3.1").click()
    section.get_by_label("Comment", exact=True).fill("Lobbies always? Ask the board.")
    section.get_by_label("All parties").check()
    section.get_by_role("button", name="Write it").click()
    expect(page).to_have_url(re.compile(r"from=1&to=2#s3\.1$"))
    said = section.locator(".remark").filter(has_text="Ask the board.")
    expect(said).to_be_visible()
    sam.look("sam-redline-comment")
    said.get_by_role("button", name="Resolve").click()
    expect(section.get_by_text("Resolved by Sam")).to_be_visible()

    page = sam.goto("/agreements/lakeview-mou/")
    page.get_by_role("link", name="What would have happened?").click()
    page.get_by_label("Under which text").select_option("2")
    page.get_by_label("Over what").select_option("month")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", name="Revision 2, tried")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", name="Section 3.1 would have opened")).to_be_visible()
    sam.look("sam-replay")
    phone = screen("sam", size=PHONE, theme="dark")
    phone.goto("/agreements/lakeview-mou/replay/")
    phone.look("sam-replay-phone-dark")
