"""The wall of three agencies in one emergency: dispatch calls a neighbour, who sees nothing before."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sightpact.access import answers, facts, sharing
from sightpact.agreements import actions as agreements
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.people import reads as people
from tests import lakeview, regional
from tests.browser import as_person
from tests.lakeview import Lakeview

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def region(transactional_db: None) -> Lakeview:
    facts._latest = None
    return regional.build()


def start(region: Lakeview) -> str:
    school = region.schools["lakeview-high"]
    return sharing.start(region.people["pia"], (school,), "intruder", str(uuid.uuid4())).id


def wall(person: str) -> str:
    return as_person(person).get("/wall/").content.decode()


def test_dispatch_calls_a_neighbour_from_the_wall(region: Lakeview) -> None:
    assert "for aid" not in wall("nora")
    activation = start(region)
    assert "Call Fairmont Police for aid" in wall("nora")
    assert "for aid" not in wall("omar"), "no section lets him call"
    before = wall("felix")
    assert "Intruder" not in before and "Hallway" not in before
    assert "when you are called for aid" in before
    answer = as_person("nora").post("/wall/call-aid/", {"activation": activation, "party": "fairmont-pd"})
    assert answer.status_code == 302 and answer["Location"] == "/wall/"
    assert "<b>Fairmont Police</b> was called for aid by Nora Lind" in wall("nora")
    after = wall("felix")
    assert "Hallway" in after and "34 CFR 99.33" in after
    assert '#s3.3">Section 3.3<' in after, "the strip names the section that lets him in, not that of others"
    assert "Not to be watched for:" in after
    (entry,) = ledger.opened(ledger.Query(types=("aid_called",)))
    assert entry.clause == "3.3"
    sharing.stop(region.people["sam"], activation)
    assert "Hallway" not in wall("felix")


def test_who_may_not_call_is_told_and_written(region: Lakeview) -> None:
    activation = start(region)
    client = as_person("omar")
    answer = client.post(
        "/wall/call-aid/",
        {"activation": activation, "party": "fairmont-pd"},
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 409
    assert not ledger.opened(ledger.Query(types=("aid_called",)))
    assert ledger.opened(ledger.Query(types=("refusal",)))[0].shown("text") == "call_aid"


def test_the_record_tells_of_the_call(region: Lakeview) -> None:
    activation = start(region)
    as_person("nora").post("/wall/call-aid/", {"activation": activation, "party": "fairmont-pd"})
    page = as_person("sam").get("/record/?what=sharings").content.decode()
    assert "Nora Lind called Fairmont Police for aid at Lakeview High, section 3.3" in page


def test_who_can_see_what_tells_of_hours_and_of_the_call(region: Lakeview) -> None:
    """Also outside its hours: a section that opens at nine is no section that opens nothing."""
    page = " ".join(as_person("sam").get("/who-can-see/").content.decode().split())
    assert "Section 3.1 of Regional Agreement on School Cameras: only from 06:30 to 17:00" in page
    assert "at most 4 people at once." in page
    assert "Intruder, once Fairmont is called for aid" in page
    asked = as_person("sam").get(f"/who-can-see/?person={region.people['felix']}").content.decode()
    assert "once Fairmont is called for aid" in asked and "3.3" in asked


@pytest.fixture
def on_a_tuesday() -> Iterator[None]:
    before = clock.use(clock.SimulatedClock(datetime(2026, 11, 24, 17, 0, tzinfo=UTC)))
    yield
    clock.use(before)


def test_hours_change_what_is_open_now_but_not_who_can_ever_see(
    on_a_tuesday: None, transactional_db: None
) -> None:
    facts._latest = None
    never_today = {"opens": "08:00", "closes": "16:00", "days": ["mon"]}
    it = lakeview.build(s3_1={"hours": never_today})
    snapshot = facts.snapshot()
    owner, omar = it.parties["lakeview-usd"], it.people["omar"]
    now, *later = answers.seen_by(snapshot, owner, omar)
    assert now.when[0] == "now" and now.outside == 0
    assert any("on a normal day" in sees.when and sees.outside > 0 for sees in later)


def test_the_line_under_the_header_tells_a_neighbour_nothing_before_the_call(region: Lakeview) -> None:
    sam = people.person_by_slug("sam")
    assert sam is not None
    agreements.suspend("lakeview-mou", sam, "a test")  # the emergency is then under the text that names Felix
    activation = start(region)

    def line() -> str:
        return as_person("felix").get("/state-line/").content.decode()

    assert "Intruder" not in line() and "Lakeview High" not in line()
    as_person("nora").post("/wall/call-aid/", {"activation": activation, "party": "fairmont-pd"})
    assert "Intruder, Lakeview High." in line()
