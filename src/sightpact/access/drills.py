"""Drills as people hold them: start, take, end. Asks the law, then writes. A real emergency ends a drill at once.

Never: a picture of a real camera. What a drill opens is decided by `decide`; the gate asks it as for every picture.
What time does by itself is settled here too, by the keeper and at each start: never a drill without an end.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

from django.db import DatabaseError
from django.utils.translation import gettext as _

from sightpact.access import drill_sections, emergency_journal, facts, running
from sightpact.access.errors import UNWRITABLE, NotFound
from sightpact.access.facts import Snapshot
from sightpact.access.granted import actor_of, granted
from sightpact.access.journal_cards import AskingEnd
from sightpact.access.patience import patience
from sightpact.access.written import written
from sightpact.activation import drills as reads
from sightpact.activation.actions import drills as actions
from sightpact.activation.actions.drills import Wish
from sightpact.activation.drills import DrillCard
from sightpact.activation.errors import AlreadyRunning, UnknownDrill
from sightpact.decide.facts import Action, Grant
from sightpact.ledger import clock

log = logging.getLogger(__name__)
T = TypeVar("T")
END_PATIENCE_S = 1.0  # how long an end waits for other writers before the reserved journal takes it


def start(
    person: str, schools: tuple[str, ...], emergency: str, key: str, device: str = "", agreement: str = ""
) -> DrillCard:
    """Start a drill. Idempotent by `key`.

    1. The law must grant `start_drill` at each school; a refusal is recorded and raised.
    2. No emergency is shared there. 3. Write it: the screens of whoever takes part turn.

    Args:
        schools: ids, all of one owner. emergency: the kind that is practised.
        agreement: id; empty: the one that grants it.
    Raises:
        Refused, NotFound, AlreadyRunning, LogUnwritable: nothing was started.
    """
    heard = clock.now()
    snapshot = facts.snapshot()
    grant = granted(snapshot, person, Action.START_DRILL, schools, agreement=agreement or None)
    for school in schools:  # one agreement covers them all
        granted(snapshot, person, Action.START_DRILL, (school,), agreement=grant.agreement)
    clause = drill_sections.section_of(snapshot, grant.agreement)
    if clause is None or snapshot.names.kind(grant.agreement, emergency) is None:
        raise NotFound(
            _("No drill was started."),
            _("The agreement does not list “%(kind)s”.") % {"kind": emergency},
            _("Choose what to practise from the list."),
        )
    if any(set(card.schools) & set(schools) for card in snapshot.live):
        raise AlreadyRunning(
            _("No drill was started."),
            _("An emergency is shared there now."),
            _("Hold the drill when it is over."),
        )
    wish = Wish(
        key=key,
        owner=snapshot.world.inventory.schools[schools[0]].owner,
        schools=schools,
        school_names=tuple(snapshot.names.schools[school].name for school in schools),
        emergency=emergency,
        minutes=clause.minutes,
        heard_utc=heard,
    )
    actor, slug = actor_of(snapshot, person, device), snapshot.names.agreement_slugs[grant.agreement]
    return _written(lambda: actions.start(wish, grant, slug, actor))


def told(person: str, drill_id: str) -> None:
    """The first screen of the other party showed it. 1. Only a member of a party that is let in counts. 2. Note it once."""
    snapshot = facts.snapshot()
    card = known(snapshot, person, drill_id)
    if not card.is_live or card.told_utc is not None or not _of_partner(snapshot, person, card):
        return
    actor = actor_of(snapshot, person)
    _noted(lambda: actions.told(card.id, actor))


def pictured(person: str, drill_id: str) -> None:
    """A screen of the other party drew its first simulated picture. 1. Only who has one open in it counts. 2. Note it once."""
    snapshot = facts.snapshot()
    card = known(snapshot, person, drill_id)
    if not card.is_live or card.pictured_utc is not None or not _of_partner(snapshot, person, card):
        return
    if any((str(row.person_id), row.situation) == (person, card.id) for row in running.rows()):
        _noted(lambda: actions.pictured(card.id))


def take(person: str, drill_id: str, device: str = "") -> DrillCard:
    """Take the drill; a second who tries learns who has it. 1. The law must grant `take_drill`. 2. Claim it."""
    snapshot = facts.snapshot()
    card = known(snapshot, person, drill_id)
    if not card.is_live:
        return card
    grant = granted(snapshot, person, Action.TAKE_DRILL, card.schools, agreement=card.agreement)
    actor = actor_of(snapshot, person, device)
    return _written(lambda: actions.take(card.id, grant, actor))


def end(person: str, drill_id: str, device: str = "") -> DrillCard:
    """End the drill. Whoever started it always may; else the law must grant starting, taking or stopping there.

    1. Claim the end: the gate cuts. Ended already is well: the card says how.
    2. If the database cannot be written, the reserved journal takes it, and it counts just so.
    """
    snapshot = facts.snapshot()
    card = known(snapshot, person, drill_id)
    if not card.is_live:
        return card
    reason, clause = _may_end(snapshot, person, card)
    return _ended(card, AskingEnd(card.id, clock.now(), reason, clause, actor_of(snapshot, person, device)))


def stop_all(person: str) -> int:
    """The superintendent's "end all": every drill of the owners whom this person may stop for. Returns how many ended."""
    snapshot = facts.snapshot()
    count = 0
    for card in snapshot.drills:
        stops = snapshot.answer(person, Action.STOP_SHARING, card.owner)
        if isinstance(stops, Grant):
            _ended(card, AskingEnd(card.id, clock.now(), "stop", stops.clause, actor_of(snapshot, person)))
            count += 1
    return count


