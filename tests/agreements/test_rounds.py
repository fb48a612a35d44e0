"""Propose, counter, accept, adopt, end: what goes on, what is refused, what stands in the record, and the races."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, connections

from sightpact.agreements import drafting, life, reads
from sightpact.agreements.actions import Vote, adoption, drafts, ends, rounds, suspend
from sightpact.agreements.errors import (
    DocumentFaults,
    DraftConflict,
    DraftFault,
    GuaranteesBroken,
    RevisionFault,
    RoundFault,
)
from sightpact.agreements.models import Adoption, Revision, Round
from sightpact.ledger import clock
from tests.agreements.negotiating import (
    SLUG,
    Cast,
    begun,
    cast,
    changed,
    countered,
    entries,
    party,
    people_of_both_sides,
    proposed,
)

__all__ = ["cast"]
INSIDE_ALWAYS = {"area_kinds": ["hallway", "exterior"]}
STEPS = ("agreement_proposed", "agreement_countered", "agreement_agreed")


def state() -> tuple[str, int, list[str], str]:
    found = life.state_of(SLUG)
    assert found is not None
    return found.state, found.revision, [side.slug for side in found.desk], found.next


def revision(number: int) -> str:
    return str(Revision.objects.get(agreement__slug=SLUG, number=number).pk)


def agreed(cast: Cast) -> str:
    proposed(cast)
    rounds.accept(SLUG, 1, cast["gail"])
    return revision(1)


def vote(body: str = "Board of Education", **more: str) -> Vote:
    return Vote(body, date(2026, 6, 8), **{"vote": "6 to 1", "resolution": "26-41", **more})


def test_a_proposal_is_an_immutable_revision_on_the_others_desk(cast: Cast):
    assert proposed(cast) == 1
    assert state() == ("proposed", 1, ["lakeview-pd"], "answer")
    assert reads.running() == (), "a proposal opens nothing"
    assert entries(*STEPS) == [("agreement_proposed", "lakeview-usd", "proposed")]
    told = Round.objects.get()
    assert (told.note, told.counters, told.proposed_by.slug) == ("Our first text.", None, "sam")


def test_only_a_head_proposes_and_accepts(cast: Cast):
    draft = begun(cast["tess"])
    with pytest.raises(RoundFault, match="may not propose a text"):
        rounds.propose(draft, 1, cast["tess"])
    with pytest.raises(DraftFault, match="is not here"):
        rounds.propose(draft, 1, cast["gail"])
    rounds.propose(draft, 1, cast["sam"])
    for other in ("cole", "omar", "ines", "pia"):
        with pytest.raises(RoundFault, match="may not accept a text"):
            rounds.accept(SLUG, 1, cast[other])
    assert state()[0] == "proposed"


def test_a_text_with_faults_is_not_proposed_and_each_is_named(cast: Cast):
    draft = begun(cast["sam"])
    version = changed(
        draft,
        cast["sam"],
        term={"ends": "2020-01-01"},
        schools={"schools": [{"slug": "nowhere", "name": "No"}]},
    )
    with pytest.raises(DocumentFaults) as fault:
        rounds.propose(draft, version, cast["sam"])
    assert [f.path for f in fault.value.faults] == ["clauses[8].ends"] or len(fault.value.faults) >= 1
    version = changed(draft, cast["sam"], term={"ends": "2031-06-30"})
    with pytest.raises(DocumentFaults, match="There is no school 'nowhere'"):
        rounds.propose(draft, version, cast["sam"])
    assert not Revision.objects.exists() and entries(*STEPS) == []


def test_a_text_that_breaks_a_guarantee_is_not_proposed_and_the_case_is_told(cast: Cast):
    from sightpact.cameras.models import Area, Camera, School

    school = School.objects.get(slug="lakeview-high")
    area = Area.objects.create(school=school, slug="hall-2", name="Hallway 2", kind="hallway")
    camera = Camera.objects.create(school=school, slug="lakeview-high-hall", name="Behind the trophies")
    camera.areas.add(area)
    draft = begun(cast["sam"])
    version = changed(draft, cast["sam"], standing_view=INSIDE_ALWAYS)
    with pytest.raises(GuaranteesBroken) as fault:
        rounds.propose(draft, version, cast["sam"])
    assert "without any emergency" in str(fault.value) and "Behind the trophies" in str(fault.value)
    proposed(cast)
    answer = drafts.begin_from_revision(SLUG, cast["gail"])
    version = changed(answer, cast["gail"], standing_view=INSIDE_ALWAYS)
    with pytest.raises(GuaranteesBroken) as fault:
        rounds.propose(answer, version, cast["gail"])
    assert "without any emergency" in str(fault.value)
    assert "Behind the trophies" not in str(fault.value), "the other side reads a made-up camera"


def test_any_number_of_rounds_and_then_one_text(cast: Cast):
    proposed(cast)
    assert countered(cast, "gail", leases={"standing_s": 3}) == 2
    assert state() == ("countered", 2, ["lakeview-usd"], "answer")
    assert countered(cast, "sam", leases={"standing_s": 2}) == 3
    assert state() == ("countered", 3, ["lakeview-pd"], "answer")
    with pytest.raises(RoundFault, match="revision 3 is"):
        rounds.accept(SLUG, 2, cast["sam"])
    assert rounds.accept(SLUG, 3, cast["gail"]) and not rounds.accept(SLUG, 3, cast["gail"])
    assert state() == ("agreed", 3, ["lakeview-usd", "lakeview-pd"], "adopt")
    assert entries(*STEPS) == [
        ("agreement_proposed", "lakeview-usd", "proposed"),
        ("agreement_countered", "lakeview-pd", "proposed"),
        ("agreement_countered", "lakeview-usd", "proposed"),
        ("agreement_agreed", "lakeview-pd", "by_all"),
    ]
    assert [h.state for h in life.history(SLUG)] == ["agreed", "superseded", "superseded"]


def test_proposing_again_before_an_answer_is_no_counter(cast: Cast):
    proposed(cast)
    countered(cast, "sam", leases={"standing_s": 3})
    assert state() == ("proposed", 2, ["lakeview-pd"], "answer")


def test_with_three_parties_all_must_accept(cast: Cast):
    """A 911 centre takes part with its director."""
    from sightpact.people import actions as people
    from sightpact.people import reads as people_reads

    people.add_party(people.PartySpec("northshore", "Northshore Dispatch", "Northshore", "agency"))
    people.add_person(people.PersonSpec("dee", "Dee Laurent"), [people.Role("northshore", "director")])
    director = people_reads.person_by_slug("dee")
    assert director is not None
    draft = begun(cast["sam"])
    card = drafting.load(draft, cast["sam"])
    assert card is not None
    document = card.document
    parties = next(c for c in document["clauses"] if c["kind"] == "parties")["parties"]
    third = {"slug": "northshore", "name": "Northshore Dispatch", "called": "the Centre", "roles": []}
    parties.append({**parties[1], **third, "authority": "Interlocal agreement 12"})
    rounds.propose(draft, drafts.save(draft, document, 1, cast["sam"]), cast["sam"])
    assert state() == ("proposed", 1, ["lakeview-pd", "northshore"], "answer")
    rounds.accept(SLUG, 1, cast["gail"])
    assert state() == ("proposed", 1, ["northshore"], "answer")
    rounds.accept(SLUG, 1, director)
    assert state()[0] == "agreed"
    assert [o for _t, _p, o in entries("agreement_agreed")] == ["by_party", "by_all"]


def test_a_draft_that_has_not_seen_the_newest_revision_waits(cast: Cast):
    proposed(cast)
    mine = drafts.begin_from_revision(SLUG, cast["sam"])
    version = changed(mine, cast["sam"], leases={"standing_s": 4})
    countered(cast, "gail", leases={"standing_s": 3})
    with pytest.raises(RoundFault, match="has not seen revision 2"):
        rounds.propose(mine, version, cast["sam"])
    assert drafts.compare_with_newest(mine, cast["sam"]) == 2
    assert rounds.propose(mine, version, cast["sam"]) == 3


def test_a_short_name_is_taken_once(cast: Cast):
    proposed(cast)
    with pytest.raises(RoundFault, match="short name is taken"):
        rounds.propose(begun(cast["sam"]), 1, cast["sam"])
    for word in ("new", "keys"):
        with pytest.raises(RoundFault, match="cannot be called"):
            rounds.propose(begun(cast["sam"], slug=word), 1, cast["sam"])


def test_a_draft_must_name_its_own_side_and_keep_its_name(cast: Cast):
    proposed(cast)
    draft = drafts.begin_from_revision(SLUG, cast["gail"])
    card = drafting.load(draft, cast["gail"])
    assert card is not None
    version = drafts.save(draft, {**card.document, "slug": "another"}, 1, cast["gail"])
    with pytest.raises(RoundFault, match="calls itself 'another'"):
        rounds.propose(draft, version, cast["gail"])
    foreign = drafts.begin(party("fairmont-pd"), {**card.document, "slug": "not-ours"}, "file", cast["ines"])
    with pytest.raises(RoundFault, match="does not name Fairmont Police Department as a party"):
        rounds.propose(foreign, 1, cast["ines"])


def test_the_draft_that_is_proposed_is_the_one_that_was_read(cast: Cast):
    draft = begun(cast["sam"])
    changed(draft, cast["tess"], leases={"standing_s": 5})
    with pytest.raises(DraftConflict, match="Tess Amari"):
        rounds.propose(draft, 1, cast["sam"])


# adoption -------------------------------------------------------------------------------------------------------


def test_each_body_votes_on_the_agreed_text(cast: Cast):
    proposed(cast)
    with pytest.raises(RoundFault, match="is not agreed by all"):
        adoption.record_adoption(revision(1), vote(), cast["tess"])
    rounds.accept(SLUG, 1, cast["gail"])
    adoption.record_adoption(revision(1), vote(minutes_url="https://board.example/m/8"), cast["tess"])
    assert state() == ("agreed", 1, ["lakeview-pd"], "adopt")
    adoption.record_adoption(revision(1), vote("City Council"), cast["cole"])
    assert state() == ("adopted", 1, ["lakeview-usd", "lakeview-pd"], "sign")
    assert entries("agreement_adopted") == [
        ("agreement_adopted", "lakeview-usd", "adopted"),
        ("agreement_adopted", "lakeview-pd", "adopted"),
    ]


def test_a_mistaken_record_is_corrected_by_another_and_stays(cast: Cast):
    found = agreed(cast)
    adoption.record_adoption(found, vote(), cast["tess"])
    with pytest.raises(RoundFault, match="has its vote recorded already"):
        adoption.record_adoption(found, vote(vote="7 to 0"), cast["tess"])
    with pytest.raises(RoundFault, match="recorded by the other side"):
        adoption.record_adoption(found, vote(vote="7 to 0"), cast["cole"], corrects=True)
    assert adoption.record_adoption(found, vote(vote="7 to 0"), cast["sam"], corrects=True) == 2
    row = Revision.objects.get(pk=found)
    assert [(v.body, v.vote) for v in reads.votes_that_count(row)] == [("Board of Education", "7 to 0")]
    assert list(Adoption.objects.order_by("serial").values_list("vote", "recorded_by__slug")) == [
        ("6 to 1", "tess"),
        ("7 to 0", "sam"),
    ]
    with pytest.raises(RoundFault, match="no reason is given"):
        adoption.void_adoption(found, "Board of Education", cast["tess"], " ")
    adoption.void_adoption(found, "Board of Education", cast["tess"], "It was tabled.")
    assert reads.votes_that_count(row) == [] and Adoption.objects.count() == 3
    assert state() == ("agreed", 1, ["lakeview-usd", "lakeview-pd"], "adopt")
    assert [outcome for _t, _p, outcome in entries("agreement_adopted")] == [
        "adopted",
        "corrected",
        "withdrawn",
    ]
    assert adoption.record_adoption(found, vote(), cast["tess"], corrects=True) == 4


@pytest.mark.parametrize(
    ("spoiled", "why"),
    [
        ({"minutes_url": "http://board.example/m"}, "https"),
        ({"minutes_url": "https://user@board.example/"}, "https"),
        ({"minutes_url": "javascript:alert(1)"}, "https"),
        ({"body": "  "}, "of which body"),
        ({"vote": "x" * 61}, "cannot be kept"),
        ({"resolution": "a\x07b"}, "cannot be kept"),
        ({"on": date(2999, 1, 1)}, "has not voted yet"),
    ],
)
def test_a_vote_that_cannot_be(cast: Cast, spoiled: dict[str, object], why: str):
    found = agreed(cast)
    with pytest.raises(RoundFault, match=why):
        adoption.record_adoption(found, replace(vote(), **spoiled), cast["tess"])
    assert not Adoption.objects.exists()


def test_only_a_head_takes_a_vote_back_from_a_text_that_runs(cast: Cast, lakeview):
    """Where the text names the bodies it stops running by that, so it is no clerk's step."""
    draft = begun(cast["sam"])
    card = drafting.load(draft, cast["sam"])
    assert card is not None
    document = card.document
    rows = [
        {
            "party": "lakeview-usd",
            "title": "Superintendent",
            "role": "superintendent",
            "body": "Board of Education",
        },
        {"party": "lakeview-pd", "title": "Chief of Police", "role": "chief"},
    ]
    document["clauses"].append(
        {"kind": "signatories", "number": "7.9", "heading": "Signatories", "rows": rows}
    )
    rounds.propose(draft, drafts.save(draft, document, 1, cast["sam"]), cast["sam"])
    rounds.accept(SLUG, 1, cast["gail"])
    assert state() == ("agreed", 1, ["lakeview-usd"], "adopt")
    sign_by_all(lakeview, revision(1))
    assert reads.running() == (), "a body that the text names has not voted"
    adoption.record_adoption(revision(1), vote("the board of education"), cast["tess"])
    assert state()[0] == "in_force" and len(reads.running()) == 1
    assert entries("agreement_in_force") == [("agreement_in_force", "lakeview-usd", "adopted_by_all")]
    assert entries("guarantees_proven") == [("guarantees_proven", "lakeview-usd", "hold")]
    with pytest.raises(RoundFault, match="stands behind a text that runs"):
        adoption.void_adoption(revision(1), "the board of education", cast["tess"], "It was tabled.")
    adoption.void_adoption(revision(1), "the board of education", cast["sam"], "It was tabled.")
    assert reads.running() == ()


