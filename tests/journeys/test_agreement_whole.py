"""One agreement from the first draft to the dark wall, in three browsers: written, countered, agreed, adopted, signed, obeyed.

The district drafts from a template, police answer with a changed text, the redline shows words and access, both bodies
adopt, the superintendent signs by passkey and the chief by offline key. It begins on its first day and not before: the
dispatcher's open wall shows its cameras at that moment, and loses them when the chief suspends it.

The server's clock is set ahead once, over a restart, so that the first day begins while somebody looks.
"""

from __future__ import annotations

import re
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment
from tests.journeys.pages.test_sign_in import Device, healthy
from tests.journeys.pages.test_signing import joins, makes_it_a_signing_key
from tests.journeys.screens import OVERFLOWS, RESULTS, Screen

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
STEPPED = Path(__file__).parents[1] / "faults" / "stepped"
AT = "/agreements/harbor-cameras/"
CHIEF = """
import django
django.setup()
from sightpact.people import actions as people
people.add_person(people.PersonSpec("gail", "Gail Ortega", "", ""), [people.Role("lakeview-pd", "chief", "chief of police")])
"""
BEFORE_S = 12.0  # so long before its first day the server is back


@dataclass
class Place:
    it: Deployment
    clock: Path  # seconds by which the server's wall clock is ahead
    first_day: datetime  # aware, local midnight at which the agreement begins
    zone: str


@pytest.fixture(scope="module")
def place(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("whole")
    clock = folder / "ahead"
    clock.write_bytes(struct.pack("<d", 0.0))
    # The next full hour that is far enough away is midnight somewhere.
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if hour - datetime.now(UTC) < timedelta(minutes=15):
        hour += timedelta(hours=1)
    east = -hour.hour if hour.hour <= 12 else 24 - hour.hour
    zone = f"Etc/GMT{-east:+d}" if east else "Etc/UTC"  # in these names the sign is the other way round
    extra = {"PYTHONPATH": str(STEPPED), "WALL_CLOCK_OFFSET": str(clock)}
    with deployment(folder / "data", sim, extra=extra) as it:
        it.python(CHIEF)
        it.sign_in_everybody()
        yield Place(it, clock, hour, zone)


@pytest.fixture
def devices(browser: Browser, place: Place) -> Iterator[dict[str, Device]]:
    made = {slug: Device(browser, place.it.url) for slug in ("sam", "gail")}
    yield made
    for device in made.values():
        device.context.close()


def look(page: Page, name: str) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=RESULTS / f"{name}.png", full_page=True)
    healthy(page)
    assert page.evaluate(OVERFLOWS) == [], name


def local_day(place: Place) -> str:
    offset = timedelta(hours=0 if place.zone == "Etc/UTC" else -int(place.zone.removeprefix("Etc/GMT")))
    return (place.first_day + offset).date().isoformat()


def drafts_and_proposes(page: Page, place: Place) -> None:
    page.goto("/agreements/")
    page.get_by_role("link", name="Begin an agreement").click()
    page.get_by_role("link", name="outside always", exact=False).first.click()
    page.get_by_label("Short name of the agreement", exact=False).fill("harbor-cameras")
    page.get_by_label("Name of the police", exact=False).select_option(label="Lakeview Police Department")
    page.get_by_label("First day in force", exact=False).fill(local_day(place))
    page.get_by_label("Last day in force", exact=False).fill("2099-06-30")
    page.get_by_label("Time zone", exact=False).fill(place.zone)
    page.get_by_label("resolution under which the district acts", exact=False).fill("Board policy 5131")
    page.get_by_label("resolution under which the agency acts", exact=False).fill("City charter, section 4")
    page.get_by_label("close", exact=True).check()
    page.get_by_role("button", name="Begin the draft").click()
    page.wait_for_url("**/drafts/**")
    page.goto("/agreements/")
    page.get_by_role("link", name="Check and propose").click()
    page.get_by_role("button", name="Propose it now").click()
    expect(page.get_by_text("On Lakeview PD's desk since today")).to_be_visible()


def counters(page: Page) -> None:
    """Police want forty minutes instead of an hour, and no fields."""
    page.goto(AT)
    page.get_by_role("button", name="Answer with a changed text").click()
    page.wait_for_url("**/drafts/**")
    draft = page.url.partition("#")[0]
    page.goto(f"{draft}#s3.1")
    expect(page.locator("#editor[data-ready=yes]")).to_be_visible()
    page.get_by_label("Playing fields").uncheck()
    expect(page.locator("live-text del").filter(has_text="fields").first).to_be_visible(timeout=30_000)
    page.get_by_role("button", name=re.compile("^3.2 ")).click()
    page.get_by_role("textbox", name=re.compile("^Minutes, at first")).first.fill("40")
    expect(page.locator("live-text")).to_contain_text("40, at most 180", timeout=30_000)
    expect(page.locator("#ed-saved")).to_have_text(re.compile(r"^Saved \d\d:\d\d\.$"))
    page.goto(draft.rstrip("/") + "/propose/")
    page.get_by_role("button", name="Propose it now").click()
    expect(page.get_by_text("Countered.")).to_be_visible()


