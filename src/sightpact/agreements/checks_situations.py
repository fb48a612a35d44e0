"""Contradictions in sections about invitations, requests and planned events. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sightpact.agreements.checks_base import at, placed
from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.situations import (
    Approved,
    InvitationView,
    RequestView,
    SituationView,
    WindowView,
)
from sightpact.agreements.clauses.views import StandingView
from sightpact.agreements.errors import ClauseFault

if TYPE_CHECKING:
    from sightpact.agreements.document import Document


def faults(document: Document) -> Iterator[ClauseFault]:
    """Who may not invite or approve, and an event whose areas are not what it says."""
    for index, clause in placed(document):
        if isinstance(clause, InvitationView):
            for number, who in enumerate(clause.by):
                if who.party != document.owner:
                    what, remedy = "only the owner's people invite.", f"Name roles of '{document.owner}'."
                    yield at(index, clause, what, remedy, f"by[{number}]")
        if isinstance(clause, Approved):
            for number, who in enumerate(clause.approve):
                if who.party != document.owner:
                    what, remedy = "only the owner's people approve.", f"Name roles of '{document.owner}'."
                    yield at(index, clause, what, remedy, f"approve[{number}]")
        if isinstance(clause, RequestView):
            yield from _escalated(index, clause, document.owner)
        if isinstance(clause, WindowView):
            outside = words.outside_only(clause.area_kinds)
            if not outside and not clause.inside:
                what = "a planned event opens outside cameras only, and this names inside ones."
                yield at(index, clause, what, "Take them out, or say inside = true.", "area_kinds")
            if outside and clause.inside:
                what = "it says inside = true, but names no inside kind of area."
                yield at(index, clause, what, "Name the inside kinds, or take inside out.", "inside")


def _escalated(index: int, clause: RequestView, owner: str) -> Iterator[ClauseFault]:
    """A second line needs its time, in time; a time needs its second line."""
    for number, who in enumerate(clause.escalate_to):
        if who.party != owner:
            what, remedy = "only the owner's people approve.", f"Name roles of '{owner}'."
            yield at(index, clause, what, remedy, f"escalate_to[{number}]")
    if clause.escalate_to and clause.escalate_minutes is None:
        what = "it names whom a request is escalated to, but not when."
        yield at(index, clause, what, "Write escalate_minutes, or take escalate_to out.", "escalate_minutes")
    if clause.escalate_minutes is None:
        return
    if not clause.escalate_to:
        what = "it says when a request is escalated, but not to whom."
        yield at(index, clause, what, "Name escalate_to, or take escalate_minutes out.", "escalate_to")
    if clause.escalate_minutes >= clause.answer_minutes:
        what = f"it is over after {words.minutes(clause.answer_minutes)}, and escalated no sooner."
        yield at(
            index,
            clause,
            what,
            "Escalate after fewer minutes, or wait longer for an answer.",
            "escalate_minutes",
        )


def warnings(document: Document) -> Iterator[ClauseFault]:
    """A section that changes nothing, and silence that opens."""
    for index, clause in placed(document):
        if not isinstance(clause, SituationView):
            continue
        for standing in document.all(StandingView):
            wide = not (standing.tags or standing.cameras or standing.present_only or standing.hours)
            within = set(clause.area_kinds) <= set(standing.area_kinds) and set(clause.who) <= set(
                standing.who
            )
            if wide and within:
                yield ClauseFault(
                    f"clauses[{index}]",
                    f"Section {clause.number} opens nothing that section {standing.number} does not open at all times.",
                    f"Take section {clause.number} out, or narrow section {standing.number}.",
                )
        if (
            isinstance(clause, RequestView)
            and clause.escalate_to
            and set(clause.escalate_to) <= set(clause.approve)
        ):
            yield ClauseFault(
                f"clauses[{index}].escalate_to",
                f"Section {clause.number} escalates to nobody who does not answer from the beginning.",
                "Name others, or take escalate_to and escalate_minutes out.",
            )
        if isinstance(clause, RequestView) and clause.unanswered == "opens":
            yield ClauseFault(
                f"clauses[{index}].unanswered",
                f"Section {clause.number} opens cameras although nobody approved, when nobody answers in time.",
                "Choose stays_closed, unless both boards mean exactly this.",
            )
