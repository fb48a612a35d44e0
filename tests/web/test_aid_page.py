"""The wall of three agencies in one emergency: dispatch calls a neighbour, who sees nothing before."""

from __future__ import annotations

import uuid

import pytest

from sightpact.access import facts, sharing
from sightpact.ledger import reads as ledger
from tests import regional
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