def pre_empt(schools: Sequence[str]) -> list[str]:
    """A real emergency began at these schools: drills there end. What they opened is closed already, by the facts.

    1. End each with reason `pre_empted`. One that cannot be written now is written by the keeper. Never raises.
    """
    with suppress(DatabaseError):
        if not reads.live():
            return []  # nothing to end: a start does not wait until the facts are read again
    ended = []
    for card in facts.snapshot().drills:
        if set(card.schools) & set(schools):
            _noted(partial(actions.end, card.id, "pre_empted", card.clause, None))
            ended.append(card.id)
    return ended


def settle() -> list[str]:
    """What ends a drill by itself, also while the server was down. Returns the ids that ended.

    1. Its deadline: as of that instant. 2. An emergency that is shared at one of its schools.
    """
    snapshot, now, ended = facts.snapshot(), clock.now(), []
    real = {school for card in snapshot.live for school in card.schools}
    for card in snapshot.drills:
        if not real.isdisjoint(card.schools):
            actions.end(card.id, "pre_empted", card.clause, None)
        elif card.due(now):
            actions.end(card.id, "deadline", card.clause, None, at=card.deadline_utc)
        else:
            continue
        ended.append(card.id)
    return ended


def settle_the_past() -> None:
    """At the start: as `settle`. A record that cannot be written keeps closed what is over, and it is tried again."""
    try:
        settle()
    except UNWRITABLE as fault:
        log.error("drills that are over are ended later: %s", fault)


def checked(drill_id: str, asked: int, dark: Sequence[tuple[str, str]]) -> None:
    """The real cameras answered. 1. Note how many, and of those that would not show, why."""
    _noted(lambda: actions.checked(drill_id, asked, dark))


def known(snapshot: Snapshot, person: str, drill_id: str) -> DrillCard:
    """A drill that this person may know of.

    Raises:
        UnknownDrill: there is none.
    """
    recent = next((c for c in (*snapshot.drills, *snapshot.past_drills) if c.id == drill_id), None)
    card = recent or reads.card(drill_id)
    if card is not None and concerns(snapshot, person, card):
        return card
    raise UnknownDrill(
        _("There is no such drill."), _("Its number is not known here."), _("Open the list of drills again.")
    )


def concerns(snapshot: Snapshot, person: str, card: DrillCard) -> bool:
    """Whether this person may know of it: the owner's people, and whom its agreement names or lets take it."""
    who = snapshot.world.inventory.persons.get(person)
    if who is None or not who.active:
        return False
    if any(party == card.owner for party, _role in who.roles) or card.agreement in who.named_in:
        return True
    answer = snapshot.answer(person, Action.TAKE_DRILL, card.schools[0], agreement=card.agreement)
    return isinstance(answer, Grant)


def may_end(snapshot: Snapshot, person: str, card: DrillCard) -> bool:
    return card.is_live and (person == card.started_by or _grant_to_end(snapshot, person, card) is not None)


def _may_end(snapshot: Snapshot, person: str, card: DrillCard) -> tuple[str, str]:
    """(reason, section) by which this person ends it."""
    if person == card.started_by:
        return "ended", card.clause
    found = _grant_to_end(snapshot, person, card)
    if found is not None:
        return found
    grant = granted(snapshot, person, Action.TAKE_DRILL, card.schools, agreement=card.agreement)
    return "ended", grant.clause


def _grant_to_end(snapshot: Snapshot, person: str, card: DrillCard) -> tuple[str, str] | None:
    for action in (Action.TAKE_DRILL, Action.START_DRILL):
        answers = [snapshot.answer(person, action, s, agreement=card.agreement) for s in card.schools]
        if all(isinstance(answer, Grant) for answer in answers):
            return "ended", card.clause
    stops = snapshot.answer(person, Action.STOP_SHARING, card.owner)
    return ("stop", stops.clause) if isinstance(stops, Grant) else None


def _of_partner(snapshot: Snapshot, person: str, card: DrillCard) -> bool:
    agreement = next((a for a in snapshot.world.inventory.agreements if a.id == card.agreement), None)
    who = snapshot.world.inventory.persons.get(person)
    let_in = agreement.parties - {card.owner} if agreement else frozenset()
    return who is not None and any(party in let_in for party, _role in who.roles)


def _ended(card: DrillCard, over: AskingEnd) -> DrillCard:
    """In the database; in the reserved journal when that cannot be. Closing is always possible."""
    try:
        with patience(END_PATIENCE_S):
            return actions.end(card.id, over.reason, over.clause, over.actor, at=over.at)
    except UNWRITABLE:
        return emergency_journal.end_drill(card, over)


def _noted(write: Callable[[], object]) -> None:
    """Write what was measured; a drill is not disturbed when that cannot be."""
    try:
        with patience(END_PATIENCE_S):
            write()
    except UNWRITABLE as fault:
        log.warning("a step of a drill could not be written: %s", fault)


def _written(write: Callable[[], T]) -> T:
    return written(
        write,
        _("The record cannot be written now, and a drill needs it."),
        _("Try again when its disk has room. A real emergency can be shared all the same."),
    )
