"""Contradictions in the sections about signing and about the text's own guarantees.

Pure; called by `checks.faults` once parties, schools and term are known to be there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sightpact.agreements.clauses.base import Clause
from sightpact.agreements.clauses.guarantee import Guarantee
from sightpact.agreements.clauses.signatories import Signatories
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


def at(index: int, clause: Clause, what: str, remedy: str, field: str = "") -> ClauseFault:
    """A fault of one section, with the place where it stands."""
    place = f"clauses[{index}]{'.' + field if field else ''}"
    return ClauseFault(place, f"Section {clause.number}: {what}", remedy)


def one_of(known: Iterable[str]) -> str:
    return f"Name one of: {', '.join(known) or 'none'}."


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
    bodies = Counter(" ".join(row.body.casefold().split()) for row in clause.rows if row.body)
    for number, row in enumerate(clause.rows):
        if row.body and bodies[" ".join(row.body.casefold().split())] > 1:
            what = f"“{row.body}” is named more than once."
            yield at(index, clause, what, "Name each body once, with its full name.", f"rows[{number}].body")


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
