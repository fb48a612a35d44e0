"""Contradictions that no single clause can see: numbers twice, clauses that miss, people that do not exist.

Pure. Faults refuse the text; warnings are shown and change nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sightpact.agreements import checks_scope, checks_sections, checks_situations, checks_times, checks_who
from sightpact.agreements.checks_base import at, placed
from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.aid import MutualAid
from sightpact.agreements.clauses.base import Clause
from sightpact.agreements.clauses.drills import Drills
from sightpact.agreements.clauses.ground import Parties, Places, PrivateAreas, Schools
from sightpact.agreements.clauses.house import HouseDuties, HouseView
from sightpact.agreements.clauses.people import NamedPersons
from sightpact.agreements.clauses.situations import SITUATION_VIEWS, SituationView
from sightpact.agreements.clauses.switch import WhoMayEnd, WhoMayStart
from sightpact.agreements.clauses.terms import Leases, LogUnwritable, Term
from sightpact.agreements.clauses.views import EmergencyView, StandingView
from sightpact.agreements.errors import ClauseFault

if TYPE_CHECKING:
    from sightpact.agreements.document import Document

_MANDATORY: dict[type[Clause], str] = {
    Parties: "Say between whom it is.",
    PrivateAreas: "State the limit: kind = 'private_areas'.",
    LogUnwritable: (
        "Say what happens when the record cannot be written: then = 'close' or 'continue'. There is no"
        " default."
    ),
    Leases: "Say how many seconds a picture may outlive contact: standing_s and emergency_s.",
    Term: "Say from which day it is in force.",
}
_HOUSE_ONLY = (HouseView, HouseDuties, Places)
_SHARED_ONLY = (
    StandingView,
    EmergencyView,
    WhoMayStart,
    WhoMayEnd,
    NamedPersons,
    *SITUATION_VIEWS,
    MutualAid,
    Drills,
)


def faults(document: Document) -> list[ClauseFault]:
    """Every contradiction in a document whose clauses could each be read."""
    found = list(_shape(document))
    if not found:  # what follows leans on parties, schools and term being there
        found += [*checks_who.parties(document), *checks_who.people(document)]
        found += [*checks_times.emergencies(document), *checks_times.term(document)]
        found += checks_situations.faults(document)
        found += checks_sections.faults(document)
        found += checks_scope.faults(document)
    return found


def warnings(document: Document) -> list[ClauseFault]:
    """What is allowed and deserves a second look."""
    found = []
    for index, clause in placed(document):
        if isinstance(clause, StandingView) and not words.outside_only(clause.area_kinds):
            found.append(
                ClauseFault(
                    f"clauses[{index}].area_kinds",
                    f"Section {clause.number} opens inside cameras at all times, without any emergency.",
                    "Keep outside kinds only, unless both boards mean exactly this.",
                )
            )
        for field, who in clause.whos():
            if _watches(clause, field) and not who.named_only:
                found.append(
                    ClauseFault(
                        f"clauses[{index}].{field}",
                        f"Section {clause.number} lets in everybody of a role, not only persons named in"
                        " the annex.",
                        "Add named_only = true to keep a list of names.",
                    )
                )
    found += [*checks_situations.warnings(document), *checks_sections.warnings(document)]
    return [*found, *checks_scope.warnings(document)]


def _watches(clause: Clause, field: str) -> bool:
    """Whether this field of a clause says who of another party looks."""
    if isinstance(clause, SituationView | MutualAid):
        return field.startswith("who[")
    return isinstance(clause, StandingView | EmergencyView)


def _shape(document: Document) -> Iterator[ClauseFault]:
    numbers = Counter(c.number for c in document.clauses)
    kinds = Counter(type(c) for c in document.clauses)
    for index, clause in placed(document):
        if numbers[clause.number] > 1:
            yield at(
                index, clause, "this number is used twice.", "Give each section its own number.", "number"
            )
        if clause.at_most_once and kinds[type(clause)] > 1:
            yield at(index, clause, f"there is more than one '{clause.kind}'.", "Keep one of them.")
        if document.house and isinstance(clause, _SHARED_ONLY):
            yield at(index, clause, f"'{clause.kind}' lets another party in.", "Put it into an agreement.")
        if not document.house and isinstance(clause, _HOUSE_ONLY):
            yield at(
                index,
                clause,
                f"'{clause.kind}' is about the owner's own people.",
                "Put it into the house policy.",
            )
    for cls, remedy in _MANDATORY.items():
        if not kinds[cls]:
            yield ClauseFault("clauses", f"The clause '{cls.kind}' is missing.", remedy)
    if not kinds[Schools] and not kinds[Places]:
        yield ClauseFault(
            "clauses", "The clause 'schools' is missing.", "Say which schools it covers, or all = true."
        )
    if kinds[Schools] and kinds[Places]:
        yield ClauseFault("clauses", "There are both 'schools' and 'places'.", "Keep one of them.")
    if document.house and not kinds[HouseDuties]:
        yield ClauseFault(
            "clauses", "The clause 'house_duties' is missing.", "Say who sees watchers and who manages."
        )
    if kinds[EmergencyView]:
        for needed in (WhoMayStart, WhoMayEnd):
            if not kinds[needed]:
                yield ClauseFault(
                    "clauses",
                    f"There is an emergency clause, but no '{needed.kind}'.",
                    "Say who may start and who may end it: a switch without hands helps nobody.",
                )
    elif kinds[WhoMayStart] or kinds[WhoMayEnd]:
        yield ClauseFault(
            "clauses",
            "Nothing can be started: there is no 'emergency_view'.",
            "Add one, or take these out.",
        )
