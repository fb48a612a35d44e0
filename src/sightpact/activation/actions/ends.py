"""Ending an emergency sharing, proposing that, and taking a stop back. Never: a sharing that ends without its entry."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from sightpact.activation import life, reads
from sightpact.activation.actions.steps import append, must
from sightpact.activation.models import Activation, Report
from sightpact.activation.reasons import ENDS
from sightpact.activation.wish import Actor
from sightpact.decide.facts import Grant
from sightpact.ledger import clock, store


def propose_end(
    activation_id: str,
    minutes: int,
    grant: Grant,
    actor: Actor,
    *,
    reason: str = "",
    at: datetime | None = None,
) -> reads.ActivationCard:
    """The school, or a machine, says that it is over while dispatch has it: dispatch confirms, or it ends after `minutes`.

    1. Claim the proposal; a second one changes nothing.
    2. Write `activation_end` with outcome `proposed`.

    Args:
        reason: what it would end for: mistake, incident_closed; "" for all clear.
    """
    with transaction.atomic():
        now = at or clock.now()
        claimed = Activation.objects.filter(
            pk=activation_id, ended_utc__isnull=True, end_proposed_utc__isnull=True
        ).update(
            end_proposed_by_id=actor.person,
            end_proposed_reason=reason,
            end_proposed_utc=now,
            end_due_utc=now + timedelta(minutes=minutes),
        )
        if claimed:
            append("activation_end", activation_id, actor, "proposed", clause=grant.clause, reason=reason)
        return must(activation_id)


def keep_open(activation_id: str, grant: Grant, actor: Actor) -> reads.ActivationCard:
    """Dispatch answers a proposed end with no.

    1. Withdraw the proposal.
    2. Write `activation_end` with outcome `kept_open`.
    """
    with transaction.atomic():
        claimed = Activation.objects.filter(
            pk=activation_id, ended_utc__isnull=True, end_proposed_utc__isnull=False
        ).update(end_proposed_by=None, end_proposed_reason="", end_proposed_utc=None, end_due_utc=None)
        if claimed:
            append("activation_end", activation_id, actor, "kept_open", clause=grant.clause)
        return must(activation_id)


def end(
    activation_id: str, reason: str, clause: str, actor: Actor | None, *, at: datetime | None = None
) -> reads.ActivationCard:
    """End it, now.

    1. A dispute by whose word it was withdraws that word only, where the report stands on something else as well. Where it does
       not, and somebody surely started a lower kind, only what was disputed is over: it goes on as that one.
    2. Claim the end: whoever is second changes nothing and learns how it ended. A time ends it only if it still counts:
       dispatch may have extended it a moment ago.
    3. A stop can be taken back for some seconds.
    4. Write `activation_end` and bump the situation epoch: the gate cuts.

    Args:
        reason: a key of reasons.ENDS.
        actor: None when a time ended it.
    """
    if reason not in ENDS:
        raise ValueError(f"{reason!r} is not a way for a sharing to end")
    with transaction.atomic():
        store.take_writer_lock()
        now, card = at or clock.now(), must(activation_id)
        if reason == "disputed" and life.still_ends(card, reason, now):
            left = life.disputed(card, actor.person if actor else "", now)
            if left is not None:
                return _withdraw(card, left, now, clause, actor)
            lower = life.lowered(card, now, disputed=True)
            if lower is not None:
                return _lower(card, lower, reason, now, clause, actor)
        still = {  # as life.still_ends has it
            "deadline": Q(deadline_utc__lte=now),
            "unanswered": Q(end_due_utc__lte=now),
            "disputed": ~Q(unverified=""),
        }
        claimed = Activation.objects.filter(
            still.get(reason, Q()), pk=activation_id, ended_utc__isnull=True
        ).update(
            ended_by_id=actor.person if actor else None,
            ended_utc=now,
            end_reason=reason,
            undo_until_utc=life.undo_until(reason, now),
        )
        if claimed:
            append("activation_end", activation_id, actor, "ended", clause=clause, reason=reason)
        return must(activation_id)


def lapse(activation_id: str, *, at: datetime | None = None) -> reads.ActivationCard:
    """The kind that it names is over, and another that somebody surely started still runs: it goes on as that one.

    1. Only where that is so at this time. 2. Its section, level, cap and deadline are those of what still runs.
    3. Write `activation_end` with outcome `lowered`.
    """
    with transaction.atomic():
        store.take_writer_lock()
        now, card = at or clock.now(), must(activation_id)
        lower = life.lowered(card, now)
        return card if lower is None else _lower(card, lower, "deadline", now)


def _withdraw(
    card: reads.ActivationCard, left: reads.ActivationCard, at: datetime, clause: str, actor: Actor | None
) -> reads.ActivationCard:
    if left == card or actor is None:
        return card
    Activation.objects.filter(pk=card.id, ended_utc__isnull=True).update(
        unverified=left.unverified, word_of_id=left.word_of
    )
    own = Report.objects.filter(activation_id=card.id, emergency=card.emergency, word_of__id=actor.person)
    mine = own.exclude(unverified="")
    mine.filter(until_utc__gt=at).update(until_utc=at)
    mine.update(outcome=life.DISPUTED)
    append("activation_end", card.id, actor, "word_disputed", clause=clause, reason="disputed")
    return must(card.id)


def _lower(
    card: reads.ActivationCard,
    lower: reads.ActivationCard,
    reason: str,
    at: datetime,
    clause: str = "",
    actor: Actor | None = None,
) -> reads.ActivationCard:
    Activation.objects.filter(pk=card.id, ended_utc__isnull=True).update(
        emergency=lower.emergency,
        clause=lower.clause,
        level=lower.level,
        verified=lower.verified,
        unverified=lower.unverified,
        word_of_id=lower.word_of,
        confirmed_by_id=None,
        confirmed_utc=lower.confirmed_utc,
        deadline_utc=lower.deadline_utc,
        full_utc=lower.full_utc,
        cap_utc=lower.cap_utc,
        widened_from=lower.widened_from,
    )
    over = Report.objects.filter(activation_id=card.id, emergency=card.emergency, until_utc__gt=at)
    over.update(until_utc=at)
    append(
        "activation_end", card.id, actor, "lowered", clause=clause, reason=reason, emergency=card.emergency
    )
    return must(card.id)


def undo(
    activation_id: str, grant: Grant, actor: Actor, *, at: datetime | None = None
) -> reads.ActivationCard:
    """Take a stop back: it goes on under its old deadline.

    1. Claim: it was stopped a moment ago, and its deadline lies ahead. 2. Write `activation_undone`; the gate admits again.
    """
    with transaction.atomic():
        now = at or clock.now()
        claimed = Activation.objects.filter(
            pk=activation_id, end_reason="stop", undo_until_utc__gt=now, deadline_utc__gt=now
        ).update(ended_by_id=None, ended_utc=None, end_reason="", undo_until_utc=None)
        if claimed:
            append("activation_undone", activation_id, actor, "undone", clause=grant.clause)
        return must(activation_id)


def end_due() -> list[str]:
    """End whatever fell due, also while the server was down.

    1. Deadlines that passed: reason `deadline`.
    2. Proposed ends that dispatch left unanswered: reason `unanswered`.
    """
    due = [(card, reason) for card in reads.live() if (reason := card.due(clock.now()))]
    for card, reason in due:
        end(card.id, reason, card.clause, None)
    return [card.id for card, _reason in due]