def test_strangers_and_old_texts_have_no_votes(cast: Cast):
    found = agreed(cast)
    for other in ("ines", "omar", "pia"):
        with pytest.raises(RoundFault, match="records no votes"):
            adoption.record_adoption(found, vote(), cast[other])
    countered(cast, "gail", leases={"standing_s": 3})
    with pytest.raises(RoundFault, match="is not the text any more"):
        adoption.record_adoption(found, vote(), cast["tess"])


# signed, in force, over ----------------------------------------------------------------------------------------


def signed(cast: Cast, lakeview) -> None:
    sign_by_all(lakeview, agreed(cast))


def sign_by_all(lakeview, found: str) -> None:
    from sightpact.agreements.actions import add_signature

    document = reads.verdict(found).document
    assert document is not None
    for side in ("lakeview-usd", "lakeview-pd"):
        add_signature(found, side, lakeview.sign(document, side))


def test_it_runs_when_all_signed_and_an_amendment_stands_beside_it(cast: Cast, lakeview):
    signed(cast, lakeview)
    assert state() == ("in_force", 1, [], "")
    countered(cast, "gail", leases={"standing_s": 3})
    found = life.state_of(SLUG)
    assert found is not None and found.coming is not None
    assert (found.state, found.revision, found.coming.state, found.coming.revision) == (
        "in_force",
        1,
        "proposed",
        2,
    )
    assert [side.slug for side in found.coming.desk] == ["lakeview-usd"]
    (running,) = reads.running()
    assert running.document.revision == 1


