"""The pages of changes: each side sees its own, a chief keeps her annex, and what is not one's business is not found."""

from __future__ import annotations

import pytest
from django.test import Client

from sightpact.access import changes, facts
from sightpact.access.models import PendingChange
from sightpact.agreements.papers.pace import Pace
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from sightpact.people.actions import PersonSpec, Role
from sightpact.web.pages import changes as page_of_changes
from tests import lakeview
from tests.browser import as_person

pytestmark = pytest.mark.django_db
MOU = "lakeview-mou"
ANNEX = f"/agreements/{MOU}/annex/"


@pytest.fixture
def district(db: None) -> lakeview.Lakeview:
    facts._latest = None
    found = lakeview.build()
    people_actions.add_person(
        PersonSpec("gail", "Gail Ortega"), [Role("lakeview-pd", "chief", "chief of police")]
    )
    people_actions.add_person(
        PersonSpec("hana", "Hana Brandt"), [Role("lakeview-pd", "dispatcher", "console 3")]
    )
    return found


def at(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_chief_keeps_her_annex_and_the_owner_does_not_read_it(district: lakeview.Lakeview) -> None:
    gail, sam = as_person("gail"), as_person("sam")
    assert "Changes" in at(gail, ANNEX)
    sent = {
        "act": "name", "party": "lakeview-pd", "person": "hana", "position": "dispatcher", "employer": "City of Lakeview",
        "supervisor": "Lieutenant Moss", "trained_until": "2036-06-30", "checked_on": "2026-03-01",
    }  # fmt: skip
    said = gail.post(ANNEX, sent, follow=True).content.decode()
    assert "waits for a second person" in said
    assert "You proposed it, so somebody else decides." in at(gail, "/changes/")
    page = at(sam, "/changes/")
    assert "Name Hana Brandt as dispatcher" in page and "Lieutenant Moss" not in page
    row = PendingChange.objects.get()
    (seen,) = [part.split('"')[0] for part in page.split('name="seen" value="')[1:]]
    done = sam.post(
        "/changes/decide/", {"change": str(row.id), "seen": seen, "decision": "approve"}, follow=True
    )
    assert "Approved. It holds from now on." in done.content.decode()
    assert "Lieutenant Moss" in at(gail, ANNEX) and "30 June 2036" in at(gail, ANNEX)
    owners = at(sam, ANNEX)
    assert "Hana Brandt" in owners and "Lieutenant Moss" not in owners and "2036" not in owners
    know = {"act": "know", "party": "lakeview-pd", "person": "hana", "supervisor": "Sergeant Lind"}
    assert sam.post(ANNEX, know).status_code == 404
    assert "Kept." in gail.post(ANNEX, know, follow=True).content.decode()
    assert "Sergeant Lind" in at(gail, ANNEX)


def test_who_loads_it_without_end_does_not_hold_up_a_start(
    district: lakeview.Lakeview, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Working one out takes the writer's place, in which a start is written."""
    monkeypatch.setattr(page_of_changes, "_pace", Pace(at_once=1))
    changes.propose(changes.NamePerson(MOU, "hana", "dispatcher"), people.person_by_slug("dana"))
    sam = as_person("sam")
    assert 'value="approve"' in at(sam, "/changes/")
    again = at(sam, "/changes/")
    assert 'value="approve"' not in again and "load it again to decide" in again
    assert "Name Hana Brandt as dispatcher" in again and 'value="refuse"' in again


@pytest.mark.parametrize("who", ["omar", "rosa", "pia", "ines"])
def test_it_is_nobody_elses(district: lakeview.Lakeview, who: str) -> None:
    changes.propose(changes.NamePerson(MOU, "hana", "dispatcher"), people.person_by_slug("dana"))
    client = as_person(who)
    camera = district.camera("hallway")
    for path in ("/changes/", ANNEX, f"/cameras/{camera}/", "/agreements/no-such/annex/"):
        assert client.get(path).status_code == 404, path
    row = PendingChange.objects.get()
    assert client.post("/changes/decide/", {"change": str(row.id), "decision": "approve"}).status_code == 404
    assert client.post(ANNEX, {"act": "unname", "person": "omar"}).status_code == 404
    assert PendingChange.objects.get().state == "waiting"


def test_a_chief_sees_no_camera_changes(district: lakeview.Lakeview) -> None:
    changes.propose(
        changes.AlterCamera("lakeview-high-new-camera", ("hallway",)), people.person_by_slug("dana")
    )
    gail = as_person("gail")
    page = at(gail, "/changes/")
    assert "New camera" not in page and "Nothing waits" in page
    assert gail.get(f"/cameras/{district.camera('new-camera')}/").status_code == 404
    row = PendingChange.objects.get()
    said = gail.post("/changes/decide/", {"change": str(row.id), "decision": "approve"}, follow=True)
    assert "is not here" in said.content.decode() and "New camera" not in said.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"act": "name"},
        {"act": "name", "person": "nobody", "position": "x"},
        {"act": "name", "person": "pia", "position": "principal"},
        {"act": "name", "person": "hana", "position": "x", "trained_until": "tomorrow"},
        {"act": "add", "name": "Lee Park", "role": "!!!"},
        {"act": "unname", "person": "nobody"},
    ],
)
def test_bad_input_changes_nothing_and_is_said(district: lakeview.Lakeview, sent: dict[str, str]) -> None:
    before = len(people.persons())
    answer = as_person("gail").post(ANNEX, sent, follow=True)
    assert answer.status_code == 200 and b'class="note' in answer.content
    assert not PendingChange.objects.exists() and len(people.persons()) in (before, before + 1)
