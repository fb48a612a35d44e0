"""Drafts: who has one, what a save refuses and keeps, how it comes back, and that it is nobody else's business."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from sightpact.agreements import drafting
from sightpact.agreements.actions import drafts
from sightpact.agreements.actions.drafts import KEPT_VERSIONS, MOST_CHARACTERS
from sightpact.agreements.errors import DraftConflict, DraftFault
from sightpact.agreements.models import DraftVersion
from sightpact.ledger import clock
from tests.agreements.negotiating import Cast, begun, cast, changed, party, proposed

__all__ = ["cast"]


@pytest.fixture
def time_stands():
    """A clock that moves only when told."""
    simulated = clock.SimulatedClock(clock.now())
    before = clock.use(simulated)
    yield simulated
    clock.use(before)


def test_a_draft_is_begun_from_a_template_by_those_who_draft(cast: Cast):
    card = drafting.load(begun(cast["tess"]), cast["tess"])
    assert card is not None
    assert (card.version, card.source, card.base) == (1, "template exterior-always", None)
    document, faults = drafting.checked(card.document, 1)
    assert document is not None and faults == []
    for other in ("pia", "gail", "omar", "ines"):
        with pytest.raises(DraftFault, match="does not draft for this party"):
            begun(cast[other])


def test_a_draft_keeps_what_is_not_complete_and_lists_its_faults(cast: Cast):
    draft = begun(cast["sam"])
    assert drafts.save(draft, '{"title": "Half", "clauses": [{"kind": "term"}]}', 1, cast["sam"]) == 2
    card = drafting.load(draft, cast["sam"])
    assert card is not None and card.title == "Half"
    document, faults = drafting.checked(card.document, 1)
    assert document is None and any("missing" in fault.what for fault in faults)


@pytest.mark.parametrize(
    "sent",
    [
        "[]",
        "no json",
        '"text"',
        '{"a": NaN}',
        "[" * 100_000,
        '{"a": ' + "[" * 40 + "]" * 40 + "}",
        "x" * (MOST_CHARACTERS + 9),
    ],
)
def test_what_is_no_table_is_not_kept(cast: Cast, sent: str):
    draft = begun(cast["sam"])
    with pytest.raises(DraftFault):
        drafts.save(draft, sent, 1, cast["sam"])
    with pytest.raises(DraftFault, match="longer than"):
        drafts.save(draft, {"title": "x" * MOST_CHARACTERS}, 1, cast["sam"])
    card = drafting.load(draft, cast["sam"])
    assert card is not None and card.version == 1


def test_hostile_letters_are_kept_as_they_are(cast: Cast):
    draft = begun(cast["sam"])
    nasty = {"title": "\u202enul \x00 \ud800 </script>", "clauses": []}
    drafts.save(draft, json.dumps(nasty), 1, cast["sam"])
    card = drafting.load(draft, cast["sam"])
    assert card is not None
    assert card.document == nasty and "\x00" not in card.title and "\u202e" not in card.title


def test_who_saves_second_is_told_who_was_first(cast: Cast):
    draft = begun(cast["sam"])
    assert changed(draft, cast["tess"], term={"ends": "2030-06-30"}) == 2
    with pytest.raises(DraftConflict, match="Tess Amari saved it in the meantime") as fault:
        drafts.save(draft, {"title": "mine"}, 1, cast["sam"])
    assert fault.value.version == 2
    card = drafting.load(draft, cast["sam"])
    assert card is not None and card.title != "mine"


def test_the_same_text_again_changes_nothing(cast: Cast):
    draft = begun(cast["sam"])
    card = drafting.load(draft, cast["sam"])
    assert card is not None
    assert drafts.save(draft, card.document, 1, cast["sam"]) == 1
    assert drafts.save(draft, card.content, 1, cast["sam"]) == 1


def test_a_sitting_is_one_version_and_each_sitting_can_be_gone_back_to(cast: Cast, time_stands):
    draft = begun(cast["sam"])
    version = 1
    for number in range(3):
        version = drafts.save(draft, {"title": f"first sitting {number}"}, version, cast["sam"])
        time_stands.advance(5)
    time_stands.advance(120)
    version = drafts.save(draft, {"title": "second sitting"}, version, cast["sam"])
    version = drafts.save(draft, {"title": "another person"}, version, cast["tess"])
    kept = drafting.versions(draft, cast["sam"])
    assert [(v.number, v.saved_by, v.is_current) for v in kept] == [
        (6, "Tess Amari", True),
        (5, "Sam Whitfield", False),
        (4, "Sam Whitfield", False),
        (1, "Sam Whitfield", False),
    ]
    assert drafts.put_back(draft, 4, version, cast["sam"]) == 7
    card = drafting.load(draft, cast["sam"])
    assert card is not None and card.title == "first sitting 2"
    with pytest.raises(DraftFault, match="is not kept"):
        drafts.put_back(draft, 3, 7, cast["sam"])


def test_the_last_fifty_versions_are_kept(cast: Cast, time_stands):
    draft = begun(cast["sam"])
    for version in range(1, KEPT_VERSIONS + 6):
        drafts.save(draft, {"title": f"{version}"}, version, cast["sam"])
        time_stands.advance(120)
    numbers = sorted(DraftVersion.objects.values_list("number", flat=True))
    assert numbers == list(range(7, KEPT_VERSIONS + 7))


def test_a_discarded_draft_comes_back_within_thirty_days(cast: Cast, time_stands):
    draft = begun(cast["sam"])
    assert drafts.discard(draft, cast["tess"]) and not drafts.discard(draft, cast["tess"])
    assert drafting.open_drafts(cast["sam"]) == () and len(drafting.discarded(cast["sam"])) == 1
    with pytest.raises(DraftFault, match="is discarded"):
        drafts.save(draft, {"title": "x"}, 1, cast["sam"])
    time_stands.advance(timedelta(days=29).total_seconds())
    assert drafts.take_back(draft, cast["sam"]) and not drafts.take_back(draft, cast["sam"])
    drafts.discard(draft, cast["sam"])
    time_stands.advance(timedelta(days=30).total_seconds())
    assert drafting.discarded(cast["sam"]) == ()
    with pytest.raises(DraftFault, match="more than 30 days ago"):
        drafts.take_back(draft, cast["sam"])


def test_a_draft_is_nobody_elses(cast: Cast):
    """For the other side, a stranger and those of one's own side who do not draft there is no draft."""
    draft = begun(cast["sam"])
    for other in ("gail", "cole", "omar", "ines", "pia"):
        who = cast[other]
        assert drafting.load(draft, who) is None
        assert drafting.versions(draft, who) == () and drafting.open_drafts(who) == ()
        for act in (
            lambda who=who: drafts.save(draft, {"title": "x"}, 1, who),
            lambda who=who: drafts.put_back(draft, 1, 1, who),
            lambda who=who: drafts.discard(draft, who),
            lambda who=who: drafts.take_back(draft, who),
            lambda who=who: drafts.compare_with_newest(draft, who),
        ):
            with pytest.raises(DraftFault, match="This draft: is not here"):
                act()
    assert drafting.load("nonsense", cast["sam"]) is None


