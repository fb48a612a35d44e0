"""Without an emergency: Omar asks, Pia is silent, it is escalated, Sam answers in two taps; Omar's wall opens by itself and
goes dark when Pia ends it.

A deployment of its own: an agreement with sections on invitations (3.5), requests (3.6) and planned events (3.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment
from tests.journeys.conftest import LEASES, OpenScreen
from tests.journeys.screens import PHONE, Screen, at_rest, live
from tests.lakeview import ASKING

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SECTIONS = {number.lstrip("s").replace("_", "."): fields for number, fields in ASKING.items()}
SECTIONS["3.6"] = {
    **SECTIONS["3.6"],
    "approve": [{"party": "lakeview-usd", "roles": ["principal"]}],
    "escalate_minutes": 2,
    "escalate_to": [{"party": "lakeview-usd", "roles": ["superintendent"]}],
}
COMES = """
import sys, django
django.setup()
from django.db import transaction
from django.db.models import F
from sightpact.activation.models import Asking
from sightpact.ledger import actions, clock
from sightpact.ledger.entries import NewEntry

with transaction.atomic():
    row = Asking.objects.filter(pk=sys.argv[1])
    by = getattr(row.get(), sys.argv[2]) - clock.now()
    instants = [each.name for each in Asking._meta.fields if each.name.endswith("_utc")]
    row.update(**{name: F(name) - by for name in instants})
    actions.append([NewEntry("clock_step", reason_code="test")], bump="situation")
