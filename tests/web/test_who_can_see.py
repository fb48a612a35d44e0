"""Who can see what: the answers are the law's own, the page is for the owner's people, and the proof stands beside them."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import transaction
from django.test import Client

from sightpact.access import answers, facts, matrix, proven, sharing
from sightpact.agreements import actions as agreements
from sightpact.agreements import proof, stored_world
from sightpact.decide.authorize import authorize
from sightpact.decide.facts import Action, Grant
from sightpact.decide.prove.guarantees import GUARANTEES
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.people import reads as people
from tests import lakeview
from tests.browser import as_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district(transactional_db: None) -> lakeview.Lakeview:
    return lakeview.build(24)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def page(query: str = "", who: str = "sam") -> str:
    answer = as_person(who).get(f"/who-can-see/{query}")
    assert answer.status_code == 200
    return words(answer.content.decode())


@pytest.mark.parametrize(
    ("who", "status"), [("sam", 200), ("dana", 200), ("pia", 200), ("omar", 404), ("ines", 404)]
)
def test_for_the_owners_people_alone(district: lakeview.Lakeview, who: str, status: int) -> None:
    assert as_person(who).get("/who-can-see/").status_code == status
    hall = district.camera("cafeteria")
    assert as_person(who).get(f"/who-can-see/?camera={hall}").status_code == status


def test_nobody_is_led_to_sign_in(district: lakeview.Lakeview) -> None:
    assert Client(HTTP_HOST="localhost").get("/who-can-see/")["Location"].startswith("/sign-in/")


def test_right_now_in_one_answer(district: lakeview.Lakeview) -> None:
    text = page()
    assert "13 outside cameras. Nothing inside." in text and "2 people of other parties may look now" in text
    sharing.start(
        district.people["pia"], (district.schools["lakeview-high"],), "intruder", key=str(uuid.uuid4())
    )
    assert "13 outside cameras. 8 inside cameras." in page()
    agreements.suspend("lakeview-mou", people.person_by_slug("sam"))
    assert "Nothing outside. Nothing inside." in page()


def test_one_person_and_one_camera(district: lakeview.Lakeview) -> None:
    text = page(f"?person={district.people['omar']}")
    assert "What can Omar Reyes see?" in text
    assert "now, on a normal day 13 outside cameras. Section 3.1" in text
    assert "13 outside cameras. 9 inside cameras. Section 3.1, 3.2" in text
    assert "Nothing." in page(f"?person={district.people['ines']}")
    text = page(f"?camera={district.camera('cafeteria')}")
    assert "Nobody of another party. Own people: Sam Whitfield. Section 2.1" in text
    assert "Omar Reyes, Rosa Delgado." in text
    assert as_person("sam").get(f"/who-can-see/?camera={uuid.uuid4()}").status_code == 404
    assert as_person("sam").get("/who-can-see/?person=x").status_code == 404


def test_each_answer_is_what_the_law_grants(district: lakeview.Lakeview) -> None:
    """No shortcut (people alike are asked once) may tell another thing than the law, person by person."""
    snapshot, owner = facts.snapshot(), district.parties["lakeview-usd"]
    inventory, now = snapshot.world.inventory, clock.now()
    for moment in answers.moments(snapshot, owner):
        for camera in inventory.cameras:
            granted = {
                p.id
                for p in inventory.persons.values()
                if isinstance(
                    authorize(snapshot.world, p.id, Action.VIEW_LIVE, camera, moment.situations, (), now),
                    Grant,
                )
            }
            (told,) = [s for s in answers.seers_of(snapshot, owner, camera) if moment.label in s.when]
            assert {snapshot.names.persons[p].name for p in granted} == {*told.own, *told.others}


def test_the_matrix(district: lakeview.Lakeview) -> None:
    found = matrix.matrix(facts.snapshot(), district.parties["lakeview-usd"])
    named, rest, *own = found.groups
    assert named.who.endswith("named") and named.count == 2 and not named.own
    table = {line.when: dict(zip(found.kinds, line.cells, strict=True)) for line in named.lines}
    assert (
        table["on a normal day"]["parking"].section == "3.1"
        and not table["on a normal day"]["hallway"].section
    )
    assert table["Intruder or Explosion or fire"]["hallway"].section == "3.2"
    assert (
        not table["Emergency at another school"]["hallway"].section and not table["Drill"]["hallway"].section
    )
    for line in named.lines + rest.lines:
        cells = dict(zip(found.kinds, line.cells, strict=True))
        assert cells["guidance"].never and cells[""].never
    assert len(rest.lines) == 1 and not any(cell.section for cell in rest.lines[0].cells)
    assert {g.who for g in own if any(c.section for c in g.lines[0].cells)} == {"Superintendents"}
    assert all(cell.house for cell in own[0].lines[0].cells if cell.section)


def test_invitations_requests_and_events_have_their_lines(transactional_db: None) -> None:
    district = lakeview.build(24, **lakeview.ASKING)
    found = matrix.matrix(facts.snapshot(), district.parties["lakeview-usd"])
    named, *_rest = found.groups
    table = {line.when: dict(zip(found.kinds, line.cells, strict=True)) for line in named.lines}
    assert table["When the school invites"]["hallway"].section == "3.5"
    assert table["When a request is approved"]["hallway"].section == "3.6"
    assert not table["During a planned event"]["hallway"].section
    assert {line.minutes for line in named.lines if line.when.startswith("When")} == {30, 20}
    assert all(not cell.section or cell.section == "3.1" for cell in table["on a normal day"].values())
    listed = words(as_person("dana").get("/cameras/").content.decode())
    assert "Emergency, 3.2; When invited or approved, 3.5, 3.6, 3.7" in listed and "Always, 3.1" in listed
    text = page(f"?person={district.people['omar']}")
    assert "When the school invites" in text and "When a request is approved" in text
    assert f"{len(GUARANTEES)} of {len(GUARANTEES)}" in text


def test_the_certificate_and_where_the_record_holds_it(district: lakeview.Lakeview) -> None:
    assert "Every case was tried. None was open that should be closed." in page()
    assert f"{len(GUARANTEES)} of {len(GUARANTEES)}" in page() and "the next import enters it" in page()
    certificate = stored_world.prove_stored()
    with transaction.atomic():
        ledger.append(proof.entries(certificate, stored_world.owners()))
    facts._latest = None
    assert proven.recorded(certificate) != () and "In the record, entries" in page()
    agreements.remove_person("lakeview-mou", "rosa")
    assert "the next import enters it" in page()


def test_a_broken_guarantee_is_shown_with_its_example(transactional_db: None) -> None:
    outside = ["exterior", "entrance_outside", "parking", "field", "bus_loop"]
    lakeview.build(24, s3_1={"area_kinds": [*outside, "cafeteria"]})
    text = page()
    assert "A guarantee does not hold." in text and f"{len(GUARANTEES) - 1} of {len(GUARANTEES)}" in text
    assert "“Cafeteria” at Lakeview High" in text and "section 3.1" in text
