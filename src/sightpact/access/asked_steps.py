"""What happened to an asking so far, step by step, each with its instant: for its page, on both sides, and for the API. Pure.

Never: why a message to somebody failed, to anybody but the owner's own people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from sightpact.activation.askings import AskingCard
from sightpact.notices.reads import Delivery


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    text: str
    notes: tuple[str, ...] = ()  # of a notice: what became of it, person by person


def steps(card: AskingCard, told: Iterable[Delivery], *, of_owner: bool) -> tuple[Step, ...]:
    """Asked, told, escalated, answered, opened, ended: in order.

    Args:
        told: what became of its notices; none where nobody needs to know.
        of_owner: the reader is of the owner's people, who may read why a message failed.
    """
    found = [Step(card.asked_utc, _asked_words(card))]
    if card.escalated_utc is not None:
        names = ", ".join(card.escalated_to)
        to = _("Escalated to %(names)s") % {"names": names}
        found.append(Step(card.escalated_utc, to if names else _("Escalated, but nobody is left to ask")))
    found += _told(told, of_owner)
    if card.decided_utc is not None:
        word = _("%(name)s refused") if card.decision == "refused" else _("%(name)s approved")
        found.append(Step(card.decided_utc, word % {"name": card.decided_by_name}))
    if card.opened_utc is not None and card.kind != "invitation":
        silent = _("Nobody answered in time, so section %(clause)s opened it") % {"clause": card.clause}
        found.append(Step(card.opened_utc, silent if card.decision == "unanswered" else _("Opened")))
    if card.ended_utc is not None and card.end_reason != "refused":
        found.append(Step(card.ended_utc, card.end_sentence))
    return tuple(sorted(found, key=lambda step: step.at))  # stable: what is written first stays first


def _told(told: Iterable[Delivery], of_owner: bool) -> list[Step]:
    """A step for each notice: who was told, and what became of it."""
    notices: dict[str, dict[str, list[Delivery]]] = {}
    for each in told:
        notices.setdefault(each.notice, {}).setdefault(each.name, []).append(each)
    found = []
    for people in notices.values():
        at = min(d.made_utc for deliveries in people.values() for d in deliveries)
        became = {name: _became(people[name], of_owner) for name in sorted(people)}
        notes = [f"{name}: {what}" if len(became) > 1 else what for name, what in became.items()]
        found.append(Step(at, _("Told: %(names)s") % {"names": ", ".join(sorted(people))}, tuple(notes)))
    return found


def _became(deliveries: list[Delivery], of_owner: bool) -> str:
    said = [d if of_owner else replace(d, why="") for d in deliveries if d.state != "spared"]
    return ", ".join(d.says for d in said) or _("no way to reach")


def _asked_words(card: AskingCard) -> str:
    words = {"name": card.asked_by_name}
    if card.kind == "invitation":
        return _("%(name)s invited, and it opened") % words
    return _("%(name)s asked") % words
