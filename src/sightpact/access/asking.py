"""Asking and answering as people do it: invite, request, plan an event period, answer, end. Asks the law, then writes.

What time does by itself (open, lapse, end) is settled here too, by the keeper and at each start: never one without an end.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils.translation import gettext as _

from sightpact.access import asked, asking_answer, asking_sections, emergency_journal, facts
from sightpact.access.asking_fit import Wanted, fitting, unfit
from sightpact.access.asking_sections import ASKING, Section
from sightpact.access.errors import UNWRITABLE, NotFound
from sightpact.access.facts import Snapshot
from sightpact.access.granted import actor_of, granted, refused
from sightpact.access.journal_cards import AskingEnd
from sightpact.access.patience import patience
from sightpact.access.written import written
from sightpact.activation import askings
from sightpact.activation.actions import askings as actions
from sightpact.activation.askings import AskingCard
from sightpact.activation.errors import BadAsking, TooLate, UnknownAsking
from sightpact.decide.authorize import is_in_force
from sightpact.decide.facts import Action, Grant, Refusal
from sightpact.ledger import clock

log = logging.getLogger(__name__)
END_PATIENCE_S = 1.0  # how long an end waits for other writers before the reserved journal takes it
MOST_WAITING = 10  # requests and event periods of one person that wait for an answer


def ask(person: str, wanted: Wanted, device: str = "") -> AskingCard:
    """Invite police to look, request to look, or plan an event period.

    1. The law must grant it at that school, under that agreement; a refusal is recorded and raised.
    2. It must fit the section: its time, its cameras, a reason. 3. Write it; an invitation is open at once.

    Raises:
        Refused, NotFound, BadAsking, LogUnwritable: nothing was asked.
    """
    snapshot = facts.snapshot()
    of = asking_sections.section(snapshot, wanted.agreement, wanted.kind)
    school = snapshot.names.schools.get(wanted.school)
    if of is None or school is None:
        raise NotFound(
            _("Nothing was asked."),
            _("No agreement that runs has such a section for this school."),
            _("Open the page again and choose."),
        )
    grant = granted(
        snapshot, person, ASKING[of.kind], (school.id,), situation=of.kind, agreement=of.agreement
    )
    same = askings.by_key(wanted.key)
    if same is not None and same.asked_by == person:
        return same
    _not_too_many(snapshot, person, of)
    wish = fitting(snapshot, of, wanted, school.name)
    actor, slug = actor_of(snapshot, person, device), snapshot.names.agreement_slugs[of.agreement]
    made = written(lambda: actions.ask(wish, grant, slug, actor))
    card = _card(made.asking)
    if card.asked_by != person:
        unfit(_("This key was used by somebody else."), _("Open the page again and ask once more."))
    return card


def answer(person: str, asking_id: str, approve: bool, device: str = "") -> AskingCard:
    """Say yes or no to a request or an event period. The first answer counts.

    1. The law must grant it (`asking_answer.answering`): the first line, or the second once it was escalated; nobody answers
    what they asked for. 2. Claim it, if it is not too late.

    Raises:
        Refused: the law says no. TooLate: answered, ended or run out before; that is in the record, too.
    """
    snapshot = facts.snapshot()
    card = _known(snapshot, person, asking_id)
    wanted = "approved" if approve else "refused"
    if not card.is_live and (card.decision, card.decided_by) == (wanted, person):
        return card  # tapped twice
    if not card.is_live:
        raise _late(snapshot, person, card)
    grant = asking_answer.answering(snapshot, person, card)
    if isinstance(grant, Refusal):
        raise refused(snapshot, person, Action.APPROVE, grant)
    actor = actor_of(snapshot, person, device)
    act = actions.approve if approve else actions.refuse
    done = written(lambda: act(asking_id, grant, actor))
    if (done.decision, done.decided_by) != (wanted, person):
        raise _late(snapshot, person, done)
    return done


def end(person: str, asking_id: str, device: str = "") -> AskingCard:
    """End what is open, call off what is to come, take back what waits. Either side may.

    1. The law must grant `end_sharing` of this kind at its schools, or `stop_sharing` at the owner; whoever asked may always.
    2. Claim the end: the gate cuts. Ended already is well: the card says how.
    3. If the database cannot be written, the reserved journal takes it, and it counts just so.
    """
    snapshot = facts.snapshot()
    card = _known(snapshot, person, asking_id)
    if not card.is_live:
        return card
    reason, clause = _may_end(snapshot, person, card)
    return _ended(card, AskingEnd(card.id, clock.now(), reason, clause, actor_of(snapshot, person, device)))


def stop_all(person: str) -> int:
    """End every open one of the owners whom the person may stop for. Returns how many ended."""
    snapshot = facts.snapshot()
    count = 0
    for card in snapshot.askings:
        stops = snapshot.answer(person, Action.STOP_SHARING, card.owner)
        if card.state == "open" and isinstance(stops, Grant):
            actor = actor_of(snapshot, person)
            _ended(card, AskingEnd(card.id, clock.now(), "stop", stops.clause, actor))
            count += 1
    return count


def settle() -> list[str]:
    """What time does by itself, also while the server was down. Returns the ids that changed.

    1. Over: its deadline, or the time for an answer, or a period that passed while the gateway did not run: end it.
    2. Due to open: an event period that begins, a request whose silence opens: open it, if its agreement is in force.
    3. A request that waits longer than its first line has: escalate it, if its agreement is in force.
    """
    snapshot, now, changed = facts.snapshot(), clock.now(), []
    for card in snapshot.askings:
        due = card.due(now)
        if card.to_escalate(now) and _escalate(snapshot, card, now):
            changed.append(card.id)
        in_force = _in_force(snapshot, card, now) if due in ("open", "missed") else True
        if not due or (due == "open" and not in_force):
            continue
        if due == "open":
            actions.open_due(card.id)
        else:
            reason = "not_in_force" if not in_force else due
            actions.end(card.id, reason, card.clause, None, at=_over_at(card, due))
        changed.append(card.id)
    return changed


def _escalate(snapshot: Snapshot, card: AskingCard, now: datetime) -> bool:
    """Ask the second line. Under a suspended agreement nobody may answer, so it waits."""
    section = asking_sections.section(snapshot, card.agreement, card.kind)
    if section is None or not _in_force(snapshot, card, now):
        return False
    to = asking_answer.second_line(snapshot, card, section)
    actions.escalate(card.id, {person: snapshot.names.persons[person].name for person in to})
    return True


def settle_the_past() -> None:
    """At the start: as `settle`. A record that cannot be written keeps closed what is over, and it is tried again."""
    try:
        settle()
    except UNWRITABLE as fault:
        log.error("what fell due meanwhile is written later: %s", fault)


def _ended(card: AskingCard, end: AskingEnd) -> AskingCard:
    """In the database; in the reserved journal when that cannot be. Closing is always possible."""
    try:
        with patience(END_PATIENCE_S):
            return actions.end(card.id, end.reason, end.clause, end.actor, at=end.at)
    except UNWRITABLE:
        return emergency_journal.end_asking(card, end)


def _over_at(card: AskingCard, due: str) -> datetime | None:
    """Since when nothing was open by it: its own instant, not when somebody looked."""
    return {"deadline": card.deadline_utc, "unanswered": card.answer_due_utc}.get(due)


def _in_force(snapshot: Snapshot, card: AskingCard, now: datetime) -> bool:
    found = next((a for a in snapshot.world.inventory.agreements if a.id == card.agreement), None)
    return found is not None and is_in_force(found, now)


def _may_end(snapshot: Snapshot, person: str, card: AskingCard) -> tuple[str, str]:
    """(reason, section) by which this person ends it."""
    ordinary = "ended" if card.state == "open" else "called_off"
    if person == card.asked_by:
        return ordinary, card.clause
    stops = snapshot.answer(person, Action.STOP_SHARING, card.owner)
    if isinstance(stops, Grant) and card.state == "open":
        return "stop", stops.clause
    grant = granted(
        snapshot, person, Action.END_SHARING, card.schools, situation=card.kind, agreement=card.agreement
    )
    return ordinary, grant.clause


def _not_too_many(snapshot: Snapshot, person: str, of: Section) -> None:
    waiting = [c for c in snapshot.askings if c.asked_by == person and c.state == "asked"]
    if of.kind != "invitation" and len(waiting) >= MOST_WAITING:
        raise BadAsking(
            _("Nothing was asked."),
            _("%(n)d of your requests still wait for an answer.") % {"n": len(waiting)},
            _("Wait for an answer, or take one back."),
        )


def _known(snapshot: Snapshot, person: str, asking_id: str) -> AskingCard:
    here = (card for card in (*snapshot.askings, *snapshot.past_askings) if card.id == asking_id)
    card = next(here, None) or askings.card(asking_id)  # one that ended long ago is still known
    if card is not None and asked.concerns(snapshot, person, card):
        return card
    raise UnknownAsking(
        _("There is no such request."), _("Its number is not known here."), _("Open the list again.")
    )


def _late(snapshot: Snapshot, person: str, card: AskingCard) -> TooLate:
    """Record an answer that came too late; returns the error to raise."""
    refused(snapshot, person, Action.APPROVE, Refusal("too_late", card.agreement, card.clause))
    return _too_late(card)


def _too_late(card: AskingCard) -> TooLate:
    if card.decision in ("approved", "refused"):
        was = (
            _("%(name)s approved it before you.")
            if card.decision == "approved"
            else _("%(name)s refused it before you.")
        )
        why = was % {"name": card.decided_by_name}
    elif card.state == "ended":
        why = card.end_sentence
    else:
        why = _("The time for an answer is over.")
    return TooLate(
        _("Your answer came too late, and changed nothing."), why, _("Open the list: it says how it stands.")
    )


def _card(asking_id: str) -> AskingCard:
    found = askings.card(asking_id)
    if found is None:
        raise UnknownAsking(_("There is no such request."), _("It is not stored."), _("Ask again."))
    return found
