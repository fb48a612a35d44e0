"""Alarms by webhook: what starts, what is merged, what is refused, and that everything authentic reaches a human."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sightpact.access import alarm_in, alarm_pace, alarm_try, facts, sharing, which_school
from sightpact.access.errors import NotFound
from sightpact.activation import actions, alarm_reads
from sightpact.activation import reads as activation
from sightpact.activation.actions import alarm_sources
from sightpact.activation.alarms.message import BadAlarm, Forged
from sightpact.agreements import actions as agreements
from sightpact.agreements import signing
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse
from sightpact.ledger import clock
from sightpact.ledger.clock import SimulatedClock
from sightpact.notices import reads as notices
from tests import lakeview
from tests.access import alarming
from tests.access.alarming import Source
from tests.access.conftest import journal
from tests.access.test_asking_neighbours import PARTIES, _dates
from tests.activation.conftest import time_told
from tests.activation.unwritable import restart, unwritable
from tests.lakeview import Lakeview

__all__ = ["journal", "time_told"]


@pytest.fixture
def district(time_told: SimulatedClock, transactional_db: None, journal: None) -> Iterator[Lakeview]:
    facts._latest = None
    alarm_pace.forget()
    yield alarming.build()


@pytest.fixture
def button(district: Lakeview) -> Source:
    return alarming.source()


def test_an_alarm_starts_a_sharing_at_its_school(district: Lakeview, button: Source) -> None:
    became = button.send()
    assert (became.state, became.is_new) == ("started", True)
    (card,) = activation.live()
    assert (card.emergency, card.school_names, card.source) == ("intruder", ("Lakeview High",), "alarm")
    assert card.started_by_name == "Panic button, Lakeview High"
    (kept,) = alarm_reads.latest()
    assert (kept.state, kept.activation, kept.school_names) == ("started", card.id, ("Lakeview High",))


def test_the_same_message_again_is_merged_and_counted(
    district: Lakeview, button: Source, time_told: SimulatedClock
) -> None:
    body = json.dumps({"id": "7", "place": "office  BUTTON", "code": "panic"}).encode()
    headers = button.sign(body)
    first = alarm_in.receive(button.id, headers, body)
    again = alarm_in.receive(button.id, headers, body)  # the very same: a replay
    time_told.advance(30)
    retry = alarm_in.receive(button.id, button.sign(body), body)  # signed anew: the sender tries again
    assert (first.is_new, again.is_new, retry.is_new) == (True, False, False)
    assert again.activation == retry.activation == first.activation
    (kept,) = alarm_reads.latest()
    assert kept.times == 3


def test_ten_alarms_are_one_sharing(district: Lakeview, button: Source) -> None:
    states = [button.send(id=str(n)).state for n in range(10)]
    assert states == ["started"] + ["joined"] * 9
    assert len(activation.live()) == 1


FORGED = [
    {"Sightpact-Signature": "v1=" + "0" * 64},
    {"Sightpact-Signature": ""},
    {"Sightpact-Signature": "v1=nonsense"},
    {"Sightpact-Timestamp": "1"},
    {"Sightpact-Timestamp": "١٢٣"},
    {"Sightpact-Timestamp": "9" * 40},
]


def test_forged_is_refused_alike_and_counted(district: Lakeview, button: Source) -> None:
    body = b'{"id": "1", "place": "Office button", "code": "PANIC"}'
    words = set()
    for spoil in FORGED:
        with pytest.raises(Forged) as told:
            alarm_in.receive(button.id, {**button.sign(body), **spoil}, body)
        words.add(str(told.value))
    with pytest.raises(Forged) as changed:
        alarm_in.receive(button.id, button.sign(body.replace(b"PANIC", b"MED")), body)
    with pytest.raises(Forged) as unknown:
        alarm_in.receive("00000000-0000-4000-8000-000000000000", button.sign(body), body)
    assert words == {str(changed.value)} == {str(unknown.value)}
    alarm_in.settle()
    source = alarm_reads.source(button.id)
    assert source is not None
    assert source.forged == len(FORGED) + 1
    assert activation.live() == ()


NOT_UNDERSTOOD: list[tuple[dict[str, Any], str]] = [
    ({"place": "Bus depot"}, "place"),
    ({"place": ""}, "place"),
    ({"code": "XYZ"}, "code"),
    ({"late_s": 301}, "stale"),
    ({"late_s": -301, "text": "a clock ahead", "id": "2"}, "ahead"),
]


def test_what_is_not_understood_is_asked(district: Lakeview, button: Source) -> None:
    for sent, why in NOT_UNDERSTOOD:
        first, again = button.send(**sent), button.send(**sent)
        assert (first.state, first.says, again.is_new, again.alarm) == (
            "which_school",
            why,
            False,
            first.alarm,
        )
    assert activation.live() == ()


def test_a_number_that_comes_back_after_its_sharing_ended_is_asked(
    district: Lakeview, button: Source, time_told: SimulatedClock
) -> None:
    became = button.send()
    assert became.activation is not None
    actions.end(became.activation, "mistake", "3.4", None)
    time_told.advance(3600)
    assert button.send().says == "repeated"
    assert activation.live() == ()


def test_a_second_press_after_a_mistake_is_asked(
    district: Lakeview, button: Source, time_told: SimulatedClock
) -> None:
    became = button.send()
    assert became.activation is not None
    actions.end(became.activation, "mistake", "3.4", None)
    facts.snapshot()
    time_told.advance(60)
    second, retry = button.send(), button.send()
    assert (second.state, second.says, retry.is_new) == ("which_school", "repeated", False)
    assert second.alarm is not None
    which_school.put_away(district.people["pia"], second.alarm)
    time_told.advance(60)
    assert button.send().is_new, "put away, and pressed once more"


def test_a_test_goes_all_the_way_and_opens_nothing(district: Lakeview, button: Source) -> None:
    became = button.send(status="test", place="Whole district", code="MED")
    assert became.state == "tested"
    assert became.says == "would “Medical” at Lakeview High, Lakeview Middle, for 30 minutes, section 3.2."
    assert button.send(id="2", status="drill").state == "drill"
    assert button.send(id="3", status="heartbeat").state == "heartbeat"
    assert activation.live() == ()


def test_an_alarm_that_the_law_refuses_is_asked(district: Lakeview, button: Source) -> None:
    alarm_sources.map_source(button.id, alarming.PLACES, {"PANIC": "no_such_kind"}, None)
    became = button.send()
    assert became.state == "which_school"
    assert became.says.startswith("refused ")


UNREADABLE = [b"", b"[]", b"{", b'{"place": "x"}', b'{"id": ["x"]}', b'{"id": "1", "status": "?"}']


def test_what_is_signed_and_unreadable_reaches_a_person_once(district: Lakeview, button: Source) -> None:
    for body in UNREADABLE:
        headers = button.sign(body)
        for _again in range(2):
            with pytest.raises(BadAlarm):
                alarm_in.receive(button.id, headers, body)
    kept = alarm_reads.latest()
    assert [card.state for card in kept] == ["which_school"] * len(UNREADABLE)
    assert {card.why.partition(" ")[0] for card in kept} == {"unreadable"}


def test_a_new_key_ends_the_old_one_when_it_is_heard(district: Lakeview, button: Source) -> None:
    old, button.key = button.key, alarm_sources.make_key(button.id, None)
    body = b'{"id": "9", "status": "heartbeat"}'
    assert alarm_in.receive(button.id, button.sign(body, key=old), body).state == "heartbeat"
    (card,) = alarm_reads.sources()
    assert alarm_try.send(card, "Office button")[0].state == "tested", (
        "and ends no key that the product holds"
    )
    assert alarm_in.receive(button.id, button.sign(body, key=old), body).state == "heartbeat"
    assert alarm_in.receive(button.id, button.sign(body), body).state == "heartbeat"
    with pytest.raises(Forged):
        alarm_in.receive(button.id, button.sign(body, key=old), body)


def test_a_revoked_source_is_unknown_at_once(district: Lakeview, button: Source) -> None:
    assert alarm_sources.revoke(button.id, None)
    assert not alarm_sources.revoke(button.id, None)
    with pytest.raises(Forged):
        button.send()


def test_the_first_alarm_of_a_school_is_never_held_back(
    district: Lakeview, button: Source, time_told: SimulatedClock
) -> None:
    for n in range(alarm_pace.MOST):
        time_told.advance(0.1)
        button.send(id=str(n), place="Bus depot")
    with pytest.raises(alarm_in.TooOften):
        button.send(id="one more", place="Bus depot")
    with pytest.raises(alarm_in.TooOften):
        button.send(id="elsewhere", place="A place that nobody named before")
    with pytest.raises(alarm_in.TooOften):
        alarm_in.receive(button.id, button.sign(b"{"), b"{")
    assert button.send(id="a true one").state == "started"
    shown = which_school.waiting(facts.snapshot(), district.people["pia"])
    assert len(shown) == which_school.MOST
    newest, *_more, oldest = alarm_reads.waiting(clock.now() - timedelta(hours=1))
    assert (shown[0].id, newest.number, oldest.number) == (newest.id, "59", "0")
    which_school.put_away(district.people["pia"], oldest.id)
    assert alarm_reads.alarm(oldest.id).state == "dismissed"  # type: ignore[union-attr]


def test_one_source_hides_no_question_of_another(
    district: Lakeview, button: Source, time_told: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much the one sends: who asks, and who is asked, sees each source's newest first."""
    monkeypatch.setattr(alarm_reads, "MOST_OF_ONE", 30)
    quiet = alarming.source("webhook", "Quiet button")
    quiet.send(id="quiet", place="Nobody knows")
    for n in range(alarm_pace.MOST):
        time_told.advance(0.1)
        button.send(id=str(n), place="Bus depot")
    assert len(alarm_reads.waiting(clock.now() - timedelta(hours=1))) == 31
    name, shown = (
        "Panic button, Lakeview High",
        which_school.waiting(facts.snapshot(), district.people["pia"]),
    )
    assert [card.source_name for card in shown[:3]] == [name, "Quiet button", name]
    assert len(shown) == which_school.MOST


