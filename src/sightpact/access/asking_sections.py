"""What a person could ask for: the sections that allow an invitation, a request or an event period, and what each would open.

Everything is asked of the law; a section only tells its own times. Nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sightpact.access import facts
from sightpact.access.facts import Snapshot
from sightpact.agreements.clauses.situations import (
    SITUATION_VIEWS,
    InvitationView,
    RequestView,
    SituationView,
    WindowView,
)
from sightpact.agreements.clauses.uses import Uses
from sightpact.agreements.document import Document
from sightpact.agreements.purposes import purposes_of
from sightpact.cameras.reads import CameraCard
from sightpact.decide.authorize import authorize
from sightpact.decide.facts import Action, Grant, Person, Situation
from sightpact.ledger import clock

ASKING = {"invitation": Action.INVITE, "request": Action.ASK, "window": Action.ASK}
WOULD_BE = "would-be"


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an agreement that runs, with its own limits."""

    kind: str  # invitation, request, window
    agreement: str  # id
    owner: str  # party id
    slug: str
    title: str
    clause: str
    minutes: int  # most, once open
    answer_minutes: int  # a request: so long it waits for an answer
    unanswered: str  # a request: stays_closed or opens
    asked: tuple[str, ...]  # short names of the parties that it lets look
    uses: Uses  # what the text says of purposes
    escalate_minutes: int | None = None  # a request: then the second line is asked; None: there is none


@dataclass(frozen=True, slots=True)
class Option:
    """Something that a person may ask for at one school."""

    section: Section
    school: str  # id
    school_name: str
    zone: str  # IANA, of the school
    cameras: tuple[CameraCard, ...]  # that it would open; for the owner's people only, empty for others
    preselected: bool


def sections(snapshot: Snapshot) -> tuple[Section, ...]:
    """Every section of this sort in the agreements that run, by agreement and number."""
    found = []
    for entry in snapshot.names.running.values():
        for cls in SITUATION_VIEWS:
            for clause in entry.document.all(cls):
                found.append(_section(snapshot, entry.id, entry.document, entry.facts.owner, clause))
    return tuple(found)


def section(snapshot: Snapshot, agreement: str, kind: str) -> Section | None:
    """That of this agreement, which has at most one of a kind."""
    return next((s for s in sections(snapshot) if (s.agreement, s.kind) == (agreement, kind)), None)


def options(person: str, snapshot: Snapshot | None = None) -> tuple[Option, ...]:
    """What this person may ask for, by section and school. Preselected is the school where the person works."""
    snapshot = snapshot or facts.snapshot()
    known = snapshot.names.persons.get(person)
    found = []
    for each in sections(snapshot):
        of_owner = known is not None and any(party == each.owner for party, _role in known.roles)
        for school in snapshot.names.schools.values():
            if not may(snapshot, person, ASKING[each.kind], each, school.id):
                continue
            cameras = would_open(snapshot, each, school.id) if of_owner else ()
            home = known is not None and known.home_school == school.slug
            found.append(Option(each, school.id, school.name, school.zone, cameras, home))
    return tuple(found)


def may(snapshot: Snapshot, person: str, action: Action, of: Section, school: str) -> bool:
    answer = snapshot.answer(person, action, school, situation=of.kind, agreement=of.agreement)
    return isinstance(answer, Grant)


def would_open(snapshot: Snapshot, of: Section, school: str) -> tuple[CameraCard, ...]:
    """The cameras of a school that the law would open to another party for this section, and does not open without it."""
    now = clock.now()
    situation = Situation(
        WOULD_BE,
        of.kind,
        frozenset({school}),
        "",
        True,
        now + timedelta(minutes=of.minutes),
        agreement=of.agreement,
    )
    viewers = _viewers(snapshot, of)

    def opened(camera: str) -> bool:
        answers = (
            authorize(
                snapshot.world, p, Action.VIEW_LIVE, camera, (situation,), (), now, agreement=of.agreement
            )
            for p in viewers
        )
        return any(isinstance(a, Grant) and a.situation == WOULD_BE for a in answers)

    return tuple(c for c in snapshot.names.cameras.values() if c.school_id == school and opened(c.id))


def answerers(
    snapshot: Snapshot, of: Section, school: str, action: Action = Action.APPROVE
) -> tuple[str, ...]:
    """Persons (ids) whom the section names to answer at this school: the first line, or the second by APPROVE_ESCALATED."""
    people = snapshot.world.inventory.persons.values()
    agreement = next((a for a in snapshot.world.inventory.agreements if a.id == of.agreement), None)
    parties = agreement.parties if agreement else frozenset()
    mine = [p.id for p in people if any(party in parties for party, _role in p.roles)]
    return tuple(p for p in mine if may(snapshot, p, action, of, school))


def _viewers(snapshot: Snapshot, of: Section) -> list[str]:
    """One person (id) of each sort that the law can tell apart, of the parties that are let in."""
    agreement = next((a for a in snapshot.world.inventory.agreements if a.id == of.agreement), None)
    if agreement is None:
        return []
    let_in = agreement.parties - {of.owner} or agreement.parties
    sorts: dict[tuple[object, ...], Person] = {}
    for person in snapshot.world.inventory.persons.values():
        if any(party in let_in for party, _role in person.roles):
            sorts.setdefault((person.roles, person.named_in, person.active), person)
    return [person.id for person in sorts.values()]


def _section(
    snapshot: Snapshot, agreement: str, document: Document, owner: str, clause: SituationView
) -> Section:
    parties = {party.slug: party for party in snapshot.names.parties.values()}
    let_in = dict.fromkeys(parties[w.party].short_name for w in clause.who if w.party in parties)
    if isinstance(clause, WindowView):
        minutes = clause.max_hours * 60
    else:
        assert isinstance(clause, (InvitationView, RequestView))
        minutes = clause.minutes
    return Section(
        kind=clause.situation,
        agreement=agreement,
        owner=owner,
        slug=document.slug,
        title=document.title,
        clause=clause.number,
        minutes=minutes,
        answer_minutes=clause.answer_minutes if isinstance(clause, RequestView) else 0,
        unanswered=clause.unanswered if isinstance(clause, RequestView) else "stays_closed",
        asked=tuple(let_in),
        uses=purposes_of(document),
        escalate_minutes=clause.escalate_minutes if isinstance(clause, RequestView) else None,
    )
