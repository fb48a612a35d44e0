"""The switch: the right school or none. What it says when it could not do what it was asked."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from sightpact.access import facts
from sightpact.ledger import reads as ledger
from sightpact.ledger.reads import Query
from sightpact.people import actions as people
from sightpact.people.actions import Role
from tests import lakeview
from tests.browser import as_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district(transactional_db: None) -> lakeview.Lakeview:
    return lakeview.build()


@pytest.fixture
def phone(district: lakeview.Lakeview) -> Client:
    """Pia's: she is principal of Lakeview High and may start for every school."""
    phone = Client(HTTP_HOST="localhost")
    phone.cookies["sightpact_start"] = people.enrol_start_key(district.people["pia"], "Chrome on Android")
    return phone


@pytest.mark.parametrize("school", ["", "gone", str(uuid.UUID(int=7)), "LAKEVIEW-MIDDLE"])
def test_a_school_that_is_not_known_starts_nothing_anywhere(phone: Client, school: str) -> None:
    sent = {"school": school, "emergency": "intruder", "key": "k1"}
    page = phone.post("/switch/start/", sent)
    assert page.status_code == 409
    assert "NOT SENT" in page.content.decode()
    assert "Choose the school" in page.content.decode()
    answer = phone.post("/switch/start/", sent, HTTP_ACCEPT="application/json")
    assert (answer.status_code, "Choose the school" in answer.json()["text"]) == (409, True)
    assert facts.snapshot().live == ()


def test_it_begins_with_the_school_where_the_person_works(district: lakeview.Lakeview, phone: Client) -> None:
    assert "What is happening?" in phone.get("/switch/").content.decode()
    people.set_roles("pia", [Role("lakeview-usd", "principal", "principal, Creekside", "creekside")])
    shown = phone.get("/switch/").content.decode()
    assert f'href="?school={district.schools["creekside"]}&amp;emergency=intruder"' in shown


def test_who_works_at_no_one_school_says_which(district: lakeview.Lakeview) -> None:
    sam = as_person("sam")
    shown = sam.get("/switch/").content.decode()
    assert "Choose the school" in shown
    assert "What is happening?" not in shown
    assert "emergency=" not in shown
    chosen = sam.get(f"/switch/?school={district.schools['northgate']}").content.decode()
    assert "What is happening?" in chosen


def test_an_old_page_s_school_is_asked_for_again(district: lakeview.Lakeview, phone: Client) -> None:
    shown = phone.get(f"/switch/?school={uuid.UUID(int=7)}&emergency=intruder").content.decode()
    assert "Choose the school" in shown
    assert "Let police watch now" not in shown


def test_a_device_that_is_no_switch_says_how_it_becomes_one(district: lakeview.Lakeview) -> None:
    assert "a link at its foot" in Client(HTTP_HOST="localhost").get("/switch/").content.decode()
    assert "/switch/enrol/" in as_person("pia").get("/switch/").content.decode()


@pytest.fixture
def shared(district: lakeview.Lakeview, phone: Client) -> Client:
    """Pia's start device, on which Sam has signed in."""
    sams = as_person("sam")
    sams.cookies["sightpact_start"] = phone.cookies["sightpact_start"].value
    return sams


def start(device: Client, district: lakeview.Lakeview) -> tuple[str, str]:
    """Who started, and on which device, as the record says it."""
    device.post(
        "/switch/start/", {"school": district.schools["lakeview-high"], "emergency": "intruder", "key": "k1"}
    )
    (entry,) = ledger.opened(Query(types=("activation_start",)))
    return entry.shown("person"), entry.shown("device")


def test_who_is_signed_in_starts_under_the_own_name(district: lakeview.Lakeview, shared: Client) -> None:
    who, device = start(shared, district)
    assert who.startswith("Sam Whitfield") and "start device of Pia Marsh" in device
    (card,) = facts.snapshot().live
    assert "Sam" in shared.get(f"/switch/{card.id}/").content.decode()
    shared.post(f"/switch/{card.id}/end/", {"reason": "mistake"})
    (end,) = ledger.opened(Query(types=("activation_end",)))
    assert end.shown("person").startswith("Sam Whitfield")


def test_somebody_signed_in_who_may_not_start_does_not_block_the_device(
    district: lakeview.Lakeview, phone: Client
) -> None:
    omars = as_person("omar")
    omars.cookies["sightpact_start"] = phone.cookies["sightpact_start"].value
    who, device = start(omars, district)
    assert who.startswith("Pia Marsh") and "on which Omar Reyes" in device


def test_a_device_is_taken_over_only_when_that_is_confirmed(
    district: lakeview.Lakeview, shared: Client
) -> None:
    before = shared.cookies["sightpact_start"].value
    asked = shared.post("/switch/enrol/")
    assert asked.status_code == 409 and "Pia Marsh" in asked.content.decode()
    assert shared.cookies["sightpact_start"].value == before and people.use_start_key(before)
    done = shared.post("/switch/enrol/", {"instead": "yes"})
    after = shared.cookies["sightpact_start"].value
    assert done.status_code == 302 and people.use_start_key(after) == district.people["sam"]
    assert people.use_start_key(before) is None, "one device is one switch"


@pytest.mark.parametrize("said", [{}, {"answer": "Confirm"}, {"answer": "no"}])
def test_only_a_known_answer_counts(district: lakeview.Lakeview, phone: Client, said: dict[str, str]) -> None:
    sent = {"school": district.schools["lakeview-high"], "emergency": "intruder", "key": "k"}
    where = phone.post("/switch/start/", sent, HTTP_ACCEPT="application/json").json()["url"]
    answer = phone.post(f"{where}answer/", said)
    assert answer.status_code == 409 and "load the page again" in answer.content.decode()
    assert phone.get(where).status_code == 200
