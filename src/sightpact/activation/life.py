"""What a start does to a sharing that runs already, and how it looks afterwards: joined, confirmed, widened, lowered. Pure.

The database (`actions/`) and the reserved journal (`access/journal_cards.py`) both go by this, so that neither differs.
Never: a merge that ends something sooner, takes a kind away that was reported, or opens a school where nobody started.
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
DISPUTED = "disputed"  # a report whose person said that it was not their word


def height(level: str) -> int:
    """How high a level is; one that is not known stands highest."""
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def target(
    live: Iterable[ActivationCard], wish: Start, agreement: str, now: datetime
) -> ActivationCard | None:
    """The running sharing that a start belongs to: under the same agreement, at just its schools. None: it is one of its own.

    Also one at more schools to which it adds nothing: else what began at one school would open others.
    Of several the one of the same kind, then the highest, then the oldest.
    """
    fit = [
        card
        for card in live
        if card.is_live
        and card.due(now) == ""
        and card.agreement == agreement
        and (set(card.schools) == set(wish.schools) or _adds_nothing(card, wish))
    ]
    return min(
        fit,
        key=lambda card: (card.emergency != wish.emergency, -height(card.level), card.started_utc),
        default=None,
    )


def _adds_nothing(card: ActivationCard, wish: Start) -> bool:
    """At more schools, this kind counts already for as long, and as surely."""
    until = dict(card.kinds).get(wish.emergency) if wish.unverified else _sure(card).get(wish.emergency)
    covered = until is not None and wish.deadline_utc <= min(until, card.deadline_utc)
    return covered and set(card.schools) >= set(wish.schools)


def _sure(card: ActivationCard) -> dict[str, datetime]:
    """Until when each kind counts by what somebody surely started."""
    sure = sorted((r.until_utc, r.emergency) for r in card.reports if not r.unverified)
    return {emergency: until for until, emergency in sure}


def outcome(card: ActivationCard, wish: Start) -> str:
    """JOINED: an equal or a lower kind. WIDENED: a higher one, or an equal one of another kind that lasts longer or is sure.

    One whose kind is over alerts anew, whatever comes.
    """
    if (lower := lowered(card, wish.started_utc)) is not None:
        return outcome(lower, wish)
    if card.own_utc <= wish.started_utc:
        return WIDENED
    ours, theirs = height(card.level), height(wish.level)
    if theirs != ours or wish.emergency == card.emergency:
        return WIDENED if theirs > ours else JOINED
    if wish.unverified:
        return JOINED
    return WIDENED if card.unverified or wish.deadline_utc > card.own_utc else JOINED


def confirms(card: ActivationCard, wish: Start) -> bool:
    """A sure start of the same kind confirms what was only reported."""
    return bool(card.unverified) and not wish.unverified and wish.emergency == card.emergency


def joined(card: ActivationCard, wish: Start, by_name: str) -> ActivationCard:
    """The card after this start. A proposed end falls: somebody reports that it is not over."""
    card = lowered(card, wish.started_utc) or card
    what = outcome(card, wish)
    after = replace(
        card,
        reports=(*card.reports, reported(wish, by_name, what)),
        end_proposed_by_name="",
        end_proposed_reason="",
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
            cap_utc=wish.cap_utc,
            widened_from=card.emergency if card.emergency != wish.emergency else card.widened_from,
            widened_utc=wish.started_utc,
            told_utc=None,
            taken_by=None,
            taken_by_name="",
            taken_utc=None,
        )
    if confirms(card, wish):
        return confirmed(after, wish.started_utc, by_name)
    is_new = _sure(card).get(wish.emergency, wish.started_utc) <= wish.started_utc
    if is_new and not wish.unverified and wish.emergency != card.emergency:
        return replace(after, deadline_utc=max(card.deadline_utc, wish.deadline_utc))
    return after


def reported(wish: Start, by_name: str, what: str) -> Reported:
    """A start as the card keeps it: with all that is needed when its kind is the one that goes on."""
    return Reported(
        wish.emergency,
        wish.started_utc,
        wish.deadline_utc,
        by_name,
        wish.source,
        what,
        level=wish.level,
        clause=wish.clause,
        unverified=wish.unverified,
        cap_utc=wish.cap_utc,
        word_of=wish.word_of,
        word_of_name=wish.word_of_name,
    )


def confirmed(card: ActivationCard, at: datetime, by_name: str) -> ActivationCard:
    """Once somebody says that it is so: it lasts as its kind does, from its start."""
    until = max(filter(None, (card.own_utc, card.full_utc)))
    reports = tuple(replace(r, unverified="") if r.emergency == card.emergency else r for r in card.reports)
    sure = replace(card, verified=True, unverified="", confirmed_by_name=by_name, confirmed_utc=at)
    return _until(replace(sure, full_utc=None, reports=reports), until)


def extended(card: ActivationCard, step_minutes: int, at: datetime) -> ActivationCard:
    """Its own kind one step longer, at most to that kind's cap. Another that lasts longer keeps its time."""
    until = min(card.own_utc + timedelta(minutes=step_minutes), card.cap_utc or card.own_utc)
    return _until(replace(card, extended_utc=at), max(until, card.own_utc))