def test_what_is_unsigned_and_unreadable_is_asked_once(district: Lakeview, time_told: SimulatedClock) -> None:
    siren = alarming.source("cap", "Siren")
    for wait_s, asked in ((0, 1), (3600, 1), (12 * 3600, 2), (60, 2)):
        time_told.advance(wait_s)
        with pytest.raises(BadAlarm):
            alarm_in.receive(siren.id, {"Authorization": f"Bearer {siren.key}"}, b"<alert")
        assert len(alarm_reads.latest()) == asked


def test_closed_ends_what_it_started_and_proposes_once_dispatch_has_it(
    district: Lakeview, button: Source
) -> None:
    started = button.send()
    assert button.send(id="2", status="closed", about="1").state == "ended"
    assert activation.live() == ()
    again = button.send(id="3", code="MED")
    assert again.activation is not None
    assert button.send(id="4").state == "widened", "an intruder is more than a medical call"
    sharing.take(district.people["omar"], again.activation)
    assert button.send(id="5", status="closed", code="").state == "end_proposed", "the one that runs there"
    (card,) = activation.live()
    assert card.id != started.activation
    assert card.end_due_utc is not None
    assert button.send(id="6", status="closed", place="Bus depot", about="nothing").state == "nothing_to_end"


def test_dispatch_opens_what_the_agreement_lets_it_report(
    time_told: SimulatedClock, transactional_db: None, journal: None
) -> None:
    """Unverified, for few minutes: what an alarm without a place is worth to somebody who was not there."""
    facts._latest = None
    alarm_pace.forget()
    report = [{"party": "lakeview-pd", "roles": ["dispatcher"], "named_only": True}]
    it = alarming.build(s3_3={"who": alarming.STARTERS, "report": report, "report_minutes": 10})
    alarming.source().send(place="Bus depot")
    omar = it.people["omar"]
    (card,) = which_school.waiting(facts.snapshot(), omar)
    assert {choice.by for choice in card.choices} == {"report"}
    assert which_school.waiting(facts.snapshot(), it.people["rosa"]) == ()
    told = notices.deliveries(card.id)
    assert {delivery.name for delivery in told} == {"Omar Reyes"}, "also who has no page open"
    assert {delivery.event for delivery in told} == {"which_school"}
    choice = card.choices[0]
    opened = which_school.open_one(omar, card.id, choice.school, choice.kind)
    assert (opened.unverified, opened.started_by_name) == ("alarm", "Omar Reyes")
    assert opened.deadline_utc - opened.started_utc == timedelta(minutes=10)
    assert which_school.waiting(facts.snapshot(), omar) == ()
    with pytest.raises(NotFound):
        which_school.open_one(omar, card.id, choice.school, choice.kind)


