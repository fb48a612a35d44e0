"""Emergency sharing as people do it: start, take, all clear, mistake, stop. Asks the law, then calls the lower action.

A start that the database cannot take goes to the reserved journal: it is never lost, and it counts at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.utils.translation import gettext as _

from sightpact.access import actions, asking, drills, emergency_journal, facts, visible, words
from sightpact.access.errors import UNWRITABLE, LogUnwritable, NotFound, Refused
from sightpact.access.facts import Snapshot
from sightpact.access.granted import actor_of, granted
from sightpact.access.journal_cards import Change
from sightpact.access.patience import patience
from sightpact.activation import actions as activation
from sightpact.activation import reads as activation_reads
from sightpact.activation.actions import Actor, Start
from sightpact.activation.errors import AlreadyEnded, UnknownActivation
from sightpact.activation.reads import ActivationCard
from sightpact.decide.facts import Action, Grant
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret

START_PATIENCE_S = 1.0  # how long a start waits for other writers before the reserved journal takes it


def start(
    person: str, schools: tuple[str, ...], emergency: str, key: str, source: str = "switch", device: str = ""
) -> ActivationCard:
    """Start sharing in an emergency. No sign-in is asked for: `person` is who enrolled the device.

    1. The law must grant it for each school; a refusal is recorded and raised.
    2. Length and opening section come from the agreement that grants it.
    3. Start it (idempotent by `key`; a second presser joins the first).
    4. If the database cannot be written: the reserved journal takes it, and it counts just so.

    Raises:
        Refused: says which section is missing.
    """
    snapshot = facts.snapshot()
    grant = granted(snapshot, person, Action.START_SHARING, schools, emergency)
    kind = snapshot.names.kind(grant.agreement, emergency)
    if kind is None:
        raise Refused(
            _("This kind of emergency is not in the agreement."),
            _("The agreement does not list “%(kind)s”.") % {"kind": emergency},
            _("Choose another kind. Call 911."),
        )
    wish = Start(
        id=str(uuid.uuid4()),
        key=key,
        owner=snapshot.world.inventory.schools[schools[0]].owner,
        schools=schools,
        school_names=tuple(snapshot.names.schools[school].name for school in schools),
        emergency=emergency,
        clause=kind.clause,
        source=source,
        minutes=kind.minutes,
        started_utc=clock.now(),
    )
    actor, slug = actor_of(snapshot, person, device), snapshot.names.agreement_slugs[grant.agreement]
    again = emergency_journal.same(wish) or _made_before(wish)
    if again is not None:
        return again
    try:
        with patience(START_PATIENCE_S):
            started = activation.start(wish, grant, slug, actor)
    except UNWRITABLE:
        return emergency_journal.start(wish, grant, slug, actor)
    if not started.created and emergency_journal.has_ended(started.activation):
        return emergency_journal.start(
            wish, grant, slug, actor
        )  # it joined one whose end is not yet in the database
    drills.pre_empt(schools)
    return _card(started.activation)


def _made_before(wish: Start) -> ActivationCard | None:
    """What this very press made before, as it stands now: its end may so far be in the reserved journal only."""
    try:
        stored = activation_reads.by_key(wish.key)
    except UNWRITABLE:
        return None
    return next((c for c in facts.journalled.cards if stored and c.id == stored.id), stored)


def told(person: str, activation_id: str) -> None:
    """The first screen of the agency showed it: the third tick at the switch.

    1. Only a member of an agency that the agreement lets in counts. 2. Note it once.
    """
    snapshot = facts.snapshot()
    card = next((live for live in snapshot.live if live.id == activation_id), None)
    if card is None or card.told_utc is not None:
        return
    inventory = snapshot.world.inventory
    agreement = next((each for each in inventory.agreements if each.id == card.agreement), None)
    let_in = agreement.parties - {card.owner} if agreement else frozenset()
    if not any(party in let_in for party, _role in inventory.persons[person].roles):
        return
    actor = actor_of(snapshot, person)
    _change(card, Change("told", card.id, clock.now(), actor), lambda: activation.told(card.id, actor))


def take(person: str, activation_id: str, device: str = "") -> ActivationCard:
    """Dispatch takes the incident; a second who tries learns who has it.

    1. The law must grant `take_incident` at its schools. 2. Claim it.
    """
    snapshot = facts.snapshot()
    card = _live(snapshot, person, activation_id)
    grant = granted(snapshot, person, Action.TAKE_INCIDENT, card.schools)
    actor = actor_of(snapshot, person, device)
    what = Change("take", card.id, clock.now(), actor, grant)
    return _change(card, what, lambda: activation.take(card.id, grant, actor))


def all_clear(person: str, activation_id: str, reason: str = "all_clear", device: str = "") -> ActivationCard:
    """Say that it is over (or was a mistake).

    1. The law must grant `end_sharing` at its schools.
    2. Who may take the incident, or anybody before it is taken: it ends now.
    3. The school, once dispatch has it: it proposes, when the agreement says so; dispatch confirms, or it ends after the
       agreement's minutes.
    """
    snapshot = facts.snapshot()
    card = _live(snapshot, person, activation_id)
    grant = granted(snapshot, person, Action.END_SHARING, card.schools)
    actor = actor_of(snapshot, person, device)
    dispatch = all(
        isinstance(snapshot.answer(person, Action.TAKE_INCIDENT, school), Grant) for school in card.schools
    )
    limits = snapshot.names.limits(card.agreement)
    if card.taken_by is not None and not dispatch and limits is not None and limits.once_taken == "proposes":
        minutes = limits.proposal_minutes
        what = Change("propose", card.id, clock.now(), actor, grant, minutes=minutes)
        return _change(card, what, lambda: activation.propose_end(card.id, minutes, grant, actor))
    return _end(card, reason, grant.clause, actor)


def keep_open(person: str, activation_id: str) -> ActivationCard:
    """Dispatch declines a proposed end. 1. The law must grant `take_incident`. 2. Withdraw the proposal."""
    snapshot = facts.snapshot()
    card = _live(snapshot, person, activation_id)
    grant = granted(snapshot, person, Action.TAKE_INCIDENT, card.schools)
    actor = actor_of(snapshot, person)
    what = Change("keep_open", card.id, clock.now(), actor, grant)
    return _change(card, what, lambda: activation.keep_open(card.id, grant, actor))


def stop(person: str, activation_id: str) -> ActivationCard:
    """The superintendent's stop: at once, whoever has the incident. 1. The law must grant `stop_sharing`. 2. End it."""
    snapshot = facts.snapshot()
    card = _live(snapshot, person, activation_id)
    grant = granted(snapshot, person, Action.STOP_SHARING, (card.owner,))
    return _end(card, "stop", grant.clause, actor_of(snapshot, person))


