"""After an emergency: each step with its time, what is owed to whom, a statement that a person signs, and who may see which."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.db.models import F

from sightpact.access import facts, sharing
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.ledger.entries import NewEntry
from sightpact.notices.models import Delivery
from sightpact.people import actions as people
from sightpact.record import after, keeping, timeline
from tests.browser import as_person
from tests.lakeview import Lakeview
from tests.record import after_text

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_each_step_has_its_time_and_each_look_its_seconds(
    district: Lakeview, at: clock.SimulatedClock
) -> None:
    number = after_text.emergency(district, at)
    steps = timeline.of("activation", number)
    assert [(s.kind, s.seconds) for s in steps] == [
        ("activation_start", 0),
        ("admission", 4),
        ("activation_end", 94),
    ]
    assert steps[1].text == "Omar Reyes began to look at 2 cameras at Lakeview High, section 3.2"
    assert [(x.camera, x.seconds) for x in steps[1].looks] == [
        ("Hallway A, Lakeview High", 90),
        ("Library, Lakeview High", 30),
    ]
    assert timeline.of("activation", "00000000-0000-4000-8000-000000000000") == ()


def test_a_statement_is_owed_completed_by_a_person_and_kept_in_versions(
    district: Lakeview, at: clock.SimulatedClock
) -> None:
    number = after_text.emergency(district, at)
    sam, page = as_person("sam"), f"/after/{number}/"
    listed = sam.get("/after/").content.decode()
    assert "1 statement is owed" in listed and "Complete it" in listed
    text = sam.get(page).content.decode()
    assert (
        "Possible disclosure." in text
        and "Omar Reyes, dispatcher, Lakeview Police Department: 2 cameras, 2 min" in text
    )
    assert "34 CFR 99.36" in text and "Counsel advises to record each." in text
    good = {
        "threat": "yes",
        "words": "A man with a knife at the gym.",
        "parties": "Omar Reyes",
        "version": "0",
    }
    for wrong in (
        {"threat": ""},
        {"words": " "},
        {"parties": ""},
        {"words": "\\\\" * 1200, "parties": "\\\\" * 1200},
    ):
        answer = sam.post(page, {**good, **wrong})
        assert answer.status_code == 409 and "Nothing was signed." in answer.content.decode()
    assert after.versions(number) == ()
    assert sam.post(page, good).status_code == 302
    late = sam.post(page, {**good, "words": "Another."})
    assert late.status_code == 409 and "Somebody signed version 1 meanwhile." in late.content.decode()
    assert "Another." in late.content.decode(), "what was typed is not lost"
    assert (
        sam.post(page, {**good, "threat": "no", "words": "It was a toy.", "version": "1"}).status_code == 302
    )
    first, second = after.versions(number)
    assert (first.threat, first.words, second.threat, second.words) == (
        True,
        good["words"],
        False,
        "It was a toy.",
    )
    (entry, _one) = ledger.opened(ledger.Query(types=("disclosure_recorded",)))
    assert (entry.clause, entry.reason_code, entry.outcome) == ("6.5", "disclosure_99_36", "no_threat")
    assert entry.key("person") == district.people["sam"]
    assert "0 statements are owed" in sam.get("/after/").content.decode()
    assert "signed the statement after the emergency" in sam.get("/record/?what=all").content.decode()


def test_it_gets_late_and_stands_on_today(district: Lakeview, at: clock.SimulatedClock) -> None:
    number = after_text.emergency(district, at)
    (line,) = after.owed(district.people["sam"])
    assert (
        line.state == "owed"
        and line.due_utc is not None
        and (line.due_utc - clock.now()).total_seconds() == 72 * 3600
    )
    sam = as_person("sam")
    assert f"/after/{number}/" in sam.get("/today/").content.decode()
    at.advance(73 * 3600)
    assert after.owed(district.people["sam"])[0].state == "late"
    sam = as_person("sam")
    assert "Late." in sam.get("/after/").content.decode()
    keeping.remind()
    keeping.remind()
    told = {
        (d.event, d.name)
        for d in Delivery.objects.select_related("notice").annotate(event=F("notice__event"))
    }
    assert told == {("statement_late", "Sam Whitfield")}, "once"
    assert after.owed(district.people["pia"]) == () == after.owed(district.people["dana"])


def test_nothing_is_owed_where_nobody_watched_or_there_was_no_emergency(
    district: Lakeview, at: clock.SimulatedClock
) -> None:
    quiet = after_text.emergency(district, at, "quiet", watched=False)
    pia = district.people["pia"]
    wrong = sharing.start(pia, (district.schools["lakeview-high"],), "intruder", "wrong")
    after_text.look(district, wrong.id, "Library")
    sharing.all_clear(pia, wrong.id, "mistake")
    own = sharing.start(pia, (district.schools["lakeview-high"],), "intruder", "own")
    after_text.look(district, own.id, "Library", "sam", "lakeview-usd")
    sam = as_person("sam")
    assert "It still runs." in sam.get(f"/after/{own.id}/").content.decode()
    sharing.all_clear(pia, own.id)
    found = {line.card.id: (line.state, line.why_nothing) for line in after.listed(district.people["sam"])}
    assert found == {
        quiet: ("nothing", "unwatched"), wrong.id: ("nothing", "mistake"), own.id: ("nothing", "unwatched"),
    }  # fmt: skip
    assert "so no statement is owed" in sam.get(f"/after/{wrong.id}/").content.decode()
    counts = sam.get("/after/counts.csv").content.decode().splitlines()
    assert counts == [
        "kind,outcome,count",
        "Intruder,all clear,2",
        "Intruder,sent by mistake,1",
    ]


def test_police_see_their_own_people_and_no_statement(district: Lakeview, at: clock.SimulatedClock) -> None:
    people.add_person(
        people.PersonSpec("hana", "Hana Brandt"), [people.Role("lakeview-pd", "chief", "chief of police")]
    )
    number = after_text.emergency(district, at)
    other = after_text.emergency(district, at, "second", watched=False)
    chief = as_person("hana")
    text = chief.get(f"/after/{number}/").content.decode()
    assert "Omar Reyes" in text and "Pia Marsh" not in text and 'id="statement"' not in text
    assert "Lakeview Unified School District started emergency sharing" in text
    assert chief.post(f"/after/{number}/", {"threat": "yes"}).status_code == 404
    steps = json.loads(chief.get(f"/after/{number}/file.json").content)["steps"]
    assert [s["text"].split()[0] for s in steps] == ["Lakeview", "Omar", "Lakeview"]
    assert steps[1]["looks"][0]["seconds"] == 90
    assert chief.get(f"/after/{other}/").status_code == 200
    for slug in ("pia", "omar", "ines"):
        for path in ("", "counts.csv", f"{number}/", f"{number}/file.json", f"{number}/report.pdf"):
            assert as_person(slug).get(f"/after/{path}").status_code == 404, (slug, path)


def test_the_paper_is_made_and_reading_is_written_down(district: Lakeview, at: clock.SimulatedClock) -> None:
    number = after_text.emergency(district, at)
    answer = as_person("sam").get(f"/after/{number}/report.pdf")
    assert answer.status_code == 200 and answer.content[:5] == b"%PDF-", answer.content[:300]
    read = ledger.opened(ledger.Query(types=("record_read",)))[0]
    assert read.shown("text") == f"after an emergency: {number}, paper"


def test_an_entry_that_no_law_knows_is_no_step(district: Lakeview, at: clock.SimulatedClock) -> None:
    number = after_text.emergency(district, at)
    after_text.write(NewEntry("readiness", outcome="done"))
    assert len(timeline.of("activation", number)) == 3