def test_a_question_goes_to_those_who_may_answer_at_its_school(
    time_told: SimulatedClock, transactional_db: None, journal: None
) -> None:
    """Omar's agency may answer at one school of the district, Ines's at the other."""
    facts._latest = None
    alarm_pace.forget()
    keys = {party: signing.keygen() for party in PARTIES}

    def covers(slug: str, name: str) -> dict[str, Any]:
        school = {"all": False, "schools": [{"slug": slug, "name": name}]}
        altered = {f"s{number.replace('.', '_')}": fields for number, fields in alarming.changes().items()}
        return {**altered, "s2_1": school}

    lakeview.build(keys=keys, **covers("lakeview-high", "Lakeview High"))
    also = another(keys, covers("lakeview-middle", "Lakeview Middle"))
    button = alarming.source()
    button.send(code="?")  # of the high school, whose kind nobody knows
    omar, ines = also.people["omar"], also.people["ines"]
    (card,) = which_school.waiting(facts.snapshot(), omar)
    assert {delivery.name for delivery in notices.deliveries(card.id)} == {"Omar Reyes"}
    assert which_school.waiting(facts.snapshot(), ines) == ()
    with pytest.raises(NotFound):
        which_school.put_away(ines, card.id)
    button.send(id="2", place="Bus depot")  # of no school: everybody's
    assert [len(which_school.waiting(facts.snapshot(), person)) for person in (omar, ines)] == [2, 1]


