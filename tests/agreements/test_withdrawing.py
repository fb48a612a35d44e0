"""A proposal taken off the table by the side that made it: who may, until when, and what is on the table then."""

from __future__ import annotations

import pytest

from sightpact.agreements import life, reads
from sightpact.agreements.actions import rounds, withdrawing
from sightpact.agreements.errors import RoundFault
from tests.agreements.negotiating import SLUG, Cast, cast, countered, entries, proposed
from tests.agreements.test_rounds import revision, state

__all__ = ["cast"]


def test_a_proposal_is_withdrawn_while_nobody_else_accepted_it(cast: Cast):
    proposed(cast)
    assert countered(cast, "gail", leases={"standing_s": 3}) == 2
    with pytest.raises(RoundFault, match="may not withdraw what Lakeview Police"):
        withdrawing.withdraw(SLUG, 2, cast["sam"])
    with pytest.raises(RoundFault, match="not on the table any more: revision 2 is"):
        withdrawing.withdraw(SLUG, 1, cast["sam"])
    assert withdrawing.withdraw(SLUG, 2, cast["gail"], "Our board wants another term.")
    assert not withdrawing.withdraw(SLUG, 2, cast["gail"])
    assert state() == ("proposed", 1, ["lakeview-pd"], "answer"), "what was on the table is on it again"
    assert [h.state for h in life.history(SLUG)] == ["withdrawn", "proposed"]
    with pytest.raises(RoundFault, match="was withdrawn"):
        rounds.accept(SLUG, 2, cast["sam"])
    assert entries("agreement_withdrawn") == [("agreement_withdrawn", "lakeview-pd", "withdrawn")]
    assert countered(cast, "gail", leases={"standing_s": 4}) == 3
    assert drafting_text(3)["standing_s"] == 4 and state()[:2] == ("countered", 3)
    rounds.accept(SLUG, 3, cast["sam"])
    with pytest.raises(RoundFault, match="accepted by Lakeview Unified"):
        withdrawing.withdraw(SLUG, 3, cast["gail"])


def drafting_text(number: int) -> dict[str, int]:
    document = reads.verdict(revision(number)).document
    assert document is not None
    return next(c.data() for c in document.clauses if c.kind == "leases")


def test_a_first_proposal_withdrawn_leaves_nothing_on_a_desk_and_another_can_follow(cast: Cast):
    proposed(cast)
    withdrawing.withdraw(SLUG, 1, cast["sam"])
    assert state() == ("withdrawn", 1, [], "")
    assert countered(cast, "sam", leases={"standing_s": 3}) == 2
    assert state() == ("proposed", 2, ["lakeview-pd"], "answer")


def test_what_is_accepted_is_not_withdrawn(cast: Cast):
    proposed(cast)
    rounds.accept(SLUG, 1, cast["gail"])
    with pytest.raises(RoundFault, match="accepted by Lakeview Police"):
        withdrawing.withdraw(SLUG, 1, cast["sam"])
    assert state()[0] == "agreed"
