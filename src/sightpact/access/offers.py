"""What one person may do about a running sharing now: confirm or dispute it, extend it, end it as dispatch. Asks the law.

For the buttons of pages; each action asks again when it is pressed. Nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sightpact.access import steps
from sightpact.access.facts import Snapshot
from sightpact.activation import life
from sightpact.activation.reads import ActivationCard
from sightpact.decide.facts import Action
from sightpact.ledger import clock


@dataclass(frozen=True, slots=True)
class Offers:
    confirm: bool = False  # it was only reported, and this person's word makes it sure
    dispute: bool = False  # "that was not me", or of the school "it is not so": it ends
    only_my_word: bool = False  # a dispute withdraws this person's word, and the report goes on
    is_my_word: bool = False  # it is said to be this person's word
    close: bool = False  # the ends that dispatch alone can say
    extend_to: datetime | None = (
        None  # until when its kind counts after one click; None: it cannot be extended now
    )


NONE = Offers()


def offers(snapshot: Snapshot, person: str, card: ActivationCard) -> Offers:
    """What to offer this person about this sharing."""
    if not card.is_live:
        return NONE
    dispatch = steps.may(snapshot, person, Action.TAKE_INCIDENT, card)
    mine = person in card.words
    school = bool(card.unverified) and steps.may(snapshot, person, Action.START_SHARING, card, card.emergency)
    ends = school and person not in card.spoken and steps.may(snapshot, person, Action.END_SHARING, card)
    limits = snapshot.names.limits(card.agreement)
    step = limits.extend_minutes if limits else 0
    extends = dispatch and step and card.can_extend()
    return Offers(
        confirm=bool(card.unverified) and (mine or school or dispatch),
        dispute=bool(card.unverified) and (mine or ends),
        only_my_word=mine and life.disputed(card, person, clock.now()) is not None,
        is_my_word=bool(card.unverified) and mine,
        close=dispatch,
        extend_to=life.extended(card, step, clock.now()).own_utc if extends else None,
    )
