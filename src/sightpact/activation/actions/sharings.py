"""Starting, taking and ending an emergency sharing. The only writer of `Activation`.

Each action takes the grant that allows it (from `decide`, by way of `access/sharing.py`): without one it cannot be called.
Each is one transaction with its ledger entry, is idempotent, and claims by conditional UPDATE.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from sightpact.activation import reads
from sightpact.activation.errors import UnknownActivation
from sightpact.activation.models import Activation
from sightpact.activation.reasons import ENDS
from sightpact.cameras.models import School
from sightpact.decide.facts import Grant
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock, store
from sightpact.ledger.entries import NewEntry, Secret


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the record will say it."""

    person: str  # person id
    says: str  # "Pia Marsh, principal, Lakeview Unified School District"
    party: str  # party slug, in clear
    device: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """Everything that a start is made of, so that it can be journalled and replayed as it was."""

    id: str
    key: str  # idempotency key
    owner: str  # party id
    schools: tuple[str, ...]
    school_names: tuple[str, ...]
    emergency: str
    clause: str  # the section that it opens
    source: str
    minutes: int
    started_utc: datetime


@dataclass(frozen=True, slots=True)
class Started:
    activation: str
    created: bool  # False: the same start had been made, or one of this kind was running there


def start(wish: Start, grant: Grant, agreement_slug: str, actor: Actor, *, join: bool = True) -> Started:
    """Begin sharing in an emergency.

    1. Take the ledger's writer lock, so that two starts cannot both believe they are first.
    2. The same key again, or the same kind running for all these schools: that one is the answer (the second presser joins).
    3. Store it with its one deadline.
    4. Write `activation_start` and bump the situation epoch, in the same transaction.

    Args:
        join: False when it was acknowledged as a sharing of its own already (the reserved journal is replayed).
    """
    with transaction.atomic():
        store.take_writer_lock()
        same = reads.by_key(wish.key) or (_running(wish) if join else None)
        if same is not None:
            return Started(same.id, created=False)
        entry = NewEntry(
            type="activation_start",
            agreement=agreement_slug,
            policy=grant.policy_hash,
            clause=grant.clause,
            party=actor.party,
            emergency=wish.emergency,
            outcome="started",
            reason_code=wish.source,
            secret=_secrets(actor, wish.id, wish.schools, wish.school_names),
        )
        (receipt,) = ledger.append([entry], bump="situation")
        row = Activation.objects.create(
            id=uuid.UUID(wish.id),
            owner_id=wish.owner,
            agreement_id=grant.agreement,
            emergency=wish.emergency,
            clause=wish.clause,
            started_by_id=actor.person,
            source=wish.source,
            idempotency_key=wish.key,
            started_utc=wish.started_utc,
            deadline_utc=wish.started_utc + timedelta(minutes=wish.minutes),
            entry=receipt.index,
        )
        row.schools.set(School.objects.filter(pk__in=wish.schools))
        return Started(wish.id, created=True)


def told(activation_id: str, actor: Actor, *, at: datetime | None = None) -> bool:
    """Note that the agency's first screen showed it.

    1. Claim: only the first screen counts.
    2. Write `activation_told`.

    Args:
        at: when it was, if not now (as also below).
    """
    with transaction.atomic():
        now = at or clock.now()
        claimed = Activation.objects.filter(
            pk=activation_id, told_utc__isnull=True, ended_utc__isnull=True
        ).update(told_to_id=actor.person, told_utc=now)
        if claimed:
            _append("activation_told", activation_id, actor, "told")
        return bool(claimed)


def take(
    activation_id: str, grant: Grant, actor: Actor, *, at: datetime | None = None
) -> reads.ActivationCard:
    """Dispatch takes the incident.

    1. Claim it: the first who takes has it; a second learns who.
    2. Write `activation_take`.
    """
    with transaction.atomic():
        claimed = Activation.objects.filter(
            pk=activation_id, taken_by__isnull=True, ended_utc__isnull=True
        ).update(taken_by_id=actor.person, taken_utc=at or clock.now())
        if claimed:
            _append("activation_take", activation_id, actor, "taken", clause=grant.clause)
        return _must(activation_id)


