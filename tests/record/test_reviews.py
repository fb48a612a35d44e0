"""The review that an agreement asks for: drawn by the record's own hash, shown until it is signed, signed once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction

from sightpact.access import facts
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger_reads
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.record import reviews
from tests import regional
from tests.browser import as_person
from tests.lakeview import Lakeview

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/record/review/lakeview-regional/1/"


@pytest.fixture
def at() -> Iterator[clock.SimulatedClock]:
    simulated = clock.SimulatedClock(datetime(2026, 7, 1, 12, 0, tzinfo=UTC))
    before = clock.use(simulated)
    yield simulated
    clock.use(before)


@pytest.fixture
def region(transactional_db: None, at: clock.SimulatedClock) -> Lakeview:
    facts._latest = None
    return regional.build()


def look(region: Lakeview, agreement: str = "lakeview-regional", party: str = "lakeview-pd") -> int:
    entry = NewEntry(
        "admission",
        agreement=agreement,
        clause="3.1",
        party=party,
        outcome="admitted",
        secret={"person": Secret(region.people["rosa"], "Rosa Delgado")},
    )
    with transaction.atomic():
        return ledger.append([entry])[0].index


def after_four_weeks(region: Lakeview, at: clock.SimulatedClock, views: int) -> list[int]:
    made = []
    for _ in range(views):
        at.advance(60)
        made.append(look(region))
        look(region, agreement="lakeview-mou")
        look(region, party="lakeview-usd")
    at.advance(28 * 86400)
    look(region)
    return made


def test_it_is_drawn_by_the_records_hash_and_anybody_can_draw_it_again(
    region: Lakeview, at: clock.SimulatedClock
) -> None:
    sam = region.people["sam"]
    assert reviews.due(sam) == ()
    views = after_four_weeks(region, at, 30)
    (span,) = reviews.due(sam)
    assert (span.agreement, span.section, span.number, span.key) == (
        "lakeview-regional",
        "6.4",
        1,
        "2026-07-01/2026-07-29",
    )
    drawn = reviews.draw(span)
    assert drawn is not None and drawn.views == 30 and len(drawn.indexes) == 20
    seed = ledger_reads.root(drawn.size)
    assert seed.hex() == drawn.seed

    def place(index: int) -> bytes:
        return hashlib.sha256(
            b"sightpact/review/v1\n" + seed + b"\nlakeview-regional\n" + str(index).encode()
        ).digest()

    assert list(drawn.indexes) == sorted(sorted(views, key=place)[:20])
    at.advance(3600)
    look(region)
    assert reviews.draw(span) == drawn, "what comes later draws nothing anew"


def test_before_the_record_goes_on_nothing_can_be_drawn(region: Lakeview, at: clock.SimulatedClock) -> None:
    look(region)
    at.advance(29 * 86400)
    (span,) = reviews.due(region.people["sam"])
    assert reviews.draw(span) is None
    page = as_person("sam").get(PATH).content.decode()  # this look is entered, after the span
    assert "The record drew 1 view of 1" in page


def test_it_is_due_until_somebody_named_signs_once(region: Lakeview, at: clock.SimulatedClock) -> None:
    after_four_weeks(region, at, 3)
    sam = as_person("sam")
    assert "A review is due." in sam.get("/record/").content.decode()
    page = sam.get(PATH).content.decode()
    assert "The record drew 3 views of 3" in page and "Rosa Delgado" in page
    for wrong in ({}, {"finding": "perhaps"}, {"finding": "questions", "note": "  "}):
        sam.post(PATH, wrong)
    assert not ledger_reads.opened(ledger_reads.Query(types=("review_signed",)))
    answer = sam.post(PATH, {"finding": "questions", "note": "Why entry 40? Asked Chief Cole."})
    assert answer.status_code == 302
    sam.post(PATH, {"finding": "fine"})
    (entry,) = ledger_reads.opened(ledger_reads.Query(types=("review_signed",)))
    assert (entry.outcome, entry.reason_code, entry.clause) == ("questions", "2026-07-01/2026-07-29", "6.4")
    assert "Asked Chief Cole" in entry.shown("text") and entry.key("person") == region.people["sam"]
    assert "A review is due." not in sam.get("/record/").content.decode()
    assert "Signed by Sam Whitfield" in sam.get(PATH).content.decode()
    everything = sam.get("/record/?what=all").content.decode()
    assert "signed the review of 2026-07-01 to 2026-07-29, with questions" in everything


@pytest.mark.parametrize("who", ["pia", "dana", "omar", "rosa", "felix"])
def test_for_everybody_else_there_is_none(region: Lakeview, at: clock.SimulatedClock, who: str) -> None:
    after_four_weeks(region, at, 1)
    client = as_person(who)
    assert client.get(PATH).status_code == 404
    assert client.post(PATH, {"finding": "fine"}).status_code == 404
    assert not ledger_reads.opened(ledger_reads.Query(types=("review_signed",)))


def test_a_number_that_is_not_due_is_none(region: Lakeview, at: clock.SimulatedClock) -> None:
    after_four_weeks(region, at, 1)
    assert as_person("sam").get("/record/review/lakeview-regional/2/").status_code == 404
    assert as_person("sam").get("/record/review/lakeview-mou/1/").status_code == 404
