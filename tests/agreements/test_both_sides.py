"""Nobody acts for the other side: whose body voted, one human for two parties, numbers of inside cameras by a swapped draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sightpact.agreements import actions, drafting, editor_reads, reads, signing
from sightpact.agreements.actions import Vote, adoption, drafts, rounds
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse
from sightpact.agreements.errors import RoundFault, SignatureFault
from sightpact.agreements.models import Adoption, Revision
from sightpact.people import reads as people
from sightpact.people.models import Membership, Party, Person
from sightpact.people.reads import PersonCard
from tests.agreements.negotiating import BLANKS, SCHOOLS, SLUG, Cast, begun, cast, party

from .conftest import Lakeview, signed_in
from .passkeys import Signer

__all__ = ["cast"]
pytestmark = pytest.mark.django_db
USD, PD = "lakeview-usd", "lakeview-pd"
ROWS = [
    {"party": USD, "title": "Superintendent", "role": "superintendent", "body": "Board of Education"},
    {"party": PD, "title": "Chief of Police", "role": "chief"},
]


def of_both(card: PersonCard, slug: str, role: str) -> PersonCard:
    return replace(card, roles=card.roles | {(party(slug), role)})


def agreed_with_a_body(cast: Cast) -> str:
    draft = begun(cast["sam"])
    card = drafting.load(draft, cast["sam"])
    assert card is not None
    document = card.document
    document["clauses"].append(
        {"kind": "signatories", "number": "7.9", "heading": "Signatories", "rows": ROWS}
    )
    rounds.propose(draft, drafts.save(draft, document, 1, cast["sam"]), cast["sam"])
    rounds.accept(SLUG, 1, cast["gail"])
    return str(Revision.objects.get(agreement__slug=SLUG, number=1).pk)


def test_a_body_that_the_text_names_votes_for_its_own_party(cast: Cast) -> None:
    found = agreed_with_a_body(cast)
    vote = Vote("the board of  education", date(2026, 6, 8))
    for who in ("gail", "cole"):
        with pytest.raises(RoundFault, match="is a body of the other side"):
            adoption.record_adoption(found, vote, cast[who])
    assert not Adoption.objects.exists()
    assert adoption.record_adoption(found, vote, of_both(cast["cole"], USD, "counsel")) == 1
    assert Adoption.objects.get().party.slug == USD
    with pytest.raises(RoundFault, match="is a body of the other side"):
        adoption.void_adoption(found, "Board of Education", cast["gail"], "It was tabled.")


def test_one_body_in_two_spellings_is_one_body(cast: Cast) -> None:
    found = agreed_with_a_body(cast)
    actions.add_adoption(found, Vote("Board of Education", date(2026, 6, 8)))
    with pytest.raises(RoundFault, match="has its vote recorded already"):
        adoption.record_adoption(found, Vote("the board of education", date(2026, 6, 8)), cast["tess"])
    adoption.void_adoption(found, "The Board of Education", cast["sam"], "It was tabled.")
    assert reads.votes_that_count(Revision.objects.get(pk=found)) == []
    assert reads.verdict(found).unadopted == ("Board of Education",)


def test_nobody_accepts_a_text_for_two_parties(cast: Cast) -> None:
    draft = begun(cast["sam"])
    rounds.propose(draft, 1, cast["sam"])
    with pytest.raises(RoundFault, match="has accepted it for another party"):
        rounds.accept(SLUG, 1, of_both(cast["sam"], PD, "chief"))
    assert rounds.accept(SLUG, 1, of_both(cast["gail"], USD, "director"))
    assert not rounds.accept(SLUG, 1, cast["sam"])


def test_nobody_signs_for_two_parties(lakeview: Lakeview, mou: dict[str, Any]) -> None:
    Membership.objects.create(
        person=Person.objects.get(slug="sam"), party=Party.objects.get(slug=PD), role="chief"
    )
    sam = people.person_by_slug("sam")
    assert sam is not None
    document = parse(mou)
    content = signing.payload(document, make(document))
    revision = actions.import_agreement(document).revision
    signers = {}
    for slug in (USD, PD):
        signers[slug] = signer = Signer()
        statement = signing.key_statement(slug, signer.public)
        vouched = signing.sign(statement, lakeview.keys[slug].private_pem, kind=signing.KEY_TYPE)
        actions.enrol_signing_key(slug, signer.public, sam.name, sam, vouched, sam)
    assert actions.sign(revision, USD, signers[USD].signs(content), sam)
    with pytest.raises(SignatureFault, match="has signed this text for another party"):
        actions.sign(revision, PD, signers[PD].signs(content), sam)
    assert [slug for slug, _key in reads.verdict(revision).signed_by] == [USD]
    with pytest.raises(SignatureFault):
        actions.sign(revision, USD, {"type": "paper"}, sam)


def test_a_draft_that_swaps_the_owner_counts_no_inside_camera(
    lakeview: Lakeview, mou: dict[str, Any]
) -> None:
    signed_in(lakeview, mou)
    omar, sam = people.person_by_slug("omar"), people.person_by_slug("sam")
    assert omar is not None and sam is not None
    old = parse(mou)
    new = replace(old, clauses=tuple(_swapped(c) for c in old.clauses))
    assert new.owner == PD
    asked = editor_reads.asked(old, new, omar)
    assert not asked.count_inside
    assert not editor_reads.asked(None, new, omar).stock.cameras
    assert editor_reads.asked(old, old, sam).count_inside


def test_a_proposal_alone_shows_nothing_of_whom_it_names(cast: Cast) -> None:
    """Whoever proposes names the other side; what belongs to it is counted once it has accepted a text."""
    draft = drafts.begin_from_template(party(PD), "exterior-always", BLANKS, SCHOOLS, cast["gail"])
    rounds.propose(draft, 1, cast["gail"])
    for who in ("gail", "cole"):
        assert editor_reads.schools_of(USD, cast[who]) == []
    assert editor_reads.schools_of(USD, cast["sam"]) != []
    rounds.accept(SLUG, 1, cast["sam"])
    assert editor_reads.schools_of(USD, cast["gail"]) != []


def _swapped(clause: Any) -> Any:
    if clause.kind != "parties":
        return clause
    sides = {USD: "agency", PD: "owner"}
    return replace(clause, parties=tuple(replace(p, side=sides.get(p.slug, p.side)) for p in clause.parties))
