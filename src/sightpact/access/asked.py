"""What was asked for, as one person may know it: what is open, what waits, what comes, what ended lately. Reads only.

Who may know: the owner's people, whom the agreement names, whoever asked, and whom the section lets ask, answer or look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sightpact.access import asking_sections, facts
from sightpact.access.asking_sections import Section
from sightpact.access.facts import Snapshot
from sightpact.activation import asking_words
from sightpact.activation.askings import AskingCard
from sightpact.agreements.clauses.base import Who
from sightpact.agreements.clauses.situations import SITUATION_VIEWS
from sightpact.cameras.reads import CameraCard
from sightpact.decide.authorize import is_in_force
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Action, Grant
from sightpact.ledger import clock


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One invitation, request or event period, with what this person may know of it and do about it."""

    card: AskingCard
    kind_label: str
    state: str  # asked, coming, open, ended
    state_label: str
    agreement_slug: str
    agreement_title: str
    zone: str  # IANA, of its school
    asked_by: str  # "Omar Reyes, Lakeview PD"
    is_mine: bool
    can_answer: bool
    can_end: bool
    dark: bool  # open, and its agreement is suspended or out of force: it opens nothing
    cameras: int | None  # that it opens, or would; None: not this person's to know
    inside: int | None  # of these
    picked: tuple[str, ...]  # names of the cameras that were picked; none: all of the section
    answerers: tuple[str, ...]  # names of those who may answer, while it waits
    lets_look: tuple[str, ...]  # short names of the parties
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    open: tuple[Asked, ...]
    waiting: tuple[Asked, ...]  # for this person's answer first
    coming: tuple[Asked, ...]  # the next one first
    ended: tuple[Asked, ...]  # the last one first

    @property
    def any(self) -> bool:
        return bool(self.open or self.waiting or self.coming or self.ended)


def everything(person: str, snapshot: Snapshot | None = None) -> Everything:
    """All that this person may know of."""
    snapshot = snapshot or facts.snapshot()
    live = [_asked(snapshot, person, c) for c in snapshot.askings if concerns(snapshot, person, c)]
    past = [_asked(snapshot, person, c) for c in snapshot.past_askings if concerns(snapshot, person, c)]
    return Everything(
        open=tuple(a for a in live if a.state == "open"),
        waiting=tuple(sorted((a for a in live if a.state == "asked"), key=lambda a: not a.can_answer)),
        coming=tuple(
            sorted(
                (a for a in live if a.state == "coming"), key=lambda a: a.card.opens_utc or a.card.asked_utc
            )
        ),
        ended=tuple(sorted(past, key=lambda a: a.card.ended_utc or a.card.asked_utc, reverse=True)),
    )


def one(person: str, asking_id: str) -> Asked | None:
    """One of them; None when there is none that this person may know of."""
    snapshot = facts.snapshot()
    for card in (*snapshot.askings, *snapshot.past_askings):
        if card.id == asking_id and concerns(snapshot, person, card):
            return _asked(snapshot, person, card)
    return None


def to_answer(person: str, snapshot: Snapshot) -> tuple[AskingCard, ...]:
    """What waits for this person's answer, the oldest first."""
    now = clock.now()
    return tuple(
        c
        for c in snapshot.askings
        if c.state == "asked" and not c.due(now) and _can_answer(snapshot, person, c)
    )


def offered(person: str, snapshot: Snapshot) -> bool:
    """Whether a text that runs has such a section for this person's parties: their pages then offer the list."""
    known = snapshot.names.persons.get(person)
    parties = {party for party, _role in known.roles} if known else set()
    return any(
        entry.facts.situations and entry.facts.parties & parties for entry in snapshot.names.running.values()
    )


def concerns(snapshot: Snapshot, person: str, card: AskingCard) -> bool:
    """Whether this person may know of it."""
    known = snapshot.world.inventory.persons.get(person)
    if known is None or not known.active:
        return False
    if card.asked_by == person or card.agreement in known.named_in:
        return True
    return any(party == card.owner for party, _role in known.roles) or _is_meant(snapshot, person, card)


def _is_meant(snapshot: Snapshot, person: str, card: AskingCard) -> bool:
    """Whether its section names this person to ask, to answer or to look."""
    entry, known = snapshot.names.running.get(card.agreement), snapshot.world.inventory.persons[person]
    if entry is None:
        return False
    slugs = {party.id: party.slug for party in snapshot.names.parties.values()}
    roles = frozenset((slugs.get(party, ""), role) for party, role in known.roles)
    whos: list[Who] = [
        who for cls in SITUATION_VIEWS for clause in entry.document.all(cls) if clause.situation == card.kind
        for _field, who in clause.whos()
    ]  # fmt: skip
    return any(who.holds(roles, card.agreement in known.named_in) for who in whos)


