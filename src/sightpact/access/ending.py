"""Ending an emergency sharing: all clear, mistake, what dispatch or a machine says, the superintendent's stop. Asks the law."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sightpact.access import actions, asking, drills, emergency_journal, facts, steps, visible, words
from sightpact.access.errors import UNWRITABLE, LogUnwritable, NotFound
from sightpact.access.facts import Snapshot
from sightpact.access.granted import actor_of, granted
from sightpact.access.journal_cards import Change
from sightpact.activation import actions as activation
from sightpact.activation import life
from sightpact.activation.errors import TooLate, UnknownActivation
from sightpact.activation.reads import ActivationCard
from sightpact.activation.reasons import BY_DISPATCH
from sightpact.decide.facts import Action, Grant
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret

MACHINE_MINUTES = 5  # a machine's all clear waits so long where the agreement lets a person's act at once


def all_clear(person: str, activation_id: str, reason: str = "all_clear", device: str = "") -> ActivationCard:
    """Say that it is over (or was a mistake).

    1. The law must grant `end_sharing` at its schools.
    2. Who may take the incident, or anybody before it is taken: it ends now.
    3. The school, once dispatch had it (also where a higher kind asks to take it anew): it proposes, when the agreement
       says so; dispatch confirms, or it ends after the agreement's minutes.
    """
    snapshot = facts.snapshot()
    card = steps.live(snapshot, person, activation_id)
    grant = granted(snapshot, person, Action.END_SHARING, card.schools)
    actor = actor_of(snapshot, person, device)
    dispatch = steps.may(snapshot, person, Action.TAKE_INCIDENT, card)
    limits = snapshot.names.limits(card.agreement)
    if card.was_taken and not dispatch and limits is not None and limits.once_taken == "proposes":
        return steps.propose(
            card, limits.proposal_minutes, grant, actor, "" if reason == "all_clear" else reason
        )
    return steps.end(card, reason, grant.clause, actor)


def keep_open(person: str, activation_id: str) -> ActivationCard:
    """Dispatch declines a proposed end. 1. The law must grant `take_incident`. 2. Withdraw the proposal."""
    snapshot = facts.snapshot()
    card = steps.live(snapshot, person, activation_id)
    grant = granted(snapshot, person, Action.TAKE_INCIDENT, card.schools)
    actor = actor_of(snapshot, person)
    what = Change("keep_open", card.id, clock.now(), actor, grant)
    return steps.change(card, what, lambda: activation.keep_open(card.id, grant, actor))


def close(person: str, activation_id: str, reason: str, device: str = "") -> ActivationCard:
    """Dispatch ends it: the last responder left, the incident is closed, or it was a hoax.

    1. The law must grant `take_incident` at its schools. 2. End it.

    Args:
        reason: one of reasons.BY_DISPATCH.
    """
    if reason not in BY_DISPATCH:
        raise NotFound(
            _("Nothing was ended."), _("“%s” is not a way to end it.") % reason, _("Load the page again.")
        )
    snapshot = facts.snapshot()
    card = steps.live(snapshot, person, activation_id)
    grant = granted(snapshot, person, Action.TAKE_INCIDENT, card.schools)
    return steps.end(card, reason, grant.clause, actor_of(snapshot, person, device))


def propose_by_machine(source_person: str, activation_id: str, reason: str) -> ActivationCard:
    """An alarm source, or dispatch's computer, says that it is over.

    1. The law must let the source start or end sharings at its schools. 2. Nobody has it, and the source itself began it:
    it ends. 3. Else it is proposed: dispatch confirms or declines, or it ends after the agreement's minutes.

    Args:
        source_person: id of the source's person. reason: a key of reasons.ENDS.
    """
    snapshot = facts.snapshot()
    card = steps.live(snapshot, source_person, activation_id)
    if steps.may(snapshot, source_person, Action.END_SHARING, card):
        grant = granted(snapshot, source_person, Action.END_SHARING, card.schools)
    else:
        grant = granted(snapshot, source_person, Action.START_SHARING, card.schools, card.emergency)
    actor = actor_of(snapshot, source_person)
    alone = all(report.by_name == card.started_by_name for report in card.reports)
    if not card.was_taken and card.started_by == source_person and alone:
        return steps.end(card, reason, grant.clause, actor)
    limits = snapshot.names.limits(card.agreement)
    minutes = (limits.proposal_minutes if limits else 0) or MACHINE_MINUTES
    return steps.propose(card, minutes, grant, actor, reason)


def undo(person: str, activation_id: str) -> ActivationCard:
    """Take a stop back, within some seconds: it goes on under its old deadline.

    1. The law must grant `stop_sharing`. 2. Claim it: stopped a moment ago, and its deadline lies ahead.

    Raises:
        TooLate: then whoever may start it starts it again.
    """
    snapshot = facts.snapshot()
    known = (*snapshot.live, *visible.concerning(snapshot, person, snapshot.ended))
    card = next((c for c in known if c.id == activation_id), None)
    if card is None:
        raise UnknownActivation(
            _("Nothing was taken back."), _("There is no such sharing."), _("Open the page again.")
        )
    grant = granted(snapshot, person, Action.STOP_SHARING, (card.owner,))
    if card.is_live:
        return card
    if not card.can_undo(clock.now()):
        raise TooLate(
            _("The stop was not taken back."),
            _("That is possible for ten seconds. %s") % card.end_sentence,
            _("Start the sharing again if there is an emergency. Call 911."),
        )
    actor = actor_of(snapshot, person)
    what = Change("undo", card.id, clock.now(), actor, grant)
    return steps.change(card, what, lambda: activation.undo(card.id, grant, actor))


def stop(person: str, activation_id: str) -> ActivationCard:
    """The superintendent's stop: at once, whoever has the incident. 1. The law must grant `stop_sharing`. 2. End it."""
    snapshot = facts.snapshot()
    card = steps.live(snapshot, person, activation_id)
    grant = granted(snapshot, person, Action.STOP_SHARING, (card.owner,))
    return steps.end(card, "stop", grant.clause, actor_of(snapshot, person))


