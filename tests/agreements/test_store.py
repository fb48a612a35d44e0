"""Storing, signing, running, suspending: adopted = signed = running, or it opens nothing and says which differs."""

from __future__ import annotations

from datetime import date

import pytest

from sightpact.agreements import actions, reads, signing, suspending
from sightpact.agreements.document import parse
from sightpact.agreements.errors import DocumentFaults, RevisionFault, SignatureFault
from sightpact.agreements.models import Revision, Signature
from sightpact.agreements.running import judge
from sightpact.ledger import reads as ledger
from sightpact.people import reads as people
from sightpact.people.models import Membership, Party, Person

from .conftest import clause, signed_in

pytestmark = pytest.mark.django_db


def test_a_text_signed_by_all_parties_becomes_a_fact(lakeview, mou, house):
    signed_in(lakeview, mou)
    signed_in(lakeview, house)
    facts = {a.slug: a for a in reads.agreements_for_facts()}
    assert set(facts) == {"lakeview-mou", "lakeview-house"}
    found = facts["lakeview-mou"]
    assert found.owner == str(Party.objects.get(slug="lakeview-usd").pk)
    assert (found.standing_lease_s, found.emergency_lease_s, found.log_unwritable) == (
        2.0,
        15.0,
        "continue",
    )
    assert found.in_force_from.isoformat() == "2026-07-01T04:00:00+00:00"
    assert found.in_force_until.isoformat() == "2031-07-01T04:00:00+00:00"
    assert not found.suspended and not found.is_house and facts["lakeview-house"].is_house


def test_one_signature_is_not_enough(lakeview, mou):
    document = parse(mou)
    stored = actions.import_agreement(
        document, signatures={"lakeview-usd": lakeview.sign(document, "lakeview-usd")}
    )
    assert reads.agreements_for_facts() == ()
    verdict = reads.verdict(stored.revision)
    assert verdict.unsigned == ("lakeview-pd",) and "lakeview-pd" in verdict.says


def test_the_same_import_again_changes_nothing(lakeview, mou):
    first = signed_in(lakeview, mou)
    before = ledger.head().size
    again = signed_in(lakeview, mou)
    assert again.changes == () and (again.agreement, again.revision) == (first.agreement, first.revision)
    assert ledger.head().size == before


def test_a_changed_text_needs_a_new_number(lakeview, mou):
    signed_in(lakeview, mou)
    clause(mou, "6.3")["standing_s"] = 3
    with pytest.raises(RevisionFault, match="revision = 2"):
        actions.store_revision(parse(mou))
    mou["revision"] = 2
    actions.store_revision(parse(mou))
    assert reads.agreements_for_facts()[0].standing_lease_s == 2.0  # unsigned: the old one goes on
    signed_in(lakeview, mou)
    assert reads.agreements_for_facts()[0].standing_lease_s == 3.0


@pytest.mark.parametrize("slug", ["new", "preview", "keys"])
def test_an_agreement_is_not_called_as_a_page_is(lakeview, mou, slug):
    with pytest.raises(RevisionFault, match="address of a page"):
        actions.import_agreement(parse(mou | {"slug": slug}))
    assert not Revision.objects.exists()


def test_a_later_revision_takes_over_on_its_first_day(lakeview, mou):
    signed_in(lakeview, mou)
    mou["revision"] = 2
    clause(mou, "7.1")["begins"] = date(2030, 1, 1)
    signed_in(lakeview, mou)
    (found,) = reads.agreements_for_facts()
    assert found.in_force_until.isoformat() == "2030-01-01T05:00:00+00:00"
    assert reads.running()[0].document.revision == 1


def test_unknown_parties_and_schools_are_named(lakeview, mou):
    clause(mou, "2.1").update(all=False, schools=[{"slug": "nowhere", "name": "Nowhere High"}])
    mou["clauses"][0]["parties"][1]["name"] = "Another Department"
    with pytest.raises(DocumentFaults) as found:
        actions.import_agreement(parse(mou))
    says = " ".join(str(f) for f in found.value.faults)
    assert "nowhere" in says and "lakeview-high" in says and "Another Department" in says


def test_one_key_for_two_parties_is_refused(lakeview):
    key = lakeview.keys["lakeview-usd"]
    with pytest.raises(SignatureFault, match="enrolled for Lakeview Unified"):
        actions.enrol_signing_key("lakeview-pd", key.public_pem, "Chief")
    assert actions.enrol_signing_key("lakeview-usd", key.public_pem, "again") == key.keyid


def test_a_signature_that_does_not_count_is_not_stored(lakeview, mou):
    document = parse(mou)
    stored = actions.import_agreement(document)
    stranger = signing.keygen()
    other = lakeview.sign(parse(mou | {"revision": 2}), "lakeview-pd")
    for party, envelope, why in (
        ("lakeview-pd", lakeview.sign(document, "lakeview-pd", stranger), "not made by a key"),
        ("lakeview-pd", lakeview.sign(document, "lakeview-usd"), "not made by a key"),
        ("lakeview-pd", other, "the revision"),
        ("fairmont-pd", lakeview.sign(document, "lakeview-pd"), "not a party"),
        ("lakeview-pd", {"payload": "", "payloadType": "x"}, "not a DSSE envelope"),
    ):
        with pytest.raises(SignatureFault, match=why):
            actions.add_signature(stored.revision, party, envelope)
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("canonical", "text"),
        ("text", "words"),
        ("cedar", "policy"),
        ("schema", "schema"),
        ("canonical_hash", "hash"),
        ("text_hash", "hash"),
        ("cedar_hash", "hash"),
        ("schema_hash", "hash"),
    ],
)
def test_one_changed_byte_stops_it_and_is_named(lakeview, mou, column, says):
    stored = signed_in(lakeview, mou)
    assert len(reads.agreements_for_facts()) == 1
    row = Revision.objects.get(pk=stored.revision)
    value = getattr(row, column)
    if column == "canonical":
        changed = bytes(value).replace(b'"standing_s":2', b'"standing_s":3')
        assert changed != bytes(value)
    else:
        changed = ("0" if value[0] != "0" else "1") + value[1:]
    Revision.objects.filter(pk=row.pk).update(**{column: changed})
    assert reads.agreements_for_facts() == ()
    verdict = reads.verdict(stored.revision)
    assert not verdict.runs and says in verdict.says


