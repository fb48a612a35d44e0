"""Neighbours who can be called for aid: whom a person may call now, who was called, and who sleeps until then.

Reads only; the law is asked for every name that leaves here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sightpact.access.facts import Snapshot
from sightpact.activation.reads import ActivationCard
from sightpact.agreements.clauses.aid import MutualAid
from sightpact.agreements.neighbours import only_by_aid
from sightpact.decide.facts import Action, Grant


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A party that can be called in a running sharing, or was."""

    party: str  # slug
    name: str
    section: str
    called_utc: datetime | None  # None: not called yet
    by_name: str


def neighbours(snapshot: Snapshot, person: str, card: ActivationCard) -> tuple[Neighbour, ...]:
    """Who was called in this sharing, then whom this person may call in it."""
    sections = {
        clause.party: clause.number
        for entry in snapshot.names.running.values()
        if entry.facts.owner == card.owner
        for clause in entry.document.all(MutualAid)
        if card.emergency in clause.emergencies
    }
    called = [
        Neighbour(c.party_slug, c.party_name, sections.get(c.party_slug, ""), c.called_utc, c.by_name)
        for c in card.aid
    ]
    names = {p.slug: p.name for p in snapshot.names.parties.values()}
    can = [
        Neighbour(party, names.get(party, party), section, None, "")
        for party, section in sections.items()
        if party not in {n.party for n in called} and _may(snapshot, person, card, party)
    ]
    return (*called, *can)


def _may(snapshot: Snapshot, person: str, card: ActivationCard, party: str) -> bool:
    return all(
        isinstance(snapshot.answer(person, Action.CALL_AID, school, aid=party), Grant)
        for school in card.schools
    )


def sleeps(snapshot: Snapshot, person: str, card: ActivationCard) -> bool:
    """Whether this sharing is no concern of the person's yet: every party of theirs in its agreement waits to be called."""
    entry = snapshot.names.running.get(card.agreement)
    known = snapshot.world.inventory.persons.get(person)
    if entry is None or known is None:
        return False
    ids = {p.slug: id for id, p in snapshot.names.parties.items()}
    waiting = {ids.get(slug, slug) for slug in only_by_aid(entry.document)} - {c.party for c in card.aid}
    mine = {party for party, _role in known.roles} & entry.facts.parties
    return bool(mine) and mine <= waiting


def asleep(snapshot: Snapshot, person: str) -> bool:
    """Whether every agreement that names the person lets their parties in by a call for aid alone, and none came lately."""
    known = snapshot.world.inventory.persons.get(person)
    if known is None or not known.named_in:
        return False
    mine = {party for party, _role in known.roles}
    if any(c.party in mine for card in (*snapshot.live, *snapshot.ended) for c in card.aid):
        return False
    ids = {p.slug: id for id, p in snapshot.names.parties.items()}
    for agreement in known.named_in:
        entry = snapshot.names.running.get(agreement)
        waiting = {ids.get(slug, slug) for slug in only_by_aid(entry.document)} if entry else set()
        if entry is None or not mine & entry.facts.parties <= waiting:
            return False
    return True
