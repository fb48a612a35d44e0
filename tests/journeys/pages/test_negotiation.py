"""District and police come to one text in two browsers: draft, propose, answer, accept, vote. Both sides see whose turn it is.

A real server and real pages; signing by passkey has a journey of its own (test_signing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.deployment import Deployment, deployment
from tests.journeys.screens import DESK, PHONE, Screen, Theme

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CHIEF = """
import django
django.setup()
from sightpact.people import actions as people
for slug, name, party, role, title in (
    ("gail", "Gail Ortega", "lakeview-pd", "chief", "chief of police"),
    ("tess", "Tess Amari", "lakeview-usd", "counsel", "counsel"),
):
    people.add_person(people.PersonSpec(slug, name, "", ""), [people.Role(party, role, title)])
"""
SHORTER = """
import json, sys, django
django.setup()
from sightpact.agreements import drafting
from sightpact.agreements.actions import drafts
from sightpact.people import reads
gail = reads.person_by_slug("gail")
(card,) = drafting.open_drafts(gail)
document = card.document
next(c for c in document["clauses"] if c["kind"] == "leases")["standing_s"] = 3
drafts.save(card.id, document, card.version, gail)
"""
LOOKS: list[tuple[str, dict[str, int], Theme]] = [
    ("", DESK, ""),
    ("-dark", DESK, "dark"),
    ("-phone", PHONE, ""),
]
AT = "/agreements/harbor-cameras/"


@pytest.fixture(scope="module")
def lakeview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    nowhere = SimpleNamespace(port=9, control_port=9)  # this journey looks at no picture
    with deployment(tmp_path_factory.mktemp("negotiation") / "data", nowhere) as it:  # type: ignore[arg-type]
        it.python(CHIEF)
        it.sign_in_everybody()
        yield it


@pytest.fixture
def looked(browser: Browser, lakeview: Deployment) -> Iterator[Callable[[str, str, str], None]]:
    """Look at an address as a person in three forms; nothing may be complained about."""
    opened: list[Screen] = []

    def look(person: str, path: str, name: str) -> None:
        for suffix, size, theme in LOOKS:
            screen = Screen(browser, lakeview, person, size=size, theme=theme)
            opened.append(screen)
            screen.goto(path)
            screen.look(f"{name}{suffix}")

    yield look
    complaints = [each for screen in opened for each in screen.complaints]
    for screen in opened:
        screen.close()
    assert complaints == []


def begins(page: Page, slug: str = "harbor-cameras") -> None:
    page.goto("/agreements/")
    page.get_by_role("link", name="Begin an agreement").click()
    page.get_by_role("link", name="outside always", exact=False).first.click()
    page.get_by_label("Short name of the agreement", exact=False).fill(slug)
    page.get_by_label("Name of the police", exact=False).select_option(label="Lakeview Police Department")
    page.get_by_label("First day in force", exact=False).fill("2026-07-01")
    page.get_by_label("Last day in force", exact=False).fill("2031-06-30")
    page.get_by_label("Time zone", exact=False).fill("America/New_York")
    page.get_by_label("resolution under which the district acts", exact=False).fill("Board policy 5131")
    page.get_by_label("resolution under which the agency acts", exact=False).fill("City charter, section 4")
    page.get_by_label("close", exact=True).check()
    page.get_by_role("button", name="Begin the draft").click()
    page.wait_for_url("**/drafts/**")


def test_two_sides_come_to_one_text(
    browser: Browser, lakeview: Deployment, looked: Callable[[str, str, str], None]
) -> None:
    sam, gail = (Screen(browser, lakeview, who) for who in ("sam", "gail"))
    tess = Screen(browser, lakeview, "tess")
    begins(sam.page)
    looked("sam", "/agreements/new/", "life-new")
    looked("sam", "/agreements/", "life-list-draft")
    page = tess.goto("/agreements/")
    page.get_by_role("link", name="Check and propose").click()
    expect(page.get_by_text("Only the superintendent, chief or director")).to_be_visible()

    page = sam.goto("/agreements/")
    page.get_by_role("link", name="Check and propose").click()
    looked("sam", page.url.removeprefix(lakeview.url), "life-propose")
    page.get_by_label("A word to the other side").fill("As we discussed in May. Please look at section 3.")
    page.get_by_role("button", name="Propose it now").click()
    expect(page.get_by_text("On Lakeview PD's desk since today")).to_be_visible()

    page = gail.goto("/")
    expect(page.get_by_role("heading", name="On your desk")).to_be_visible()
    page.get_by_role("link", name="harbor-cameras", exact=False).or_(
        page.locator(f'a[href="{AT}"]')
    ).first.click()
    expect(page.get_by_text("As we discussed in May.")).to_be_visible()
    looked("gail", AT, "life-reader-proposed")
    page.get_by_role("link", name="Comments").click()
    page.get_by_label("On which section").select_option("3.1")
    page.get_by_label("Comment", exact=True).fill("Why the parking lots?")
    page.get_by_label("All parties").check()
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_text("Why the parking lots?")).to_be_visible()

    page.goto(AT)
    page.get_by_role("button", name="Answer with a changed text").click()
    page.wait_for_url("**/drafts/**")
    lakeview.python(SHORTER)
    page.goto(page.url.split("#")[0].rstrip("/") + "/propose/")
    page.get_by_role("button", name="Propose it now").click()
    expect(page.get_by_text("Countered.")).to_be_visible()

    page = sam.goto(f"{AT}comments/?revision=1")
    page.get_by_text("Answer", exact=True).first.click()
    page.get_by_label("Your answer").fill("Buses stop there.")
    page.get_by_role("button", name="Answer").click()
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("Resolved by Sam Whitfield")).to_be_visible()
    looked("sam", f"{AT}comments/?revision=1", "life-comments")

    page.goto(AT)
    looked("sam", f"{AT}accept/", "life-accept")
    page.get_by_role("link", name="Accept this text").click()
    page.get_by_role("button", name="Accept this text").click()
    expect(page.get_by_text("Agreed text.")).to_be_visible()

    for screen, body in ((tess, "Board of Education"), (gail, "City Council")):
        page = screen.goto(AT)
        page.get_by_role("link", name="Record a vote").click()
        page.get_by_label("Which body").fill(body)
        page.get_by_label("Day of the meeting").fill("2026-06-08")
        page.get_by_label("Vote", exact=True).fill("6 to 1")
        page.get_by_label("Link to the minutes").fill("https://board.example/minutes")
        page.get_by_role("button", name="Record this vote").click()
        expect(page.get_by_role("row", name=body)).to_be_visible()
    looked("tess", f"{AT}adopt/?body=Board+of+Education", "life-adopt")
    page = sam.goto(AT)
    expect(page.get_by_text("Adopted.")).to_be_visible()
    expect(page.get_by_role("link", name="Sign it")).to_be_visible()
    looked("sam", AT, "life-reader-adopted")
    looked("gail", f"{AT}history/", "life-history")
    looked("sam", f"{AT}terminate/", "life-terminate")
    looked("gail", "/agreements/", "life-list")
    looked("sam", "/today/", "life-today")
    kinds = [row["type"] for row in lakeview.record()]
    for kind in ("agreement_proposed", "agreement_countered", "agreement_agreed", "agreement_adopted"):
        assert kind in kinds, kind
    assert [each for screen in (sam, gail, tess) for each in screen.complaints] == []
    for screen in (sam, gail, tess):
        screen.close()


def test_a_proposal_is_taken_back(
    browser: Browser, lakeview: Deployment, looked: Callable[[str, str, str], None]
) -> None:
    """Before anybody answered: it is off the other side's desk and stays in the history."""
    sam, gail = (Screen(browser, lakeview, who) for who in ("sam", "gail"))
    begins(sam.page, "pier-cameras")
    page, at = sam.page, "/agreements/pier-cameras/"
    page.goto(page.url.split("#")[0].rstrip("/") + "/propose/")
    page.get_by_role("button", name="Propose it now").click()
    desk = gail.goto(at)
    expect(desk.get_by_role("link", name="Accept this text")).to_be_visible()
    looked("sam", f"{at}withdraw/", "life-withdraw")
    page.goto(at)
    page.get_by_role("link", name="Withdraw it").click()
    page.get_by_label("A word to the other parties").fill("Our board wants another term.")
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_text("Withdrawn").first).to_be_visible()
    desk.reload()
    expect(desk.get_by_role("link", name="Accept this text")).to_have_count(0)
    expect(desk.get_by_text("Withdrawn").first).to_be_visible()
    looked("gail", f"{at}history/", "life-withdrawn-history")
    for screen in (sam, gail):
        assert screen.complaints == []
        screen.close()
