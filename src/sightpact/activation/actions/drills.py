"""Starting, taking and ending a drill, and writing down what it measured. The only writer of `Drill`.

Each action takes the grant that allows it (from `decide`, by way of `access/drills.py`); what time does takes none. Each is
one transaction, is idempotent, and claims by conditional UPDATE. Every drill gets an entry `drill_end`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from sightpact.activation import drills
from sightpact.activation.actions.sharings import Actor
from sightpact.activation.drill_words import ENDS
from sightpact.activation.drills import DrillCard
from sightpact.activation.errors import AlreadyRunning, UnknownDrill
from sightpact.activation.models import Activation, Drill
from sightpact.cameras.models import School
from sightpact.decide.facts import Grant
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock, store
from sightpact.ledger.entries import NewEntry, Secret


@dataclass(frozen=True, slots=True)
class Wish:
    """Everything that a drill is made of."""

    key: str  # idempotency key
    owner: str  # party id
    schools: tuple[str, ...]
    school_names: tuple[str, ...]
    emergency: str
    minutes: int
    heard_utc: datetime  # when the gateway heard of it


def start(wish: Wish, grant: Grant, agreement_slug: str, actor: Actor) -> DrillCard:
    """Begin a drill.

    1. Take the ledger's writer lock. 2. The same key again, or the same drill running there, is the answer.
    3. Refuse where an emergency is shared, or another drill runs.
    4. Store it with its one deadline, write `drill_start`, bump the situation epoch.

    Raises:
        AlreadyRunning: nothing was begun.
    """
    with transaction.atomic():
        store.take_writer_lock()
        same = drills.by_key(wish.key) or _running(wish)
        if same is not None:
            return same
        if Activation.objects.filter(
            ended_utc=None, schools__in=[uuid.UUID(s) for s in wish.schools]
        ).exists():
            raise AlreadyRunning(
                "No drill was started.",
                "An emergency is shared there now.",
                "Hold the drill when it is over.",
            )
        number = uuid.uuid4()
        entry = NewEntry(
            type="drill_start",
            agreement=agreement_slug,
            policy=grant.policy_hash,
            clause=grant.clause,
            party=actor.party,
            emergency=wish.emergency,
            outcome="started",
            secret=_secrets(actor, str(number), wish.schools, wish.school_names),
        )
        (receipt,) = ledger.append([entry], bump="situation")
        row = Drill.objects.create(
            id=number,
            owner_id=wish.owner,
            agreement_id=grant.agreement,
            clause=grant.clause,
            emergency=wish.emergency,
            started_by_id=actor.person,
            idempotency_key=wish.key,
            started_utc=wish.heard_utc,
            recorded_utc=clock.now(),
            deadline_utc=wish.heard_utc + timedelta(minutes=wish.minutes),
            entry=receipt.index,
        )
        row.schools.set(School.objects.filter(pk__in=wish.schools))
        return _must(str(number))


def told(drill_id: str, actor: Actor) -> bool:
    """Note that the agency's first screen showed it. 1. Claim: only the first counts. 2. Write `drill_told`."""
    with transaction.atomic():
        claimed = Drill.objects.filter(pk=drill_id, told_utc=None, ended_utc=None).update(
            told_to_id=actor.person, told_utc=clock.now()
        )
        if claimed:
            _append("drill_told", drill_id, actor, "told")
        return bool(claimed)


def take(drill_id: str, grant: Grant, actor: Actor) -> DrillCard:
    """Dispatch takes the drill. 1. Claim it: a second who tries learns who has it. 2. Write `drill_taken`."""
    with transaction.atomic():
        claimed = Drill.objects.filter(pk=drill_id, taken_by=None, ended_utc=None).update(
            taken_by_id=actor.person, taken_utc=clock.now()
        )
        if claimed:
            _append("drill_taken", drill_id, actor, "taken", clause=grant.clause)
        return _must(drill_id)


def pictured(drill_id: str) -> bool:
    """Note the first moving picture on a screen. 1. Claim: the first counts. No entry: `drill_end` tells what was measured."""
    claimed = Drill.objects.filter(pk=drill_id, pictured_utc=None, ended_utc=None)
    return _measure(claimed, pictured_utc=clock.now())


