"""Sam reads what a second revision would change; Omar reads the same without counts of the inside. In a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.deployment import Deployment
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import DESK, PHONE, Theme

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SECOND = """
import django, json
django.setup()
from sightpact.agreements import actions
from sightpact.agreements.document import parse
from sightpact.agreements.models import Revision

stored = Revision.objects.filter(agreement__slug="lakeview-mou")
if stored.count() == 1:
    raw = json.loads(bytes(stored.get().canonical))
    raw["revision"] = 2
    clause = {c["number"]: c for c in raw["clauses"]}
    clause["3.1"]["area_kinds"].append("lobby")
    clause["3.2"]["emergencies"][2] |= {"minutes": 20, "cap_minutes": 20}
    clause["3.3"]["who"][0]["roles"].remove("secretary")
    clause["4.2"]["text"] = clause["4.2"]["text"].replace("every year", "every six months")
    raw["clauses"].remove(clause["7.2"])
    actions.import_agreement(parse(raw))
"""
LOOKS: list[tuple[str, dict[str, int], Theme]] = [
    ("", DESK, ""),
    ("-dark", DESK, "dark"),
    ("-phone", PHONE, ""),
]


@pytest.mark.parametrize(("name", "size", "theme"), LOOKS)
def test_sam_sees_words_and_access(
    lakeview: Deployment, screen: OpenScreen, name: str, size: dict[str, int], theme: Theme
) -> None:
    lakeview.python(SECOND)
    sam = screen("sam", size=size, theme=theme)
    page = sam.goto("/agreements/lakeview-mou/")
    page.get_by_role("link", name="Changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Revision 1 to revision 2: what changes")
    expect(page.locator("ins").filter(has_text="six months")).to_be_visible()
    expect(page.locator("#s3\\.1")).to_contain_text("Opens 1 inside camera at")
    expect(page.locator("#s3\\.3")).to_contain_text("Closes on paper.")  # nobody is a secretary today
    sam.look(f"sam-changes{name}")
    page.get_by_role("link", name="All 17").click()
    expect(page.locator(".rl")).to_have_count(17)


def test_omar_sees_no_inside_count(lakeview: Deployment, screen: OpenScreen) -> None:
    lakeview.python(SECOND)
    omar = screen("omar")
    page = omar.goto("/agreements/lakeview-mou/changes/")
    expect(page.locator("#s3\\.1")).to_contain_text("Opens inside cameras (lobbies)")
    expect(page.get_by_text("How many inside cameras there are is not told here.")).to_be_visible()
    omar.look("omar-changes")
