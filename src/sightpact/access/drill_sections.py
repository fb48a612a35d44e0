"""What could be practised, by whom, where; and how many drills are owed. The law is asked; a section tells its own numbers.

Nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sightpact.access import facts
from sightpact.access.facts import Snapshot
from sightpact.activation import drills
from sightpact.agreements.clauses.drills import Drills
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.reads import EmergencyKind, Running
from sightpact.cameras.reads import CameraCard, SchoolCard
from sightpact.decide.authorize import authorize
from sightpact.decide.facts import Action, Grant, Person, Situation
from sightpact.ledger import clock

WOULD_BE = "would-be"


@dataclass(frozen=True, slots=True)
class Option:
    """A school at which this person may start a drill, under one agreement."""

    agreement: str  # id
    slug: str
    section: str
    school: str  # id
    school_name: str
    zone: str
    kinds: tuple[EmergencyKind, ...]
    minutes: int
    partner: str  # short name of the agency that takes part
    simulated: int  # cameras with simulated pictures there
    preselected: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """How a school stands with the drills of one agreement in the present year of its text."""

    agreement: str  # id
    owner: str  # party id
    slug: str
    title: str
    section: str
    school: str  # id
    school_name: str
    per_year: int
    held: int  # ended by people or by their time; one that gave way to a real emergency does not count
    due: date  # of the next one: the year divided evenly
    last: datetime | None  # when the last one began, in this year

    @property
    def done(self) -> bool:
        return self.held >= self.per_year


def section_of(snapshot: Snapshot, agreement: str) -> Drills | None:
    """The section on drills of an agreement that runs; None where it has none."""
    entry = snapshot.names.running.get(agreement)
    return next(iter(entry.document.all(Drills)), None) if entry else None


def options(person: str, snapshot: Snapshot | None = None) -> tuple[Option, ...]:
    """What this person may practise. Preselected is the school where the person works, or the only one."""
    snapshot = snapshot or facts.snapshot()
    known = snapshot.names.persons.get(person)
    found = []
    for entry in snapshot.names.running.values():
        clause = section_of(snapshot, entry.id)
        if clause is None or not snapshot.names.kinds.get(entry.id):
            continue
        for school in snapshot.names.schools.values():
            answer = snapshot.answer(person, Action.START_DRILL, school.id, agreement=entry.id)
            if isinstance(answer, Grant):
                home = known is not None and known.home_school == school.slug
                found.append(_option(snapshot, entry, clause, school, home))
    return tuple(found)


def offered(person: str, snapshot: Snapshot) -> bool:
    """Whether a text that runs has a section on drills for this person's parties: their pages then offer the list."""
    known = snapshot.names.persons.get(person)
    parties = {party for party, _role in known.roles} if known else set()
    return any(
        entry.facts.parties & parties and section_of(snapshot, entry.id) is not None
        for entry in snapshot.names.running.values()
    )


def owed(snapshot: Snapshot, owner: str = "") -> tuple[Owed, ...]:
    """Every school of every section on drills, most urgent first.

    Args:
        owner: party id; empty: of every owner.
    """
    found: list[Owed] = []
    for entry in snapshot.names.running.values():
        clause = section_of(snapshot, entry.id)
        if clause is None or (owner and entry.facts.owner != owner):
            continue
        found += _owed(snapshot, entry, clause)
    return tuple(sorted(found, key=lambda each: (each.done, each.due, each.school_name)))


def real_cameras(snapshot: Snapshot, agreement: str, schools: tuple[str, ...], emergency: str) -> list[str]:
    """Ids of the real cameras that the law would open to the other party in this emergency, there: asked, not guessed."""
    now = clock.now()
    situation = Situation(
        WOULD_BE, "activation", frozenset(schools), emergency, True, now + timedelta(minutes=1)
    )
    viewers = _viewers(snapshot, agreement)

    def opened(camera: str) -> bool:
        answers = (
            authorize(snapshot.world, p, Action.VIEW_LIVE, camera, (situation,), (), now, agreement=agreement)
            for p in viewers
        )
        return any(isinstance(answer, Grant) for answer in answers)

    here = [c for c in snapshot.names.cameras.values() if c.school_id in schools and _is_real(c)]
    return [camera.id for camera in here if opened(camera.id)]


def _is_real(camera: CameraCard) -> bool:
    return camera.in_service and not camera.drill_source


def _viewers(snapshot: Snapshot, agreement: str) -> list[str]:
    """One person (id) of each sort that the law can tell apart, among those whom the agreement names."""
    sorts: dict[tuple[object, ...], Person] = {}
    for person in snapshot.world.inventory.persons.values():
        if agreement in person.named_in and person.active:
            sorts.setdefault((person.roles, person.named_in), person)
    return [person.id for person in sorts.values()]


def _option(snapshot: Snapshot, entry: Running, clause: Drills, school: SchoolCard, home: bool) -> Option:
    parties = {party.slug: party for party in snapshot.names.parties.values()}
    partners = dict.fromkeys(parties[w.party].short_name for w in clause.watch if w.party in parties)
    simulated = [
        c
        for c in snapshot.names.cameras.values()
        if c.school_id == school.id and c.in_service and c.drill_source
    ]
    return Option(
        agreement=entry.id,
        slug=entry.slug,
        section=clause.number,
        school=school.id,
        school_name=school.name,
        zone=school.zone,
        kinds=snapshot.names.kinds[entry.id],
        minutes=clause.minutes,
        partner=", ".join(partners),
        simulated=len(simulated),
        preselected=home,
    )


def _owed(snapshot: Snapshot, entry: Running, clause: Drills) -> list[Owed]:
    term = entry.document.one(Term)
    begins, ends = _year(term, clock.now())
    since = datetime.combine(begins, time(), ZoneInfo(term.zone))
    cards = [c for c in drills.held_since(entry.id, since) if c.end_reason in ("ended", "deadline")]
    covered = entry.document.names.schools
    found = []
    for school in snapshot.names.schools.values():
        if school.owner_id != entry.facts.owner or (covered is not None and school.slug not in covered):
            continue
        here = [c for c in cards if school.id in c.schools]
        days = (ends - begins).days * min(len(here) + 1, clause.per_year) // clause.per_year
        found.append(
            Owed(
                agreement=entry.id,
                owner=entry.facts.owner,
                slug=entry.slug,
                title=entry.title,
                section=clause.number,
                school=school.id,
                school_name=school.name,
                per_year=clause.per_year,
                held=len(here),
                due=begins + timedelta(days=days - 1),
                last=here[-1].started_utc if here else None,
            )
        )
    return found


def _year(term: Term, now: datetime) -> tuple[date, date]:
    """First day of the present year of a text, and of the next one. 29 February counts as 1 March."""
    today = now.astimezone(ZoneInfo(term.zone)).date()

    def turn(year: int) -> date:
        try:
            return term.begins.replace(year=year)
        except ValueError:
            return date(year, 3, 1)

    year = today.year if turn(today.year) <= today else today.year - 1
    year = max(year, term.begins.year)
    return turn(year), turn(year + 1)
