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
        if isinstance(clause, WindowView):
            outside = words.outside_only(clause.area_kinds)
            if not outside and not clause.inside:
                what = "a planned event opens outside cameras only, and this names inside ones."
                yield at(index, clause, what, "Take them out, or say inside = true.", "area_kinds")
            if outside and clause.inside:
                what = "it says inside = true, but names no inside kind of area."
                yield at(index, clause, what, "Name the inside kinds, or take inside out.", "inside")


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
        if isinstance(clause, RequestView) and clause.unanswered == "opens":
            yield ClauseFault(
                f"clauses[{index}].unanswered",
                f"Section {clause.number} opens cameras although nobody approved, when nobody answers in time.",
                "Choose stays_closed, unless both boards mean exactly this.",
            )
