"""Starting an emergency sharing, telling of it and taking it. With `ends.py` and `goes_on.py` the only writers of `Activation`.

Each action takes the grant that allows it (from `decide`, by way of `access/`): without one it cannot be called.
Each is one transaction with its ledger entry, is idempotent, and claims by conditional UPDATE.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sightpact.activation import life, reads
from sightpact.activation.actions.ends import lapse
from sightpact.activation.actions.steps import append, must, secrets
from sightpact.activation.models import Activation, Report
from sightpact.activation.wish import Actor as Actor
from sightpact.activation.wish import Start as Start
from sightpact.decide.facts import Grant
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock, store
from sightpact.ledger.entries import NewEntry, Secret


@dataclass(frozen=True, slots=True)
class Started:
    activation: str
    created: bool  # False: the same start had been made, or it joined or widened one that was running there
    entry: int = -1  # ledger index of the start, where it was created


def start(
    wish: Start,
    grant: Grant,
    agreement_slug: str,
    actor: Actor,
    *,
    join: bool = True,
    ended: frozenset[str] = frozenset(),
) -> Started:
    """Begin sharing in an emergency.

    1. Take the ledger's writer lock, so that two starts cannot both believe they are first.
    2. The same key again: what that start began, joined or widened is the answer.
    3. One that runs at these schools: join it, or widen it where this kind is higher.
    4. Else store it with its one deadline, write `activation_start` and bump the situation epoch, in the same transaction.

    Args:
        join: False when it was acknowledged as a sharing of its own already (the reserved journal is replayed).
        ended: sharings whose end is so far only in the reserved journal: nothing joins them.
    """
    with transaction.atomic():
        store.take_writer_lock()
        same = reads.by_key(wish.key)
        if same is not None:
            return Started(same.id, created=False)
        live = [card for card in reads.live() if card.id not in ended] if join else []
        running = life.target(live, wish, grant.agreement, clock.now())
        if running is not None:
            return Started(join_to(running.id, wish, grant, actor).id, created=False)
        text = Secret(wish.word_of, wish.word_of_name) if wish.word_of else None
        entry = NewEntry(
            type="activation_start",
            agreement=agreement_slug,
            policy=grant.policy_hash,
            clause=grant.clause,
            party=actor.party,
            emergency=wish.emergency,
            outcome="started",
            reason_code=wish.unverified or wish.source,
            secret=secrets(actor, wish.id, wish.schools, wish.school_names, text),
        )
        (receipt,) = ledger.append([entry], bump="situation")
        row = Activation.objects.create(
            id=uuid.UUID(wish.id),
            owner_id=wish.owner,
            agreement_id=grant.agreement,
            emergency=wish.emergency,
            clause=wish.clause,
            level=wish.level,
            started_by_id=actor.person,
            source=wish.source,
            idempotency_key=wish.key,
            verified=not wish.unverified,
            unverified=wish.unverified,
            word_of_id=wish.word_of or None,
            started_utc=wish.started_utc,
            deadline_utc=wish.deadline_utc,
            full_utc=wish.full_utc,
            cap_utc=wish.cap_utc,
            entry=receipt.index,
        )
        at = Activation.schools.through
        at.objects.bulk_create([at(activation_id=row.pk, school_id=uuid.UUID(id)) for id in wish.schools])
        _store_report(wish.id, wish, actor, life.STARTED)
        return Started(wish.id, created=True, entry=receipt.index)


def join_to(activation_id: str, wish: Start, grant: Grant, actor: Actor) -> reads.ActivationCard:
    """A start that meets a running sharing: recorded there; what is higher widens it, what is sure confirms it.

    1. The same key again changes nothing. 2. Claim: one that has ended is joined by nobody, and a kind that is over is
    over first. 3. Store who reported what. 4. Write `activation_joined` or `activation_widened`, and `activation_confirmed`
    where it confirms.
    """
    with transaction.atomic():
        store.take_writer_lock()
        card = must(activation_id)
        if Report.objects.filter(idempotency_key=wish.key).exists() or not card.is_live:
            return card
        card = lapse(activation_id, at=wish.started_utc)
        what = life.outcome(card, wish)
        after = life.joined(card, wish, actor.name)
        values = {
            "emergency": after.emergency,
            "clause": after.clause,
            "level": after.level,
            "verified": after.verified,
            "unverified": after.unverified,
            "word_of_id": after.word_of,
            "deadline_utc": after.deadline_utc,
            "full_utc": after.full_utc,
            "cap_utc": after.cap_utc,
            "widened_from": after.widened_from,
            "widened_utc": after.widened_utc,
            "confirmed_utc": after.confirmed_utc,
            "end_proposed_by_id": None,
            "end_proposed_reason": "",
            "end_proposed_utc": None,
            "end_due_utc": None,
        }
        if what == life.WIDENED:
            anew = ("told_to_id", "told_utc", "taken_by_id", "taken_utc", "confirmed_by_id")
            values |= dict.fromkeys(anew)
        elif life.confirms(card, wish):
            values |= {"confirmed_by_id": actor.person}
        Activation.objects.filter(pk=activation_id, ended_utc__isnull=True).update(**values)
        _store_report(activation_id, wish, actor, what)
        _prolong(after)
        append(
            f"activation_{what}",
            activation_id,
            actor,
            what,
            clause=grant.clause,
            reason=wish.unverified or wish.source,
            emergency=wish.emergency,
            text=Secret(wish.word_of, wish.word_of_name) if wish.word_of else None,
        )
        if what == life.JOINED and life.confirms(card, wish):
            append("activation_confirmed", activation_id, actor, "confirmed", clause=grant.clause)
        return must(activation_id)


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
            append("activation_told", activation_id, actor, "told")
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
        ).update(taken_by_id=actor.person, taken_utc=at or clock.now(), was_taken=True)
        if claimed:
            append("activation_take", activation_id, actor, "taken", clause=grant.clause)
        return must(activation_id)


def confirm(
    activation_id: str, grant: Grant, actor: Actor, *, at: datetime | None = None
) -> reads.ActivationCard:
    """Somebody says that what was reported is so: from now on it lasts as its kind does.

    1. Claim: of one that runs and waits for it. 2. Its own deadline counts. 3. Write `activation_confirmed`.
    """
    with transaction.atomic():
        now, card = at or clock.now(), must(activation_id)
        after = life.confirmed(card, now, actor.name)
        claimed = (
            Activation.objects.filter(pk=activation_id, ended_utc__isnull=True)
            .exclude(unverified="")
            .update(
                verified=True,
                unverified="",
                confirmed_by_id=actor.person,
                confirmed_utc=now,
                full_utc=None,
                deadline_utc=after.deadline_utc,
            )
        )
        if claimed:
            _prolong(after)
            append("activation_confirmed", activation_id, actor, "confirmed", clause=grant.clause)
        return must(activation_id)


def extend(
    activation_id: str,
    before_utc: datetime,
    minutes: int,
    grant: Grant,
    actor: Actor,
    *,
    at: datetime | None = None,
) -> reads.ActivationCard:
    """Dispatch holds an open incident: its kind one step longer, at most to that kind's cap.

    1. Claim: it runs, is taken and sure, and its kind's end is still the one that was seen: two clicks are one step.
    2. Write `activation_extended`.

    Args:
        before_utc: when its kind ended (`own_utc`), as whoever extends it was shown.
        minutes: the agreement's step.
    """
    with transaction.atomic():
        store.take_writer_lock()
        now, card = at or clock.now(), must(activation_id)
        after = life.extended(card, minutes, now)
        claimed = after.own_utc > before_utc == card.own_utc and Activation.objects.filter(
            pk=activation_id,
            ended_utc__isnull=True,
            taken_by__isnull=False,
            unverified="",
            deadline_utc=card.deadline_utc,
        ).update(deadline_utc=after.deadline_utc, extended_by_id=actor.person, extended_utc=now)
        if claimed:
            _prolong(after)
            append("activation_extended", activation_id, actor, "extended", clause=grant.clause)
        return must(activation_id)


def _store_report(activation_id: str, wish: Start, actor: Actor, outcome: str) -> None:
    Report.objects.create(
        activation_id=activation_id,
        idempotency_key=wish.key,
        emergency=wish.emergency,
        outcome=outcome,
        source=wish.source,
        by_id=actor.person,
        at_utc=wish.started_utc,
        until_utc=wish.deadline_utc,
        level=wish.level,
        clause=wish.clause,
        unverified=wish.unverified,
        cap_utc=wish.cap_utc,
        word_of_id=wish.word_of or None,
    )


def _prolong(after: reads.ActivationCard) -> None:
    """The sharing's own kind counts as long, and as surely, as `after` says."""
    mine = Report.objects.filter(activation_id=after.id, emergency=after.emergency)
    mine.filter(until_utc__lt=after.own_utc).update(until_utc=after.own_utc)
    if not after.unverified:
        mine.update(unverified="")
