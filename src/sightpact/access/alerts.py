"""What a page's news may say of the sharings that run: the words of an alert, to whoever may know of them. Reads only.

No picture, no camera, no count stands here, and it is never more than the person's wall would say. What may be seen the
law decides when a page asks, and the gate again at each picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sightpact.access import visible
from sightpact.access.facts import Snapshot
from sightpact.access.remembered import while_facts_stand
from sightpact.activation.reads import ActivationCard
from sightpact.decide.facts import Action, Grant


@dataclass(frozen=True, slots=True)
class Alert:
    """One running sharing as it is cried out."""

    id: str
    mark: str  # moves when it comes to be of another kind: a page then tells it anew
    level: str  # life_safety, urgent, notice
    label: str  # of the emergency, as the agreement has it: "Intruder in the building"
    schools: tuple[str, ...]  # names
    began_utc: datetime
    zone: str  # IANA, of its school
    sure: bool  # nobody needs to confirm it
    taken_by: str  # name; "": nobody has it yet


def mark(card: ActivationCard) -> str:
    """One mark for each sharing and each kind that it came to be."""
    return f"{card.id}:{card.emergency}:{card.level}"


def running(snapshot: Snapshot, person: str) -> tuple[Alert, ...]:
    """The running sharings that this person may know of: the owner's people, and whom the agreement names.

    The quick half of `visible.concerning`: whoever only gets pictures by another agreement is told when the page asks.
    """
    return _running(snapshot, person)


def asks_first(snapshot: Snapshot, person: str) -> bool:
    """Whether this person's page should ask before others: it may be the one that takes the incident."""
    return _asks_first(snapshot, person)


@while_facts_stand
def _running(snapshot: Snapshot, person: str) -> tuple[Alert, ...]:
    return tuple(_alert(snapshot, card) for card in _concerning(snapshot, person))


@while_facts_stand
def _asks_first(snapshot: Snapshot, person: str) -> bool:
    untaken = (card for card in _concerning(snapshot, person) if card.taken_by is None)
    answers = (snapshot.answer(person, Action.TAKE_INCIDENT, c.schools[0], explained=False) for c in untaken)
    return any(isinstance(answer, Grant) for answer in answers)


@while_facts_stand
def _concerning(snapshot: Snapshot, person: str) -> tuple[ActivationCard, ...]:
    known = snapshot.world.inventory.persons.get(person)
    if known is None or not known.active:
        return ()
    return tuple(visible.concerning(snapshot, person, snapshot.live))


def _alert(snapshot: Snapshot, card: ActivationCard) -> Alert:
    kind = snapshot.names.kind(card.agreement, card.emergency)  # None: its agreement does not run any more
    school = snapshot.names.schools.get(card.schools[0])
    return Alert(
        id=card.id,
        mark=mark(card),
        level=card.level,
        label=kind.label if kind else card.emergency,
        schools=card.school_names,
        began_utc=card.started_utc,
        zone=school.zone if school else "UTC",
        sure=not card.unverified,
        taken_by=card.taken_by_name,
    )