def lowered(card: ActivationCard, at: datetime, *, disputed: bool = False) -> ActivationCard | None:
    """The card once its kind is over, where another that somebody surely started still runs: it goes on as the highest of these.

    None: there is none, or its kind is not over. A row of an earlier version does not say which section it opens: not that one.
    """
    if not card.is_live or card.deadline_utc <= at or (card.own_utc > at and not disputed):
        return None
    others = [r for r in card.reports if r.emergency != card.emergency and r.clause]
    sure = [r for r in others if not r.unverified and r.until_utc > at]
    if not sure:
        return None
    best = max(sure, key=lambda r: (height(r.level), r.until_utc))
    return replace(
        card,
        emergency=best.emergency,
        clause=best.clause,
        level=best.level,
        verified=True,
        unverified="",
        word_of=None,
        word_of_name="",
        confirmed_by_name="",
        confirmed_utc=None,
        deadline_utc=min(card.deadline_utc, max(r.until_utc for r in sure)),
        full_utc=None,
        cap_utc=best.cap_utc,
        widened_from="",
        reports=tuple(
            replace(r, until_utc=min(r.until_utc, at)) if r.emergency == card.emergency else r
            for r in card.reports
        ),
    )


def disputed(card: ActivationCard, person: str, at: datetime) -> ActivationCard | None:
    """The card once this person says that it is not so, where that withdraws their word only: the rest of the report goes on.

    It goes on while the same kind still stands on a 911 call, an alarm or another's word that nobody disputed, to the time of
    these, never longer. Whoever has withdrawn a word already withdraws nothing more. None: nothing else carries it, or the
    person speaks for the school: what was reported is over.
    """
    if person not in card.words:
        return card if person in card.spoken else None
    own = [r for r in card.reports if r.emergency == card.emergency and r.unverified]
    rest = [r for r in own if r.outcome != DISPUTED and r.word_of != person and r.until_utc > at]
    if not rest:
        return None
    if card.word_of == person:  # it bore this name: now a call's or an alarm's, else that of the next word
        first = next((r for r in rest if not r.word_of), rest[0])
        card = replace(
            card,
            unverified=first.unverified,
            word_of=first.word_of or None,
            word_of_name=first.word_of_name,
        )
    return replace(
        card,
        reports=tuple(
            replace(r, outcome=DISPUTED, until_utc=min(r.until_utc, at))
            if r in own and r.word_of == person
            else r
            for r in card.reports
        ),
    )


def still_ends(card: ActivationCard, reason: str, at: datetime) -> bool:
    """Whether an end for this reason holds at `at`: a time only while it is due, a dispute only of what is not confirmed."""
    match reason:
        case "deadline":
            return card.deadline_utc <= at
        case "unanswered":
            return card.end_due_utc is not None and card.end_due_utc <= at
        case "disputed":
            return bool(card.unverified)
    return True


def undo_until(reason: str, at: datetime) -> datetime | None:
    """Until when an end with this reason can be taken back; None: it cannot."""
    return at + UNDO if reason == "stop" else None


def _until(card: ActivationCard, until_utc: datetime) -> ActivationCard:
    """With this time for its own kind; the one deadline is the latest."""
    reports = tuple(
        replace(r, until_utc=max(r.until_utc, until_utc)) if r.emergency == card.emergency else r
        for r in card.reports
    )
    return replace(card, deadline_utc=max(card.deadline_utc, until_utc), reports=reports)
