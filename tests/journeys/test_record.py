"""The record as Sam and Dana read it: every look and every refusal, with its end; found again by filters, and as a file."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.deployment import Deployment, wait_for
from tests.journeys.conftest import OpenScreen
from tests.journeys.screens import PHONE, live

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def looked(lakeview: Deployment, screen: OpenScreen) -> Deployment:
    """Omar watched inside in an emergency that has ended; Ines was refused."""
    omar = screen("omar")
    wall = omar.goto("/wall/")
    activation = lakeview.start_sharing()
    live(wall, inside=8)
    lakeview.end_sharing(activation)
    expect(wall.locator("#ended")).to_be_visible()
    omar.page.close()
    ines = screen("ines")
    expect(ines.goto("/wall/").get_by_role("heading", name="No agreement names you")).to_be_visible()
    return lakeview


def test_every_look_with_its_end(looked: Deployment, screen: OpenScreen) -> None:
    sam = screen("sam")
    page = sam.goto("/record/")
    whole = page.get_by_text(
        "Whole.", exact=True
    )  # a longer record is checked beside the page, which says so
    wait_for(lambda: whole.count() or (page.reload() and False), what="the record is checked and whole")
    inside = page.get_by_role("row").filter(has_text="Omar Reyes").filter(has_text="Hallway B, east").first
    for text in ("Omar Reyes", "Lakeview Police Department", "Hallway B, east", "Lakeview High", "3.2"):
        expect(inside).to_contain_text(text)
    cells = inside.get_by_role("cell").all_inner_texts()
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d\d", cells[0]) and re.fullmatch(r"\d\d:\d\d:\d\d\.\d\d", cells[1])
    assert (
        re.search(r"\d+ s", cells[5])
        and re.search(r"\d.*\d+ pictures", cells[6], re.S)
        and "ll clear" in cells[7]
    )
    refused = page.get_by_role("row").filter(has_text="Ines Calder").first
    expect(refused).to_contain_text("Refused:")
    expect(refused).to_contain_text("Fairmont Police")
    sam.look("sam-record")

    # found again
    page.get_by_label("What").select_option(label="Refusals")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("row").filter(has_text="Omar Reyes")).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="Ines Calder").first).to_be_visible()
    page.get_by_label("What").select_option(label="Looks and refusals")
    page.get_by_label("Person").select_option(label="Omar Reyes, Lakeview PD")
    page.get_by_label("Camera").select_option(label="Library, Lakeview High")
    page.get_by_role("button", name="Find").click()
    rows = page.locator("tr.k-look")
    expect(rows.first).to_contain_text("Library")
    assert all("Library" in text and "Omar Reyes" in text for text in rows.all_inner_texts())
    sam.look("sam-record-found")
    with page.expect_download() as wanted:
        page.get_by_role("link", name="CSV").click()
    lines = list(csv.DictReader(io.StringIO(wanted.value.path().read_text())))
    assert len(lines) == rows.count()
    assert (
        {line["camera"] for line in lines} == {"Library"}
        and int(lines[0]["bytes"]) > 0
        and int(lines[0]["seconds"]) >= 0
    )
    page.get_by_label("From day").fill("2019-01-01")
    page.get_by_label("To day").fill("2019-01-02")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", name="No line matches")).to_be_visible()
    sam.look("sam-record-nothing")
    page.goto("/record/?what=sharings")
    expect(
        page.get_by_role("row").filter(has_text="Pia Marsh started emergency sharing at Lakeview High").first
    ).to_be_visible()
    sam.look("sam-record-sharings")


def test_all_of_it_is_there(looked: Deployment) -> None:
    """Each admission and each refusal of the ledger is a line of the file, no more and no less."""
    answer = looked.page("sam").get("/record/file.csv")
    assert answer.status == 200
    lines = {int(line["entry"]) for line in csv.DictReader(io.StringIO(answer.text))}
    assert lines == {entry["index"] for entry in looked.record() if entry["type"] in ("admission", "refusal")}


def test_who_may_read_it(looked: Deployment, screen: OpenScreen) -> None:
    for person in ("dana",):
        reader = screen(person, size=PHONE)
        expect(reader.goto("/record/").get_by_role("heading", name="The record")).to_be_visible()
        reader.look(f"{person}-record-phone")
    for person in ("omar", "rosa", "ines", "pia"):
        assert looked.page(person).get("/record/").status == 404, person
    dark = screen("sam", theme="dark")
    expect(dark.goto("/record/").get_by_role("heading", name="The record")).to_be_visible()
    dark.look("sam-record-dark")
