"""Parties that wait to be called: nothing in a text opens to them but a call for aid. Pure."""

from __future__ import annotations

from sightpact.agreements.clauses.aid import MutualAid
from sightpact.agreements.clauses.people import RecordsRead
from sightpact.agreements.document import Document


def only_by_aid(document: Document) -> frozenset[str]:
    """Slugs of parties whose people no section lets do anything before they are called, reading the record aside."""
    called = {c.party for c in document.all(MutualAid)}
    acting = {
        who.party
        for clause in document.clauses
        for field, who in clause.whos()
        if not isinstance(clause, RecordsRead)
        and not (isinstance(clause, MutualAid) and field.startswith("who["))
    }
    return frozenset(called - acting)
