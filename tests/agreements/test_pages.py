"""The list and the reader: who may read, and what each side is told."""

from __future__ import annotations

import pytest
from django.test import Client

from sightpact.agreements import actions
from sightpact.cameras.models import Area, Camera, School
from sightpact.people import reads as people
from sightpact.people.models import Account, Membership, Party, Person

from .conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(lakeview, mou, house):
    signed_in(lakeview, mou)
    signed_in(lakeview, house)
    actions.name_person("lakeview-mou", "omar", "Dispatcher")
    ines = Person.objects.create(slug="ines", name="Ines Calder")
    Membership.objects.create(person=ines, party=Party.objects.get(slug="fairmont-pd"), role="officer")
    for person in Person.objects.all():
        account = Account.objects.create(username=person.slug)
        Person.objects.filter(pk=person.pk).update(account=account)
    school = School.objects.get()
    for index, (kind, count) in enumerate((("parking", 3), ("hallway", 7), ("classroom", 2))):
        area = Area.objects.create(slug=f"a{index}", school=school, kind=kind, name=kind.title())
        for number in range(count):
            camera = Camera.objects.create(
                slug=f"c{index}-{number}",
                school=school,
                name=f"{kind} {number}",
                address="rtsp://198.51.100.7/x",
            )
            camera.areas.add(area)
    return school


def client_of(slug: str) -> Client:
    client = Client()
    client.force_login(
        Account.objects.get(username=slug), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def test_the_owner_reads_text_and_counts(stored):
    page = client_of("sam").get("/agreements/lakeview-mou/").content.decode()
    assert "Memorandum of Understanding on School Cameras" in page
    assert "up to 7" in page and "inside cameras at one school" in page
    assert "Sightpact enforces this" in page and "Kept by people" in page
    assert "The text that was signed is the text that runs." in page
    assert 'aria-label="3 opened here, 7 opened by another section, 2 never shared"' in page


def test_the_police_read_the_text_without_inside_counts(stored):
    page = client_of("omar").get("/agreements/lakeview-mou/").content.decode()
    assert "may watch live the cameras that see only" in page
    assert "3 opened here" in page
    for told in ("up to 7", "7 opened", "2 never", ">12<", "inside cameras at"):
        assert told not in page, told


def test_others_find_nothing(stored):
    ines = client_of("ines")
    for address in ("/agreements/lakeview-mou/", "/agreements/lakeview-house/", "/agreements/no-such/"):
        assert ines.get(address).status_code == 404
    assert (
        "lakeview" not in ines.get("/agreements/").content.decode().split("<main", 1)[1].split("</main>")[0]
    )
    assert client_of("omar").get("/agreements/lakeview-house/").status_code == 404


def test_without_sign_in_one_is_asked_to_sign_in(stored):
    for address in ("/agreements/", "/agreements/lakeview-mou/", "/agreements/no-such/"):
        reply = Client().get(address)
        assert reply.status_code == 302 and reply.url.startswith("/sign-in/")


def test_the_list_and_a_suspension(stored):
    sam = client_of("sam")
    page = sam.get("/agreements/").content.decode()
    assert "In force, 1 July 2026 to 30 June 2031" in page and "lakeview-house" in page
    Membership.objects.create(
        person=Person.objects.get(slug="omar"), party=Party.objects.get(slug="lakeview-pd"), role="chief"
    )
    actions.suspend("lakeview-mou", people.person_by_slug("omar"))
    assert "Suspended" in sam.get("/agreements/").content.decode()
    assert "Suspended by Lakeview Police Department" in sam.get("/agreements/lakeview-mou/").content.decode()


def test_an_edited_text_is_shown_as_such(stored):
    from sightpact.agreements.models import Revision

    Revision.objects.filter(agreement__slug="lakeview-mou").update(
        cedar="permit (principal, action, resource);"
    )
    page = client_of("sam").get("/agreements/lakeview-mou/").content.decode()
    assert "The stored policy is not what the signed text makes." in page and "nothing runs" in page
