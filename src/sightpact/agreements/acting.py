"""Who acts for a party in the life of an agreement: one rule, asked by actions, pages and lists. Reads only.

Heads propose, accept, sign and end. They, counsel and whoever manages under the house policy draft, comment and record votes.
"""

from __future__ import annotations

from sightpact.agreements import reads
from sightpact.agreements.clauses.house import HouseDuties
from sightpact.agreements.suspending import HEADS, acts_for
from sightpact.people.reads import PersonCard

COUNSEL = "counsel"
"""Role of a party's lawyer."""


def heads_for(person: PersonCard) -> frozenset[str]:
    """Ids of the parties that this person heads."""
    return acts_for(person)


def drafts_for(person: PersonCard) -> frozenset[str]:
    """Ids of the parties for which this person drafts, comments and records votes."""
    if not person.active:
        return frozenset()
    writers = {party for party, role in person.roles if role in (*HEADS, COUNSEL)}
    return frozenset(writers | _ruled(person, "manage"))


def changes_for(person: PersonCard) -> frozenset[str]:
    """Ids of the parties for which this person changes people and exhibits: heads, and whom a house policy lets manage.

    An offer of pages only; `access/changes/who.py` decides.
    """
    return frozenset(heads_for(person) | _ruled(person, "manage")) if person.active else frozenset()


def record_readers(person: PersonCard) -> frozenset[str]:
    """Ids of the parties whose house policy lets this person read the whole record. An offer of pages only."""
    return frozenset(_ruled(person, "read_record")) if person.active else frozenset()


def _ruled(person: PersonCard, duty: str) -> set[str]:
    """Parties whose house policy gives this person a duty."""
    mine = {party for party, _role in person.roles}
    found = set()
    for entry in reads.running():
        if not entry.facts.is_house or entry.facts.owner not in mine:
            continue
        roles = {role for who in getattr(entry.document.one(HouseDuties), duty) for role in who.roles}
        if any(party == entry.facts.owner and role in roles for party, role in person.roles):
            found.add(entry.facts.owner)
    return found