def test_suspended_is_on_the_desk_of_who_suspended(cast: Cast, lakeview):
    signed(cast, lakeview)
    suspend(SLUG, cast["gail"])
    assert state() == ("suspended", 1, ["lakeview-pd"], "resume")


def test_a_head_ends_it_at_once_and_for_good(cast: Cast, lakeview):
    signed(cast, lakeview)
    for other in ("cole", "omar", "pia", "ines"):
        with pytest.raises(RoundFault, match="may not end this"):
            ends.terminate(SLUG, cast[other], "because")
    with pytest.raises(RoundFault, match="no reason is given"):
        ends.terminate(SLUG, cast["gail"], " ")
    ends.terminate(SLUG, cast["gail"], "The city buys its own.")
    assert state() == ("terminated", 1, [], "")
    (running,) = reads.running()
    assert running.facts.in_force_until is not None and running.facts.in_force_until <= clock.now()
    assert entries("agreement_terminated") == [("agreement_terminated", "lakeview-pd", "now")]
    with pytest.raises(RoundFault, match="has ended already"):
        ends.terminate(SLUG, cast["sam"], "me too")
    with pytest.raises(RoundFault, match="has ended"):
        ends.withdraw_termination(SLUG, cast["gail"])
    draft = drafts.begin_from_revision(SLUG, cast["sam"])
    with pytest.raises(RoundFault, match="has ended for good"):
        rounds.propose(draft, 1, cast["sam"])


