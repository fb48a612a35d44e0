"""What gives power outside the policies gives more too: roles that sign, draft and decide; a text that waits for a vote."""

from __future__ import annotations

from datetime import date

import pytest

from sightpact.access import changes, facts
from sightpact.access.changes import AddPerson, AlterCamera, ChangeRefused, SetRoles, TakeIn, TakeOut
from sightpact.agreements import actions as agreements
from sightpact.agreements import reads as agreement_reads
from sightpact.agreements import signing
from sightpact.agreements.actions import Vote, adoption
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from sightpact.people.actions import PersonSpec, Role
from tests import lakeview

pytestmark = pytest.mark.django_db
USD, PD = "lakeview-usd", "lakeview-pd"
NEW = "lakeview-high-new-camera"


def card(slug: str) -> people.PersonCard:
    found = people.person_by_slug(slug)
    assert found is not None
    return found


@pytest.fixture
def district(db: None) -> lakeview.Lakeview:
    facts._latest = None
    made = lakeview.build()
    people_actions.add_person(PersonSpec("gail", "Gail Ortega"), [Role(PD, "chief")])
    return made


@pytest.mark.parametrize("role", ["chief", "director", "keeper", "counsel", "clerk"])
def test_one_person_makes_no_second_one(district: lakeview.Lakeview, role: str) -> None:
    mole = AddPerson("mole", "Moll Ames", "", "", (Role(PD, role),))
    outcome = changes.propose(mole, card("gail"))
    assert outcome.state == "waiting" and people.person_by_slug("mole") is None
    assert any("decide" in said.text for said in outcome.preview.says), outcome.preview.says
    changes.approve(outcome.pending, card("sam"))
    assert changes.propose(TakeOut("mole"), card("gail")).state == "done"
    assert changes.propose(TakeIn("mole"), card("gail")).state == "waiting"
    assert changes.propose(SetRoles("mole", ()), card("gail")).state == "done"


def test_roles_at_the_owner_are_the_owners_matter(district: lakeview.Lakeview) -> None:
    for change in (
        AddPerson("mole", "Moll Ames", "", "", (Role(PD, "dispatcher"), Role(USD, "superintendent"))),
        SetRoles("sam", (Role(PD, "dispatcher"),)),
    ):
        with pytest.raises(ChangeRefused, match="may not change this"):
            changes.propose(change, card("gail"))


def test_a_text_whose_vote_is_taken_back_still_counts(district: lakeview.Lakeview) -> None:
    """Else one head takes the vote back, widens alone, and records it again."""
    keys = {party: signing.keygen() for party in (USD, PD)}
    raw = lakeview.text("agreement") | {"slug": "second-mou"}
    rows = [
        {"party": USD, "title": "Superintendent", "role": "superintendent", "body": "Board of Education"},
        {"party": PD, "title": "Chief of Police", "role": "chief"},
    ]
    raw["clauses"].append({"kind": "signatories", "number": "7.9", "heading": "Signatories", "rows": rows})
    document = parse(raw)
    from sightpact.agreements.models import Signature, SigningKey

    Signature.objects.all().delete()
    SigningKey.objects.all().delete()
    for party, key in keys.items():
        agreements.enrol_signing_key(party, key.public_pem, "signatory")
    content = signing.payload(document, make(document))
    signed = {p.slug: signing.sign(content, keys[p.slug].private_pem) for p in document.parties}
    named = [agreements.Named("omar", "dispatcher")]
    stored = agreements.import_agreement(document, signatures=signed, named=named)
    adoption.record_adoption(stored.revision, Vote("Board of Education", date(2026, 6, 8)), card("sam"))
    assert [entry.slug for entry in agreement_reads.running()] == ["second-mou"]
    adoption.void_adoption(stored.revision, "Board of Education", card("sam"), "It was tabled.")
    assert agreement_reads.running() == ()
    outcome = changes.propose(AlterCamera(NEW, ("hallway",)), card("sam"))
    assert outcome.state == "waiting", outcome
