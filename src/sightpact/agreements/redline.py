"""The redline over what is stored: the real people and cameras, and the reader for whom it is. Reads; writes nothing."""

from __future__ import annotations

from dataclasses import replace

from sightpact.agreements import diff, reads, stored_world
from sightpact.agreements.as_facts import all_named
from sightpact.agreements.diff import Change
from sightpact.agreements.document import Document
from sightpact.cameras import reads as cameras
from sightpact.decide.facts import COMMON_AREA_KINDS, EXTERIOR_AREA_KINDS, Camera, Inventory


def over_stored(old: Document, new: Document) -> Change:
    """Two texts, asked over the people and cameras that are stored now.

    An agreement that is not stored yet has no annex: everybody of the party that would keep it is then taken as named,
    which is the most that it could open.
    """
    by_slug = {slug: id for id, slug in reads.slugs().items()}
    agreement = by_slug.get(new.slug) or by_slug.get(old.slug)
    stock = stored_world.bare()
    if agreement is None:
        agreement = new.slug
        stock = all_named(stock, new, agreement)
    schools = {card.id: card.name for card in cameras.schools()}
    return diff.compare(old, new, stock, schools, agreement)


def with_made_up_inside(stock: Inventory) -> Inventory:
    """The outside cameras as they are, and one made-up inside camera of each common kind at each school."""
    found = {c.id: c for c in stock.cameras.values() if c.classified and c.area_kinds <= EXTERIOR_AREA_KINDS}
    for school in stock.schools.values():
        for kind in sorted(COMMON_AREA_KINDS):
            id = f"{school.id}.{kind}"
            found[id] = Camera(id, school.owner, school.id, frozenset({kind}), frozenset(), True, False)
    return replace(stock, cameras=found)
