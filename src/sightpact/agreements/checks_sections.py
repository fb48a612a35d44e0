"""Contradictions in the sections about signing, limits, guarantees, aid and purposes.

Pure; called by `checks.faults` once parties, schools and term are known to be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sightpact.agreements.checks_base import at, one_of, twice
from sightpact.agreements.clauses.after import After
from sightpact.agreements.clauses.aid import MutualAid
from sightpact.agreements.clauses.base import Clause
from sightpact.agreements.clauses.drills import Drills
from sightpact.agreements.clauses.guarantee import Guarantee
from sightpact.agreements.clauses.limits import Limited
from sightpact.agreements.clauses.notices import Notices
from sightpact.agreements.clauses.people import NamedPersons
from sightpact.agreements.clauses.retention import Retention
from sightpact.agreements.clauses.review import Review
from sightpact.agreements.clauses.signatories import Signatories
from sightpact.agreements.clauses.situations import SituationView
from sightpact.agreements.clauses.uses import ForbiddenPurposes, Purposes, Redisclosure
from sightpact.agreements.clauses.views import EmergencyView
from sightpact.agreements.errors import ClauseFault

if TYPE_CHECKING:
    from sightpact.agreements.document import Document


def faults(document: Document) -> Iterator[ClauseFault]:
    """Every fault of these sections, each with its place and a remedy."""
    for index, clause in enumerate(document.clauses):
        if isinstance(clause, Signatories):
            yield from _signatories(document, index, clause)
        if isinstance(clause, Guarantee):
            yield from _guarantee(document, index, clause)
        if isinstance(clause, NamedPersons):
            keepers = [c.kept_by for c in document.all(NamedPersons)]
            if keepers.count(clause.kept_by) > 1:
                what = f"'{clause.kept_by}' keeps two annexes."
                yield at(index, clause, what, "Keep one annex for each party.", "kept_by")
        if isinstance(clause, Limited):
            yield from _limits(index, clause)
        if isinstance(clause, MutualAid):
            yield from _aid(document, index, clause)
        if isinstance(clause, Drills):
            yield from _drills(document, index, clause)
        if isinstance(clause, Notices):
            yield from _notices(document, index, clause)
        if isinstance(clause, Purposes):
            yield from _purposes(document, index, clause)
        if isinstance(clause, Review):
            for number, who in enumerate(clause.by):
                if who.party != document.owner:
                    what = "the owner's people review its record."
                    yield at(index, clause, what, f"Name roles of '{document.owner}'.", f"by[{number}].party")
        if isinstance(clause, Redisclosure | Review) and document.house:
            what = "there is no other party that it would be about."
            yield at(index, clause, what, "Put it into an agreement with another party.")
        if isinstance(clause, After):
            yield from _after(document, index, clause)
        if isinstance(clause, Retention):
            for name in twice(row.record for row in clause.names):
                yield at(index, clause, f"'{name}' is named twice.", "Name each once.", "names")
        if isinstance(clause, ForbiddenPurposes):
            if not clause.items():
                yield at(index, clause, "it forbids nothing.", "Name presets, or others in your own words.")
            for name in twice(clause.presets):
                yield at(index, clause, f"'{name}' is named twice.", "Name it once.", "presets")


def warnings(document: Document) -> Iterator[ClauseFault]:
    """What is allowed in these sections and deserves a second look."""
    for index, clause in enumerate(document.clauses):
        if isinstance(clause, EmergencyView | MutualAid) and clause.hours:
            what = "it stays closed in an emergency outside its hours."
            yield at(index, clause, what, "Leave hours out, unless both boards mean exactly this.", "hours")


def party_and_roles(
    document: Document, index: int, clause: Clause, field: str, party: str, roles: Iterable[str]
) -> Iterator[ClauseFault]:
    """A party that is none, or roles that it does not have."""
    parties = {p.slug: [r.role for r in p.roles] for p in document.parties}
    if party not in parties:
        what = f"'{party}' is not a party of this agreement."
        yield at(index, clause, what, one_of(parties), f"{field}.party")
        return
    for role in roles:
        if role not in parties[party]:
            what = f"'{role}' is not a role of '{party}'."
            yield at(index, clause, what, one_of(parties[party]), f"{field}.role")


def _signatories(document: Document, index: int, clause: Signatories) -> Iterator[ClauseFault]:
    for number, row in enumerate(clause.rows):
        yield from party_and_roles(document, index, clause, f"rows[{number}]", row.party, [row.role])
    for party in document.parties:
        if party.slug not in [row.party for row in clause.rows]:
            what = f"nobody signs for '{party.slug}'."
            yield at(index, clause, what, "Each party signs: add a line for it.", "rows")
    for body in twice(row.body.casefold() for row in clause.rows if row.body):
        what = f"the body “{body}” is named more than once."
        yield at(index, clause, what, "Name each body once, with its full name.", "rows")


def _guarantee(document: Document, index: int, clause: Guarantee) -> Iterator[ClauseFault]:
    for number, who in enumerate(clause.who):
        yield from party_and_roles(document, index, clause, f"who[{number}]", who.party, who.roles)
    known = [s.slug for s in document.covered.schools]
    for school in clause.schools:
        if known and school not in known:
            what = f"'{school}' is not among those covered."
            yield at(index, clause, what, one_of(known), "schools")
    kinds = [e.kind for view in document.all(EmergencyView) for e in view.emergencies]
    for kind in clause.emergencies:
        if kind not in kinds:
            what = f"'{kind}' is not a kind of emergency of this text."
            yield at(index, clause, what, one_of(kinds), "emergencies")
    if clause.in_emergencies and clause.emergencies:
        what = "it excepts all emergencies, and lists some as well."
        yield at(index, clause, what, "Keep in_emergencies = true, or the list.", "emergencies")


def _limits(index: int, clause: Limited) -> Iterator[ClauseFault]:
    if clause.hours is None:
        return
    if clause.hours.opens == clause.hours.closes:
        what = "it opens and closes at the same minute."
        yield at(index, clause, what, "Leave hours out for the whole day.", "hours.closes")
    for day in twice(clause.hours.days):
        yield at(index, clause, f"'{day}' is named twice.", "Name each day once.", "hours.days")


def _aid(document: Document, index: int, clause: MutualAid) -> Iterator[ClauseFault]:
    if clause.party == document.owner:
        what = "the owner is not called for aid."
        yield at(index, clause, what, "Name a neighbour that is a party.", "party")
    elif clause.party not in [p.slug for p in document.parties]:
        what = f"'{clause.party}' is not a party of this agreement."
        yield at(index, clause, what, one_of(p.slug for p in document.parties), "party")
    for number, who in enumerate(clause.who):
        if who.party != clause.party:
            what = f"it calls '{clause.party}', but lets in people of '{who.party}'."
            yield at(index, clause, what, f"Name people of '{clause.party}'.", f"who[{number}].party")
    for number, who in enumerate(clause.called_by):
        if who.party == clause.party:
            what = f"'{clause.party}' would call itself."
            yield at(index, clause, what, "Name people of another party.", f"called_by[{number}].party")
    kinds = [e.kind for view in document.all(EmergencyView) for e in view.emergencies]
    for kind in clause.emergencies:
        if kind not in kinds:
            what = f"'{kind}' is not a kind of emergency of this text."
            yield at(index, clause, what, one_of(kinds), "emergencies")
    for kind in twice(clause.emergencies):
        yield at(index, clause, f"'{kind}' is named twice.", "Name each kind once.", "emergencies")


def _drills(document: Document, index: int, clause: Drills) -> Iterator[ClauseFault]:
    if not document.all(EmergencyView):
        what = "there is no emergency to practise: no 'emergency_view'."
        yield at(index, clause, what, "Add one, or take the drills out.")
    for number, who in enumerate(clause.start):
        if who.party != document.owner:
            what = "a drill is started by the owner's people."
            yield at(index, clause, what, f"Name roles of '{document.owner}'.", f"start[{number}].party")
    for number, who in enumerate(clause.watch):
        if who.party == document.owner:
            what = "whoever takes part on the other side is not of the owner."
            yield at(index, clause, what, "Name people of another party.", f"watch[{number}].party")


def _notices(document: Document, index: int, clause: Notices) -> Iterator[ClauseFault]:
    if not any(isinstance(c, EmergencyView) for c in document.clauses):
        what = "there is no emergency of which anybody would be told: no emergency_view."
        yield at(index, clause, what, "Add one, or take this section out.")
    for number, row in enumerate(clause.rows):
        if row.or_else and row.within_seconds is None:
            what = "it names who is told next, and no time after which."
            yield at(index, clause, what, "Add within_seconds = 30.", f"rows[{number}].within_seconds")
        if set(row.who) & set(row.or_else):
            what = "the same people are told at first and next."
            yield at(index, clause, what, "Name others.", f"rows[{number}].or_else")


def _after(document: Document, index: int, clause: After) -> Iterator[ClauseFault]:
    if not document.all(EmergencyView):
        what = "there is no emergency after which a statement would be due: no 'emergency_view'."
        yield at(index, clause, what, "Add one, or take this section out.")
    for number, who in enumerate(clause.by):
        if who.party != document.owner:
            what = "the owner's people complete its statement."
            yield at(index, clause, what, f"Name roles of '{document.owner}'.", f"by[{number}].party")


def _purposes(document: Document, index: int, clause: Purposes) -> Iterator[ClauseFault]:
    for name in twice(p.purpose for p in clause.allowed):
        yield at(index, clause, f"the purpose '{name}' is listed twice.", "Keep one.", "allowed")
    if not any(isinstance(c, SituationView) for c in document.clauses):
        what = "there is nothing that would name a purpose: no invitation_view, request_view or window_view."
        yield at(index, clause, what, "Add one, or put the purposes into a kept_by_people section.")
