"""Drills as one person may know them: what runs, what was held, the seconds of each step, what is owed. Reads only.

How many real cameras there are, and which would not show, is told to the owner's people alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from sightpact.access import drill_sections, drills, facts, telling_drills, visible
from sightpact.access.facts import Snapshot
from sightpact.activation import drills as reads
from sightpact.activation.drills import DrillCard
from sightpact.decide.facts import Action, Grant
from sightpact.ledger import clock
from sightpact.notices import reads as notices
from sightpact.notices.reads import Told


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a drill on the way, or not reached (None)."""

    name: str
    at: datetime | None
    seconds: float | None  # from the start
    who: str = ""


@dataclass(frozen=True, slots=True)
class Dark:
    """A real camera that would have shown nothing."""

    name: str
    school: str
    why: str


@dataclass(frozen=True, slots=True)
class Cameras:
    """What the real cameras said while nobody saw them. For the owner's people."""

    asked: int
    showing: int
    dark: tuple[Dark, ...]


@dataclass(frozen=True, slots=True)
class Drilled:
    """One drill, with what this person may know of it and do about it."""

    card: DrillCard
    label: str  # what is practised: "Intruder"
    agreement_slug: str
    agreement_title: str
    zone: str
    started_by: str  # "Pia Marsh, principal, Lakeview High"
    steps: tuple[Step, ...]
    is_mine: bool  # started by this person
    taken_by_me: bool
    can_take: bool
    can_end: bool
    of_owner: bool
    checking: bool  # the real cameras are being asked
    cameras: Cameras | None
    this_year: int  # the how-manieth it is in this year of the text, at its first school
    per_year: int
    may_share: bool  # this person could share in a real emergency there, with the switch
    may_report: bool  # or report one, as dispatch does
    told: tuple[Told, ...] = ()  # who was told off the page; for the owner's people, on its own page


@dataclass(frozen=True, slots=True)
class Everything:
    running: tuple[Drilled, ...]
    held: tuple[Drilled, ...]  # the last one first
    owed: tuple[drill_sections.Owed, ...]


def everything(person: str, snapshot: Snapshot | None = None, most: int = 40) -> Everything:
    """All that this person may know of."""
    snapshot = snapshot or facts.snapshot()
    known = snapshot.names.persons.get(person)
    parties = {party for party, _role in known.roles} if known else set()
    owners = {e.facts.owner for e in snapshot.names.running.values() if e.facts.parties & parties} | parties
    past = {c.id: c for c in (*snapshot.past_drills, *reads.held(owners, most))}
    live = running(person, snapshot)
    alive = {each.card.id for each in live}
    held = [c for c in past.values() if c.id not in alive and drills.concerns(snapshot, person, c)]
    held.sort(key=lambda c: c.started_utc, reverse=True)
    return Everything(
        running=live,
        held=tuple(_drilled(snapshot, person, c) for c in held[:most] if not c.is_live),
        owed=tuple(o for o in drill_sections.owed(snapshot) if _hears(snapshot, parties, o)),
    )


def running(person: str, snapshot: Snapshot) -> tuple[Drilled, ...]:
    """Drills that this person may know of, and that no emergency or deadline has ended."""
    now = clock.now()
    counting = {s.id for s in snapshot.situations if s.is_drill}
    return tuple(
        _drilled(snapshot, person, c)
        for c in snapshot.drills
        if c.id in counting and not c.due(now) and drills.concerns(snapshot, person, c)
    )


def one(person: str, drill_id: str) -> Drilled:
    """One of them, with how the news of it came through.

    Raises:
        UnknownDrill: there is none that this person may know of.
    """
    snapshot = facts.snapshot()
    found = _drilled(snapshot, person, drills.known(snapshot, person, drill_id))
    told = notices.by_person(drill_id) if found.of_owner else ()
    started, recorded, *rest = found.steps
    return replace(found, steps=(started, recorded, *_channels(found.card), *rest), told=told)


