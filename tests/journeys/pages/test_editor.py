"""Sam drafts an amendment with the keyboard alone: sentence, access and faults follow. In a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sightpact.agreements import editor_fields
from sightpact.agreements.document import data, parse
from sightpact.agreements.templates import templates
from tests.agreements.conftest import raw_text
from tests.agreements.templates.filled import document_of
from tests.deployment import Deployment, wait_for
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import DESK, PHONE, Theme, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

GOLDEN = Path(__file__).parents[2] / "agreements" / "golden"
BEGIN = """
import django
django.setup()
from sightpact.agreements.actions import drafts
from sightpact.people import reads

sam = next(p for p in reads.persons() if p.slug == "sam")
print(drafts.begin_from_revision("lakeview-mou", reads.person(sam.id), 1))
"""
NEW = """
import django, json, sys
django.setup()
from sightpact.agreements import drafting
from sightpact.agreements.actions import drafts
from sightpact.people import reads

sam = reads.person(next(p for p in reads.persons() if p.slug == "sam").id)
draft = drafts.begin(sam.party_id, json.loads(sys.argv[1]), "file", sam)
print(draft, drafting.load(draft, sam).slug)
"""
SAVED = """
import django, sys
django.setup()
from sightpact.agreements.models import Draft
print(Draft.objects.get(pk=sys.argv[1]).content)
"""
LOOKS: list[tuple[str, dict[str, int], Theme]] = [
    ("", DESK, ""),
    ("-dark", DESK, "dark"),
    ("-phone", PHONE, ""),
]
ROUND_TRIP = """async ([document, forms, areas]) => {
  await import("/static/components/agreements/clause-form.js");
  const several = (value) => [].concat(value ?? []);
  const clauses = document.clauses;
  const words = new Proxy({}, { get: (_all, name) => String(name) });
  const context = {
    words, areas, never: "", base: "",
    parties: () => several(clauses.find((each) => each.kind === "parties").parties),
    schools: () => clauses.flatMap((each) => several(each.schools ?? each.places)).filter((each) => each.slug),
    emergencies: () => clauses.flatMap((each) => (each.kind === "emergency_view" ? each.emergencies : [])),
  };
  return clauses.map((clause) => {
    const form = window.document.createElement("clause-form");
    form.show(forms.find((each) => each.kind === clause.kind).schema, clause, context);
    return form.read();
  });
}"""


def begun(lakeview: Deployment) -> str:
    return lakeview.python(BEGIN).strip().splitlines()[-1]


def saved(lakeview: Deployment, draft: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(lakeview.python(SAVED, draft).strip().splitlines()[-1])
    return found


def clause(document: dict[str, Any], number: str) -> dict[str, Any]:
    return next(c for c in document["clauses"] if c["number"] == number)


def open_draft(screen: OpenScreen, draft: str, section: str, **options: Any) -> tuple[Any, Page]:
    sam = screen("sam", **options)
    page = sam.goto(f"/agreements/lakeview-mou/drafts/{draft}/#s{section}")
    expect(page.locator("#editor[data-ready=yes]")).to_be_visible()
    return sam, page


def kept(page: Page) -> None:
    expect(page.locator("#ed-saved")).to_have_text(re.compile(r"^Saved \d\d:\d\d\.$"))


def test_by_keyboard_alone(lakeview: Deployment, screen: OpenScreen) -> None:
    draft = begun(lakeview)
    sam, page = open_draft(screen, draft, "3.2")
    live = page.locator("live-text")
    minutes = page.get_by_role("textbox", name=re.compile("^Minutes, at first")).first
    longest = page.get_by_role("textbox", name=re.compile("^Never longer than")).first
    page.get_by_role("heading", level=1).focus()
    for _ in range(80):  # every control on the way can be reached, and left again
        page.keyboard.press("Tab")
        if minutes.evaluate("each => each === document.activeElement"):
            break
    expect(minutes).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("45")
    expect(live.locator("ins").filter(has_text="45 minutes")).to_be_visible()
    expect(live).to_contain_text("may be extended, but no section says in which steps")
    expect(page.locator("section-list [aria-current=true]")).to_contain_text("1 to mend")
    live.get_by_role("button", name=re.compile("may be extended")).press("Enter")
    for _ in range(40):
        if longest.evaluate("each => each === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("45")
    expect(live).to_contain_text("Minutes: intruder")
    expect(live).to_contain_text("guarantees hold")
    kept(page)
    emergency = clause(saved(lakeview, draft), "3.2")["emergencies"][0]
    assert (emergency["minutes"], emergency["cap_minutes"]) == (45, 45)

    page.get_by_label("Libraries").press("Space")
    expect(live.locator("del").filter(has_text="libraries")).to_be_visible()
    expect(live).to_contain_text(re.compile(r"Closes \d+ inside cameras?"))
    page.keyboard.press("Control+z")
    expect(page.get_by_label("Libraries")).to_be_checked()
    page.keyboard.press("Control+Shift+z")
    expect(page.get_by_label("Libraries")).not_to_be_checked()
    page.get_by_role("button", name=re.compile("^3.1 ")).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Section 3.1: Outside, at all times")
    page.get_by_label("Hallways").press("Space")
    expect(live).to_contain_text("Example:")
    expect(live).to_contain_text("a camera that sees hallways")
    expect(page.get_by_label("Classrooms")).to_be_disabled()
    assert "cannot be shared with another party" in page.locator("clause-form").inner_text()
    sam.look("sam-editor-breaks")


def test_sections_are_added_moved_and_removed(lakeview: Deployment, screen: OpenScreen) -> None:
    draft = begun(lakeview)
    _sam, page = open_draft(screen, draft, "4.2")
    heading = page.get_by_role("heading", level=1)
    page.get_by_label("What it is about").select_option("kept_by_people")
    page.get_by_role("button", name="Add a section").click()
    expect(heading).to_have_text("Section 4.3: In your own words")
    page.get_by_label("Your words").fill("The parties meet once a year.\n\nAs section 9.9 says.")
    expect(page.locator("live-text")).to_contain_text("speaks of section 9.9")
    page.get_by_role("button", name="Move up").click()
    expect(heading).to_have_text("Section 4.2: In your own words")
    page.get_by_role("button", name="Move up").click()
    page.get_by_role("button", name="Move up").click()
    expect(heading).to_have_text("Section 3.5: In your own words")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Undo").click()
    kept(page)
    assert clause(saved(lakeview, draft), "3.5")["text"].startswith("The parties meet")
    page.get_by_role("button", name="Title and parts").click()
    page.get_by_label("Title", exact=True).fill("First amendment")
    kept(page)
    assert saved(lakeview, draft)["title"] == "First amendment"


def test_two_people_type_and_nothing_is_lost(lakeview: Deployment, screen: OpenScreen) -> None:
    draft = begun(lakeview)
    _sam, here = open_draft(screen, draft, "4.2", allow="409")
    _again, there = open_draft(screen, draft, "5.3", allow="409")
    there.get_by_label("Your words").fill("Fair to everybody.")
    kept(there)
    here.get_by_label("Your words").fill("Trained every year.")
    expect(here.locator("#ed-notices")).to_contain_text("changed other sections")
    kept(here)
    both = saved(lakeview, draft)
    assert (clause(both, "4.2")["text"], clause(both, "5.3")["text"]) == (
        "Trained every year.",
        "Fair to everybody.",
    )

    here.get_by_label("Your words").fill("Trained twice a year.")
    kept(here)
    there.get_by_role("button", name=re.compile("^4.2 ")).click()
    there.get_by_label("Your words").fill("Never trained.")
    expect(there.locator("#ed-notices")).to_contain_text("Trained twice a year.")
    expect(there.get_by_label("Your words")).to_have_value("Never trained.")
    there.get_by_role("button", name="Take theirs").click()
    expect(there.get_by_label("Your words")).to_have_value("Trained twice a year.")


def test_typing_without_a_connection_is_kept(lakeview: Deployment, screen: OpenScreen) -> None:
    draft = begun(lakeview)
    sam, page = open_draft(screen, draft, "4.2", allow="ERR_INTERNET_DISCONNECTED|Failed to load|ERR_FAILED")
    sam.context.set_offline(True)
    page.get_by_label("Your words").fill("Typed on a train.")
    expect(page.locator("#ed-saved")).to_contain_text("no connection")
    sam.context.set_offline(False)
    wait_for(lambda: clause(saved(lakeview, draft), "4.2")["text"] == "Typed on a train.", 30)


def test_a_page_that_is_too_old_saves_all_the_same(lakeview: Deployment, screen: OpenScreen) -> None:
    draft = begun(lakeview)
    sam, page = open_draft(screen, draft, "4.2", allow="403")
    sam.context.clear_cookies(name="csrftoken")
    page.get_by_label("Your words").fill("Typed on an old page.")
    kept(page)
    assert clause(saved(lakeview, draft), "4.2")["text"] == "Typed on an old page."


def test_each_kind_comes_out_of_its_form_as_it_went_in(lakeview: Deployment, screen: OpenScreen) -> None:
    page = screen("sam").goto("/agreements/")
    documents = [parse(raw_text(name)) for name in ("agreement", "house_policy")]
    documents += [document_of(t.name) for t in templates()]
    documents += [parse(json.loads(path.read_text())) for path in sorted(GOLDEN.glob("*.json"))]
    for document in documents:
        raw = data(document)
        forms = editor_fields.forms(document.house)
        made = page.evaluate(ROUND_TRIP, [raw, forms, editor_fields.areas(None)])
        for was, now in zip(raw["clauses"], made, strict=True):
            assert now == was, (document.slug, was["number"], was["kind"])
        assert parse({**raw, "clauses": made}) == document


def test_a_new_text_with_nothing_to_compare(lakeview: Deployment, screen: OpenScreen) -> None:
    raw = data(parse(raw_text("agreement")))
    raw |= {"slug": "lakeview-second", "title": "A second agreement"}
    raw["clauses"] = [c for c in raw["clauses"] if c["kind"] not in ("log_unwritable", "emergency_view")]
    del clause(raw, "3.4")["once_taken"]
    draft, slug = lakeview.python(NEW, json.dumps(raw)).strip().splitlines()[-1].split()
    sam = screen("sam")
    page = sam.goto(f"/agreements/{slug}/drafts/{draft}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Title and parts")
    live = page.locator("live-text")
    live.get_by_role("button", name=re.compile("3.4 .*is not said yet")).click()
    expect(page.get_by_role("radio", name=re.compile("^proposes"))).to_be_focused()
    expect(live).to_contain_text("________")
    sam.look("sam-editor-gap")
    page.keyboard.press("Space")
    expect(live).to_contain_text("an all clear proposes the end")
    for kind in ("log_unwritable", "emergency_view"):
        page.get_by_label("What it is about").select_option(kind)
        page.get_by_role("button", name="Add a section").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Watching in an emergency")
    page.get_by_role("button", name="Add: Who").click()
    page.get_by_label("Party", exact=True).select_option("lakeview-pd")
    page.get_by_label("dispatchers").check()
    page.get_by_role("button", name="All: Inside").click()
    page.get_by_role("button", name="Add: Which emergencies").click()
    page.get_by_label("On the switch").fill("Gas leak")
    page.get_by_label("In the text").fill("a leak of gas")
    expect(page.get_by_label("Short name for the machine")).to_have_value("gas_leak")
    page.get_by_role("textbox", name=re.compile("^Minutes, at first")).fill("20")
    page.get_by_role("textbox", name=re.compile("^Never longer than")).fill("20")
    expect(live).to_contain_text("a leak of gas, for 20 minutes.")
    page.get_by_role("button", name=re.compile("If the record cannot be written")).click()
    page.get_by_role("radio", name=re.compile("^Close")).check()
    kept(page)
    made = saved(lakeview, draft)
    view = next(c for c in made["clauses"] if c["kind"] == "emergency_view")
    assert view["emergencies"] == [
        {
            "kind": "gas_leak",
            "label": "Gas leak",
            "meaning": "a leak of gas",
            "minutes": 20,
            "cap_minutes": 20,
        }
    ]
    assert view["who"] == [{"party": "lakeview-pd", "roles": ["dispatcher"]}]


@pytest.mark.parametrize(("name", "size", "theme"), LOOKS)
def test_looks(
    lakeview: Deployment, screen: OpenScreen, name: str, size: dict[str, int], theme: Theme
) -> None:
    draft = begun(lakeview)
    sam, page = open_draft(screen, draft, "3.2", size=size, theme=theme)
    page.get_by_role("button", name=re.compile("^Less: Minutes")).first.click()
    page.get_by_role("button", name=re.compile("^Less: Never")).first.click()
    page.get_by_label("Libraries").click()
    expect(page.locator("live-text")).to_contain_text("guarantees hold")
    kept(page)
    sam.look(f"sam-editor{name}")
    page.goto(f"/agreements/lakeview-mou/changes/?from=1&to=draft-{draft}")
    until(page, "document.querySelectorAll('.rl').length === 1")
    sam.look(f"sam-draft-changes{name}")
    page.get_by_role("link", name="Side by side").click()
    expect(page.locator(".sides ins").filter(has_text="55")).to_be_visible()
    sam.look(f"sam-draft-sides{name}")


def test_without_script(lakeview: Deployment, screen: OpenScreen) -> None:
    draft = begun(lakeview)
    sam = screen("sam")
    plain = sam.context.browser.new_context(java_script_enabled=False, base_url=lakeview.url)  # type: ignore[union-attr]
    plain.add_cookies(sam.context.cookies())  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto(f"/agreements/lakeview-mou/drafts/{draft}/")
    expect(page.get_by_text("Changing a draft needs scripts")).to_be_visible()
    expect(page.get_by_text("While an emergency is shared")).to_be_visible()
    expect(page.locator("#editor")).to_be_hidden()
    plain.close()
