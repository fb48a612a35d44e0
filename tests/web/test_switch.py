"""The switch: the right school or none. What it says when it could not do what it was asked."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from sightpact.access import facts
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