def checked(drill_id: str, asked: int, dark: Sequence[tuple[str, str]]) -> bool:
    """Note how many real cameras would have shown a picture. 1. Claim: once for each drill. No entry: as `pictured`.

    Args:
        asked: how many were asked for one frame.
        dark: (camera id, why) of those that gave none.
    """
    claimed = Drill.objects.filter(pk=drill_id, checked_utc=None)
    found = [list(each) for each in dark]
    return _measure(claimed, checked_utc=clock.now(), cameras_asked=asked, cameras_dark=found)


def _measure(claimed: QuerySet[Drill], **found: Any) -> bool:
    """Write it once, and bump the situation epoch: open pages show it."""
    with transaction.atomic():
        noted = bool(claimed.update(**found))
        if noted:
            ledger.append([], bump="situation")
        return noted


def end(
    drill_id: str, reason: str, clause: str, actor: Actor | None, *, at: datetime | None = None
) -> DrillCard:
    """End it, now.

    1. Claim the end: whoever is second changes nothing and learns how it ended.
    2. Write `drill_end` with what it measured, and bump the situation epoch: the gate cuts.

    Args:
        reason: a key of drill_words.ENDS. actor: None when a time or a real start ended it. at: when it was, if not now.
    """
    if reason not in ENDS:
        raise ValueError(f"{reason!r} is not a way for a drill to end")
    with transaction.atomic():
        claimed = Drill.objects.filter(pk=drill_id, ended_utc=None).update(
            ended_by_id=actor.person if actor else None, ended_utc=at or clock.now(), end_reason=reason
        )
        if claimed:
            _append("drill_end", drill_id, actor, "ended", clause=clause, reason=reason)
        return _must(drill_id)


def _running(wish: Wish) -> DrillCard | None:
    """The drill of this kind that runs at these schools.

    Raises:
        AlreadyRunning: another one runs at one of them.
    """
    now = clock.now()
    for card in drills.live():
        if card.due(now) or not set(card.schools) & set(wish.schools):
            continue
        if (card.emergency, set(card.schools)) == (wish.emergency, set(wish.schools)):
            return card
        raise AlreadyRunning(
            "No drill was started.",
            f"{card.started_by_name} holds another one there now.",
            "Wait until it has ended, or end it.",
        )
    return None


def _append(
    kind: str, drill_id: str, actor: Actor | None, outcome: str, *, clause: str = "", reason: str = ""
) -> None:
    card = _must(drill_id)
    secret = _secrets(actor, card.id, card.schools, card.school_names)
    over = kind == "drill_end" and card.ended_utc is not None
    if over:
        secret["text"] = Secret("", _measured(card))
    entry = NewEntry(
        type=kind,
        agreement=Drill.objects.values_list("agreement__slug", flat=True).get(pk=drill_id),
        clause=clause or card.clause,
        party=actor.party if actor else "",
        emergency=card.emergency,
        outcome=outcome,
        reason_code=reason,
        seconds=int(card.after_s(card.ended_utc) or 0) if over else None,
        ref=card.entry,
        secret=secret,
    )
    ledger.append([entry], bump="situation")


def _measured(card: DrillCard) -> str:
    """As the record keeps it: seconds from the start to each step that was reached, and the real cameras."""
    steps = {
        "recorded": card.recorded_utc,
        "dispatch told": card.told_utc,
        "taken": card.taken_utc,
        "first simulated picture": card.pictured_utc,
    }
    parts = [f"{name} after {card.after_s(at):.2f} s" for name, at in steps.items() if at is not None]
    if card.cameras_asked is not None:
        parts.append(f"{card.showing} of {card.cameras_asked} real cameras would show")
    return "; ".join(parts)


def _secrets(
    actor: Actor | None, drill_id: str, schools: tuple[str, ...], names: tuple[str, ...]
) -> dict[str, Secret]:
    secret = {
        "situation": Secret(drill_id, drill_id),
        "school": Secret(schools[0] if len(schools) == 1 else "", ", ".join(names)),
    }
    if actor is not None:
        secret["person"] = Secret(actor.person, actor.says)
        if actor.device:
            secret["device"] = Secret("", actor.device)
    return secret


def _must(drill_id: str) -> DrillCard:
    card = drills.card(drill_id)
    if card is None:
        raise UnknownDrill(
            "There is no such drill.", "Its number is not known here.", "Open the list of drills again."
        )
    return card