def reads_the_redline_and_accepts(page: Page) -> None:
    page.goto(f"{AT}changes/?from=1&to=2")
    main = page.locator("main")
    expect(main.locator("del").filter(has_text="60").first).to_be_visible()
    expect(main.locator("ins").filter(has_text="40").first).to_be_visible()
    expect(main).to_contain_text(re.compile(r"[Cc]loses \d+ outside"))
    look(page, "whole-redline")
    page.goto(AT)
    page.get_by_role("link", name="Accept this text").click()
    page.get_by_role("button", name="Accept this text").click()
    expect(page.get_by_text("Agreed text.")).to_be_visible()


def adopts(page: Page, body: str) -> None:
    page.goto(AT)
    page.get_by_role("link", name="Record a vote").click()
    page.get_by_label("Which body").fill(body)
    page.get_by_label("Day of the meeting").fill("2026-06-08")
    page.get_by_label("Vote", exact=True).fill("6 to 1")
    page.get_by_label("Link to the minutes").fill("https://board.example/minutes")
    page.get_by_role("button", name="Record this vote").click()
    expect(page.get_by_role("row", name=body)).to_be_visible()


def signs_offline(place: Place, page: Page, folder: Path) -> None:
    page.goto(f"{AT}sign/")
    with page.expect_download() as got:
        page.get_by_role("link", name="Download the text").click()
    text, signature = folder / "agreement.json", folder / "signature.json"
    got.value.save_as(text)
    key = place.it.data / "signing-keys" / "lakeview-pd.pem"
    place.it.run(
        "agreement", "sign", str(text), "--key", str(key), "--party", "lakeview-pd", "--out", str(signature)
    )
    page.get_by_label("Signature (JSON)").set_input_files(signature)
    page.get_by_role("button", name="Bring this signature").click()
    expect(page.get_by_text("Signed for Lakeview Police Department.")).to_be_visible()


def names_omar(place: Place, page: Page) -> None:
    page.goto(f"{AT}annex/")
    omar = page.get_by_label("Person").locator("option").filter(has_text="Omar Reyes").get_attribute("value")
    page.get_by_label("Person").select_option(omar)
    page.get_by_label("Position", exact=False).first.fill("dispatcher")
    page.get_by_role("button", name="Propose").click()
    place.it.approve_waiting("gail")


def test_from_the_first_draft_to_the_dark_wall(
    place: Place, devices: dict[str, Device], browser: Browser, tmp_path: Path
) -> None:
    it, sam, gail = place.it, devices["sam"].page, devices["gail"].page
    for slug, device in devices.items():
        joins(it, device, slug)
    makes_it_a_signing_key(it, devices["sam"], "lakeview-usd", tmp_path)

    sam.goto("/agreements/lakeview-mou/terminate/")  # the old one: nothing of it may help the new one
    sam.get_by_label("Now, at once").check()
    sam.get_by_label("Reason, for the record").fill("The new agreement takes its place.")
    sam.get_by_role("button", name="End it for good").click()
    expect(sam.get_by_text("Terminated", exact=False).first).to_be_visible()

    drafts_and_proposes(sam, place)
    names_omar(place, gail)
    counters(gail)
    reads_the_redline_and_accepts(sam)
    adopts(sam, "Board of Education")
    adopts(gail, "City Council")
    sam.goto(f"{AT}sign/")
    sam.get_by_role("button", name="Sign with your passkey").click()
    expect(sam.get_by_text("Signed for Lakeview Unified School District.")).to_be_visible()
    signs_offline(place, gail, tmp_path)
    gail.goto(AT)
    look(gail, "whole-signed")
    expect(gail.locator("li[aria-current=step]")).to_contain_text("In force")

    it.stop()
    ahead = place.first_day.timestamp() - BEFORE_S - time.time()
    assert ahead > 0, "the journey took too long for the day that it chose"
    place.clock.write_bytes(struct.pack("<d", ahead))
    it.serve()
    omar = Screen(browser, it, "omar", allow="403|WebSocket|ERR_")
    wall = omar.goto("/wall/")
    tiles = wall.locator("[data-camera]")
    expect(tiles).to_have_count(0)
    expect(tiles.first).to_be_visible(timeout=60_000)
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "quiet")
    expect(wall.get_by_role("heading", name=re.compile("Inside cameras are closed"))).to_be_visible()
    expect(wall.get_by_text("Memorandum of Understanding")).to_have_count(0)  # that one has ended
    omar.look("whole-open")
    expect(wall.get_by_text("Live", exact=True).first).to_be_visible(timeout=30_000)

    gail.goto(f"{AT}suspend/")
    gail.get_by_label(re.compile("[Rr]eason")).fill("A question of the council.")
    gail.get_by_role("button", name=re.compile("Suspend")).click()
    expect(tiles).to_have_count(0)
    expect(wall.get_by_text("suspended", exact=True)).to_be_visible()
    omar.look("whole-suspended")
    record = it.record()
    admitted = [
        row for row in record if row["type"] == "admission" and row["person"]["value"].startswith("Omar")
    ]
    assert admitted and {row["agreement"] for row in admitted} == {"harbor-cameras"}
    assert min(datetime.fromisoformat(row["at"]) for row in admitted) >= place.first_day
    ended = {row["ref"] for row in record if row["type"] == "stream_end"}
    assert {row["index"] for row in admitted} <= ended
    omar.close()
