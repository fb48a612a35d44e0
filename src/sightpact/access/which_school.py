"""Alarms that a person must answer: which school is it? Whoever may open a sharing there is asked, with one tap for each.

Never: an opening that the law does not grant to the person who taps; the alarm's own source grants nothing here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from sightpact.access import alarm_open, facts, sharing
from sightpact.access.alarm_telling import asked_at
from sightpact.access.errors import UNWRITABLE, NotFound
from sightpact.access.facts import Snapshot
from sightpact.access.granted import actor_of
from sightpact.activation import alarm_reads as reads
from sightpact.activation.actions import alarms as actions
from sightpact.activation.alarms.states import why_words
from sightpact.activation.reads import ActivationCard
from sightpact.decide.facts import Action, Grant

MOST = 20  # shown to one person
_WAYS = ((Action.REPORT, "report"), (Action.START_SHARING, "start"))


@dataclass(frozen=True, slots=True)
class Choice:
    """One tap: this school, this kind."""

    school: str  # id
    school_name: str
    kind: str
    label: str  # of the kind
    by: str  # report (dispatch), start (the school's own people)


@dataclass(frozen=True, slots=True)
class AlarmCard:
    """One question, as this person is asked it."""

    id: str
    source_name: str
    received_utc: datetime
    zone: str
    place: str
    code: str
    words: str
    why: str  # a sentence
    choices: tuple[Choice, ...]  # empty: the person may know of it, and open nothing
    may_put_away: bool


def waiting(snapshot: Snapshot, person: str) -> tuple[AlarmCard, ...]:
    """The questions for this person: the newest of each source, then the next of each, so that no source hides another's.

    None for somebody who may neither open nor take an incident.
    """
    cards = _by_turns(alarm_open.waiting())
    if not cards:
        return ()
    known: dict[tuple[str, tuple[str, ...]], bool] = {}
    asked = []
    for card in cards:
        about = (card.owner, card.schools)
        if about not in known:
            known[about] = _is_asked(snapshot, person, card)
        if known[about]:
            asked.append(card)
            if len(asked) == MOST:
                break
    return tuple(_card(snapshot, person, card) for card in asked)


def _by_turns(cards: tuple[reads.AlarmCard, ...]) -> list[reads.AlarmCard]:
    """Newest first, one of each source by turns."""
    before: Counter[str] = Counter()
    turns = []
    for card in cards:
        turns.append((before[card.source], card))
        before[card.source] += 1
    return [card for _turn, card in sorted(turns, key=lambda each: each[0])]


def could_answer(snapshot: Snapshot, person: str) -> bool:
    """Whether this person could be asked at some school: their page says that nothing waits."""
    return any(_may_answer(snapshot, person, school) for school in snapshot.names.schools)


def open_one(person: str, alarm_id: str, school: str, kind: str, device: str = "") -> ActivationCard:
    """One tap: open what the agreement lets this person open for that school.

    1. It must be a question to this person, and this one of its choices. 2. Start, or report, by the law's leave: whoever
    taps second joins. 3. Note who answered.

    Raises:
        NotFound: no such question, or choice. What the start raises.
    """
    snapshot = facts.snapshot()
    card = _one(snapshot, person, alarm_id)
    choice = next((c for c in card.choices if (c.school, c.kind) == (school, kind)), None) if card else None
    if card is None or choice is None:
        raise _gone()
    key = f"alarm-{sha256(f'{alarm_id} {school} {kind}'.encode()).hexdigest()[:48]}"
    if choice.by == "report":
        started = sharing.report(person, (school,), kind, key, why="alarm", device=device)
    else:
        started = sharing.start(person, (school,), kind, key, "alarm", device)
    _answered(snapshot, person, alarm_id, "answered", started.id, device)
    return started


def put_away(person: str, alarm_id: str, device: str = "") -> None:
    """It needs no sharing. 1. It must be a question to this person. 2. Note who said so.

    Raises:
        NotFound: no such question to this person.
    """
    snapshot = facts.snapshot()
    card = _one(snapshot, person, alarm_id)
    if card is None or not card.may_put_away:
        raise _gone()
    _answered(snapshot, person, alarm_id, "dismissed", None, device)


def _one(snapshot: Snapshot, person: str, alarm_id: str) -> AlarmCard | None:
    """This question, where it still waits and is one to this person; also where the wall shows newer ones only."""
    card = alarm_open.one(alarm_id)
    if card is None:
        return None
    return _card(snapshot, person, card) if _is_asked(snapshot, person, card) else None


def _answered(
    snapshot: Snapshot, person: str, alarm_id: str, state: str, activation: str | None, device: str
) -> None:
    try:
        actions.answer(alarm_id, state, actor_of(snapshot, person, device), activation)
    except UNWRITABLE:
        if state == "dismissed":
            raise


def _card(snapshot: Snapshot, person: str, card: reads.AlarmCard) -> AlarmCard:
    why, _blank, detail = card.why.partition(" ")
    schools = card.schools or tuple(
        school.id for school in snapshot.names.schools.values() if school.owner_id == card.owner
    )
    known = snapshot.names.schools.get(schools[0]) if schools else None
    choices = tuple(c for school in schools for c in _choices(snapshot, person, school, card.emergency))
    return AlarmCard(
        id=card.id,
        source_name=card.source_name,
        received_utc=card.received_utc,
        zone=known.zone if known else "UTC",
        place=", ".join(card.places[:3]),
        code=", ".join(card.codes[:3]),
        words=card.words,
        why=why_words(why, detail),
        choices=choices,
        may_put_away=True,
    )


def _choices(snapshot: Snapshot, person: str, school: str, kind: str) -> list[Choice]:
    """What this person may open there: of the alarm's kind where it is known, else of every kind, the highest first."""
    name = snapshot.names.schools[school].name
    found: dict[str, Choice] = {}
    for action, by in _WAYS:
        for agreement, kinds in snapshot.names.kinds.items():
            for each in kinds:
                if each.kind in found or (kind and each.kind != kind):
                    continue
                answer = snapshot.answer(person, action, school, each.kind, explained=False)
                if isinstance(answer, Grant) and answer.agreement == agreement:
                    found[each.kind] = Choice(school, name, each.kind, each.label, by)
    return list(found.values())


def _is_asked(snapshot: Snapshot, person: str, card: reads.AlarmCard) -> bool:
    """Whoever may report, take or start at a school that the question is about."""
    if any(_may_answer(snapshot, person, school) for school in card.schools):
        return True
    return any(
        _may_answer(snapshot, person, school) for school in asked_at(snapshot, card.owner, card.schools)
    )


def _may_answer(snapshot: Snapshot, person: str, school: str) -> bool:
    if school not in snapshot.names.schools:
        return False
    may_take = snapshot.answer(person, Action.TAKE_INCIDENT, school, explained=False)
    return isinstance(may_take, Grant) or bool(_choices(snapshot, person, school, ""))


def _gone() -> NotFound:
    return NotFound(
        _("Nothing was opened."),
        _("This alarm was answered by somebody else, or you may not answer it."),
        _("Look at the wall again."),
    )
