"""Contradictions about emergencies and times: kinds twice, caps below their minutes, a term that ends before it begins. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sightpact.agreements.checks_base import at, placed
from sightpact.agreements.clauses.switch import WhoMayEnd, WhoMayStart
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.clauses.views import EmergencyView
from sightpact.agreements.errors import ClauseFault

if TYPE_CHECKING:
    from sightpact.agreements.document import Document


def emergencies(document: Document) -> Iterator[ClauseFault]:
    seen: dict[str, str] = {}
    labels: dict[str, str] = {}
    ends = document.all(WhoMayEnd)
    for index, clause in placed(document):
        if isinstance(clause, WhoMayEnd):
            if clause.once_taken == "proposes" and clause.proposal_minutes is None:
                yield at(
                    index,
                    clause,
                    "it is not said when an unanswered all clear ends it.",
                    "Add proposal_minutes.",
                )
            if clause.once_taken == "ends" and clause.proposal_minutes is not None:
                yield at(
                    index,
                    clause,
                    "proposal_minutes has no meaning here.",
                    "Take it out, or once_taken = 'proposes'.",
                )
        if isinstance(clause, WhoMayStart) and bool(clause.report) is not (clause.report_minutes is not None):
            yield at(
                index,
                clause,
                "who may report, and for how many minutes a report opens, belong together.",
                "Write both report and report_minutes, or neither.",
                "report_minutes" if clause.report else "report",
            )
        if not isinstance(clause, EmergencyView):
            continue
        for number, e in enumerate(clause.emergencies):
            field = f"emergencies[{number}]"
            if e.kind in seen:
                what = f"the emergency '{e.kind}' is defined in section {seen[e.kind]} as well."
                yield at(index, clause, what, "Define each kind once.", f"{field}.kind")
            elif e.label.casefold() in labels:
                what = f"'{e.label}' would stand on the switch twice."
                yield at(index, clause, what, "Give each kind its own label.", f"{field}.label")
            seen.setdefault(e.kind, clause.number)
            labels.setdefault(e.label.casefold(), clause.number)
            if e.cap_minutes < e.minutes:
                what = f"'{e.kind}' lasts {e.minutes} minutes but its cap is {e.cap_minutes}."
                yield at(index, clause, what, "Make cap_minutes at least minutes.", f"{field}.cap_minutes")
            starts = document.all(WhoMayStart)
            short = starts[0].report_minutes if starts else None
            if short is not None and short > e.minutes:
                what = f"'{e.kind}' lasts {e.minutes} minutes, a report that nobody confirms {short}."
                yield at(
                    index, clause, what, "Make report_minutes shorter, or minutes longer.", f"{field}.minutes"
                )
            if e.cap_minutes > e.minutes and ends and ends[0].extend_minutes is None:
                what = f"'{e.kind}' may be extended, but no section says in which steps."
                yield at(
                    index,
                    clause,
                    what,
                    "Add extend_minutes to who_may_end, or cap_minutes = minutes.",
                    field,
                )


def term(document: Document) -> Iterator[ClauseFault]:
    clause = document.one(Term)
    index = document.clauses.index(clause)
    try:
        ZoneInfo(clause.zone)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        yield at(
            index,
            clause,
            f"'{clause.zone}' is not a time zone.",
            "Write one like America/New_York.",
            "zone",
        )
    if clause.ends is not None and clause.ends < clause.begins:
        yield at(
            index,
            clause,
            "it ends before it begins.",
            "Exchange the two days, or correct the year.",
            "ends",
        )
