"""Every page while a sharing runs whose agreement no longer does: each answers, and none says that police can see."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from sightpact.access import facts, sharing
from sightpact.agreements import actions as agreements
from sightpact.agreements.models import Revision
from sightpact.people import actions as people
from sightpact.people import reads
from tests import lakeview
from tests.browser import as_person

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = (
    "/today/",
    "/state-line/",
    "/wall/",
    "/wall/state/",
    "/watching/",
    "/watching/state/",
    "/switch/",
    "/switch/?another=1",
    "/agreements/",
    "/agreements/lakeview-mou/",
    "/agreements/lakeview-cameras/",
    "/cameras/",
    "/record/",
    "/record/file.csv",
    "/help/",
    "/public/",
)


def differs(_district: lakeview.Lakeview) -> None:
    """Somebody changed the stored text: it is no longer what was signed."""
    revision = Revision.objects.get(agreement__slug="lakeview-mou")
    Revision.objects.filter(pk=revision.pk).update(canonical=bytes(revision.canonical) + b" ")
    people.alter_person(people.PersonSpec("dana", "Dana Okafor", "dana@lakeview.example"))  # the world moves


def suspended(district: lakeview.Lakeview) -> None:
    by = reads.person(district.people["sam"])
    assert by is not None
    agreements.suspend("lakeview-mou", by)


@pytest.fixture(params=[differs, suspended])
def activation(request: pytest.FixtureRequest, transactional_db: None) -> str:
    """A sharing at Lakeview High; then its agreement stops."""
    district = lakeview.build()
    school = district.schools["lakeview-high"]
    card = sharing.start(district.people["pia"], (school,), "intruder", key=str(uuid.uuid4()))
    request.param(district)
    assert [live.id for live in facts.snapshot().live] == [card.id]
    return card.id


@pytest.mark.parametrize("who", ["sam", "pia", "dana", "omar", "ines", ""])
def test_no_page_breaks(activation: str, who: str) -> None:
    client = as_person(who) if who else Client(HTTP_HOST="localhost")
    client.raise_request_exception = False
    for path in (*PAGES, f"/switch/{activation}/", f"/switch/{activation}/state/"):
        assert client.get(path).status_code < 500, path


def test_the_switch_says_that_police_see_nothing(activation: str) -> None:
    shown = as_person("pia").get(f"/switch/{activation}/").content.decode()
    assert "Police can see" not in shown
    assert "Police cannot see the cameras of Lakeview High" in shown
    assert "Call 911" in shown


def test_it_is_ended_or_refused_in_words(activation: str) -> None:
    answer = as_person("pia").post(f"/switch/{activation}/end/", {"reason": "all_clear"})
    assert answer.status_code in (302, 409)
    stopped = as_person("sam").post("/watching/stop-sharing/", {"activation": activation})
    assert stopped.status_code == 302
