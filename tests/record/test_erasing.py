"""Names leave the record by rule: after their time, never while they are needed, and the record says so and stays whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sightpact.access import facts
from sightpact.ledger import clock, erased
from sightpact.ledger import reads as ledger
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.ledger.models import Opening
from sightpact.record import actions, after, erasing
from sightpact.record.whole import whole
from tests.browser import as_person
from tests.lakeview import Lakeview
from tests.record import after_text

pytestmark = pytest.mark.django_db(transaction=True)
DAY = 86400


@pytest.fixture
def at() -> Iterator[clock.SimulatedClock]:
    told = clock.SimulatedClock(after_text.NOW)
    before = clock.use(told)
    yield told
    clock.use(before)


@pytest.fixture
def district(transactional_db: None, at: clock.SimulatedClock) -> Lakeview:
    facts._latest = None
    return after_text.build()


def fields(index: int) -> set[str]:
    return set(Opening.objects.filter(index=index).values_list("field", flat=True))


def test_names_go_after_their_time_and_the_record_says_by_which_rule(
    district: Lakeview, at: clock.SimulatedClock
) -> None:
    old = after_text.look(district, "", "Library")
    end = after_text.stop_look(old, 20)
    at.advance(100 * DAY)
    new = after_text.look(district, "", "Hallway A")
    assert actions.erase_due() == 0 and "person" in fields(old)
    at.advance(266 * DAY)
    assert ">1</td>" in as_person("sam").get("/record/names/").content.decode()
    assert actions.erase_due() == 2, "the look, and how it ended"
    assert fields(old) == {"camera", "school"} and fields(end) == set() and "person" in fields(new)
    (entry,) = erasing.lately()
    assert (entry.agreement, entry.clause, entry.outcome, entry.frames) == ("lakeview-mou", "6.6", "looks", 2)
    assert actions.erase_due() == 0, "once"
    text = as_person("sam").get("/record/").content.decode()
    assert "Name erased on 2027-09-15 by rule, section 6.6" in text and "Library" in text
    checked = whole()
    assert checked is not None and checked.whole, "the log never held the names"


def test_no_name_goes_while_a_statement_is_owed(district: Lakeview, at: clock.SimulatedClock) -> None:
    number = after_text.emergency(district, at)
    at.advance(366 * DAY)
    (rule, _refusals) = erasing.rules()
    assert (erasing.due(rule).indexes, erasing.due(rule).kept) == ((), 2)
    assert actions.erase_due() == 0
    line = after.one(district.people["sam"], number)
    person = facts.snapshot().names.persons[district.people["sam"]]
    actions.sign_statement(person, line, True, "A man with a knife.", "Omar Reyes", 0)
    assert actions.erase_due() == 4
    assert after.versions(number)[0].words == "A man with a knife.", "a statement is never erased"


def test_a_hold_stops_every_rule_until_it_is_lifted(district: Lakeview, at: clock.SimulatedClock) -> None:
    old = after_text.look(district, "", "Library")
    at.advance(366 * DAY)
    sam = as_person("sam")
    sam.post("/record/names/", {"why": " "})
    assert erasing.holds() == ()
    sam.post("/record/names/", {"why": "Case 26-118"})
    (hold,) = erasing.holds()
    assert hold.why == "Case 26-118" and hold.by.startswith("Sam Whitfield")
    assert actions.erase_due() == 0 and "person" in fields(old)
    page = sam.get("/record/names/").content.decode()
    assert "Case 26-118" in page and "On hold: nothing is erased" in page
    sam.post("/record/names/", {"lift": "999999", "why": "over"})
    assert erasing.holds() == (hold,)
    sam.post("/record/names/", {"lift": str(hold.entry), "why": "Closed."})
    assert erasing.holds() == () and actions.erase_due() == 1
    kinds = [
        e.type for e in ledger.opened(ledger.Query(types=("hold_placed", "hold_lifted", "openings_erased")))
    ]
    assert kinds == ["openings_erased", "hold_lifted", "hold_placed"]
    for slug in ("pia", "omar", "ines"):
        assert as_person(slug).get("/record/names/").status_code == 404


def test_what_somebody_took_away_is_no_erasing(district: Lakeview, at: clock.SimulatedClock) -> None:
    old, other = after_text.look(district, "", "Library"), after_text.look(district, "", "Hallway A")
    at.advance(366 * DAY)
    assert actions.erase_due() == 2
    third = after_text.look(district, "", "Library")
    Opening.objects.filter(index=third, field="person").delete()
    checked = whole()
    assert (
        checked is not None
        and not checked.whole
        and f"the person of entry {third} was taken away" in checked.broken
    )
    assert list(erased.lists([old, other, 12, 9, 10])) == [
        ([9, 10, 12, old, other], f"9-10,12,{old}-{other}")
    ]
    many = list(erased.lists(range(0, 9000, 2)))
    assert len(many) > 1 and all(len(text) <= erased.MOST for _some, text in many)
    assert [i for _some, text in many for span in erased.parse(text, 9000) for i in span] == list(
        range(0, 9000, 2)
    )
    for wrong in ("", "x", "3-1", "5", "1-5", "2,x", "-1"):
        assert erased.parse(wrong, below=5) == [], wrong


def test_entries_of_others_hide_no_name_and_a_hold_ends_it_between_two_portions(
    district: Lakeview, at: clock.SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        after_text.write(NewEntry("admission", secret={"person": Secret("", "Sam Whitfield")}))
    old = [after_text.look(district, "", "Library") for _ in range(3)]
    at.advance(366 * DAY)
    monkeypatch.setattr(ledger, "_STEP", 2)
    monkeypatch.setattr(erasing, "AT_ONCE", 1)
    person = facts.snapshot().names.persons[district.people["sam"]]
    assert actions.erase_due(lambda: bool(actions.hold(person, "Case 26-118"))) == 1
    assert ["person" in fields(index) for index in old] == [False, True, True]
    (hold,) = erasing.holds()
    actions.lift(person, hold.entry, "Closed.")
    assert actions.erase_due() == 2 and not any("person" in fields(index) for index in old)
