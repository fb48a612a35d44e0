"""The editor's pages: who may ask, what the preview tells whom, saving without losing anybody's words, drafts in the redline."""

from __future__ import annotations

import copy
import json

import pytest
from django.test import Client

from sightpact.agreements import actions
from sightpact.agreements.actions import drafts
from sightpact.agreements.document import data, parse
from sightpact.agreements.models import Draft
from sightpact.cameras.models import Area, Camera, School
from sightpact.people import reads as people
from sightpact.people.models import Account, Membership, Party, Person

from .conftest import clause, signed_in
from .test_redline_page import client_of, main_of

PREVIEW = "/agreements/preview/"
CHANGES = "/agreements/lakeview-mou/changes/"


@pytest.fixture
def stored(lakeview, mou):
    """Lakeview with a chief, a stranger, and cameras inside and outside."""
    signed_in(lakeview, mou)
    actions.name_person("lakeview-mou", "omar", "Dispatcher")
    for slug, name, party, role in (
        ("ines", "Ines Calder", "fairmont-pd", "chief"),
        ("cole", "Cole Avery", "lakeview-pd", "chief"),
    ):
        person = Person.objects.create(slug=slug, name=name)
        Membership.objects.create(person=person, party=Party.objects.get(slug=party), role=role)
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


def person(slug):
    account = Account.objects.get(username=slug)
    found = people.person_of_account(account.pk)
    assert found is not None
    return found


@pytest.fixture
def text(mou):
    return json.loads(json.dumps(data(parse(mou))))


def asked(slug, document, base="1", access=True):
    sent = {
        "document": document,
        "base": base and {"agreement": "lakeview-mou", "key": base},
        "access": access,
    }
    return client_of(slug).post(PREVIEW, sent, content_type="application/json")


@pytest.mark.django_db
def test_the_preview_tells_words_access_and_guarantees(stored, text):
    clause(text, "3.1")["area_kinds"].append("hallway")
    answer = asked("sam", text).json()
    assert answer["sound"] and answer["count"] == 0
    (section,) = [s for s in answer["access"]["sections"] if s["number"] == "3.1"]
    assert section["opens"] == [
        "Opens 7 inside cameras at Lakeview High School to 1 named person of the Department (dispatchers), at all"
        " times; before, only during: intruder, explosion or fire, medical, missing child, officers needed at once."
    ]
    assert sum(not g["holds"] for g in answer["access"]["guarantees"]) == 1
    assert "access" not in asked("sam", text, access=False).json()


@pytest.mark.django_db
def test_the_other_side_learns_no_inside_count_and_no_name(stored, text):
    clause(text, "3.1")["area_kinds"].append("hallway")
    told = asked("cole", text).content.decode()
    answer = json.loads(told)
    assert answer["access"]["sections"][0]["opens"][0].startswith("Opens inside cameras (hallways) to")
    for secret in ("7 inside", "Inside cameras", "hallway-0", "Omar", "Sam", "Whitfield"):
        assert secret not in told, secret
    Camera.objects.filter(name="hallway").delete()
    assert asked("cole", text).json() == answer, "not even a zero is told"


@pytest.mark.django_db
def test_nobody_is_counted_of_a_party_one_has_nothing_to_do_with(stored, text):
    for number in range(5):
        officer = Person.objects.create(slug=f"officer-{number}", name="Officer")
        Membership.objects.create(
            person=officer, party=Party.objects.get(slug="lakeview-pd"), role="dispatcher"
        )
    told = asked("ines", text, base="").json()
    (section,) = [s for s in told["access"]["sections"] if s["number"] == "3.1"]
    assert section["opens"] == [] or "3 outside" not in str(section)
    assert "6 " not in str(told["access"]["sections"])
    assert asked("ines", text).status_code == 404, "a revision of others is no base"


@pytest.mark.django_db
def test_cameras_are_drawn_for_the_owner_alone(stored, text):
    own, other = (asked(slug, text).json()["access"]["fields"] for slug in ("sam", "cole"))
    assert own["3.2"]["label"] == "10 opened here, 2 never shared" and other == {}


@pytest.mark.django_db
def test_parties_and_schools_that_are_not_here(stored, text):
    parties = clause(text, "1.1")["parties"]
    parties[1]["slug"] = "harbor-pd"
    told = json.loads(json.dumps(text).replace('"lakeview-pd"', '"harbor-pd"'))
    clause(told, "2.1").update(all=False, schools=[{"slug": "nowhere", "name": "Nowhere School"}])
    answer = asked("sam", told, base="").json()
    assert answer["sound"] and answer["count"] == 2
    faults = {s["number"]: s["faults"] for s in answer["sections"] if s["faults"]}
    assert faults["1.1"][0]["field"] == "parties[1].slug" and faults["2.1"][0]["field"] == "schools"
    assert "fairmont" not in json.dumps(answer), "who else is here is not told"


@pytest.mark.django_db
def test_who_may_ask(stored, text):
    assert Client().post(PREVIEW, {}, content_type="application/json").status_code == 401
    for slug in ("omar", "pia"):
        assert asked(slug, text).status_code == 404, slug
    sam = client_of("sam")
    assert sam.get(PREVIEW).status_code == 405
    for body, status in ((b"{", 400), (b"[]", 400), (b'{"document": NaN}', 400), (b" " * 700_000, 413)):
        assert sam.post(PREVIEW, body, content_type="application/json").status_code == status, body[:20]
    for base in ({"agreement": "lakeview-mou", "key": key} for key in ("2", "x", "draft-1", "")):
        sent = {"document": text, "base": base}
        assert sam.post(PREVIEW, sent, content_type="application/json").status_code == 404, base
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(Account.objects.get(username="sam"), backend=BACKEND)
    assert strict.post(PREVIEW, {"document": text}, content_type="application/json").status_code == 403


BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.django_db
def test_too_many_questions_are_refused(stored, text, monkeypatch):
    from sightpact.agreements import editor_views

    monkeypatch.setattr(editor_views, "_LIMITS", {"preview": "2/m/key", "save": "2/m/key"})
    answers = [asked("sam", text, access=False).status_code for _ in range(3)]
    assert answers == [200, 200, 429]


@pytest.fixture
def draft(stored):
    return drafts.begin_from_revision("lakeview-mou", person("sam"), 1)


def page_of(draft):
    return f"/agreements/lakeview-mou/drafts/{draft}/"


@pytest.mark.django_db
def test_the_page_shows_the_text_without_script_and_to_its_own_side_alone(stored, draft):
    page = main_of(client_of("sam").get(page_of(draft)))
    assert "While an emergency is shared" in page and "needs scripts" in page
    assert '"key": "1"' in page
    for slug in ("omar", "cole", "ines", "pia"):
        assert client_of(slug).get(page_of(draft)).status_code == 404, slug
        assert (
            client_of(slug).post(page_of(draft) + "save/", {}, content_type="application/json").status_code
            == 404
        )
    assert Client().get(page_of(draft)).url.startswith("/sign-in/")
    assert client_of("sam").get(page_of(draft).replace("lakeview-mou", "other")).status_code == 404


@pytest.mark.django_db
def test_counts_of_areas_are_for_the_owner(stored, draft):
    theirs = drafts.begin_from_revision("lakeview-mou", person("cole"), 1)
    own, other = (
        client_of(s).get(page_of(d)).content.decode() for s, d in (("sam", draft), ("cole", theirs))
    )
    assert '"kind": "hallway", "title": "Hallways", "count": 7' in own
    assert '"kind": "hallway", "title": "Hallways", "count": null' in other


def save(slug, draft, document, version):
    sent = {"document": document, "version": version}
    return client_of(slug).post(page_of(draft) + "save/", sent, content_type="application/json")


@pytest.mark.django_db
def test_saving_and_a_conflict_keeps_both(stored, draft, text):
    mine, theirs = copy.deepcopy(text), copy.deepcopy(text)
    mine["title"], theirs["title"] = "Mine", "Theirs"
    assert save("sam", draft, theirs, 1).json() == {"version": 2}
    answer = save("sam", draft, mine, 1)
    assert answer.status_code == 409
    told = answer.json()
    assert (told["who"], told["version"], told["document"]["title"]) == ("Sam Whitfield", 2, "Theirs")
    assert json.loads(Draft.objects.get().content)["title"] == "Theirs", "nothing was overwritten"
    assert save("sam", draft, {"title": "not finished", "clauses": [{}]}, 2).json() == {"version": 3}
    for sent in ({}, {"document": 3, "version": 1}, {"document": text}):
        reply = client_of("sam").post(page_of(draft) + "save/", sent, content_type="application/json")
        assert reply.status_code == 400 and reply.json()["remedy"]
    drafts.discard(draft, person("sam"))
    assert save("sam", draft, text, 3).status_code == 400
    assert "is discarded" in main_of(client_of("sam").get(page_of(draft)))


@pytest.mark.django_db
def test_a_faulty_draft_has_its_page(stored, draft, text):
    text["clauses"][0] = {"number": "1.1", "kind": "parties", "heading": "\ud800 odd"}
    text["clauses"].append(7)
    assert save("sam", draft, text, 1).status_code == 200
    page = main_of(client_of("sam").get(page_of(draft)))
    assert "is not said yet" in page


@pytest.mark.django_db
def test_the_redline_shows_own_drafts_and_no_others(stored, draft, text):
    clause(text, "3.1")["area_kinds"].append("hallway")
    save("sam", draft, text, 1)
    address = f"{CHANGES}?from=1&to=draft-{draft}"
    page = main_of(client_of("sam").get(address))
    assert (
        "Opens 7 inside cameras at Lakeview High School" in page and "Your side&#x27;s draft, saved" in page
    )
    assert "Breaks a guarantee" in page and "To mend it:" in page
    assert "10 opened here" in page and page.count("camera-field") == 2, (
        "the owner's cameras, before and after"
    )
    assert f"/paper/redline-pdf/?from=1&amp;to=draft-{draft}" in page, "its own side may print it"
    sides = main_of(client_of("sam").get(address + "&view=side"))
    assert sides.count('class="sides"') == 1 and "<ins> and hallways</ins>" in sides.split('class="sides"')[1]
    for slug in ("cole", "omar", "ines"):
        assert client_of(slug).get(address).status_code == 404, slug
    theirs = drafts.begin_from_revision("lakeview-mou", person("cole"), 1)
    save("cole", theirs, text, 1)
    other = main_of(client_of("cole").get(f"{CHANGES}?from=1&to=draft-{theirs}"))
    assert "Opens inside cameras (hallways)" in other and "7 inside" not in other
    assert draft not in other and theirs not in page and "camera-field" not in other
    text["clauses"].pop(0)
    save("sam", draft, text, 2)
    assert "Mend them in the editor" in main_of(client_of("sam").get(address))
