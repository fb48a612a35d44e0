"""What the switch offers a person: schools, kinds of emergency, and what each would open. Asks the law for all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sightpact.access import facts
from sightpact.access.facts import Snapshot
from sightpact.access.remembered import while_facts_stand
from sightpact.activation import life
from sightpact.activation.reads import ActivationCard
from sightpact.cameras.reads import CameraCard
from sightpact.decide.authorize import authorize
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Action, Grant, Situation
from sightpact.ledger import clock


@dataclass(frozen=True, slots=True)
class EmergencyOption:
    kind: str
    label: str
    minutes: int
    section: str
    cameras: int  # inside cameras that it would open to the agency
    agency: str  # short name
    sees: tuple[str, ...]  # places, as people say them
    grant_agreement: str
    level: str = "life_safety"


@dataclass(frozen=True, slots=True)
class SchoolOption:
    id: str
    name: str
    preselected: bool
    emergencies: tuple[EmergencyOption, ...]


@dataclass(frozen=True, slots=True)
class Ticks:
    """The visible steps after a start, each with its time (None: not yet)."""

    card: ActivationCard
    recorded_utc: datetime | None
    journalled: bool  # recorded in the reserved journal only
    told_utc: datetime | None
    taken_utc: datetime | None
    taken_by: str


def options(person: str) -> tuple[SchoolOption, ...]:
    """The schools for which this person may start a sharing, with the kinds and what each opens.

    Preselected is the school where the person works, or the only one; else none: which school it is must be said.
    """
    return _options(facts.snapshot(), person)


@while_facts_stand
def _options(snapshot: Snapshot, person: str) -> tuple[SchoolOption, ...]:
    schools = []
    for school in snapshot.names.schools.values():
        kinds = _kinds(snapshot, person, school.id)
        if kinds:
            schools.append((school, kinds))
    known = snapshot.names.persons.get(person)
    home = known.home_school if known else ""
    return tuple(
        SchoolOption(s.id, s.name, len(schools) == 1 or s.slug == home, kinds) for s, kinds in schools
    )


def may_start(person: str) -> tuple[str, ...]:
    """The schools (ids) for which this person may start a sharing, as `options` has them, without what each would open."""
    return schools_of(facts.snapshot(), person)


@while_facts_stand
def schools_of(snapshot: Snapshot, person: str) -> tuple[str, ...]:
    """The schools (ids) for which this person may start a sharing of some kind."""

    def may(school: str, agreement: str, kind: str) -> bool:
        answer = snapshot.answer(person, Action.START_SHARING, school, kind)
        return isinstance(answer, Grant) and answer.agreement == agreement

    return tuple(
        school
        for school in snapshot.names.schools
        if any(may(school, a, kind.kind) for a, kinds in snapshot.names.kinds.items() for kind in kinds)
    )


def ticks(person: str, activation_id: str) -> Ticks | None:
    """Where a start has got to. None when there is none that this person may know of."""
    snapshot = facts.snapshot()
    known = snapshot.world.inventory.persons.get(person)
    for card in snapshot.live + snapshot.ended:
        if card.id == activation_id and known and any(party == card.owner for party, _role in known.roles):
            journalled = card.entry < 0
            return Ticks(
                card, card.started_utc, journalled, card.told_utc, card.taken_utc, card.taken_by_name
            )
    return None


def running(person: str) -> ActivationCard | None:
    """The sharing that this person started, or that runs on what is said to be their word, and that still runs: the switch
    shows it instead of offering another.
    """
    live = facts.snapshot().live
    asked = next((card for card in live if person in card.words), None)
    return asked or next((card for card in live if card.started_by == person), None)


def near(person: str) -> tuple[ActivationCard, ...]:
    """Sharings that run at a school for which this person may start one, whoever began them: a button, dispatch, a colleague."""
    snapshot = facts.snapshot()
    mine = set(schools_of(snapshot, person))
    return tuple(card for card in snapshot.live if mine & set(card.schools))


def _kinds(snapshot: Snapshot, person: str, school: str) -> tuple[EmergencyOption, ...]:
    found: dict[str, EmergencyOption] = {}
    for agreement in snapshot.world.inventory.agreements:
        for kind in snapshot.names.kinds[agreement.id]:
            answer = snapshot.answer(person, Action.START_SHARING, school, kind.kind)
            if not isinstance(answer, Grant) or answer.agreement != agreement.id or kind.kind in found:
                continue
            opened = _opened(snapshot, agreement.id, agreement.owner, school, kind.kind, kind.minutes)
            agency = next(
                (snapshot.names.parties[p].short_name for p in agreement.parties if p != agreement.owner), ""
            )
            places = tuple(dict.fromkeys(area for camera in opened for area in camera.area_names))
            found[kind.kind] = EmergencyOption(
                kind.kind,
                kind.label,
                kind.minutes,
                kind.clause,
                len(opened),
                agency,
                places,
                agreement.id,
                kind.level,
            )
    return tuple(sorted(found.values(), key=lambda option: -life.height(option.level)))


def _opened(
    snapshot: Snapshot, agreement: str, owner: str, school: str, emergency: str, minutes: int
) -> list[CameraCard]:
    """The inside cameras that the law would open to the named persons if this emergency were shared: asked, not guessed."""
    now = clock.now()
    situation = Situation(
        "would-be", "activation", frozenset({school}), emergency, True, now + timedelta(minutes=minutes)
    )
    named = [p.id for p in snapshot.world.inventory.persons.values() if agreement in p.named_in]
    opened = []
    for camera in snapshot.names.cameras.values():
        if camera.school_id != school or (camera.area_kinds and camera.area_kinds <= EXTERIOR_AREA_KINDS):
            continue
        answers = (
            authorize(snapshot.world, p, Action.VIEW_LIVE, camera.id, (situation,), (), now) for p in named
        )
        if any(
            isinstance(a, Grant) and a.situation == "would-be" and a.agreement == agreement for a in answers
        ):
            opened.append(camera)
    return opened