"""


def comes(it: Deployment, page: Page, instant: str) -> None:
    """The time passes, in no time, until an instant of the asking that a page shows."""
    it.python(COMES, page.url.rstrip("/").rpartition("/")[2], instant)


@pytest.fixture(scope="module")
def served_asking(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployment(tmp_path_factory.mktemp("asking") / "data", sim, changes={**LEASES, **SECTIONS}) as it:
        yield it


@pytest.fixture
def lakeview(served_asking: Deployment) -> Deployment:
    return served_asking


def test_a_request_is_escalated_and_approved_the_wall_opens_and_its_end_is_dark(
    lakeview: Deployment, screen: OpenScreen
) -> None:
    omar, pia = screen("omar"), screen("pia", size=PHONE)
    wall = at_rest(omar)
    live(wall, outside=6)
    omar.look("asking-wall-quiet")
    phone = pia.goto("/asking/")
    expect(phone.get_by_text("Nothing waits.")).to_be_visible()
    pia.look("asking-list-empty-phone")

    # he asks, on a second page; his wall stays
    form = omar.open()
    form.goto("/asking/")
    form.get_by_role("link", name="Ask to look").last.click()
    form.get_by_label("School").select_option(label="Lakeview High")
    form.get_by_label("Why, in a few words").fill("Silent alarm, east doors")
    form.get_by_label("Incident number").fill("26-1183")
    omar.look("asking-form-request", form)
    form.get_by_role("button", name="Ask the school").click()
    expect(form.get_by_role("heading", name="Request to look, Lakeview High")).to_be_visible()
    one = form.locator("#asking-one")
    expect(one).to_contain_text(
        "Pia Marsh can answer; whoever is first decides. If nobody answers it is escalated to Sam"
    )
    expect(one).to_contain_text("Told: Pia Marsh")
    omar.look("asking-one-waits", form)
    expect(wall.locator("#side")).to_contain_text("Asked, waiting for the school")

    # her open page says it by itself; she looks, and does not answer
    line = phone.locator("#state-line")
    expect(line).to_contain_text("Omar Reyes asks to look at Lakeview High.")
    expect(phone.locator("#asking-list")).to_contain_text("Your answer is asked for.")
    pia.look("asking-list-waits-phone")
    line.get_by_role("link", name="Answer").click()
    expect(phone.locator("#asking-one")).to_contain_text("8 cameras, 8 of them inside")
    pia.look("asking-answer-phone")
    sam = screen("sam")
    board = sam.goto("/watching/")
    expect(board.get_by_role("heading", level=1)).to_be_visible()
    expect(board.get_by_role("link", name="Answer")).to_have_count(0)

    # two minutes later it is the second line's too: two taps
    comes(lakeview, form, "escalate_utc")
    for page in (form, phone):
        expect(page.locator(".asksteps")).to_contain_text("Escalated to Sam Whitfield")
        expect(page.locator(".asksteps")).to_contain_text("Told: Sam Whitfield")
    omar.look("asking-one-escalated", form)
    expect(board.get_by_role("link", name="Answer").first).to_be_visible()
    sam.look("asking-board-waits")
    board.get_by_role("link", name="Answer").first.click()
    board.get_by_role("button", name="Open for 20 minutes").click()
    for page in (board, phone, form):
        expect(page.locator(".askstate")).to_contain_text("Open")
        expect(page.locator(".asksteps li")).to_have_count(6)
        for text in (
            "Omar Reyes asked",
            "Told: Pia Marsh",
            "Escalated to Sam",
            "Told: Sam",
            "Sam Whitfield approved",
            "Opened",
        ):
            step = page.locator(".asksteps li").filter(has_text=text).first
            expect(step.locator("time")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))
    pia.look("asking-one-escalated-phone")

    # he touches nothing
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "look")
    live(wall, inside=8)
    strip = wall.get_by_role("region", name="Open by asking")
    for text in ("REQUEST", "Lakeview High", "Omar Reyes", "Section 3.6", "8 cameras", "Sam Whitfield"):
        expect(strip).to_contain_text(text)
    expect(strip.locator(".left .big")).to_have_text(re.compile(r"^(20:00|19:\d\d|18:\d\d)$"))
    omar.look("asking-wall-open")
    for name, options in {
        "light": {"theme": "light"},
        "contrast": {"theme": "contrast"},
        "phone": {"size": PHONE},
    }.items():
        other = screen("omar", **options)
        live(other.goto("/wall/"), inside=8)
        other.look(f"asking-wall-open-{name}")
        other.page.close()
    board = sam.goto("/watching/")
    expect(board.get_by_role("heading", name="Lakeview High").first).to_be_visible()
    expect(board.locator(".blist")).to_contain_text("Request to look")
    expect(board.locator(".blist")).to_contain_text("Omar Reyes")
    sam.look("asking-board")
    sam.goto("/today/")
    sam.look("asking-today")

    # she ends it: dark, and said why
    tiles = wall.locator("live-tile[data-inside=true]").all()
    canvases = [tile.locator("canvas").element_handle() for tile in tiles]
    pia.look("asking-one-open-phone")
    phone.get_by_role("button", name="End it now").click()
    expect(wall.locator("#wall-page")).to_have_attribute("data-mode", "quiet")
    expect(wall.locator("live-tile[data-inside=true]")).to_have_count(0)
    for each in canvases:
        assert each is not None and not each.is_visible()
    expect(wall.locator("#side")).to_contain_text("Pia Marsh ended it.")
    omar.look("asking-wall-ended")
    expect(phone.locator(".asksteps")).to_contain_text("Pia Marsh ended it.")
    pia.look("asking-one-ended-phone")
    kinds = [(e["type"], e["outcome"]) for e in lakeview.record() if e["type"] == "request"]
    assert [outcome for _type, outcome in kinds] == ["asked", "escalated", "approved", "ended"]
    ends = [e for e in lakeview.record() if e["type"] == "stream_end" and e["reason_code"] == "ended"]
    assert len(ends) >= 8, "each picture has its end"


def test_pia_invites_with_keys_alone_and_omar_looks(lakeview: Deployment, screen: OpenScreen) -> None:
    omar, pia = screen("omar"), screen("pia")
    wall = omar.goto("/wall/")
    page = pia.goto("/asking/invite/")
    expect(page.get_by_role("heading", name="Ask police to look", level=1)).to_be_visible()
    page.get_by_label("Why, in a few words").focus()
    page.keyboard.type("Glass broke in the library")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Minutes")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # only these
    for name in ("Library", "Hallway A"):
        page.get_by_label(name, exact=False).first.focus()
        page.keyboard.press("Space")
    pia.look("asking-form-invite")
    page.get_by_role("button", name="Ask police to look now").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".askstate")).to_contain_text("Open")
    pia.look("asking-one-invited")
    live(wall, inside=2)
    expect(wall.get_by_role("region", name="Open by asking")).to_contain_text("Invited by")
    wall.get_by_role("button", name="We are done, end it").click()
    expect(wall.locator("live-tile[data-inside=true]")).to_have_count(0)
    expect(page.locator(".asksteps")).to_contain_text("Omar Reyes ended it.")


def test_an_event_opens_and_closes_by_itself_in_the_calendar_and_another_is_called_off(
    lakeview: Deployment, screen: OpenScreen
) -> None:
    pia, sam, omar = screen("pia"), screen("sam", theme="dark"), screen("omar", size=PHONE)
    calendar = pia.goto("/asking/calendar/?month=2027-06")
    expect(calendar.get_by_text("No event period in June 2027.")).to_be_visible()
    pia.look("asking-calendar-empty")
    plans(pia, "Graduation")
    number = pia.page.url
    answer = sam.goto("/today/")
    answer.get_by_role("link", name="Answer").first.click()
    sam.look("asking-answer-event-dark")
    answer.get_by_role("button", name="Approve this event").click()
    expect(answer.locator(".askstate")).to_contain_text("opens by itself at 4 June 2027, 18:00")
    coming = omar.goto("/asking/")
    expect(coming.locator("#asking-list")).to_contain_text("Graduation")
    omar.look("asking-list-coming-phone")

    # the calendar, in each size and light; then its time comes
    coming.get_by_role("link", name="Calendar of event periods").click()
    coming.goto(f"{coming.url}?month=2027-06")
    planned = coming.locator(".calday", has_text="Graduation")
    expect(planned).to_contain_text("approved")
    expect(planned.locator("time").first).to_have_attribute("datetime", "2027-06-04")
    omar.look("asking-calendar-phone")
    months = sam.goto("/asking/calendar/?month=2027-06")
    months.locator("#cal-after").press("Enter")
    expect(months.get_by_role("heading", name="July 2027")).to_be_visible()
    months.locator("#cal-before").press("Enter")
    expect(months.locator(".calev")).to_have_count(1)
    with months.expect_download() as wanted:
        months.get_by_role("link", name="Approved ones for my own calendar").click()
    assert "DTSTART:20270604T220000Z" in wanted.value.path().read_text()
    sam.look("asking-calendar-dark")
    comes(lakeview, pia.page, "opens_utc")
    expect(pia.page.locator(".askstate")).to_contain_text("Open")
    for each in (months, coming):
        each.goto("/asking/calendar/")
        expect(each.locator(".calev", has_text="Graduation").first).to_contain_text("open now")
    comes(lakeview, pia.page, "deadline_utc")
    for each in (months, coming):
        expect(each.locator(".calev", has_text="Graduation").first).to_contain_text("over")
    expect(pia.page.locator(".asksteps")).to_contain_text("Its time, 210 minutes, is over.")
    assert pia.page.url == number
    light = screen("sam")
    light.goto("/asking/calendar/")
    light.look("asking-calendar")

    # asked for from its day, approved, called off
    months.goto("/asking/calendar/?month=2027-06")
    months.get_by_role("link", name="Ask for an event period on Friday 18 June").click()
    expect(months.get_by_label("From")).to_have_value("2027-06-18T18:00")
    plans(pia, "Football final")
    answer.goto(pia.page.url)
    answer.get_by_role("button", name="Approve this event").click()
    answer.get_by_role("button", name="Call it off").click()
    coming.goto("/asking/")
    expect(coming.locator("#asking-list")).to_contain_text("Sam Whitfield called it off before it opened.")
    sam.goto("/asking/")
    sam.look("asking-list-dark")


def plans(pia: Screen, why: str) -> None:
    """Her form: an evening in June at Lakeview High. Her page then shows it."""
    page = pia.goto("/asking/event/")
    page.get_by_label("School").select_option(label="Lakeview High")
    page.get_by_label("Why, in a few words").fill(why)
    page.get_by_label("From").fill("2027-06-04T18:00")
    page.get_by_label("To").fill("2027-06-04T21:30")
    pia.look("asking-form-event")
    page.get_by_role("button", name="Ask for this event").click()
    expect(page.locator(".askstate")).to_contain_text("Waits for an answer")
