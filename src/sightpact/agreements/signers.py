"""Who signs for a party, who attests its paper, and who may hold a signing key of it. One rule for pages and actions. Pure.

The `signatories` section says who signs; where a text has none for a party, its head does.
"""

from __future__ import annotations

from sightpact.agreements.clauses.signatories import Signatories
from sightpact.agreements.document import Document
from sightpact.agreements.suspending import HEADS
from sightpact.people.reads import PersonCard

CLERKS = ("clerk",)
"""Roles that attest papers of their party beside those who sign."""


def roles_that_sign(document: Document, party: str) -> tuple[str, ...]:
    """The roles that sign this text for a party, by slug."""
    rows = [row for clause in document.all(Signatories) for row in clause.rows if row.party == party]
    return tuple(dict.fromkeys(row.role for row in rows)) or HEADS


def may_sign(person: PersonCard, party_id: str, party: str, document: Document) -> bool:
    """Whether this person signs this text for a party.

    Args:
        party_id, party: id and slug of the same party.
    """
    return _holds(person, party_id, roles_that_sign(document, party))


def may_attest(person: PersonCard, party_id: str, party: str, document: Document) -> bool:
    """Whether this person attests that a paper was signed for a party: its clerk, or who may sign."""
    return _holds(person, party_id, (*roles_that_sign(document, party), *CLERKS))


def may_hold_key(person: PersonCard, party_id: str, party: str, documents: tuple[Document, ...]) -> bool:
    """Whether this person may enrol a passkey as a key of a party: its heads, its clerk, who signs one of its texts."""
    roles = [role for document in documents for role in roles_that_sign(document, party)]
    return _holds(person, party_id, (*HEADS, *CLERKS, *roles))


def _holds(person: PersonCard, party_id: str, roles: tuple[str, ...]) -> bool:
    return person.active and any((party_id, role) in person.roles for role in roles)
