"""Changing access: looked at before it is made, proven with it, and by two people wherever it gives somebody more."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightpact.access import changes, facts, sharing
from sightpact.access.changes import (
    AddPerson,
    AlterArea,
    AlterCamera,
    BreaksGuarantee,
    ChangedMeanwhile,
    ChangeRefused,
    NamePerson,
    SetRoles,
    TakeIn,
    TakeOut,
    UnnamePerson,
    reads,
    who,
)
from sightpact.access.changes import actions as change_actions
from sightpact.access.changes.compare import difference, facts_now
from sightpact.access.models import PendingChange
from sightpact.agreements import actions as agreement_actions
from sightpact.agreements import stored_world
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.ledger.models import Entry, Opening
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from sightpact.people.actions import PersonSpec, Role
from tests import lakeview
from tests.lakeview import Lakeview

pytestmark = pytest.mark.django_db
HALL = "lakeview-high-hallway-b-east"
NEW = "lakeview-high-new-camera"
LOT = "lakeview-high-north-lot"
MOU = "lakeview-mou"


@pytest.fixture
def district(db: None) -> Lakeview:
    facts._latest = None
    made = lakeview.build()
    people_actions.add_person(
        PersonSpec("gail", "Gail Ortega"), [Role("lakeview-pd", "chief", "chief of police")]
    )
    people_actions.add_person(
        PersonSpec("hana", "Hana Brandt"), [Role("lakeview-pd", "dispatcher", "console 3")]
    )
    return made


def card(slug: str) -> people.PersonCard:
    found = people.person_by_slug(slug)
    assert found is not None
    return found


def kinds_since(index: int) -> list[str]:
    return list(Entry.objects.filter(index__gte=index).order_by("index").values_list("type", flat=True))


def size() -> int:
    head = ledger.head()
    return head.size if head else 0


# what it says ---------------------------------------------------------------------------------------------------


def test_a_preview_says_in_numbers_what_opens_and_changes_nothing(district: Lakeview) -> None:
    before, entries = ledger.epoch(), size()
    found = changes.preview(NamePerson(MOU, "hana", "dispatcher, console 3"))
    assert found.widens and not found.narrows
    says = " ".join(said.text for said in found.says)
    assert "Opens 13 outside cameras" in says and "to 1 named person of" in says, says
    assert "inside cameras" in says and "during:" in says and "(Section 3.2," in says, says
    assert (ledger.epoch(), size()) == (before, entries)
    assert card("hana").id not in stored_world.reads.named_persons()


def test_it_says_whom_a_newly_classified_camera_opens_to(district: Lakeview) -> None:
    found = changes.preview(AlterCamera(NEW, ("hallway",)))
    says = [said.text for said in found.says]
    assert any("Opens 1 inside camera at Lakeview High to 2 named people" in text for text in says), says
    private = changes.preview(AlterCamera(HALL, ("hallway", "guidance")))
    assert private.narrows and [s.opens for s in private.says].count(False) >= 1


def test_another_party_is_told_without_counts_of_inside_cameras(district: Lakeview) -> None:
    found = changes.preview(NamePerson(MOU, "hana", "dispatcher"))
    inside = [said for said in found.says if "inside cameras" in said.text]
    assert inside and all(any(c.isdigit() for c in said.text.split(" to ")[0]) for said in inside)
    assert all("inside cameras (" in said.outside for said in inside)


# narrowing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        UnnamePerson(MOU, "omar"),
        TakeOut("omar"),
        SetRoles("omar", ()),
        AlterCamera(HALL, ("hallway", "guidance")),
        AlterCamera(HALL, None, False),
        AlterCamera(HALL, ()),
        AlterArea(HALL, "classroom"),
    ],
)
def test_narrowing_holds_at_once_with_its_certificate(district: Lakeview, change: changes.Change) -> None:
    at = size()
    outcome = changes.propose(change, card("dana"))
    assert outcome.state == "done" and outcome.preview.narrows and not outcome.preview.widens
    assert not PendingChange.objects.exists()
    kinds = kinds_since(at)
    assert kinds[0] in ("person_change", "inventory_change") and kinds.count("guarantees_proven") == 2
    entry = Entry.objects.filter(index__gte=at, type="guarantees_proven").first()
    assert entry is not None
    certificate = json.loads(Opening.objects.get(index=entry.index, field="text").value)
    assert certificate["tried"] == "what a change touched" and certificate["failed"] == []


def test_what_stands_already_is_nothing(district: Lakeview) -> None:
    at, epoch = size(), ledger.epoch()
    assert changes.propose(AlterCamera(HALL, ("hallway",), True), card("dana")).state == "nothing"
    assert changes.propose(UnnamePerson(MOU, "hana"), None).state == "nothing"
    assert (size(), ledger.epoch()) == (at, epoch)


def test_what_changes_nobodys_access_needs_nobody(district: Lakeview) -> None:
    person = AddPerson("lee", "Lee Park", "", "", (Role("lakeview-pd", "dispatcher", "console 4"),))
    outcome = changes.propose(person, card("gail"))
    assert (outcome.state, outcome.preview.says) == ("done", ())
    assert changes.propose(AlterCamera(LOT, ("parking", "field")), card("dana")).state == "done"


# the second person ----------------------------------------------------------------------------------------------

WIDENING = {
    "a name in the annex": NamePerson(MOU, "hana", "dispatcher"),
    "a camera is classified": AlterCamera(NEW, ("hallway",)),
    "a private area becomes a hallway": AlterArea("lakeview-high-guidance-office", "hallway"),
    "a role that starts sharing": SetRoles(
        "rosa", (Role("lakeview-usd", "principal"), Role("lakeview-pd", "sro"))
    ),
    "a new person of the owner who sees": AddPerson("lee", "Lee Park", "", "", (Role("lakeview-usd", "it"),)),
}


@pytest.mark.parametrize("what", WIDENING)
def test_widening_waits_for_a_second_person(district: Lakeview, what: str) -> None:
    change, at, before = WIDENING[what], size(), facts_now()
    outcome = changes.propose(change, card("dana"))
    assert outcome.state == "waiting" and outcome.preview.widens
    assert kinds_since(at) == ["change_proposed"]
    assert not difference(before, facts_now()).opens
    with pytest.raises(ChangeRefused, match="nobody approves their own"):
        changes.approve(outcome.pending, card("dana"))
    changes.approve(outcome.pending, card("sam"), outcome.preview.digest)
    assert difference(before, facts_now()).opens
    kinds = kinds_since(at)
    assert kinds.count("change_approved") == 1 and kinds.count("guarantees_proven") == 2
    row = PendingChange.objects.get(id=outcome.pending)
    decided = (row.state, str(row.decided_by_id), str(row.by_id))
    assert decided == ("approved", card("sam").id, card("dana").id)


def test_the_same_proposal_twice_is_one(district: Lakeview) -> None:
    first = changes.propose(NamePerson(MOU, "hana", "dispatcher"), card("dana"))
    again = changes.propose(NamePerson(MOU, "hana", "dispatcher"), card("dana"))
    assert first.pending == again.pending and PendingChange.objects.count() == 1


def test_the_servers_command_line_is_one_person(district: Lakeview) -> None:
    outcome = changes.propose(TakeIn("omar"), None)
    assert outcome.state == "nothing"
    changes.propose(TakeOut("omar"), None)
    outcome = changes.propose(TakeIn("omar"), None)
    assert outcome.state == "waiting"
    with pytest.raises(ChangeRefused, match="may have typed this"):
        changes.approve(outcome.pending, card("dana"))
    (seen,) = reads.waiting(facts.snapshot(), card("dana"))
    assert not seen.may_decide
    changes.approve(outcome.pending, card("sam"))
    assert card("omar").active


def test_who_gains_by_it_cannot_approve_it(district: Lakeview) -> None:
    roles = (Role("lakeview-usd", "it"), Role("lakeview-usd", "principal"))
    outcome = changes.propose(SetRoles("dana", roles), card("sam"))
    assert outcome.state == "waiting"
    with pytest.raises(ChangeRefused, match="would gain by this"):
        changes.approve(outcome.pending, card("dana"))


def test_the_agencys_head_and_the_owner_agree_on_a_name(district: Lakeview) -> None:
    outcome = changes.propose(NamePerson(MOU, "hana", "dispatcher"), card("gail"))
    snapshot = facts.snapshot()
    (seen,) = reads.waiting(snapshot, card("sam"))
    assert seen.may_decide and seen.by == "Gail Ortega"
    (own,) = reads.waiting(snapshot, card("gail"))
    assert own.may_withdraw and not own.may_decide
    assert all("inside cameras (" in text for _opens, text in own.says if "inside" in text)
    assert reads.waiting(snapshot, card("omar")) == () and reads.waiting(snapshot, card("pia")) == ()
    changes.approve(outcome.pending, card("sam"))
    assert card("hana").id in stored_world.reads.named_persons()


def test_who_may_not_is_told_nothing(district: Lakeview) -> None:
    for slug in ("omar", "pia", "ines", "gail"):
        with pytest.raises(ChangeRefused, match="may not change this"):
            changes.propose(AlterCamera(NEW, ("hallway",)), card(slug))
    outcome = changes.propose(AlterCamera(NEW, ("hallway",)), card("dana"))
    for slug in ("omar", "pia", "ines", "gail"):
        with pytest.raises(ChangeRefused, match="is not here"):
            changes.approve(outcome.pending, card(slug))
        with pytest.raises(ChangeRefused, match="is not here"):
            changes.refuse(outcome.pending, card(slug))
    for wrong in ("", "x", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(ChangeRefused, match="is not here"):
            changes.approve(wrong, card("sam"))
    assert who.acts_for(facts.snapshot(), card("gail")) == {district.parties["lakeview-pd"]}


def test_refused_withdrawn_and_run_out(district: Lakeview) -> None:
    at = size()
    first = changes.propose(NamePerson(MOU, "hana", "dispatcher"), card("dana")).pending
    changes.refuse(first, card("sam"), "not trained yet")
    second = changes.propose(AlterCamera(NEW, ("hallway",)), card("dana")).pending
    with pytest.raises(ChangeRefused, match="somebody else"):
        changes.withdraw(second, card("sam"))
    changes.withdraw(second, card("dana"))
    for done in (first, second):
        with pytest.raises(ChangeRefused, match="decided already"):
            changes.approve(done, card("sam"))
    third = changes.propose(AlterCamera(NEW, ("stairwell",)), card("dana")).pending
    PendingChange.objects.filter(id=third).update(expires_utc=clock.now() - timedelta(seconds=1))
    with pytest.raises(ChangeRefused, match="ran out"):
        changes.approve(third, card("sam"))
    assert changes.expire() == 1 and changes.expire() == 0
    assert kinds_since(at) == [
        "change_proposed",
        "change_refused",
        "change_proposed",
        "change_withdrawn",
        "change_proposed",
        "change_refused",
    ]
    states = [seen.state for seen in reads.history(facts.snapshot(), card("sam"))]
    assert sorted(states) == ["expired", "refused", "withdrawn"]


def test_an_approval_counts_for_what_was_shown(district: Lakeview) -> None:
    outcome = changes.propose(AlterCamera(NEW, ("hallway",)), card("dana"))
    named = changes.propose(NamePerson(MOU, "hana", "dispatcher"), card("dana"))
    changes.approve(named.pending, card("sam"), named.preview.digest)
    with pytest.raises(ChangedMeanwhile):
        changes.approve(outcome.pending, card("sam"), outcome.preview.digest)
    snapshot = facts.snapshot()
    (seen,) = reads.waiting(snapshot, card("sam"))
    fresh = reads.shown_now(seen, snapshot, card("sam"), changes.KINDS)
    assert any("3 named people" in text for _opens, text in fresh.says), fresh.says
    changes.approve(outcome.pending, card("sam"), fresh.digest)


# guarantees -----------------------------------------------------------------------------------------------------


CARELESS = {"party": "lakeview-pd", "roles": ["dispatcher"]}  # whoever is one, named or not


def test_a_widening_that_breaks_a_guarantee_is_refused_with_its_example(db: None) -> None:
    """The careless section harms nobody while every dispatcher is named; the first other one breaks the guarantee."""
    facts._latest = None
    lakeview.build(s3_1={"who": CARELESS})
    people_actions.add_person(PersonSpec("hana", "Hana Brandt"), [])
    at = size()
    with pytest.raises(BreaksGuarantee) as refused:
        changes.propose(SetRoles("hana", (Role("lakeview-pd", "dispatcher"),)), card("dana"))
    said = str(refused.value)
    assert "Only persons whom the agreement names see a picture" in said and "Hana Brandt" in said, said
    assert "by section 3.1" in said and "Nothing was changed." in said
    assert size() == at and card("hana").roles == frozenset()


def test_one_that_breaks_a_guarantee_by_the_time_of_its_approval_is_closed(db: None) -> None:
    facts._latest = None
    lakeview.build(s3_1={"who": CARELESS})
    people_actions.add_person(PersonSpec("hana", "Hana Brandt"), [])
    outcome = changes.propose(AlterCamera(NEW, ("parking",)), card("dana"))
    assert outcome.state == "waiting"
    people_actions.set_roles(
        "hana", [Role("lakeview-pd", "dispatcher")]
    )  # behind our back, as on a changed database
    at = size()
    with pytest.raises(BreaksGuarantee):
        changes.approve(outcome.pending, card("sam"))
    assert kinds_since(at) == ["change_refused"]
    row = PendingChange.objects.get(id=outcome.pending)
    assert row.state == "refused" and "Hana Brandt" in row.note


def test_narrowing_is_never_blocked_by_a_broken_guarantee(db: None) -> None:
    facts._latest = None
    lakeview.build(s3_1={"who": CARELESS})
    people_actions.add_person(PersonSpec("hana", "Hana Brandt"), [Role("lakeview-pd", "dispatcher")])
    at = size()
    assert changes.propose(AlterCamera(LOT, ("parking",), False), card("dana")).state == "done"
    outcomes = Entry.objects.filter(index__gte=at, type="guarantees_proven").values_list("outcome", flat=True)
    assert set(outcomes) <= {"hold", "broken"} and len(outcomes) == 2


def test_a_running_incident_is_cut_by_explicit_removal(district: Lakeview) -> None:
    sharing.start(district.people["pia"], (district.schools["lakeview-high"],), "intruder", key="changes")
    assert changes.propose(UnnamePerson(MOU, "omar"), card("dana")).state == "done"


# training that counts no more: a routine cause ---------------------------------------------------------------------


def test_a_name_lapses_with_its_training_but_never_in_an_incident(district: Lakeview) -> None:
    until = (clock.now() - timedelta(days=3)).date().isoformat()
    change = NamePerson(MOU, "hana", "dispatcher", "the Department", "Gail Ortega", until, "2026-01-05")
    changes.approve(changes.propose(change, card("gail")).pending, card("sam"))
    pia, school = card("pia").id, district.schools["lakeview-high"]
    running = sharing.start(pia, (school,), "intruder", key="lapse")
    assert changes.lapse() == 0 and card("hana").id in stored_world.reads.named_persons()
    sharing.stop(card("sam").id, running.id)
    at = size()
    assert changes.lapse() == 1 and changes.lapse() == 0
    assert card("hana").id not in stored_world.reads.named_persons()
    (entry,) = ledger.opened(ledger.Query(types=("person_change",), outcome="unnamed", after=at - 1))
    assert entry.shown("text") == f"taken out: the training counted until {until}"


def test_what_the_keeper_knows_is_written_nowhere_else(district: Lakeview) -> None:
    change = NamePerson(
        MOU, "hana", "dispatcher", "the Department", "Gail Ortega", "2036-01-01", "2026-01-05"
    )
    changes.approve(changes.propose(change, card("gail")).pending, card("sam"))
    row = next(row for row in stored_world.reads.annex(MOU) if row.person == card("hana").id)
    assert (row.supervisor, str(row.trained_until), str(row.checked_on)) == (
        "Gail Ortega",
        "2036-01-01",
        "2026-01-05",
    )
    told = [opening.value for opening in Opening.objects.all()]
    assert not any("2036" in value or "the Department, supervisor" in value for value in told)
    epoch = ledger.epoch()
    known = agreement_actions.Particulars("the City", "Gail Ortega", None, None)
    assert agreement_actions.alter_particulars(MOU, "hana", known, card("gail"))
    assert not agreement_actions.alter_particulars(MOU, "hana", known, card("gail"))
    assert ledger.epoch() == epoch, "nobody's access moved"


# races ----------------------------------------------------------------------------------------------------------


def test_of_two_who_decide_at_once_one_finds_it_decided(district: Lakeview) -> None:
    """The claim is one conditional UPDATE: whoever read the row as waiting, and comes second, changes nothing."""
    pending = changes.propose(NamePerson(MOU, "hana", "dispatcher"), card("dana")).pending
    stale = PendingChange.objects.select_related("owner").get(id=pending)
    changes.approve(pending, card("sam"))
    at = size()
    with pytest.raises(ChangeRefused, match="decided already"), transaction.atomic():
        change_actions._claim(stale, "refused", card("sam"))
    assert size() == at and PendingChange.objects.get(id=pending).state == "approved"


# one person, however many steps ---------------------------------------------------------------------------------

PEOPLE = ("omar", "rosa", "hana", "dana", "pia", "ines")
KINDS = ("hallway", "guidance", "parking", "classroom", "lobby")
ROLES = st.lists(
    st.sampled_from(
        [
            Role("lakeview-usd", "it"),
            Role("lakeview-usd", "principal"),
            Role("lakeview-usd", "superintendent"),
            Role("lakeview-pd", "dispatcher"),
            Role("lakeview-pd", "chief"),
            Role("fairmont-pd", "officer"),
        ]
    ),
    max_size=2,
    unique=True,
).map(tuple)
STEPS = st.one_of(
    st.builds(NamePerson, st.just(MOU), st.sampled_from(PEOPLE), st.just("somebody")),
    st.builds(UnnamePerson, st.just(MOU), st.sampled_from(PEOPLE)),
    st.builds(SetRoles, st.sampled_from(PEOPLE), ROLES),
    st.builds(TakeOut, st.sampled_from(PEOPLE)),
    st.builds(TakeIn, st.sampled_from(PEOPLE)),
    st.builds(
        AlterCamera,
        st.sampled_from((HALL, NEW, LOT, "lakeview-high-guidance-office")),
        st.lists(st.sampled_from(KINDS), max_size=2, unique=True).map(lambda kinds: tuple(sorted(kinds))),
        st.sampled_from((None, True, False)),
    ),
    st.builds(
        AlterArea, st.sampled_from((HALL, LOT, "lakeview-high-guidance-office")), st.sampled_from(KINDS)
    ),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actor=st.sampled_from(("dana", "sam", "gail", None)), steps=st.lists(STEPS, min_size=1, max_size=5))
def test_no_sequence_of_one_persons_steps_ever_widens(
    district: Lakeview, actor: str | None, steps: list[changes.Change]
) -> None:
    with transaction.atomic():
        facts._latest = None
        before = facts_now()
        for step in steps:
            by = card(actor) if actor else None
            try:
                outcome = changes.propose(step, by)
                if outcome.pending and by is not None:
                    changes.approve(outcome.pending, by)
            except changes.FAULTS:
                continue
        assert not difference(before, facts_now()).opens
        transaction.set_rollback(True)
    facts._latest = None