def another(keys: dict[str, Any], changed: dict[str, Any]) -> Lakeview:
    """Lakeview's agreement with the police of Fairmont, where Ines takes incidents."""
    text = json.dumps(lakeview.text("agreement", **changed), default=str)
    for old, new in {
        "lakeview-mou": "fairmont-mou",
        "lakeview-pd": "fairmont-pd",
        "Lakeview Police Department": "Fairmont Police",
        '"dispatcher"': '"officer"',
    }.items():
        text = text.replace(old, new)
    document = parse(_dates(json.loads(text)))
    content = signing.payload(document, make(document))
    signed = {p.slug: signing.sign(content, keys[p.slug].private_pem) for p in document.parties}
    agreements.import_agreement(document, signatures=signed, named=[agreements.Named("ines", "officer")])
    return lakeview.found()


def test_a_full_disk_bars_no_alarm_and_no_question(district: Lakeview, button: Source) -> None:
    with unwritable():
        body = b'{"id": "1", "place": "Office button", "code": "PANIC"}'
        headers = button.sign(body)
        became = alarm_in.receive(button.id, headers, body)
        assert became.state == "started"
        assert [card.id for card in facts.snapshot().live] == [became.activation]
        again = alarm_in.receive(button.id, headers, body)
        assert (again.is_new, again.activation) == (False, became.activation), "a replay finds it in memory"
        button.send(id="2", place="Bus depot")
        (question,) = which_school.waiting(facts.snapshot(), district.people["pia"])
        assert question.place == "Bus depot"
    restart(read_all=False)
    alarm_in.settle()
    assert alarm_in.waiting_unkept() == ()
    kept = {card.number: card.state for card in alarm_reads.latest()}
    assert kept == {"1": "started", "2": "which_school"}
    (asked,) = which_school.waiting(facts.snapshot(), district.people["pia"])
    assert asked.id == question.id