def _asked(snapshot: Snapshot, person: str, card: AskingCard) -> Asked:
    names = snapshot.names
    section = asking_sections.section(snapshot, card.agreement, card.kind)
    opened = _opened(snapshot, person, card, section)
    waits = card.state == "asked" and section is not None and card.kind != "invitation"
    entry = names.running.get(card.agreement)
    asker = names.persons.get(card.asked_by)
    picked = [names.cameras[c].name for c in card.cameras if c in names.cameras] if opened is not None else []
    return Asked(
        card=card,
        kind_label=asking_words.kind(card.kind),
        state=card.state,
        state_label=asking_words.state(card.state),
        agreement_slug=names.agreement_slugs.get(card.agreement, ""),
        agreement_title=entry.title if entry else "",
        zone=names.schools[card.schools[0]].zone if card.schools else "UTC",
        asked_by=", ".join(p for p in (card.asked_by_name, asker.short_party if asker else "") if p),
        is_mine=card.asked_by == person,
        can_answer=card.state == "asked"
        and not card.due(clock.now())
        and _can_answer(snapshot, person, card),
        can_end=card.is_live and _can_end(snapshot, person, card),
        dark=card.state == "open" and (entry is None or not is_in_force(entry.facts, clock.now())),
        cameras=None if opened is None else len(opened),
        inside=None if opened is None else sum(not _outside(c) for c in opened),
        picked=tuple(picked),
        answerers=_answerers(snapshot, card, section) if waits and section else (),
        lets_look=section.asked if section else (),
        steps=_steps(snapshot, card),
    )


def _opened(
    snapshot: Snapshot, person: str, card: AskingCard, section: Section | None
) -> list[CameraCard] | None:
    """The cameras that it opens or would open: for the owner's people. For others only what is open to them now."""
    known = snapshot.world.inventory.persons[person]
    if any(party == card.owner for party, _role in known.roles):
        if section is None:
            return []
        every = [c for school in card.schools for c in asking_sections.would_open(snapshot, section, school)]
        return [c for c in every if not card.cameras or c.id in card.cameras]
    if card.state != "open":
        return None
    answers = (
        (camera, snapshot.answer(person, Action.VIEW_LIVE, camera.id))
        for camera in snapshot.names.cameras.values()
        if camera.school_id in card.schools
    )
    return [camera for camera, a in answers if isinstance(a, Grant) and a.situation == card.id]


def _can_answer(snapshot: Snapshot, person: str, card: AskingCard) -> bool:
    return card.asked_by != person and all(
        isinstance(
            snapshot.answer(person, Action.APPROVE, school, situation=card.kind, agreement=card.agreement),
            Grant,
        )
        for school in card.schools
    )


def _can_end(snapshot: Snapshot, person: str, card: AskingCard) -> bool:
    if card.asked_by == person:
        return True
    if card.state == "open" and isinstance(snapshot.answer(person, Action.STOP_SHARING, card.owner), Grant):
        return True
    return all(
        isinstance(
            snapshot.answer(
                person, Action.END_SHARING, school, situation=card.kind, agreement=card.agreement
            ),
            Grant,
        )
        for school in card.schools
    )


def _answerers(snapshot: Snapshot, card: AskingCard, section: Section) -> tuple[str, ...]:
    found = [set(asking_sections.answerers(snapshot, section, school)) for school in card.schools]
    all_of = set.intersection(*found) - {card.asked_by} if found else set()
    return tuple(sorted(snapshot.names.persons[p].name for p in all_of))


def _steps(snapshot: Snapshot, card: AskingCard) -> tuple[Step, ...]:
    """What happened so far, each with its instant, in order."""
    steps = [Step(card.asked_utc, _asked_words(card))]
    if card.decided_utc is not None:
        word = _("%(name)s refused") if card.decision == "refused" else _("%(name)s approved")
        steps.append(Step(card.decided_utc, word % {"name": card.decided_by_name}))
    if card.opened_utc is not None and card.kind != "invitation":
        silent = _("Nobody answered in time, so section %(clause)s opened it") % {"clause": card.clause}
        steps.append(Step(card.opened_utc, silent if card.decision == "unanswered" else _("Opened")))
    if card.ended_utc is not None and card.end_reason != "refused":
        steps.append(Step(card.ended_utc, card.end_sentence))
    return tuple(steps)


def _asked_words(card: AskingCard) -> str:
    words = {"name": card.asked_by_name}
    if card.kind == "invitation":
        return _("%(name)s invited, and it opened") % words
    return _("%(name)s asked") % words


def _outside(camera: CameraCard) -> bool:
    return bool(camera.area_kinds) and camera.area_kinds <= EXTERIOR_AREA_KINDS