def stop_all(person: str) -> int:
    """End every sharing, and every open invitation, request and event period, of the owners whom the person may stop for."""
    snapshot = facts.snapshot()
    count = 0
    for card in snapshot.live:
        if isinstance(snapshot.answer(person, Action.STOP_SHARING, card.owner), Grant):
            stop(person, card.id)
            count += 1
    return count + asking.stop_all(person)


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
    """
    due = [(card, reason) for card in facts.snapshot().live if (reason := card.due(clock.now()))]
    for card, reason in due:
        _end(card, reason, card.clause, None)
    return [card.id for card, _reason in due]


def _end(card: ActivationCard, reason: str, clause: str, actor: Actor | None) -> ActivationCard:
    what = Change("end", card.id, clock.now(), actor, reason=reason, clause=clause)
    return _change(card, what, lambda: activation.end(card.id, reason, clause, actor))


def _change(card: ActivationCard, what: Change, write: Callable[[], ActivationCard | bool]) -> ActivationCard:
    """Change a sharing: in the database; in the reserved journal when that cannot be, or when it stands there already."""
    if not emergency_journal.holds(card.id):
        try:
            with patience(START_PATIENCE_S):
                write()
            return _card(card.id)
        except UNWRITABLE:
            pass
    return emergency_journal.change(card, what)


def _live(snapshot: Snapshot, person: str, activation_id: str) -> ActivationCard:
    for card in snapshot.live:
        if card.id == activation_id:
            return card
    for card in visible.concerning(snapshot, person, snapshot.ended):
        if card.id == activation_id:
            raise AlreadyEnded(
                _("This sharing has ended."), card.end_sentence, _("Start again if there is an emergency.")
            )
    raise UnknownActivation(
        _("There is no such sharing."), _("Its number is not known here."), _("Open the page again.")
    )


def _card(activation_id: str) -> ActivationCard:
    found = activation_reads.card(activation_id)
    if found is None:
        raise UnknownActivation(
            _("There is no such sharing."), _("It is not stored."), _("Start again. Call 911.")
        )
    return found
