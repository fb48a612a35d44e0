"""The calendar of event periods: whose, on which day, in what state; the file for one's own calendar program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sightpact.access import asking, facts
from sightpact.access.asking_fit import Wanted
from sightpact.activation.askings import AskingCard
from sightpact.ledger import clock, steps
from sightpact.ledger.clock import SimulatedClock
from sightpact.web.pages import calendar_file
from sightpact.web.pages.calendar_file import Entry
from tests import lakeview
from tests.browser import as_person
from tests.lakeview import ASKING, Lakeview
from tests.web.test_asking import text

NOW = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)  # 10:00 at the school


@pytest.fixture
def time_told() -> Iterator[SimulatedClock]:
    simulated = SimulatedClock(NOW)
    before = clock.use(simulated)
    steps.forget()
    yield simulated
    clock.use(before)
    steps.forget()


@pytest.fixture
def it(time_told: SimulatedClock, transactional_db: None) -> Lakeview:
    facts._latest = None
    return lakeview.build(**ASKING)


def plan(it: Lakeview, opens: datetime, hours: float, why: str, who: str = "omar") -> AskingCard:
    mou, school = it.agreements["lakeview-mou"], it.schools["lakeview-high"]
    closes = opens + timedelta(hours=hours)
    return asking.ask(
        it.people[who],
        Wanted("window", mou, school, why, f"{why} {opens}", opens_utc=opens, closes_utc=closes),
    )


def days(page: str) -> dict[str, str]:
    """Day -> what stands on it, in words."""
    cells = re.findall(r'<td class="calday.*?<time datetime="([\d-]{10})">(.*?)</td>', page, re.S)
    return {day: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inside)) for day, inside in cells}


def test_each_event_stands_on_its_day_at_the_school_in_its_state(
    it: Lakeview, time_told: SimulatedClock
) -> None:
    """Late in the evening it is the next day in UTC; one over midnight stands on both days."""
    late = plan(
        it, datetime(2026, 11, 11, 2, 30, tzinfo=UTC), 4, "Night game; finals"
    )  # 10 November, 21:30 to 01:30
    plan(it, datetime(2026, 11, 20, 23, 0, tzinfo=UTC), 2, "Not answered")
    off = plan(it, datetime(2026, 11, 26, 23, 0, tzinfo=UTC), 2, "Winter concert")
    for card in (late, off):
        asking.answer(it.people["pia"], card.id, True)
    asking.end(it.people["omar"], off.id)
    omar, pia = as_person("omar"), as_person("pia")
    page = omar.get("/asking/calendar/").content.decode()
    shown = days(page)
    assert re.search(r"21:30\W+01:30", shown["2026-11-10"]) and "Today" in shown["2026-11-10"]
    assert "Night game; finals" in shown["2026-11-11"] and "approved" in shown["2026-11-11"]
    assert "18:00" in shown["2026-11-20"] and "waits for an answer" in shown["2026-11-20"]
    assert "did not open" in shown["2026-11-26"]
    assert f'href="/asking/{late.id}/"' in page and "America/New_York" in text(omar.get("/asking/calendar/"))
    assert 'href="/asking/event/?opens=2026-11-12T18:00&amp;closes=2026-11-12T20:00"' in page
    assert "opens=2026-11-09T" not in page, "what is past is not asked for"
    filled = pia.get("/asking/event/?opens=2026-11-12T18:00&closes=2026-11-12T20:00").content.decode()
    assert 'value="2026-11-12T18:00"' in filled

    time_told.advance(12 * 3600)  # 22:00: by itself
    asking.settle()
    assert "open now" in days(pia.get("/asking/calendar/state/").content.decode())["2026-11-10"]
    time_told.advance(30 * 3600)  # and closed by itself, 24 hours ago
    asking.settle()
    page = pia.get("/asking/calendar/?month=2026-11").content.decode()
    assert "over" in days(page)["2026-11-10"]
    time_told.advance(40 * 86400)
    page = pia.get("/asking/calendar/?month=2026-11").content.decode()
    assert "over" in days(page)["2026-11-10"], "also long after"
    assert pia.get(f"/asking/{late.id}/").status_code == 200, "and its page still tells each step"
    for month in ("", "2026-13", "26-1", "9999-01", "x"):
        assert "No event period in December 2026." in text(pia.get(f"/asking/calendar/?month={month}"))
    assert 'href="?month=2027-01"' in pia.get("/asking/calendar/?month=2026-12").content.decode()


def test_a_stranger_finds_neither_calendar_nor_file(it: Lakeview) -> None:
    plan(it, NOW + timedelta(days=2), 2, "Final")
    for path in ("/asking/calendar/", "/asking/calendar/state/", "/asking/calendar/events.ics"):
        assert as_person("ines").get(path).status_code == 404
        assert as_person("rosa").get(path).status_code == 200
    assert "/asking/calendar/" in as_person("omar").get("/asking/").content.decode()


def test_the_file_holds_what_was_approved(it: Lakeview) -> None:
    yes = plan(it, NOW + timedelta(days=2), 2, "Final; north, \\ field")
    off = plan(it, NOW + timedelta(days=3), 2, "Concert")
    plan(it, NOW + timedelta(days=4), 2, "Not answered")
    for card in (yes, off):
        asking.answer(it.people["sam"], card.id, True)
    asking.end(it.people["omar"], off.id)
    answer = as_person("omar").get("/asking/calendar/events.ics")
    assert (
        answer["Content-Type"] == "text/calendar; charset=utf-8"
        and "attachment" in answer["Content-Disposition"]
    )
    raw = answer.content.decode()
    unfolded = raw.replace("\r\n ", "")
    assert raw.startswith("BEGIN:VCALENDAR\r\n") and raw.endswith("END:VCALENDAR\r\n")
    assert "\r\nDTSTART:20261112T150000Z\r\nDTEND:20261112T170000Z\r\n" in unfolded
    assert "SUMMARY:Event period\\, Lakeview High: Final\\; north\\, \\\\ field\r\n" in unfolded
    assert f"UID:{off.id}@sightpact" in unfolded and "STATUS:CANCELLED" in unfolded
    assert "Not answered" not in unfolded and "Pia" not in unfolded and "Sam" not in unfolded
    assert all(len(line.encode()) <= 75 for line in raw.split("\r\n"))


def test_lines_are_folded_between_characters_and_nothing_breaks_out() -> None:
    begins = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
    wild = "Fête 🎓 " * 30 + "\r\nEND:VEVENT\x00\u2028;"
    entry = Entry("1", begins, begins, begins, wild, "a", "b", "https://x.example/", False)
    raw = calendar_file.text([entry], "n")
    assert (
        raw.count("END:VEVENT\r\n") == 1 and "\x00" not in raw and "\\nEND:VEVENT" in raw.replace("\r\n ", "")
    )
    assert all(len(line.encode()) <= 75 for line in raw.split("\r\n"))
    assert calendar_file.escaped("Fête 🎓 ") * 30 in raw.replace("\r\n ", "")
