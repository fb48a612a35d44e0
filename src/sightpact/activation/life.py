"""What a start does to a sharing that runs already, and how it looks afterwards: joined, confirmed or widened. Pure.

The database (`actions/`) and the reserved journal (`access/journal_cards.py`) both go by this, so that neither differs.
Never: a merge that ends something sooner, or takes a kind away that was reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sightpact.activation.reads import ActivationCard, Reported
from sightpact.activation.wish import Start
from sightpact.agreements.clauses.views import LEVELS

UNDO = timedelta(seconds=10)  # how long a stop can be taken back

STARTED, JOINED, WIDENED = "started", "joined", "widened"


def height(level: str) -> int:
    """How high a level is; one that is not known stands highest."""
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def target(
    live: Iterable[ActivationCard], wish: Start, agreement: str, now: datetime
) -> ActivationCard | None:
    """The running sharing that a start belongs to: under the same agreement, at all its schools. None: it is one of its own.

    Of several the one of the same kind, then the highest, then the oldest.
    """
    fit = [
        card
        for card in live
        if card.is_live
        and card.due(now) == ""
        and card.agreement == agreement
        and set(card.schools) >= set(wish.schools)
    ]
    return min(
        fit,
        key=lambda card: (card.emergency != wish.emergency, -height(card.level), card.started_utc),
        default=None,
    )


def outcome(card: ActivationCard, wish: Start) -> str:
    """JOINED: an equal or a lower kind. WIDENED: a higher one, or an equal one of another kind that lasts longer or is sure."""
    ours, theirs = height(card.level), height(wish.level)
    if theirs != ours or wish.emergency == card.emergency:
        return WIDENED if theirs > ours else JOINED
    if wish.unverified:
        return JOINED
    return WIDENED if card.unverified or wish.deadline_utc > card.deadline_utc else JOINED


def confirms(card: ActivationCard, wish: Start) -> bool:
    """A sure start of the same kind confirms what was only reported."""
    return bool(card.unverified) and not wish.unverified and wish.emergency == card.emergency


def joined(card: ActivationCard, wish: Start, by_name: str) -> ActivationCard:
    """The card after this start. A proposed end falls: somebody reports that it is not over."""
    what = outcome(card, wish)
    report = Reported(wish.emergency, wish.started_utc, wish.deadline_utc, by_name, wish.source, what)
    after = replace(
        card,
        reports=(*card.reports, report),
        end_proposed_by_name="",
        end_proposed_utc=None,
        end_due_utc=None,
    )
    if what == WIDENED:
        return replace(
            after,
            emergency=wish.emergency,
            clause=wish.clause,
            level=wish.level,
            verified=not wish.unverified,
            unverified=wish.unverified,
            word_of=wish.word_of or None,
            word_of_name=wish.word_of_name,
            confirmed_by_name="",
            confirmed_utc=None,
            deadline_utc=max(card.deadline_utc, wish.deadline_utc),
            full_utc=wish.full_utc,
            cap_utc=max(filter(None, (card.cap_utc, wish.cap_utc)), default=None),
            widened_from=card.emergency,
            widened_utc=wish.started_utc,
            told_utc=None,
            taken_by=None,
            taken_by_name="",
            taken_utc=None,
        )
    return confirmed(after, wish.started_utc, by_name) if confirms(card, wish) else after


def confirmed(card: ActivationCard, at: datetime, by_name: str) -> ActivationCard:
    """Once somebody says that it is so: it lasts as its kind does, from its start."""
    until = max(filter(None, (card.deadline_utc, card.full_utc)))
    return _until(
        replace(
            card, verified=True, unverified="", confirmed_by_name=by_name, confirmed_utc=at, full_utc=None
        ),
        until,
    )


def extended(card: ActivationCard, step_minutes: int, at: datetime) -> ActivationCard:
    """One step longer, at most to its cap."""
    until = card.deadline_utc + timedelta(minutes=step_minutes)
    return _until(
        replace(card, extended_utc=at), min(until, card.cap_utc) if card.cap_utc else card.deadline_utc
    )


def undo_until(reason: str, at: datetime) -> datetime | None:
    """Until when an end with this reason can be taken back; None: it cannot."""
    return at + UNDO if reason == "stop" else None


def _until(card: ActivationCard, deadline_utc: datetime) -> ActivationCard:
    """With this deadline, which its own kind has as well."""
    reports = tuple(
        replace(r, until_utc=max(r.until_utc, deadline_utc)) if r.emergency == card.emergency else r
        for r in card.reports
    )
    return replace(card, deadline_utc=deadline_utc, reports=reports)