def test_a_side_has_no_endless_drafts(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drafts, "MOST_OPEN", 2)  # as if a hundred were two
    first = begun(cast["sam"])
    begun(cast["tess"])
    with pytest.raises(DraftFault, match="has 2 open drafts"):
        begun(cast["sam"])
    drafts.discard(first, cast["sam"])
    begun(cast["sam"])


def test_a_proposed_draft_is_closed(cast: Cast):
    proposed(cast)
    draft = str(drafting.Draft.objects.get().pk)
    with pytest.raises(DraftFault, match="was proposed as revision 1"):
        drafts.save(draft, {"title": "x"}, 1, cast["sam"])
    assert not drafts.discard(draft, cast["sam"]) and drafting.open_drafts(cast["sam"]) == ()


def test_a_draft_from_a_file_and_from_a_revision(cast: Cast):
    made = drafts.begin(
        party("lakeview-pd"), {"title": "From the city", "slug": "city-text"}, "file", cast["cole"]
    )
    card = drafting.load(made, cast["gail"])
    assert card is not None and (card.slug, card.party_slug) == ("city-text", "lakeview-pd")
    proposed(cast)
    answer = drafting.load(drafts.begin_from_revision("lakeview-cameras", cast["cole"]), cast["gail"])
    assert answer is not None
    assert (answer.base, answer.newest, answer.is_behind, answer.party_slug) == (1, 1, False, "lakeview-pd")
    with pytest.raises(DraftFault, match="does not draft for this party"):
        drafts.begin_from_revision("lakeview-cameras", cast["ines"])
