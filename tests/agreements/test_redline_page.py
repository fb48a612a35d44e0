"""The page of changes: who may read it, what it says, and what it does not tell the other side."""

from __future__ import annotations

import copy

import pytest
from django.test import Client

from sightpact.agreements import actions
from sightpact.agreements.document import parse
from sightpact.agreements.redline_page import paragraphs
from sightpact.agreements.word_change import IN, OUT, SAME, Piece
from sightpact.cameras.models import Area, Camera, School
from sightpact.people.models import Account, Membership, Party, Person

from .conftest import clause, raw_text, signed_in

PAGE = "/agreements/lakeview-mou/changes/"


def second() -> dict:
    """Revision 2: intruders for 45 minutes, hallways always, training twice a year."""
    raw = copy.deepcopy(raw_text("agreement"))
    raw["revision"] = 2
    clause(raw, "3.1")["area_kinds"].append("hallway")
    clause(raw, "3.2")["emergencies"][0] |= {"minutes": 45, "cap_minutes": 45}
    clause(raw, "4.2")["text"] = clause(raw, "4.2")["text"].replace("every year", "every six months")
    return raw


@pytest.fixture
def stored(lakeview, mou):
    signed_in(lakeview, mou)
    actions.name_person("lakeview-mou", "omar", "Dispatcher")
    ines = Person.objects.create(slug="ines", name="Ines Calder")
    Membership.objects.create(person=ines, party=Party.objects.get(slug="fairmont-pd"), role="officer")
    for person in Person.objects.all():
        account = Account.objects.create(username=person.slug)
        Person.objects.filter(pk=person.pk).update(account=account)
    school = School.objects.get()
    for kind, count in (("parking", 3), ("hallway", 7), ("classroom", 2)):
        area = Area.objects.create(slug=kind, school=school, kind=kind, name=kind.title())
        for number in range(count):
            camera = Camera.objects.create(
                slug=f"{kind}-{number}", school=school, name=kind, address="rtsp://198.51.100.7/x"
            )
            camera.areas.add(area)
    return lakeview


def client_of(slug: str) -> Client:
    client = Client()
    client.force_login(
        Account.objects.get(username=slug), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def main_of(reply) -> str:
    assert reply.status_code == 200
    return reply.content.decode().split("<main", 1)[1].split("</main>")[0]


@pytest.mark.django_db
def test_words_and_access_side_by_side(stored):
    actions.import_agreement(parse(second()))
    page = main_of(client_of("sam").get(PAGE))
    assert "<del>year</del><ins>six months</ins>" in page
    assert (
        "Opens 7 inside cameras at Lakeview High School to 1 named person of the Department (dispatchers), at all"
        " times; before, only during: intruder" in page
    )
    assert '<td>60</td><td class="chg">45</td>' in page
    assert page.count('<section class="rl') == 3 and "3 of 17 sections change." in page
    everything = main_of(client_of("sam").get(PAGE + "?all=1"))
    assert everything.count('<section class="rl') == 17
    assert f'href="{PAGE}"' in client_of("sam").get("/agreements/lakeview-mou/").content.decode()


@pytest.mark.django_db
def test_the_police_read_it_without_inside_counts(stored):
    actions.import_agreement(parse(second()))
    page = main_of(client_of("omar").get(PAGE))
    assert "Opens inside cameras (hallways) to 1 named person of the Department" in page
    for told in ("7 inside", "1 inside", "Inside cameras</th>", "10 cameras"):
        assert told not in page, told
    Camera.objects.filter(name="hallway").delete()
    assert main_of(client_of("omar").get(PAGE)) == page, "not even a zero is told"


@pytest.mark.django_db
def test_others_and_nobody_get_nothing(stored):
    actions.import_agreement(parse(second()))
    assert client_of("ines").get(PAGE).status_code == 404
    assert Client().get(PAGE).url.startswith("/sign-in/")


@pytest.mark.django_db
def test_only_revisions_that_there_are(stored):
    sam = client_of("sam")
    assert sam.get(PAGE).status_code == 404, "one revision has no changes"
    assert "/changes/" not in sam.get("/agreements/lakeview-mou/").content.decode()
    actions.import_agreement(parse(second()))
    for asked in ("?from=1&to=9", "?from=x", "?from=0", "?to=%00", "?from=01"):
        assert sam.get(PAGE + asked).status_code == 404, asked
    back = main_of(sam.get(PAGE + "?from=2&to=1"))
    assert "Closes 7 inside cameras" in back and "<del>six months</del><ins>year</ins>" in back
    assert "No section differs." in main_of(sam.get(PAGE + "?from=1&to=1"))


@pytest.mark.django_db
def test_a_stored_text_that_cannot_be_read_is_said_so(stored):
    from sightpact.agreements.models import Revision

    actions.import_agreement(parse(second()))
    Revision.objects.filter(number=2).update(canonical=b"{}")
    page = main_of(client_of("sam").get(PAGE))
    assert "note bad" in page and "rsheet" not in page


def test_paragraphs():
    told = list(paragraphs((Piece(SAME, "a\nb "), Piece(OUT, "c\nd"), Piece(IN, "e\nf"))))
    assert told == [
        (Piece(SAME, "a"),),
        (Piece(SAME, "b "), Piece(OUT, "c d"), Piece(IN, "e")),
        (Piece(IN, "f"),),
    ]
    assert list(paragraphs((Piece(OUT, "a\nb"),))) == [(Piece(OUT, "a"),), (Piece(OUT, "b"),)]
