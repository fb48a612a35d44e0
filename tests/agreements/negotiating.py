"""Two sides that negotiate: their people, a first draft from a template, and what stands in the record. For several tests."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sightpact.agreements import drafting
from sightpact.agreements.actions import drafts, rounds
from sightpact.ledger import reads as ledger
from sightpact.people import actions as people
from sightpact.people import reads as people_reads
from sightpact.people.actions import PersonSpec, Role
from sightpact.people.reads import PersonCard

SLUG = "lakeview-cameras"
BLANKS = {
    "district": "Lakeview Unified School District",
    "district_slug": "lakeview-usd",
    "agency": "Lakeview Police Department",
    "agency_slug": "lakeview-pd",
    "district_authority": "Board policy 5131",
    "agency_authority": "City charter, section 4",
    "begins": "2026-07-01",
    "ends": "2031-06-30",
    "zone": "America/New_York",
    "log_unwritable": "close",
    "slug": SLUG,
}
SCHOOLS = {"school": ["lakeview-high=Lakeview High School"]}
Cast = dict[str, PersonCard]


def people_of_both_sides() -> Cast:
    """The stored people, with a chief and a lawyer of each side, and the chief of a neighbour without agreement."""
    for slug, name, at, role in (
        ("gail", "Gail Moreno", "lakeview-pd", "chief"),
        ("tess", "Tess Amari", "lakeview-usd", "counsel"),
        ("cole", "Cole Brandt", "lakeview-pd", "counsel"),
        ("ines", "Ines Calder", "fairmont-pd", "chief"),
    ):
        people.add_person(PersonSpec(slug, name), [Role(at, role)])
    return {card.slug: card for card in people_reads.persons()}


@pytest.fixture
def cast(lakeview: Any) -> Cast:
    return people_of_both_sides()


def party(slug: str) -> str:
    card = people_reads.party_by_slug(slug)
    assert card is not None
    return card.id


def begun(by: PersonCard, **blanks: str) -> str:
    """A draft of the district's side."""
    return drafts.begin_from_template(party("lakeview-usd"), "exterior-always", BLANKS | blanks, SCHOOLS, by)


def changed(draft: str, by: PersonCard, **fields: Any) -> int:
    """Change fields of the first clause of a kind, `term={...}`, and save; the new version."""
    card = drafting.load(draft, by)
    assert card is not None
    document = copy.deepcopy(card.document)
    for kind, new in fields.items():
        next(c for c in document["clauses"] if c["kind"] == kind).update(new)
    return drafts.save(draft, document, card.version, by)


def proposed(cast: Cast) -> int:
    """Sam proposes the first text."""
    return rounds.propose(begun(cast["sam"]), 1, cast["sam"], "Our first text.")


def countered(cast: Cast, who: str, **fields: Any) -> int:
    """The other side answers with a changed text; `who` is a head."""
    draft = drafts.begin_from_revision(SLUG, cast[who])
    return rounds.propose(draft, changed(draft, cast[who], **fields), cast[who])


def entries(*types: str) -> list[tuple[str, str, str]]:
    """(type, party, outcome), oldest first."""
    found = ledger.opened(ledger.Query(types=types, oldest_first=True))
    return [(e.type, e.party, e.outcome) for e in found]