def test_an_end_from_a_day_can_be_taken_back_before_it(cast: Cast, lakeview):
    signed(cast, lakeview)
    day = clock.now() + timedelta(days=60)
    with pytest.raises(RoundFault, match="has begun or is over"):
        ends.terminate(SLUG, cast["sam"], "why", clock.now() - timedelta(days=1))
    ends.terminate(SLUG, cast["sam"], "The board decided.", day)
    found = life.state_of(SLUG)
    assert found is not None
    assert (found.state, found.terminates_utc, found.terminated_reason) == (
        "in_force",
        day,
        "The board decided.",
    )
    (running,) = reads.running()
    assert running.facts.in_force_until == day
    assert not ends.withdraw_termination(SLUG, cast["gail"]), "only who said it takes it back"
    assert ends.withdraw_termination(SLUG, cast["sam"]) and not ends.withdraw_termination(SLUG, cast["sam"])
    (running,) = reads.running()
    assert running.facts.in_force_until != day
    assert [o for _t, _p, o in entries("agreement_terminated")] == ["from_a_day", "withdrawn"]


def test_nothing_that_is_not_there_has_a_life(cast: Cast):
    assert life.state_of("nothing") is None and life.history("nothing") == ()
    with pytest.raises(RevisionFault):
        rounds.accept("nothing", 1, cast["sam"])


