"""The list of cameras as each of the cast meets it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from sightpact.access import watch
from sightpact.agreements import actions as agreements
from sightpact.agreements.models import Signature
from sightpact.people import actions
from sightpact.people import reads as people
from sightpact.people.actions import PersonSpec, Role
from sightpact.people.models import Account
from sightpact.wire.messages import CameraHealth
from tests import lakeview

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(keys) -> lakeview.Lakeview:
    return lakeview.build()


def browser(slug: str) -> Client:
    client = Client()
    client.force_login(
        Account.objects.get(username=slug), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def rows(page: str) -> list[str]:
    return [
        " ".join(re.sub(r"<[^>]+>", " ", row).split())
        for row in re.findall(r"<tr><th scope=.row.*?</tr>", page, re.S)
    ]


def test_dana_sees_all_cameras_what_needs_doing_first(town) -> None:
    page = browser("dana").get("/cameras/").content.decode()
    found = rows(page)
    assert len(found) == len(town.cameras) == 24
    todo = [row for row in found if "Not classified" in row]
    assert todo and found[: len(todo)] == todo
    assert all("Not shared until classified" in row for row in todo)
    assert "24 cameras at 5 schools." in " ".join(page.split())


def test_each_camera_says_when_others_may_look(town) -> None:
    page = browser("dana").get("/cameras/").content.decode()
    found = rows(page)
    assert any("North lot" in r and "Always, 3.1" in r for r in found)
    assert any("Hallway B, east" in r and "Emergency, 3.2" in r for r in found)
    assert any("Guidance office" in r and "Never shared" in r for r in found)


def test_suspended_means_not_shared(town) -> None:
    agreements.suspend("lakeview-mou", people.person_by_slug("sam"))
    found = rows(browser("dana").get("/cameras/").content.decode())
    assert not [row for row in found if "Always" in row or "Emergency" in row]
    assert any("no section opens it" in row for row in found)


@pytest.mark.parametrize(
    ("query", "some", "none"),
    [
        ("show=outside", "North lot", "Library"),
        ("show=never", "Guidance office", "Library"),
        ("show=todo", "New camera", "Library"),
        ("show=inside", "Library", "North lot"),
        ("school=lakeview-high&q=hallway+east", "Hallway B, east", "Hallway B, west"),
        ("q=192.0.2.1", "Library", "nothing at all"),
    ],
)
def test_filters_and_search(town, query: str, some: str, none: str) -> None:
    found = " ".join(rows(browser("dana").get(f"/cameras/?{query}").content.decode()))
    assert some in found and none not in found


def test_nothing_found_says_so_and_input_is_escaped(town) -> None:
    page = browser("dana").get("/cameras/", {"q": '<b>"x', "show": "<", "school": '"'}).content.decode()
    assert "No camera fits" in page and '<b>"x' not in page


def test_health_is_shown_with_its_reason(town) -> None:
    camera = town.camera("library")
    watch.health([CameraHealth(camera, "lost", "10.20.0.4:554 does not answer", 0)])
    page = browser("dana").get("/cameras/?show=broken").content.decode()
    (row,) = rows(page)
    assert "Library" in row and "Lost" in row and "does not answer" in row
    watch.health([CameraHealth(camera, "live", "", 0)])


@pytest.mark.parametrize("slug", ["omar", "rosa", "ines", "pia"])
def test_for_everybody_else_there_is_no_such_page(town, slug: str) -> None:
    reply = browser(slug).get("/cameras/")
    assert reply.status_code == 404
    assert (
        b"camera"
        not in re.sub(rb"(?s)<(script|link|nav)[^>]*>", b"", reply.content.lower())
        .split(b"<main")[-1]
        .split(b"</main")[0]
    )


def test_a_stranger_is_asked_to_sign_in(town) -> None:
    reply = Client().get("/cameras/")
    assert (reply.status_code, reply["Location"]) == (302, "/sign-in/?next=/cameras/")


def test_no_password_is_on_the_page(town) -> None:
    page = browser("dana").get("/cameras/").content.decode()
    assert "gateway" not in page and "lake-lakeview" not in page
    assert not re.search(r"\sstyle=|\son[a-z]+=", page)


def test_before_any_policy_the_districts_it_sees_its_own_list(district) -> None:
    found = rows(browser("dana").get("/cameras/").content.decode())
    assert len(found) == 4 and not [row for row in found if "Always" in row]


def test_a_role_opens_the_list_only_until_a_house_policy_runs(town) -> None:
    """Where the owner's own policy says who manages the cameras, it alone says so."""
    actions.add_person(PersonSpec("lee", "Lee Park"), [Role("lakeview-usd", "security")])
    assert browser("lee").get("/cameras/").status_code == 404
    Signature.objects.filter(revision__agreement__is_house=True).delete()
    actions.alter_person(PersonSpec("lee", "Lee Parker"))  # the world moves
    assert browser("lee").get("/cameras/").status_code == 200
