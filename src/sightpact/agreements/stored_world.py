"""The whole stored world as the facts that decisions and proofs are made from. Reads; never writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sightpact.agreements import reads
from sightpact.agreements.as_facts import agreement_fact, all_named
from sightpact.agreements.cedar import make
from sightpact.agreements.clauses.people import NamedPersons
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.document import Document
from sightpact.agreements.proof import Certificate, prove
from sightpact.cameras import reads as cameras
from sightpact.cameras.reads import CameraCard
from sightpact.decide.facts import Agreement, Inventory
from sightpact.people import reads as people


def inventory(
    agreements: Sequence[Agreement],
    named: Mapping[str, frozenset[str]],
    epoch: int = 0,
    cards: Sequence[CameraCard] | None = None,
) -> Inventory:
    """People, schools and cameras as they are stored now, with these agreements.

    Args:
        named: person id -> ids of the agreements whose annex names the person.
        cards: every camera, when it was read already.
    """
    return Inventory(
        epoch=epoch,
        parties=people.parties_for_facts(),
        persons=people.persons_for_facts(named),
        schools=cameras.schools_for_facts(),
        cameras=cameras.cameras_for_facts(cards),
        agreements=tuple(agreements),
    )


def bare() -> Inventory:
    """People, schools and cameras as they are stored now; no agreements."""
    return inventory((), reads.named_persons())


def prove_stored() -> Certificate:
    """Try every case of what is stored now: what runs, or will at its date. In a transaction, what it would store.

    Raises:
        decide.cedar_schema.DecideError: it cannot be proven; says why.
    """
    running = reads.running()
    stock = inventory([entry.facts for entry in running], reads.named_persons())
    return prove(stock, {entry.id: entry.document for entry in running})


def owners() -> dict[str, str]:
    """Slug of the owner of each agreement that runs, by agreement id."""
    return {entry.id: entry.document.owner for entry in reads.running()}


def names() -> dict[str, str]:
    """What people call every person, camera, school and party, by id, for the words of a counterexample."""
    found = {p.id: p.name for p in people.parties()} | {s.id: s.name for s in cameras.schools()}
    found |= {
        p.id: ", ".join(part for part in (p.name, p.title, p.party_name) if part) for p in people.persons()
    }
    found |= {c.id: f"the camera “{c.name}” at {c.school_name}" for c in cameras.cameras()}
    return found


def with_draft(document: Document) -> tuple[Inventory, dict[str, Document], bool]:
    """The stored world with a text in the place of the agreement of its name, every other agreement left out.

    Returns:
        The inventory, the text by its agreement's id, and whether everybody of the keeper's had to be taken as named,
        because the agreement is new and has no annex yet.
    """
    parties = {p.slug: p.id for p in people.parties()}
    ids = {p.slug: parties.get(p.slug, p.slug) for p in document.parties}
    known = {slug: id for id, slug in reads.slugs().items()}
    id = known.get(document.slug, document.slug)
    begins, ends = document.one(Term).in_force()
    fact = agreement_fact(document, make(document), ids, id, begins, ends)
    stock = inventory([fact], reads.named_persons())
    if document.slug in known:
        return stock, {id: document}, False
    return all_named(stock, document, id), {id: document}, bool(document.all(NamedPersons))
