"""The rules of an agreement's life, over made-up rows: each state, its desk, its steps. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sightpact.agreements import life_words
from sightpact.agreements.life_rules import (
    NEXT,
    STATES,
    STEPS,
    AgreementRows,
    RevisionRows,
    Side,
    judge,
    of_revision,
)

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SIDES = (Side("usd", "The District", "USD"), Side("pd", "The Police", "PD"))
PROPOSED = RevisionRows(
    id="1", number=1, stored_utc=NOW - 40 * DAY, proposed_by="usd", proposed_utc=NOW - 40 * DAY, counters=False,
    note="", agreed={"usd": NOW - 40 * DAY}, votes=(), bodies=(), unadopted=(), signed={}, runs=False, differs=(),
    begins=NOW - 10 * DAY, ends=NOW + 300 * DAY,
)  # fmt: skip
BOTH = {"usd": NOW - 40 * DAY, "pd": NOW - 30 * DAY}
AGREED = replace(PROPOSED, agreed=BOTH)
VOTES = (
    ("Board", "usd", date(2026, 8, 10), NOW - 22 * DAY),
    ("Council", "pd", date(2026, 8, 12), NOW - 20 * DAY),
)
ADOPTED = replace(AGREED, votes=VOTES)
SIGNED = replace(ADOPTED, signed={"usd": NOW - 15 * DAY, "pd": NOW - 12 * DAY}, runs=True)


def rows(*revisions: RevisionRows, **more: object) -> AgreementRows:
    found = AgreementRows("a", "A", False, SIDES, revisions, None, "", None, "", "")
    return replace(found, **more)  # type: ignore[arg-type]


def told(*revisions: RevisionRows, **more: object) -> tuple[str, list[str], int, str]:
    found = judge(rows(*revisions, **more), NOW)
    return found.state, [side.slug for side in found.desk], found.days(NOW), found.next


def test_each_state_and_its_desk():
    assert told(PROPOSED) == ("proposed", ["pd"], 40, "answer")
    countered = replace(PROPOSED, number=2, counters=True, proposed_by="pd", agreed={"pd": NOW})
    assert told(PROPOSED, countered)[:2] == ("countered", ["usd"])
    assert told(AGREED) == ("agreed", ["usd", "pd"], 30, "adopt")
    assert told(replace(AGREED, votes=VOTES[:1])) == ("agreed", ["pd"], 30, "adopt")
    assert told(ADOPTED) == ("adopted", ["usd", "pd"], 20, "sign")
    assert told(replace(ADOPTED, signed={"usd": NOW})) == ("adopted", ["pd"], 20, "sign")
    assert told(replace(SIGNED, begins=NOW + DAY)) == ("signed", [], 12, "begin")
    waits = replace(SIGNED, runs=False, uncopied=("the City Clerk",))
    assert told(waits) == ("signed", ["usd"], 12, "copy")
    assert told(SIGNED) == ("in_force", [], 10, "")
    assert told(replace(SIGNED, ends=NOW - DAY)) == ("expired", [], 1, "")
    assert told(SIGNED, suspended_utc=NOW - 2 * DAY, suspended_by="pd") == ("suspended", ["pd"], 2, "resume")
    assert told(SIGNED, terminated_utc=NOW - DAY, terminated_by="pd") == ("terminated", [], 1, "")
    assert told(SIGNED, terminated_utc=NOW + DAY, terminated_by="pd")[0] == "in_force"


def test_the_bodies_that_the_text_names_must_all_vote():
    bodies = (("Board", "usd"), ("Council", "pd"), ("School committee", "usd"))
    one = replace(ADOPTED, bodies=bodies, unadopted=("School committee",))
    found = judge(rows(one), NOW)
    assert (found.state, [s.slug for s in found.desk]) == ("agreed", ["usd"])
    assert found.missing_bodies == ("School committee",)
    assert life_words.next_step(found).startswith("School committee must adopt this text.")


def test_a_text_stored_on_the_server_needs_no_acceptance():
    one = replace(PROPOSED, proposed_by="", proposed_utc=None, agreed={})
    assert told(one) == ("agreed", ["usd", "pd"], 40, "adopt")
    votes = (("Board", "", date(2026, 8, 10), None), ("Council", "", date(2026, 8, 12), None))
    assert told(replace(one, votes=votes))[0] == "adopted"


def test_a_newer_text_stands_beside_the_one_that_runs():
    newer = replace(PROPOSED, number=2, proposed_by="pd", agreed={"pd": NOW}, proposed_utc=NOW - 6 * DAY)
    found = judge(rows(SIGNED, newer), NOW)
    assert found.state == "in_force" and found.coming is not None
    assert life_words.desk(found.coming, NOW) == "On USD's desk for 6 days"
    assert [s.state for s in found.waits_on] == ["proposed"]
    old = of_revision(rows(SIGNED, replace(newer, agreed=BOTH), replace(newer, number=3)), 2, NOW)
    assert old is not None and (old.state, old.desk) == ("superseded", ())
    assert of_revision(rows(SIGNED), 9, NOW) is None
    later = replace(SIGNED, number=2, begins=NOW + DAY)
    assert judge(rows(SIGNED, later), NOW).revision == 1
    assert judge(rows(SIGNED, later), NOW + 2 * DAY).revision == 2


def test_steps_are_in_order_and_one_is_due():
    for one, due in ((PROPOSED, "agreed"), (AGREED, "adopted"), (ADOPTED, "signed"), (SIGNED, "in_force")):
        found = judge(rows(one), NOW)
        assert [step.name for step in found.steps] == list(STEPS)
        assert [step.name for step in found.steps if step.is_current] == [due]


INSTANTS = st.integers(-400, 400).map(lambda days: NOW + days * DAY)
SOME = st.dictionaries(st.sampled_from(["usd", "pd"]), INSTANTS)


@st.composite
def revisions(draw: st.DrawFn) -> tuple[RevisionRows, ...]:
    found = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        signed = draw(SOME)
        found.append(
            replace(
                PROPOSED,
                number=number,
                proposed_by=draw(st.sampled_from(["", "usd", "pd"])),
                counters=draw(st.booleans()),
                agreed=draw(SOME),
                votes=VOTES[: draw(st.integers(0, 2))],
                signed=signed,
                runs=len(signed) == 2 and draw(st.booleans()),
                begins=draw(INSTANTS),
                ends=draw(st.none() | INSTANTS),
            )
        )
    return tuple(found)


@given(revisions(), st.none() | INSTANTS, st.none() | INSTANTS)
def test_every_agreement_has_one_state_and_words_for_it(
    found: tuple[RevisionRows, ...], suspended: datetime | None, ended: datetime | None
):
    state = judge(rows(*found, suspended_utc=suspended, suspended_by="pd", terminated_utc=ended), NOW)
    assert state.state in STATES and sum(step.is_current for step in state.steps) == 1
    assert life_words.state(state.state) and life_words.next_step(state)
    assert bool(life_words.desk(state, NOW)) == bool(state.desk)
    assert state.next == NEXT.get(state.state, "") or state.next == ""
    if state.state == "in_force":
        chosen = next(r for r in found if r.number == state.revision)
        assert chosen.runs and suspended is None and (ended is None or ended > NOW)
    if state.coming is not None:
        assert state.coming.revision > state.revision
