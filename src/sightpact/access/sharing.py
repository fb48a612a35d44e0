"""An emergency sharing's life as people act in it. Here: it is told, taken, extended. Its start is in `starting.py`, its end in
`ending.py`; all are had from here. Each asks the law, then calls the lower action; a full disk bars none of them.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from sightpact.access import facts, steps
from sightpact.access.ending import (
    all_clear,
    close,
    end_due,
    keep_open,
    let_back,
    propose_by_machine,
    stop,
    stop_all,
    stop_person,
    undo,
)
from sightpact.access.granted import actor_of, granted
from sightpact.access.journal_cards import Change
from sightpact.access.starting import WHY, confirm, dispute, report, start
from sightpact.access.steps import START_PATIENCE_S
from sightpact.activation import actions as activation
from sightpact.activation.errors import TooLate
from sightpact.activation.reads import ActivationCard
from sightpact.decide.facts import Action
from sightpact.ledger import clock


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
    steps.change(card, Change("told", card.id, clock.now(), actor), lambda: activation.told(card.id, actor))


def take(person: str, activation_id: str, device: str = "") -> ActivationCard:
    """Dispatch takes the incident; a second who tries learns who has it.

    1. The law must grant `take_incident` at its schools. 2. Claim it.
    """
    snapshot = facts.snapshot()
    card = steps.live(snapshot, person, activation_id)
    grant = granted(snapshot, person, Action.TAKE_INCIDENT, card.schools)
    actor = actor_of(snapshot, person, device)
    what = Change("take", card.id, clock.now(), actor, grant)
    return steps.change(card, what, lambda: activation.take(card.id, grant, actor))


def extend(person: str, activation_id: str, device: str = "") -> ActivationCard:
    """Dispatch holds an open incident: one step longer, at most to the agreement's cap.

    1. The law must grant `take_incident` at its schools. 2. It must be taken and confirmed, and its cap not reached.
    3. One step from the end of its kind that stands now: two clicks at once are one step.

    Raises:
        TooLate: says which of these is missing.
    """
    snapshot = facts.snapshot()
    card = steps.live(snapshot, person, activation_id)
    grant = granted(snapshot, person, Action.TAKE_INCIDENT, card.schools)
    limits = snapshot.names.limits(card.agreement)
    minutes = limits.extend_minutes if limits else 0
    if not minutes or not card.can_extend():
        raise TooLate(_("It was not extended."), *_why_not(card, minutes))
    actor, before = actor_of(snapshot, person, device), card.own_utc
    what = Change("extend", card.id, clock.now(), actor, grant, minutes=minutes, before=before)
    return steps.change(card, what, lambda: activation.extend(card.id, before, minutes, grant, actor))


def _why_not(card: ActivationCard, minutes: int) -> tuple[str, str]:
    again = _("If the emergency goes on when it ends, start it again. Call 911.")
    if card.unverified:
        return _("It is not confirmed yet."), _("Confirm it first: then it lasts as its kind does.")
    if not minutes or card.cap_utc is None:
        return _("The agreement lets nobody extend this kind of emergency."), again
    if card.own_utc >= card.cap_utc:
        return _("It already lasts as long as the agreement allows."), again
    return _("Nobody has taken the incident."), _("Take it first.")


__all__ = [
    "START_PATIENCE_S",
    "WHY",
    "all_clear",
    "close",
    "confirm",
    "dispute",
    "end_due",
    "extend",
    "keep_open",
    "let_back",
    "propose_by_machine",
    "report",
    "start",
    "stop",
    "stop_all",
    "stop_person",
    "take",
    "told",
    "undo",
]
