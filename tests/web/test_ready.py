"""The page that says what would fail now: for the owner's people alone, with a remedy on each line, without addresses."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sightpact.access import facts
from sightpact.access.ready import actions, reads
from sightpact.access.ready.actions import Looked
from tests import lakeview
from tests.access.conftest import journal
from tests.browser import as_person

__all__ = ["journal"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("journal")]


@pytest.fixture
def district(db: None) -> lakeview.Lakeview:
    facts._latest = None
    reads._kept.clear()
    return lakeview.build()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def page(who: str) -> Any:
    return as_person(who).get("/ready/")


def test_for_the_owners_people_alone(district: lakeview.Lakeview) -> None:
    assert [page(who).status_code for who in ("sam", "dana", "pia", "omar", "ines")] == [
        200,
        200,
        200,
        404,
        404,
    ]
    assert as_person("dana").post("/ready/check/").status_code == 302
    for who in ("pia", "omar", "ines"):
        assert as_person(who).post("/ready/check/").status_code == 404, (
            "asking cameras is for those who manage them"
        )


def test_each_line_says_what_to_do_and_no_address_but_to_those_who_manage(
    district: lakeview.Lakeview,
) -> None:
    found = {key: Looked(True, 0.3) for key in district.cameras.values()}
    found[district.camera("gymnasium")] = Looked(
        False, 8.0, "The camera cannot be reached.", "10.20.0.9:554: refused"
    )
    actions.keep_frames(found, "lakeview-usd", "asked", 9.0)
    told = words(page("dana").content.decode())
    assert "10.20.0.9:554: refused" in told
    told = words(page("pia").content.decode())
    assert "10.20.0.9" not in told and "No picture: Gymnasium" in told
    assert "What would fail now" in told and "Ask dispatch to open the wall" in told
    assert re.search(r"Lakeview High \d+ of \d+ checks well", told)


def test_today_says_how_many_would_fail(district: lakeview.Lakeview) -> None:
    assert "would fail" not in words(as_person("sam").get("/today/").content.decode())
    owner = district.parties["lakeview-usd"]
    report = reads.report(owner, frozenset())
    actions.keep_states(owner, [(each.id, c) for each in report.all for c in each.checks])
    found = re.search(r"(\d+) things would fail", words(page("sam").content.decode()))
    today = words(as_person("sam").get("/today/").content.decode())
    assert found and f"{found[1]} checks would fail." in today, "the same number as the page that it leads to"
    (school,) = (each for each in report.schools if each.name == "Lakeview High")
    here = len(school.failing) + len(report.shared.failing)
    assert f"Lakeview High {here} checks would fail" in today
