"""Asking, answering, opening and ending: invitations, requests, event periods. The only writer of `Asking`.

Each action takes the grant that allows it (from `decide`, by way of `access/asking.py`); what time does takes none. Each is one
transaction with its one ledger entry, is idempotent, and claims by conditional UPDATE. Every one gets an entry `ended`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from django.db import transaction
from django.db.models import QuerySet

from sightpact.activation import askings
from sightpact.activation.actions.sharings import Actor
from sightpact.activation.asking_words import ENDS
from sightpact.activation.askings import AskingCard
from sightpact.activation.errors import UnknownAsking
from sightpact.activation.models import Asking
from sightpact.cameras.models import Camera, School
from sightpact.decide.facts import Grant
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock, store
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people.models import Person

MOST_SAID = 2000  # characters of names in one entry


@dataclass(frozen=True, slots=True)
class Wish:
    """Everything that an asking is made of."""

    key: str  # idempotency key
    kind: str  # invitation, request, window
    owner: str  # party id
    clause: str
    schools: tuple[str, ...]
    school_names: tuple[str, ...]
    cameras: tuple[str, ...]  # none: all that the section opens there
    reason: str
    minutes: int
    purpose: str = ""
    incident: str = ""
    opens_utc: datetime | None = None  # a window
    answer_due_utc: datetime | None = None  # None: an invitation, which nobody answers
    unanswered: str = ""
    escalate_utc: datetime | None = None  # a request: when the second line is asked, if there is one


@dataclass(frozen=True, slots=True)
class Asked:
    asking: str
    created: bool  # False: the same had been asked before


def ask(wish: Wish, grant: Grant, agreement_slug: str, actor: Actor) -> Asked:
    """Invite, request, or plan an event period.

    1. Take the ledger's writer lock. 2. The same key again is the same asking.
    3. Store it. An invitation is open at once, with its one deadline; an event period has its instants; a request waits.
    4. Write its entry (`opened` or `asked`) and bump the situation epoch, in the same transaction.
    """
    with transaction.atomic():
        store.take_writer_lock()
        same = askings.by_key(wish.key)
        if same is not None:
            return Asked(same.id, created=False)
        now, invited = clock.now(), wish.answer_due_utc is None
        number = uuid.uuid4()
        begins = now if invited else wish.opens_utc
        entry = NewEntry(
            type=wish.kind,
            agreement=agreement_slug,
            policy=grant.policy_hash,
            clause=grant.clause,
            party=actor.party,
            outcome="opened" if invited else "asked",
            secret=_secrets(actor, str(number), wish.schools, wish.school_names, _text(wish)),
        )
        (receipt,) = ledger.append([entry], bump="situation")
        row = Asking.objects.create(
            id=number,
            kind=wish.kind,
            owner_id=wish.owner,
            agreement_id=grant.agreement,
            clause=wish.clause,
            purpose=wish.purpose,
            reason=wish.reason,
            incident=wish.incident,
            asked_by_id=actor.person,
            asked_utc=now,
            idempotency_key=wish.key,
            minutes=wish.minutes,
            opens_utc=begins,
            answer_due_utc=wish.answer_due_utc,
            unanswered=wish.unanswered,
            escalate_utc=wish.escalate_utc,
            decision="approved" if invited else "",
            opened_utc=now if invited else None,
            deadline_utc=begins + timedelta(minutes=wish.minutes) if begins else None,
            entry=receipt.index,
        )
        row.schools.set(School.objects.filter(pk__in=wish.schools))
        row.cameras.set(Camera.objects.filter(pk__in=wish.cameras))
        return Asked(str(number), created=True)


def approve(asking_id: str, grant: Grant, actor: Actor) -> AskingCard:
    """Say yes. The first answer counts; one that comes after its time, or from whoever asked, changes nothing.

    1. Claim the answer. A request is open from now; an event period opens by itself when it begins.
    2. Write `approved`.
    """
    with transaction.atomic():
        card, now = _must(asking_id), clock.now()
        opening = {} if card.opens_utc else {"opened_utc": now, "deadline_utc": card.opened_until(now)}
        claimed = _answerable(asking_id, now, actor).update(
            decision="approved", decided_by_id=actor.person, decided_utc=now, **opening
        )
        if claimed:
            _append(asking_id, actor, "approved", grant.clause, policy=grant.policy_hash)
        return _must(asking_id)


def refuse(asking_id: str, grant: Grant, actor: Actor) -> AskingCard:
    """Say no. 1. Claim the answer, which is also its end. 2. Write `ended`, reason `refused`."""
    with transaction.atomic():
        now = clock.now()
        claimed = _answerable(asking_id, now, actor).update(
            decision="refused",
            decided_by_id=actor.person,
            decided_utc=now,
            ended_by_id=actor.person,
            ended_utc=now,
            end_reason="refused",
        )
        if claimed:
            _append(asking_id, actor, "ended", grant.clause, "refused", policy=grant.policy_hash)
        return _must(asking_id)


def escalate(asking_id: str, to: Mapping[str, str]) -> AskingCard:
    """Pass a request that the first line left unanswered on to the second, once.

    1. Claim it, if it is time and nobody answered. 2. Keep whom it goes to; write `escalated` with their names.

    Args:
        to: person id -> name; empty: nobody of the second line is there, and the record says so.
    """
    with transaction.atomic():
        card, now = _must(asking_id), clock.now()
        if not card.to_escalate(now):
            return card
        claimed = Asking.objects.filter(
            pk=asking_id, decision="", ended_utc=None, escalated_utc=None, answer_due_utc__gt=now
        ).update(escalated_utc=now)
        if claimed:
            Asking.objects.get(pk=asking_id).escalated_to.set(Person.objects.filter(pk__in=to))
            _append(asking_id, None, "escalated", card.clause, text=_listed(to.values()))
        return _must(asking_id)


def open_due(asking_id: str) -> AskingCard:
    """Open what opens by itself: an event period that begins, a request that nobody answered where the section then opens.

    1. Claim it, if it is due by its own instants. 2. Write `opened`, with reason `unanswered` for the latter.
    """
    with transaction.atomic():
        card, now = _must(asking_id), clock.now()
        if card.due(now) != "open":
            return card
        unanswered = not card.decision
        by_right = card.answer_due_utc if unanswered else card.opens_utc
        assert by_right is not None
        claimed = Asking.objects.filter(
            pk=asking_id, ended_utc=None, opened_utc=None, decision=card.decision
        ).update(
            opened_utc=now,
            deadline_utc=card.opened_until(by_right),
            decision="unanswered" if unanswered else card.decision,
        )
        if claimed:
            _append(asking_id, None, "opened", card.clause, "unanswered" if unanswered else "")
        return _must(asking_id)


def end(
    asking_id: str, reason: str, clause: str, actor: Actor | None, *, at: datetime | None = None
) -> AskingCard:
    """End it, now: close it, call it off, or write down that its time is over.

    1. Claim the end: whoever is second changes nothing and learns how it ended.
    2. Write `ended` and bump the situation epoch: the gate cuts.

    Args:
        reason: a key of asking_words.ENDS.
        actor: None when a time ended it.
        at: when it was, if not now.
    """
    if reason not in ENDS:
        raise ValueError(f"{reason!r} is not a way for an asking to end")
    with transaction.atomic():
        claimed = Asking.objects.filter(pk=asking_id, ended_utc=None).update(
            ended_by_id=actor.person if actor else None, ended_utc=at or clock.now(), end_reason=reason
        )
        if claimed:
            _append(asking_id, actor, "ended", clause, reason)
        return _must(asking_id)


def _answerable(asking_id: str, now: datetime, actor: Actor) -> QuerySet[Asking]:
    waiting = Asking.objects.filter(pk=asking_id, decision="", ended_utc=None, answer_due_utc__gt=now)
    return waiting.exclude(asked_by_id=uuid.UUID(actor.person))


def _append(
    asking_id: str,
    actor: Actor | None,
    outcome: str,
    clause: str,
    reason: str = "",
    *,
    policy: str = "",
    text: str = "",
) -> None:
    card = _must(asking_id)
    entry = NewEntry(
        type=card.kind,
        agreement=Asking.objects.values_list("agreement__slug", flat=True).get(pk=asking_id),
        policy=policy,
        clause=clause or card.clause,
        party=actor.party if actor else "",
        outcome=outcome,
        reason_code=reason,
        ref=card.entry,
        secret=_secrets(actor, card.id, card.schools, card.school_names, text),
    )
    ledger.append([entry], bump="situation")


def _listed(names: Iterable[str]) -> str:
    """Names for the record: as many as an entry holds, and how many more."""
    every = sorted(names)
    kept = [
        n for n, size in zip(every, accumulate(len(n) + 2 for n in every), strict=True) if size <= MOST_SAID
    ]
    more = len(every) - len(kept)
    return ", ".join(kept) + (f" and {more} more" if more else "")


def _secrets(
    actor: Actor | None, asking_id: str, schools: tuple[str, ...], names: tuple[str, ...], text: str = ""
) -> dict[str, Secret]:
    secret = {
        "situation": Secret(asking_id, asking_id),
        "school": Secret(schools[0] if len(schools) == 1 else "", ", ".join(names)),
    }
    if text:
        secret["text"] = Secret("", text)
    if actor is not None:
        secret["person"] = Secret(actor.person, actor.says)
        if actor.device:
            secret["device"] = Secret("", actor.device)
    return secret


def _text(wish: Wish) -> str:
    """As the record keeps it: the reason, dispatch's number, the purpose, how many cameras were picked."""
    parts = [
        wish.reason,
        f"incident {wish.incident}" if wish.incident else "",
        f"purpose {wish.purpose}" if wish.purpose else "",
        f"{len(wish.cameras)} cameras picked" if wish.cameras else "",
        f"{wish.minutes} minutes",
    ]
    return "; ".join(part for part in parts if part)


def _must(asking_id: str) -> AskingCard:
    card = askings.card(asking_id)
    if card is None:
        raise UnknownAsking(
            "There is no such request.", "Its number is not known here.", "Open the list again."
        )
    return card
