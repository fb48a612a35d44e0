"""The people page as each of the cast meets it, and the one click that ends a device."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from sightpact.ledger import reads as ledger
from sightpact.people import actions as people
from sightpact.people import reads
from sightpact.people.models import Account
from tests import lakeview

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def town(db: None) -> lakeview.Lakeview:
    return lakeview.build()


def browser(slug: str, **options: bool) -> Client:
    client = Client(headers={"Host": "localhost"}, **options)
    client.force_login(Account.objects.get(username=slug), backend=BACKEND)
    return client


def row(page: str, name: str) -> str:
    """The words of one person's row."""
    rows = [r for r in re.findall(r"<tr><th scope=.row.*?</tr>", page, re.S) if f">{name}<" in r]
    return " ".join(re.sub(r"<[^>]+>", " ", "".join(rows)).split())


@pytest.mark.parametrize("who", ["dana", "sam"])
def test_who_manages_people_sees_them_by_party(town: lakeview.Lakeview, who: str) -> None:
    page = browser(who).get("/people/").content.decode()
    headings = re.findall(r"<h2 id=.party-([a-z-]+)", page)
    assert headings[0] == "lakeview-usd" and set(headings) == set(town.parties)
    assert "Lakeview Police Department" in page
    assert "dispatch console 2" in row(page, "Omar Reyes")
    assert 'href="/agreements/lakeview-mou/"' in page and "No agreement" not in row(page, "Omar Reyes")
    assert "No agreement" in row(page, "Ines Calder")
    assert "No passkey yet" in row(page, "Omar Reyes") and "sightpact person invite omar" in row(
        page, "Omar Reyes"
    )
    assert "6 have no passkey yet and cannot sign in." in page
    assert 'href="/people/"' in page


@pytest.mark.parametrize("who", ["pia", "omar", "rosa", "ines"])
def test_for_everybody_else_there_is_no_such_page(town: lakeview.Lakeview, who: str) -> None:
    people.enrol_start_key(town.people["pia"], "Chrome on Android")
    (device,) = reads.start_keys(town.people["pia"])
    client = browser(who)
    assert client.get("/people/").status_code == 404
    assert client.post("/people/revoke-device/", {"device": device.id}).status_code == 404
    assert reads.start_keys(town.people["pia"])[0].revoked_utc is None
    assert b'href="/people/"' not in client.get("/wall/").content


def test_one_click_ends_a_device_on_the_record(town: lakeview.Lakeview) -> None:
    secret = people.enrol_start_key(town.people["pia"], "Chrome on Android at 10.1.2.3")
    assert people.use_start_key(secret) == town.people["pia"]
    dana = browser("dana")
    page = dana.get("/people/").content.decode()
    assert "Chrome on Android at 10.1.2.3" in row(page, "Pia Marsh") and "last used" in row(page, "Pia Marsh")
    (device,) = re.findall(r'name="device" value="([^"]+)"', page)
    after = dana.post("/people/revoke-device/", {"device": device}, follow=True).content.decode()
    assert "It starts nothing any more." in after and "No device" in row(after, "Pia Marsh")
    assert people.use_start_key(secret) is None
    phone = Client(headers={"Host": "localhost"})
    phone.cookies["sightpact_start"] = secret
    assert phone.get("/switch/").status_code == 403
    entry = ledger.opened(ledger.Query(types=("person_change",)))[0]
    assert (entry.reason_code, entry.key("person")) == ("start_key_revoked", town.people["dana"])
    again = dana.post("/people/revoke-device/", {"device": device}, follow=True).content.decode()
    assert "It starts nothing any more." not in again, "twice is once"
    assert (
        "there is none with that id"
        in dana.post("/people/revoke-device/", {"device": "x"}, follow=True).content.decode()
    )


def test_who_was_taken_out_is_still_listed_as_such(town: lakeview.Lakeview) -> None:
    people.deactivate("rosa")
    found = row(browser("dana").get("/people/").content.decode(), "Rosa Delgado")
    assert "Taken out: may do nothing" in found and "No passkey yet" not in found


def test_the_page_asks_the_same_few_questions_for_many_people(
    town: lakeview.Lakeview, django_assert_max_num_queries: object
) -> None:
    dana = browser("dana")
    dana.get("/people/")
    with django_assert_max_num_queries(40) as few:  # type: ignore[operator]
        dana.get("/people/")
    asked = len(few)
    for number in range(20):
        spec = people.PersonSpec(f"person-{number}", f"Person {number}")
        people.add_person(spec, [people.Role("lakeview-usd", "secretary", "front office")])
    dana.get("/people/")  # the world moved: its facts are read anew, once
    with django_assert_max_num_queries(asked):  # type: ignore[operator]
        dana.get("/people/")


def test_no_form_of_another_site_is_taken(town: lakeview.Lakeview) -> None:
    assert browser("dana", enforce_csrf_checks=True).post("/people/revoke-device/").status_code == 403