def test_dates_in_the_row_change_nothing(lakeview, mou):
    signed_in(lakeview, mou)
    Revision.objects.update(in_force_until=None)
    assert reads.agreements_for_facts()[0].in_force_until is not None


def test_a_vote_on_another_text_stops_it(lakeview, mou):
    stored = signed_in(lakeview, mou)
    actions.add_adoption(
        stored.revision, actions.Vote("Board of Education", date(2026, 6, 8), "6 to 1", "2026-41")
    )
    assert len(reads.agreements_for_facts()) == 1
    council = actions.Vote("City Council", date(2026, 6, 23), canonical_hash="0" * 64)
    assert actions.add_adoption(stored.revision, council)
    assert not actions.add_adoption(stored.revision, council)
    assert reads.agreements_for_facts() == ()
    assert "City Council adopted another text" in reads.verdict(stored.revision).says


def test_naming_and_removing_move_the_world(lakeview, mou):
    signed_in(lakeview, mou)
    before = ledger.epoch().world
    assert actions.name_person("lakeview-mou", "omar", "Dispatcher, console 2")
    assert not actions.name_person("lakeview-mou", "omar", "Dispatcher, console 2")
    (ids,) = reads.named_persons().values()
    assert ids == {reads.agreements_for_facts()[0].id} and ledger.epoch().world == before + 1
    assert actions.remove_person("lakeview-mou", "omar")
    assert reads.named_persons() == {} and ledger.epoch().world == before + 2
    with pytest.raises(RevisionFault, match="not one of the people of Lakeview Police"):
        actions.name_person("lakeview-mou", "pia", "Principal")


def test_either_party_suspends_and_only_it_resumes(lakeview, mou):
    signed_in(lakeview, mou)
    chief = Person.objects.create(slug="gail", name="Gail Ortega")
    Membership.objects.create(person=chief, party=Party.objects.get(slug="lakeview-pd"), role="chief")
    chief, sam = people.person_by_slug("gail"), people.person_by_slug("sam")
    before = ledger.epoch().world
    assert actions.suspend("lakeview-mou", chief, "a leak")
    assert not actions.suspend("lakeview-mou", sam)
    assert reads.agreements_for_facts()[0].suspended and ledger.epoch().world == before + 1
    with pytest.raises(RevisionFault, match="suspended by Lakeview Police"):
        actions.resume("lakeview-mou", sam)
    assert actions.resume("lakeview-mou", chief)
    assert not reads.agreements_for_facts()[0].suspended


def test_only_people_of_a_party_suspend(lakeview, house):
    signed_in(lakeview, house)
    with pytest.raises(RevisionFault, match="no party"):
        actions.suspend("lakeview-house", people.person_by_slug("omar"))


def test_who_heads_no_party_suspends_nothing(lakeview, mou):
    signed_in(lakeview, mou)
    for slug in ("omar", "dana", "pia"):
        person = people.person_by_slug(slug)
        with pytest.raises(RevisionFault, match="superintendent or a chief"):
            actions.suspend("lakeview-mou", person)
        assert suspending.may("lakeview-mou", person) == ""
    sam = people.person_by_slug("sam")
    assert (suspending.may("lakeview-mou", sam), suspending.may("nowhere", sam)) == ("suspend", "")
    actions.suspend("lakeview-mou", sam, at_server=True)
    assert suspending.may("lakeview-mou", sam) == "resume"
    (entry,) = ledger.opened(ledger.Query(types=("agreement_suspended",)))
    assert entry.shown("person").startswith("command line of the server, for Sam Whitfield")


def test_a_failed_import_leaves_nothing(lakeview, mou):
    document = parse(mou)
    wrong = {"lakeview-usd": lakeview.sign(document, "lakeview-usd"), "lakeview-pd": {}}
    with pytest.raises(SignatureFault):
        actions.import_agreement(document, signatures=wrong)
    assert not Revision.objects.exists()


def test_judging_the_same_again_is_remembered(lakeview, mou):
    signed_in(lakeview, mou)
    reads.agreements_for_facts()
    before = judge.cache_info()
    reads.agreements_for_facts()
    after = judge.cache_info()
    assert (after.misses, after.hits) == (before.misses, before.hits + 1)


def test_limits_and_kinds_of_emergency(mou):
    document = parse(mou)
    limits = reads.limits_of(document)
    assert (limits.once_taken, limits.proposal_minutes, limits.end_clause) == ("proposes", 5, "3.4")
    kinds = [(kind.kind, kind.minutes, kind.clause) for kind in reads.emergencies_of(document)][:3]
    assert kinds == [("intruder", 60, "3.2"), ("explosion_fire", 60, "3.2"), ("medical", 30, "3.2")]