def _hears(snapshot: Snapshot, parties: set[str], owed: drill_sections.Owed) -> bool:
    return bool(snapshot.names.running[owed.agreement].facts.parties & parties)


def _drilled(snapshot: Snapshot, person: str, card: DrillCard) -> Drilled:
    kind = snapshot.names.kind(card.agreement, card.emergency)
    entry = snapshot.names.running.get(card.agreement)
    school = snapshot.names.schools[card.schools[0]]
    known = snapshot.names.persons.get(person)
    mine = known is not None and any(party == card.owner for party, _role in known.roles)
    starter = snapshot.names.persons.get(card.started_by)
    clause = drill_sections.section_of(snapshot, card.agreement)

    def may(action: Action, school: str) -> bool:
        return isinstance(snapshot.answer(person, action, school, agreement=card.agreement), Grant)

    return Drilled(
        card=card,
        label=kind.label if kind else card.emergency,
        agreement_slug=snapshot.names.agreement_slugs.get(card.agreement, ""),
        agreement_title=entry.title if entry else "",
        zone=school.zone,
        started_by=", ".join(
            part for part in (card.started_by_name, starter.title if starter else "") if part
        ),
        steps=_steps(card),
        is_mine=card.started_by == person,
        taken_by_me=card.taken_by == person,
        can_take=card.is_live and not card.taken_by and all(may(Action.TAKE_DRILL, s) for s in card.schools),
        can_end=drills.may_end(snapshot, person, card),
        of_owner=mine,
        checking=card.is_live and card.checked_utc is None,
        cameras=_cameras(snapshot, card) if mine else None,
        this_year=_number(snapshot, card),
        per_year=clause.per_year if clause else 0,
        may_share=_may_share(snapshot, person, card),
        may_report=isinstance(snapshot.answer(person, Action.REPORT, card.schools[0]), Grant),
    )


def _steps(card: DrillCard) -> tuple[Step, ...]:
    rows = (
        (_("Started"), card.started_utc, card.started_by_name),
        (_("In the record"), card.recorded_utc, ""),
        (_("Dispatch told"), card.told_utc, ""),
        (_("Taken"), card.taken_utc, card.taken_by_name),
        (_("First simulated picture"), card.pictured_utc, ""),
        (_("Ended"), card.ended_utc, card.ended_by_name),
    )
    return tuple(Step(name, at, card.after_s(at), who) for name, at, who in rows)


def _channels(card: DrillCard) -> list[Step]:
    """A step for each channel: when the last one on it was reached."""
    said = _("Told by %(channel)s, %(reached)d of %(all)d")
    return [
        Step(
            said % {"channel": each.name, "reached": each.reached, "all": each.of},
            each.at,
            card.after_s(each.at),
        )
        for each in telling_drills.by_channel(card)
    ]


def _cameras(snapshot: Snapshot, card: DrillCard) -> Cameras | None:
    if card.cameras_asked is None or card.showing is None:
        return None
    dark = []
    for camera, why in card.cameras_dark:
        found = snapshot.names.cameras.get(camera)
        dark.append(
            Dark(found.name if found else _("a camera that is gone"), found.school_name if found else "", why)
        )
    return Cameras(card.cameras_asked, card.showing, tuple(dark))


def _number(snapshot: Snapshot, card: DrillCard) -> int:
    """Which one it is at its school, as the schedule counts, itself included."""
    for each in drill_sections.owed(snapshot):
        if (each.agreement, each.school) == (card.agreement, card.schools[0]):
            return each.held + (1 if card.is_live else 0)
    return 0


def _may_share(snapshot: Snapshot, person: str, card: DrillCard) -> bool:
    kinds = snapshot.names.kinds.get(card.agreement, ())
    return any(
        isinstance(snapshot.answer(person, Action.START_SHARING, card.schools[0], kind.kind), Grant)
        for kind in kinds
    )


def is_simulated(seen: visible.SeenCamera) -> bool:
    """Whether what it shows is drawn: it never stands beside real pictures."""
    return seen.camera.drill_source