def stop_all(person: str) -> int:
    """End every sharing, every open invitation, request and event period, and every drill, of the owners whom the person may
    stop for. Returns how many ended.
    """
    snapshot = facts.snapshot()
    count = 0
    for card in snapshot.live:
        if isinstance(snapshot.answer(person, Action.STOP_SHARING, card.owner), Grant):
            stop(person, card.id)
            count += 1
    return count + asking.stop_all(person) + drills.stop_all(person)


def stop_person(person: str, viewer: str, owner: str) -> None:
    """End one person's viewing of this owner's cameras, until let back.

    1. The law must grant `stop_sharing`. 2. Write the stop; the gate cuts.
    """
    snapshot = facts.snapshot()
    grant = granted(snapshot, person, Action.STOP_SHARING, (owner,))
    if viewer not in snapshot.world.inventory.persons:
        raise NotFound(_("Nobody was stopped."), _("There is no such person."), _("Load the page again."))
    entry = _about(snapshot, "stop", grant, person, viewer)
    try:
        actions.stop_person(owner, viewer, person, entry)
    except UNWRITABLE:
        emergency_journal.stop_person(owner, viewer, person, entry)


def let_back(person: str, viewer: str, owner: str) -> bool:
    """Let a stopped person back. 1. The law must grant `stop_sharing`. 2. Lift the stop. False when there was none."""
    snapshot = facts.snapshot()
    grant = granted(snapshot, person, Action.STOP_SHARING, (owner,))
    if viewer not in snapshot.world.inventory.persons:
        return False
    try:
        return actions.let_back(owner, viewer, _about(snapshot, "stop_lifted", grant, person, viewer))
    except UNWRITABLE as fault:
        raise LogUnwritable(
            _("This was not done."),
            _("The record cannot be written now."),
            _("Try again when its disk has room."),
        ) from fault


def _about(snapshot: Snapshot, kind: str, grant: Grant, by: str, viewer: str) -> NewEntry:
    return NewEntry(
        type=kind,
        agreement=snapshot.names.agreement_slugs.get(grant.agreement, ""),
        policy=grant.policy_hash,
        clause=grant.clause,
        party=words.party_slug(snapshot, by),
        outcome="stopped" if kind == "stop" else "lifted",
        secret={
            "person": Secret(viewer, words.person_says(snapshot, viewer)),
            "text": Secret(by, words.person_says(snapshot, by)),
        },
    )


def end_due() -> list[str]:
    """End whatever fell due, also while the server was down, also while the database cannot be written.

    1. Deadlines that passed: reason `deadline`. 2. Proposed ends that dispatch left unanswered: reason `unanswered`.
    3. A kind that is over while another that somebody surely started still runs: the sharing goes on as that one.
    """
    due = [(card, reason) for card in facts.snapshot().live if (reason := card.due(clock.now()))]
    for card, reason in due:
        steps.end(card, reason, card.clause, None)
    for card in facts.snapshot().live:
        if life.lowered(card, clock.now()) is not None:
            steps.lapse(card)
    return [card.id for card, _reason in due]
