"""What the editor may compare with, and what its reader may count. Reads; writes nothing.

A draft is stateless here: whoever writes may put any party into it. So nobody counts people or cameras of a party with
whom the writer's own side has no agreement, and inside cameras are counted for the owner's own people alone.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from sightpact.agreements import checks_scope, drafting, editing, reads, redline, stored_world
from sightpact.agreements.as_facts import all_named
from sightpact.agreements.clauses.ground import Parties
from sightpact.agreements.consequences import Asked
from sightpact.agreements.document import Document, from_canonical
from sightpact.agreements.errors import AgreementError, ClauseFault
from sightpact.agreements.models import Agreed, Agreement, Revision
from sightpact.cameras import reads as cameras
from sightpact.decide.facts import Inventory
from sightpact.people.reads import PersonCard


@dataclass(frozen=True, slots=True)
class Base:
    """A text to compare with."""

    key: str  # "3" for revision 3, "draft-<id>" for a draft
    name: str  # in words
    document: Document


def mine(person: PersonCard) -> frozenset[str]:
    """Ids of the parties that this person belongs to."""
    return frozenset(party for party, _role in person.roles)


def base(slug: str, key: str, person: PersonCard) -> Base | None:
    """A revision of an agreement, or a draft of the reader's own side; None when there is none for this reader.

    Args:
        slug: of the agreement. key: "3", or "draft-<id>" of a draft for it.
    """
    if key.startswith("draft-"):
        card = drafting.load(key.removeprefix("draft-"), person)
        if card is None or slug not in (card.agreement, card.slug):
            return None
        document = editing.read(card.document).document
        return Base(key, "draft", document) if document else None
    if not key.isascii() or not key.isdigit() or len(key) > 4:
        return None
    row = (
        Revision.objects.filter(agreement__slug=slug, number=int(key), agreement__parties__in=_ids(person))
        .distinct()
        .first()
    )
    if row is None:
        return None
    try:
        return Base(key, key, from_canonical(bytes(row.canonical)))
    except AgreementError:
        return None


def asked(old: Document | None, new: Document, person: PersonCard) -> Asked:
    """The question what `new` does beside `old`, over what this person may count."""
    stock = _countable(stored_world.bare(), person)
    owners = {new.owner} | ({old.owner} if old else set())  # the author chooses the one, not the other
    of_owner = owners <= {p.slug for p in stock.parties.values() if p.id in mine(person)}
    if of_owner:
        own = {id: camera for id, camera in stock.cameras.items() if camera.owner in mine(person)}
        stock = replace(stock, cameras=own)
    else:
        stock = redline.with_made_up_inside(stock)
    known = {slug: id for id, slug in reads.slugs().items()}
    agreement = known.get(new.slug, new.slug)
    if new.slug not in known:
        stock = all_named(stock, new, agreement)
    schools = {card.id: card.name for card in cameras.schools()}
    return Asked(old, new, stock, schools, agreement, count_inside=of_owner)


def unknown(document: Document) -> list[ClauseFault]:
    """Parties and schools that are not stored here, each at its field. Nothing else that is stored is told."""
    found = []
    places = {type(clause): index for index, clause in enumerate(document.clauses)}
    covered = places[type(document.covered)]
    for fault in reads.unknown_names(document):
        if fault.path.startswith("parties"):
            path = f"clauses[{places[Parties]}].{fault.path}.slug"
            remedy = _(
                "Correct its names, or have the party added here first: by whoever runs this Sightpact."
            )
        else:
            path = f"clauses[{covered}].{document.covered.kind}"
            remedy = _("Choose one of the schools that the owner has here.")
        found.append(ClauseFault(path, fault.what, remedy))
    return found


def unmet(document: Document, person: PersonCard) -> list[ClauseFault]:
    """Marks and cameras that a section is limited to and that are not here; told to the owner's own people alone."""
    stock = stored_world.bare()
    owner = next((p.id for p in stock.parties.values() if p.slug == document.owner), "")
    if owner not in mine(person):
        return []
    here = [c for c in stock.cameras.values() if c.owner == owner]
    tags = {tag for c in here for tag in c.tags}
    return list(checks_scope.unknown(document, tags, {c.slug for c in here}))


def _countable(stock: Inventory, person: PersonCard) -> Inventory:
    """Only what belongs to the person's own parties, and to those that accepted a text with them: a proposal is one-sided."""
    shared = Agreement.objects.filter(parties__in=_ids(person)).values("pk")
    agreed = Agreed.objects.filter(revision__agreement__in=shared).values_list("party", flat=True)
    stored = Revision.objects.filter(agreement__in=shared, round=None).values(
        "agreement"
    )  # on the server, for all
    rows = Agreement.objects.filter(pk__in=stored).values_list("parties", flat=True)
    allowed = mine(person) | {str(pk) for pk in (*agreed, *rows)}
    return replace(
        stock,
        parties={p.id: p for p in stock.parties.values() if p.id in allowed},
        persons={p.id: p for p in stock.persons.values() if any(at in allowed for at, _ in p.roles)},
        cameras={c.id: c for c in stock.cameras.values() if c.owner in allowed},
        schools={s.id: s for s in stock.schools.values() if s.owner in allowed},
    )


def area_counts(owner_slug: str, person: PersonCard) -> dict[str, int] | None:
    """Cameras of an owner that see each kind of area; None for everybody but the owner's own people."""
    stock = stored_world.bare()
    owner = next((p.id for p in stock.parties.values() if p.slug == owner_slug), "")
    if not owner or owner not in mine(person):
        return None
    here = [c for c in stock.cameras.values() if c.owner == owner and not c.drill_source]
    return dict(Counter(kind for camera in here for kind in camera.area_kinds))


def schools_of(owner_slug: str, person: PersonCard) -> list[dict[str, str]]:
    """The owner's schools, to choose from, where the reader's side has to do with that owner."""
    stock = _countable(stored_world.bare(), person)
    owner = next((p.id for p in stock.parties.values() if p.slug == owner_slug), "")
    return [
        {"slug": card.slug, "name": card.name}
        for card in cameras.schools()
        if owner and card.id in stock.schools and stock.schools[card.id].owner == owner
    ]


def owner_of(raw: Any) -> str:
    """Slug of the party that a draft, complete or not, calls the owner; "" when none."""
    for clause in raw.get("clauses", ()) if isinstance(raw, dict) else ():
        if isinstance(clause, dict) and clause.get("kind") == "parties":
            rows = clause.get("parties")
            for party in rows if isinstance(rows, list) else ():
                if isinstance(party, dict) and party.get("side") == "owner":
                    return str(party.get("slug", ""))
    return ""


def _ids(person: PersonCard) -> list[uuid.UUID]:
    return [uuid.UUID(party) for party in mine(person)]