def propose_end(
    activation_id: str, minutes: int, grant: Grant, actor: Actor, *, at: datetime | None = None
) -> reads.ActivationCard:
    """The school says all clear while dispatch has the incident: dispatch confirms, or it ends after `minutes`.

    1. Claim the proposal; a second one changes nothing.
    2. Write `activation_end` with outcome `proposed`.
    """
    with transaction.atomic():
        now = at or clock.now()
        claimed = Activation.objects.filter(
            pk=activation_id, ended_utc__isnull=True, end_proposed_utc__isnull=True
        ).update(
            end_proposed_by_id=actor.person,
            end_proposed_utc=now,
            end_due_utc=now + timedelta(minutes=minutes),
        )
        if claimed:
            _append("activation_end", activation_id, actor, "proposed", clause=grant.clause)
        return _must(activation_id)


def keep_open(activation_id: str, grant: Grant, actor: Actor) -> reads.ActivationCard:
    """Dispatch answers a proposed end with no.

    1. Withdraw the proposal.
    2. Write `activation_end` with outcome `kept_open`.
    """
    with transaction.atomic():
        claimed = Activation.objects.filter(
            pk=activation_id, ended_utc__isnull=True, end_proposed_utc__isnull=False
        ).update(end_proposed_by=None, end_proposed_utc=None, end_due_utc=None)
        if claimed:
            _append("activation_end", activation_id, actor, "kept_open", clause=grant.clause)
        return _must(activation_id)


def end(
    activation_id: str, reason: str, clause: str, actor: Actor | None, *, at: datetime | None = None
) -> reads.ActivationCard:
    """End it, now.

    1. Claim the end: whoever is second changes nothing and learns how it ended.
    2. Write `activation_end` and bump the situation epoch: the gate cuts.

    Args:
        reason: a key of reasons.ENDS.
        actor: None when a time ended it.
    """
    if reason not in ENDS:
        raise ValueError(f"{reason!r} is not a way for a sharing to end")
    with transaction.atomic():
        claimed = Activation.objects.filter(pk=activation_id, ended_utc__isnull=True).update(
            ended_by_id=actor.person if actor else None, ended_utc=at or clock.now(), end_reason=reason
        )
        if claimed:
            _append("activation_end", activation_id, actor, "ended", clause=clause, reason=reason)
        return _must(activation_id)


def end_due() -> list[str]:
    """End whatever fell due, also while the server was down.

    1. Deadlines that passed: reason `deadline`.
    2. Proposed ends that dispatch left unanswered: reason `unanswered`.
    """
    due = [(card, reason) for card in reads.live() if (reason := card.due(clock.now()))]
    for card, reason in due:
        end(card.id, reason, card.clause, None)
    return [card.id for card, _reason in due]


def _append(
    kind: str, activation_id: str, actor: Actor | None, outcome: str, *, clause: str = "", reason: str = ""
) -> None:
    card = _must(activation_id)
    secret = _secrets(actor, card.id, card.schools, card.school_names)
    entry = NewEntry(
        type=kind,
        agreement=_slug(activation_id),
        clause=clause or card.clause,
        party=actor.party if actor else "",
        emergency=card.emergency,
        outcome=outcome,
        reason_code=reason,
        ref=card.entry,
        secret=secret,
    )
    ledger.append([entry], bump="situation")


def _secrets(
    actor: Actor | None, activation_id: str, schools: tuple[str, ...], names: tuple[str, ...]
) -> dict[str, Secret]:
    secret = {
        "situation": Secret(activation_id, activation_id),
        "school": Secret(schools[0] if len(schools) == 1 else "", ", ".join(names)),
    }
    if actor is not None:
        secret["person"] = Secret(actor.person, actor.says)
        if actor.device:
            secret["device"] = Secret("", actor.device)
    return secret


def _running(wish: Start) -> reads.ActivationCard | None:
    now = clock.now()
    for card in reads.live():
        if (
            card.emergency == wish.emergency
            and set(card.schools) >= set(wish.schools)
            and card.deadline_utc > now
        ):
            return card
    return None


def _slug(activation_id: str) -> str:
    return Activation.objects.values_list("agreement__slug", flat=True).get(pk=activation_id)


def _must(activation_id: str) -> reads.ActivationCard:
    card = reads.card(activation_id)
    if card is None:
        raise UnknownActivation(
            "There is no such emergency sharing.", "Its number is not known here.", "Open the page again."
        )
    return card
