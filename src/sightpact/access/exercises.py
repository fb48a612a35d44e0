"""Exercise alarms: they begin a drill where the agreement names the alarm among its starters; else its starters are asked.

Never: a real sharing, and no drill that `access.drills` would not start for the one who starts it.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from sightpact.access import drill_sections, drills, facts
from sightpact.access.alarm_would import ids_of, would
from sightpact.access.errors import UNWRITABLE, AccessError, NotFound
from sightpact.access.facts import Snapshot
from sightpact.access.granted import actor_of
from sightpact.activation import alarm_reads as reads
from sightpact.activation.actions import alarms as actions
from sightpact.activation.alarm_reads import AlarmCard, SourceCard
from sightpact.activation.alarms.meaning import Meaning
from sightpact.activation.alarms.states import EXERCISE, why_words
from sightpact.activation.drills import DrillCard
from sightpact.activation.errors import ActivationError
from sightpact.decide.facts import Action, Grant
from sightpact.ledger import clock

log = logging.getLogger(__name__)
SHOWN_FOR = timedelta(hours=1)  # an older one is no exercise of now
MOST_CHOICES = 24  # beyond that the form is quicker


@dataclass(frozen=True, slots=True)
class Choice:
    """One tap: a drill of this kind, at this school, under this agreement."""

    agreement: str  # id
    school: str  # id
    school_name: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class ExerciseCard:
    """One exercise alarm, as this person is asked of it."""

    id: str
    source_name: str
    received_utc: datetime
    zone: str
    place: str
    why: str  # a sentence: why it did not begin by itself
    choices: tuple[Choice, ...]  # empty: too many, or none that fits; the form has them all


def begin(snapshot: Snapshot, source: SourceCard, found: Meaning) -> tuple[str, str]:
    """What becomes of an exercise alarm: (state, why), as alarms are kept.

    1. Where the text names the alarm among those who start drills, and it says which school and kind, now: begin it.
    2. Else, where somebody may start drills there: that person is asked. 3. Else it is a test that was heard.
    """
    schools = ids_of(snapshot, found.schools)
    why = found.why or ("place" if not schools else "" if found.kind else "code")
    if not why and not all(_may(snapshot, source.person, school) for school in schools):
        why = "not_named"
    if why and not _starters(snapshot, schools or _all(snapshot, source.owner)):
        return "drill", would(snapshot, source, found)
    if why:
        return EXERCISE, why
    try:
        drills.start(source.person, schools, found.kind, f"exercise-{uuid.uuid4()}", source.name)
    except (AccessError, ActivationError) as fault:
        return "drill", f"no_drill {fault.why}"
    except UNWRITABLE:
        log.warning("an exercise alarm began no drill: the record cannot be written")
        return "drill", "failed"
    return "drill_started", ""


def waiting(snapshot: Snapshot, person: str) -> tuple[ExerciseCard, ...]:
    """The exercise alarms for which this person may start the drill, newest first."""
    cards = reads.exercises(clock.now() - SHOWN_FOR)
    options = drill_sections.options(person, snapshot) if cards else ()
    return tuple(_card(snapshot, card, fits) for card in cards if (fits := _fits(snapshot, card, options)))


def starters(snapshot: Snapshot, card: AlarmCard) -> tuple[str, ...]:
    """Ids of whoever may start a drill for it."""
    return _starters(snapshot, card.schools or _all(snapshot, card.owner))


def start(person: str, alarm_id: str, agreement: str, school: str, kind: str, device: str = "") -> DrillCard:
    """One tap: begin the drill that an exercise alarm asks for.

    1. It must wait for this person, and be one of its choices. 2. Start, by the law's leave: whoever taps second gets the same
    drill. 3. Note who answered.

    Raises:
        NotFound: no such alarm, or choice. What the start raises.
    """
    snapshot = facts.snapshot()
    card = _one(snapshot, person, alarm_id)
    choice = next(
        (c for c in card.choices if (c.agreement, c.school, c.kind) == (agreement, school, kind)), None
    )
    if choice is None:
        raise _gone()
    drill = drills.start(person, (school,), kind, f"exercise-{alarm_id}"[:64], device, agreement)
    actions.answer(alarm_id, "answered", actor_of(snapshot, person, device))
    return drill


def put_away(person: str, alarm_id: str, device: str = "") -> None:
    """It needs no drill. 1. It must wait for this person. 2. Note who said so.

    Raises:
        NotFound: no such alarm waits for this person.
    """
    snapshot = facts.snapshot()
    _one(snapshot, person, alarm_id)
    actions.answer(alarm_id, "dismissed", actor_of(snapshot, person, device))


def _one(snapshot: Snapshot, person: str, alarm_id: str) -> ExerciseCard:
    found = next((card for card in waiting(snapshot, person) if card.id == alarm_id), None)
    if found is None:
        raise _gone()
    return found


def _fits(
    snapshot: Snapshot, card: AlarmCard, options: tuple[drill_sections.Option, ...]
) -> tuple[drill_sections.Option, ...]:
    schools = card.schools or _all(snapshot, card.owner)
    return tuple(option for option in options if option.school in schools)


def _card(snapshot: Snapshot, card: AlarmCard, options: tuple[drill_sections.Option, ...]) -> ExerciseCard:
    choices = [
        Choice(option.agreement, option.school, option.school_name, kind.kind, kind.label)
        for option in options
        for kind in option.kinds
        if card.emergency in ("", kind.kind)
    ]
    why, _blank, detail = card.why.partition(" ")
    return ExerciseCard(
        id=card.id,
        source_name=card.source_name,
        received_utc=card.received_utc,
        zone=options[0].zone,
        place=", ".join(card.places[:3]),
        why=why_words(why, detail),
        choices=tuple(choices) if len(choices) <= MOST_CHOICES else (),
    )


def _starters(snapshot: Snapshot, schools: tuple[str, ...]) -> tuple[str, ...]:
    """Persons of flesh: an alarm that may start drills is asked nothing."""
    people = [
        person
        for person in snapshot.world.inventory.persons.values()
        if person.active and any(role != "alarm" for _party, role in person.roles)
    ]
    return tuple(p.id for p in people if any(_may(snapshot, p.id, school) for school in schools))


def _may(snapshot: Snapshot, person: str, school: str) -> bool:
    return isinstance(snapshot.answer(person, Action.START_DRILL, school, explained=False), Grant)


def _all(snapshot: Snapshot, owner: str) -> tuple[str, ...]:
    return tuple(school.id for school in snapshot.names.schools.values() if school.owner_id == owner)


def _gone() -> NotFound:
    return NotFound(
        _("No drill was started."),
        _("This exercise alarm was answered by somebody else, is over, or you may not answer it."),
        _("Look at the list of drills again."),
    )
