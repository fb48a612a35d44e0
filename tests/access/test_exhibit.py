"""The exhibit of cameras in force: the other party countersigns an addition, taking off is at once; the matrix says "some"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction

from sightpact.access import changes, facts, matrix
from sightpact.access.changes import ChangeRefused, ListCamera, UnlistCamera, compare
from sightpact.access.models import PendingChange
from sightpact.agreements import actions as agreement_actions
from sightpact.agreements import reads as agreements
from sightpact.agreements import signing
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse
from sightpact.agreements.errors import AgreementError
from sightpact.cameras import actions as cameras
from sightpact.decide.facts import Action, Grant
from sightpact.decide.world import World
from sightpact.ledger.models import Entry
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from sightpact.people.actions import PersonSpec, Role
from sightpact.people.models import Account, Person
from tests import lakeview
from tests.browser import as_person
from tests.lakeview import Lakeview

pytestmark = pytest.mark.django_db
MOU = "lakeview-mou"
LOT, DOORS, LOOP = "lakeview-high-north-lot", "lakeview-high-east-doors", "lakeview-high-bus-loop"
AT = f"/agreements/{MOU}/cameras/"
EXHIBIT = {
    "heading": "Exhibit: the cameras",
    "kind": "camera_exhibit",
    "cameras": [LOT, DOORS],
    "countersigned_by": "lakeview-pd",
}


@pytest.fixture
def district(db: None) -> Lakeview:
    facts._latest = None
    made = lakeview.build(s2_9=EXHIBIT, s3_1={"present_only": True, "tags": ["gate", "yard"]})
    people_actions.add_person(PersonSpec("gail", "Gail Ortega"), [Role("lakeview-pd", "chief", "chief")])
    return made


def card(slug: str) -> people.PersonCard:
    found = people.person_by_slug(slug)
    assert found is not None
    return found


def sees(district: Lakeview, camera: str) -> bool:
    answer = facts.snapshot().answer(district.people["omar"], Action.VIEW_LIVE, district.cameras[camera])
    return isinstance(answer, Grant) and answer.clause == "3.1"


def mark(camera: str, *tags: str) -> None:
    spec = next(s for s in _specs() if s.slug == camera)
    cameras.put_inventory(cameras=[_with(spec, tags)])


def _specs() -> list[cameras.CameraSpec]:
    tables, _ = lakeview.district.build(24, "rtsp://192.0.2.1/cam/")
    return [cameras.CameraSpec(**{**row, "areas": tuple(row["areas"])}) for row in tables["cameras"]]


def _with(spec: cameras.CameraSpec, tags: tuple[str, ...]) -> cameras.CameraSpec:
    return replace(spec, tags=tags)


def listed() -> tuple[str, ...]:
    (running,) = [entry for entry in agreements.running() if entry.slug == MOU]
    return tuple(sorted(dict(running.facts.lists)["2.9"]))


def test_a_mark_and_the_exhibit_open_a_camera_and_a_countersignature_grows_it(district: Lakeview):
    assert not sees(district, LOT), "it is on the exhibit, and not marked"
    for camera in (LOT, LOOP):
        mark(camera, "gate")
    assert sees(district, LOT) and not sees(district, LOOP), "the loop is marked, and not on the exhibit"
    found = matrix.matrix(facts.snapshot(), district.parties["lakeview-usd"])
    stock = facts.snapshot().world.inventory
    turned = World(replace(stock, cameras=dict(reversed(stock.cameras.items()))))
    again = matrix.matrix(replace(facts.snapshot(), world=turned), district.parties["lakeview-usd"])
    assert again.groups == found.groups, "whichever camera comes first"
    cells = {
        (c.section, c.some)
        for g in found.groups
        for line in g.lines
        for c in line.cells
        if c.section == "3.1"
    }
    assert cells == {("3.1", True)}, "some of its kind, not all"
    asked = changes.propose(ListCamera(MOU, LOOP), card("sam"))
    assert asked.state == "waiting" and not sees(district, LOOP)
    assert any(s.opens and "1 outside camera at Lakeview High" in s.text for s in asked.preview.says)
    with pytest.raises(ChangeRefused, match="countersignature"):
        changes.approve(asked.pending, card("dana"))
    with pytest.raises(ChangeRefused, match="may not change this"):
        changes.propose(ListCamera(MOU, LOOP), card("gail"))
    assert changes.approve(asked.pending, card("gail")).state == "done"
    assert sees(district, LOOP) and listed() == tuple(sorted((LOT, DOORS, LOOP)))
    taken = changes.propose(UnlistCamera(MOU, LOT), card("sam"))
    assert taken.state == "done" and not sees(district, LOT)
    assert any(not s.opens for s in taken.preview.says)
    told = list(
        Entry.objects.filter(type="exhibit_changed").order_by("index").values_list("outcome", flat=True)
    )
    assert told == ["listed", "unlisted"]
    assert agreements.verdict(next(e.revision for e in agreements.running() if e.slug == MOU)).runs, (
        "the text is the same"
    )


def test_what_opens_nothing_today_is_countersigned_all_the_same(district: Lakeview):
    """Else a camera would be listed while it is unmarked, and opened by its mark afterwards."""
    asked = changes.propose(ListCamera(MOU, LOOP), card("sam"))
    assert asked.state == "waiting"
    assert changes.propose(ListCamera(MOU, LOT), card("sam")).state == "nothing"
    with pytest.raises(AgreementError, match="is not here"):
        changes.propose(ListCamera(MOU, "elsewhere"), card("sam"))
    changes.refuse(asked.pending, card("gail"), "Not that one.")
    assert PendingChange.objects.get().state == "refused" and LOOP not in listed()


def test_pages_of_both_sides(district: Lakeview):
    for person in Person.objects.filter(account=None):
        Person.objects.filter(pk=person.pk).update(account=Account.objects.create(username=person.slug))
    sam, gail = as_person("sam"), as_person("gail")
    shown = sam.get(AT).content.decode()
    assert "North lot" in shown and "Lakeview Police Department countersigns" in shown
    assert sam.post(AT, {"act": "list", "camera": LOOP}, follow=True).status_code == 200
    waiting = PendingChange.objects.get(state="waiting")
    theirs = gail.get(AT).content.decode()
    assert LOT in theirs and "North lot" not in theirs and "<select" not in theirs
    changes.approve(str(waiting.id), card("gail"))
    sam.post(AT, {"act": "unlist", "camera": DOORS})
    assert listed() == tuple(sorted((LOT, LOOP)))
    history = gail.get(f"/agreements/{MOU}/history/").content.decode()
    assert "Cameras of the exhibit, section 2.9" in history and LOOP in history and f'href="{AT}"' in history
    assert as_person("omar").get(AT).status_code == 404


def test_a_mark_that_opens_by_the_exhibit_of_a_text_to_come_needs_a_second_person(db: None):
    """The text that runs has no exhibit; the signed one of 2030 lists the loop, and opens it once it is marked."""
    facts._latest = None
    keys = {party: signing.keygen() for party in ("lakeview-usd", "lakeview-pd")}
    made = lakeview.build(keys=keys, s3_1={"tags": ["yard"]})
    raw = lakeview.text(
        "agreement", s2_9=EXHIBIT | {"cameras": [LOOP]}, s3_1={"present_only": True, "tags": ["gate"]}
    )
    raw["revision"] = 2
    next(c for c in raw["clauses"] if c["number"] == "7.1")["begins"] = date(2030, 1, 1)
    document = parse(raw)
    content = signing.payload(document, make(document))
    signed = {p.slug: signing.sign(content, keys[p.slug].private_pem) for p in document.parties}
    agreement_actions.import_agreement(document, signatures=signed)
    _running, (coming,) = agreements.running_and_coming()
    assert dict(coming.facts.lists) == {"2.9": frozenset({LOOP})}
    before = compare.facts_now()
    for camera, opens in ((LOT, False), (LOOP, True)):
        with transaction.atomic():
            mark(camera, "gate")
            found = compare.difference(before, compare.facts_now())
            assert (found.opens, found.closes) == (opens, False), camera
            transaction.set_rollback(True)
    assert not sees(made, LOOP)
