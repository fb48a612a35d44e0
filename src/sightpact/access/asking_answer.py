"""Who may answer a request or an event period now: the first line, and the second once it was escalated. Nowhere else decided.

The law is asked for each line by an action of its own; that a request was escalated is a fact of the asking. Writes nothing.
"""

from __future__ import annotations

from sightpact.access import asking_sections
from sightpact.access.asking_sections import Section
from sightpact.access.facts import Snapshot
from sightpact.activation.askings import AskingCard
from sightpact.decide.facts import Action, Answer, Grant, Refusal


def answering(snapshot: Snapshot, person: str, card: AskingCard) -> Answer:
    """The law's leave for this person to answer, or why not. Whether there is still time is not asked here.

    1. The first line may, from the beginning. 2. The second line may once it was escalated; before, `not_escalated`.
    3. Nobody may who asked for it, in either line: `own_request`.
    """
    answer = _in_line(snapshot, person, card, Action.APPROVE)
    if isinstance(answer, Refusal) and card.escalate_utc is not None:
        second = _in_line(snapshot, person, card, Action.APPROVE_ESCALATED)
        if isinstance(second, Grant):
            answer = second if card.escalated_utc is not None else _because(second, "not_escalated")
    if isinstance(answer, Grant) and card.asked_by == person:
        return _because(answer, "own_request")
    return answer


def may_answer(snapshot: Snapshot, person: str, card: AskingCard) -> bool:
    return isinstance(answering(snapshot, person, card), Grant)


def first_line(snapshot: Snapshot, card: AskingCard, section: Section) -> tuple[str, ...]:
    """Persons (ids) who may answer from the beginning, by name; never whoever asked."""
    return _line(snapshot, card, section, Action.APPROVE)


def second_line(snapshot: Snapshot, card: AskingCard, section: Section) -> tuple[str, ...]:
    """Persons (ids) who may answer once it is escalated and not before, by name; never whoever asked."""
    first = set(first_line(snapshot, card, section))
    return tuple(p for p in _line(snapshot, card, section, Action.APPROVE_ESCALATED) if p not in first)


def _line(snapshot: Snapshot, card: AskingCard, section: Section, action: Action) -> tuple[str, ...]:
    found = [set(asking_sections.answerers(snapshot, section, school, action)) for school in card.schools]
    everywhere = set.intersection(*found) - {card.asked_by} if found else set()
    return tuple(sorted(everywhere, key=lambda person: (snapshot.names.persons[person].name, person)))


def _in_line(snapshot: Snapshot, person: str, card: AskingCard, action: Action) -> Answer:
    """For every school that it is about; the first refusal counts."""
    answers = [
        snapshot.answer(person, action, school, situation=card.kind, agreement=card.agreement)
        for school in card.schools
    ]
    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    return (refusals or answers or [Refusal("unknown")])[0]


def _because(grant: Grant, code: str) -> Refusal:
    return Refusal(code, grant.agreement, grant.clause, grant.policy_hash)
