"""Readiness: each check is true of the facts, says since when and what to do; a score is a count of checks and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sightpact.access import facts
from sightpact.access.ready import actions, machine, reads
from sightpact.access.ready.actions import Looked
from sightpact.access.ready.checks import Check, Report
from sightpact.agreements import actions as agreements
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.ledger.clock import SimulatedClock
from sightpact.live import readiness
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from tests import lakeview
from tests.lakeview import Lakeview

NOW = datetime(2026, 9, 14, 13, 30, tzinfo=UTC)


@pytest.fixture
def told() -> Iterator[SimulatedClock]:
    simulated = SimulatedClock(NOW)
    before = clock.use(simulated)
    yield simulated
    clock.use(before)


@pytest.fixture
def it(told: SimulatedClock, db: None) -> Lakeview:
    facts._latest = None
    reads._kept.clear()
    return lakeview.build()


def report(it: Lakeview, *listening: str) -> Report:
    facts._latest = None
    return reads.report(it.parties["lakeview-usd"], {it.people[slug] for slug in listening})


def check(found: Report, slug: str, school: str = "") -> Check:
    place = next(each for each in found.all if each.name == school or (not school and not each.id))
    return next(each for each in place.checks if each.slug == slug)


def every_camera(it: Lakeview, **dark: str) -> dict[str, Looked]:
    """Each camera of Lakeview High showed a picture, but for those named with their reason."""
    found = {}
    for slug, key in it.cameras.items():
        why = next((why for place, why in dark.items() if place.replace("_", "-") in slug), "")
        found[key] = Looked(not why, 0.4, why, why and f"10.20.0.5:554: {why}")
    return found


@pytest.mark.usefixtures("journal")
def test_cameras_that_would_show_nothing_are_named_with_the_reason_and_since_when(
    it: Lakeview, told: SimulatedClock
) -> None:
    high = "Lakeview High"
    first = check(report(it), "cameras", high)
    assert (first.state, first.remedy) == ("fails", "Press “Check the cameras now”.")
    actions.keep_frames(every_camera(it), "lakeview-usd", "nightly", 12.0)
    assert check(report(it), "cameras", high).state == "well"
    told.advance(3600)
    actions.keep_frames(
        every_camera(it, gymnasium="The camera cannot be reached."), "lakeview-usd", "asked", 3.0
    )
    found = check(report(it), "cameras", high)
    assert found.state == "soon" and "Gym" in found.text and "cannot be reached" in found.remedy
    assert "10.20.0.5" not in found.text + found.remedy and "10.20.0.5" in found.detail
    told.advance(60)
    actions.keep_frames(
        every_camera(it, gymnasium="The camera cannot be reached."), "lakeview-usd", "asked", 3.0
    )
    rows = reads._frames()
    gym = it.camera("gymnasium")
    assert (rows[gym].since_utc, rows[gym].looked_utc) == (
        NOW + timedelta(hours=1),
        NOW + timedelta(seconds=3660),
    )
    assert rows[it.camera("north-lot")].since_utc == NOW
    told.advance(40 * 3600)
    assert "day and a half" in check(report(it), "cameras", "Lakeview Middle").text
    entries = ledger.opened(ledger.Query(types=("readiness",)))
    assert [e.outcome for e in entries] == ["some_dark", "some_dark", "all_show"]
    assert all("camera" not in e.secret for e in entries), "the record counts, and names no camera"


@pytest.mark.usefixtures("journal")
def test_who_can_start_and_from_which_device(it: Lakeview) -> None:
    high = "Lakeview High"
    assert check(report(it), "starters", high).state == "well"
    assert check(report(it), "devices", high).state == "fails"
    people_actions.enrol_start_key(it.people["pia"], "a phone")
    found = check(report(it), "devices", high)
    assert found.state == "soon" and "Pia Marsh" in found.text
    people_actions.enrol_start_key(it.people["sam"], "a phone")
    assert check(report(it), "devices", high).state == "well"


@pytest.mark.usefixtures("journal")
def test_what_all_schools_share(it: Lakeview, told: SimulatedClock) -> None:
    found = report(it)
    assert check(found, "consoles").state == "fails" and "555" in check(found, "consoles").remedy
    assert check(report(it, "omar"), "consoles").state == "well"
    assert check(report(it, "pia"), "consoles").state == "fails", "the principal's page is no dispatcher's"
    assert check(found, "agreement").state in ("well", "soon")
    assert {check(found, slug).state for slug in ("record", "reserve", "stoppers", "named")} <= {
        "well",
        "soon",
    }
    sam = people.person(it.people["sam"])
    assert sam is not None
    agreements.suspend("lakeview-mou", sam)
    suspended = report(it, "omar")
    assert (check(suspended, "agreement").state, check(suspended, "agreement").text) == (
        "fails",
        "It is suspended.",
    )


@pytest.mark.usefixtures("journal")
def test_a_score_is_a_count_and_the_stored_time_is_when_it_began(it: Lakeview, told: SimulatedClock) -> None:
    owner = it.parties["lakeview-usd"]

    def keep(found: Report) -> int:
        return actions.keep_states(owner, [(each.id, c) for each in found.all for c in each.checks])

    first = report(it)
    assert check(first, "consoles").since_utc is None, "nobody looked before"
    assert keep(first) == sum(len(each.checks) for each in first.all)
    told.advance(600)
    again = report(it)
    assert keep(again) == 0, "a quiet night writes nothing"
    assert check(again, "consoles").since_utc == NOW
    staffed = report(it, "omar")
    assert keep(staffed) == 1
    assert check(report(it, "omar"), "consoles").since_utc == NOW + timedelta(minutes=10)
    for school in staffed.schools:
        well, of = staffed.score(school)
        both = [*school.checks, *staffed.shared.checks]
        assert (well, of) == (sum(c.state == "well" for c in both), len(both))
    assert all(c.remedy for each in first.all for c in each.checks if c.state != "well"), (
        "each says what to do"
    )
    assert not any(c.remedy for each in first.all for c in each.checks if c.state == "well")


def test_what_the_machine_says(settings: Any, tmp_path: Any, db: None, journal: None) -> None:
    settings.SIGHTPACT = dataclasses.replace(settings.SIGHTPACT, tls_cert=str(tmp_path / "none.pem"))
    (broken,) = machine.certificate()
    assert broken.state == "fails" and "none.pem" in broken.remedy
    assert machine.pictures().state == "fails", "no edge runs here"
    assert machine.disk().state in ("well", "soon")
    assert machine.reserve().state == "well"


@pytest.mark.parametrize(
    ("last", "now", "is_due"),
    [
        ("2026-09-14T07:00", "2026-09-14T07:29", False),  # 03:29 in New York
        ("2026-09-14T07:00", "2026-09-14T07:31", True),
        ("2026-09-14T07:31", "2026-09-14T20:00", False),
        ("2026-11-01T07:00", "2026-11-01T08:31", True),  # the night on which the clock goes back
    ],
)
def test_the_nightly_look_is_due_once_a_night(last: str, now: str, is_due: bool) -> None:
    at = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (last, now)]
    assert readiness.due("03:30", "America/New_York", *at) is is_due
    assert readiness.due("", "America/New_York", *at) is False