# races ---------------------------------------------------------------------------------------------------------


def at_once(*acts) -> list[object]:
    """Run in threads that begin together; what each returned or raised."""
    gate, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index: int) -> None:
        gate.wait()
        try:
            found[index] = acts[index]()
        except Exception as fault:
            found[index] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_two_propose_at_once_and_one_of_them_reads_the_others_first(transactional_db, lakeview):
    cast = people_of_both_sides()
    proposed(cast)
    mine, theirs = (drafts.begin_from_revision(SLUG, cast[who]) for who in ("sam", "gail"))
    versions = [
        changed(d, cast[w], leases={"standing_s": n}) for d, w, n in ((mine, "sam", 3), (theirs, "gail", 4))
    ]
    connection.close()
    found = at_once(
        lambda: rounds.propose(mine, versions[0], cast["sam"]),
        lambda: rounds.propose(theirs, versions[1], cast["gail"]),
    )
    assert found.count(2) == 1, found
    (refused,) = [f for f in found if isinstance(f, Exception)]
    assert isinstance(refused, RoundFault) and "has not seen revision 2" in str(refused)
    assert life.revision_numbers(SLUG) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_two_save_at_once_and_neither_text_is_lost_without_a_word(transactional_db, lakeview):
    cast = people_of_both_sides()
    draft = begun(cast["sam"])
    connection.close()
    found = at_once(
        lambda: drafts.save(draft, {"title": "Sam's"}, 1, cast["sam"]),
        lambda: drafts.save(draft, {"title": "Tess's"}, 1, cast["tess"]),
    )
    assert found.count(2) == 1 and sum(isinstance(f, DraftConflict) for f in found) == 1, found


@pytest.mark.django_db(transaction=True)
def test_accepting_while_the_other_side_changes_its_mind(transactional_db, lakeview):
    """Either the acceptance came first and stands, or the newer text did and the acceptance is refused."""
    cast = people_of_both_sides()
    proposed(cast)
    again = drafts.begin_from_revision(SLUG, cast["sam"])
    version = changed(again, cast["sam"], leases={"standing_s": 3})
    connection.close()
    taken, newer = at_once(
        lambda: rounds.accept(SLUG, 1, cast["gail"]), lambda: rounds.propose(again, version, cast["sam"])
    )
    assert newer == 2
    assert taken is True or (isinstance(taken, RoundFault) and "revision 2 is" in str(taken))
    assert state()[:2] == ("proposed", 2)
