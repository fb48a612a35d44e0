"""What was asked for, as one person may know it: what is open, what waits, what comes, what ended lately. Reads only.

Who may know: the owner's people, whom the agreement names, whoever asked, and whom the section lets ask, answer or look.
"""

from __future__ import annotations

from dataclasses import dataclass

from sightpact.access import asked_steps, asking_answer, asking_sections, facts
from sightpact.access.asked_steps import Step
from sightpact.access.asking_sections import Section
from sightpact.access.facts import Snapshot
from sightpact.activation import asking_words, askings
from sightpact.activation.askings import AskingCard
from sightpact.agreements.clauses.base import Who
from sightpact.agreements.clauses.situations import SITUATION_VIEWS
from sightpact.cameras.reads import CameraCard
from sightpact.decide.authorize import is_in_force
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Action, Grant
from sightpact.ledger import clock
from sightpact.notices import reads as notices
from sightpact.notices.reads import Delivery


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
    next_line: tuple[str, ...]  # names of those to whom it will be escalated, while it will be
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
    """One of them, also one that ended long ago; None when there is none that this person may know of."""
    snapshot = facts.snapshot()
    known = [card for card in (*snapshot.askings, *snapshot.past_askings) if card.id == asking_id]
    for card in known or filter(None, [askings.card(asking_id)]):
        if card.id == asking_id and concerns(snapshot, person, card):
            return _asked(snapshot, person, card, notices.deliveries(card.id))
    return None


def to_answer(person: str, snapshot: Snapshot) -> tuple[AskingCard, ...]:
    """What waits for this person's answer, the oldest first."""
    now = clock.now()
    return tuple(
        c
        for c in snapshot.askings
        if c.state == "asked" and not c.due(now) and asking_answer.may_answer(snapshot, person, c)
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


def _asked(snapshot: Snapshot, person: str, card: AskingCard, told: tuple[Delivery, ...] = ()) -> Asked:
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
        and asking_answer.may_answer(snapshot, person, card),
        can_end=card.is_live and _can_end(snapshot, person, card),
        dark=card.state == "open" and (entry is None or not is_in_force(entry.facts, clock.now())),
        cameras=None if opened is None else len(opened),
        inside=None if opened is None else sum(not _outside(c) for c in opened),
        picked=tuple(picked),
        answerers=_answerers(snapshot, card, section) if waits and section else (),
        next_line=_next_line(snapshot, card, section) if waits and section else (),
        lets_look=section.asked if section else (),
        steps=asked_steps.steps(card, told, of_owner=_is_of_owner(snapshot, person, card)),
    )


def _opened(
    snapshot: Snapshot, person: str, card: AskingCard, section: Section | None
) -> list[CameraCard] | None:
    """The cameras that it opens or would open: for the owner's people. For others only what is open to them now."""
    if _is_of_owner(snapshot, person, card):
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


def _is_of_owner(snapshot: Snapshot, person: str, card: AskingCard) -> bool:
    return any(party == card.owner for party, _role in snapshot.world.inventory.persons[person].roles)


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
    found = asking_answer.first_line(snapshot, card, section)
    if card.escalated_utc is not None:
        found = (*found, *asking_answer.second_line(snapshot, card, section))
    return tuple(snapshot.names.persons[p].name for p in found)


def _next_line(snapshot: Snapshot, card: AskingCard, section: Section) -> tuple[str, ...]:
    if card.escalate_utc is None or card.escalated_utc is not None:
        return ()
    return tuple(snapshot.names.persons[p].name for p in asking_answer.second_line(snapshot, card, section))


def _outside(camera: CameraCard) -> bool:
    return bool(camera.area_kinds) and camera.area_kinds <= EXTERIOR_AREA_KINDS
