"""A small made-up world that fits a text: one person for each role, one camera for each kind of area at each school.

Pure. For asking the law about a text where there is no inventory: on a lawyer's machine, in an export, in tests.
Nothing of it is ever stored, and every count made from it is said to be made from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sightpact.agreements.clauses.guarantee import Guarantee
from sightpact.agreements.clauses.people import NamedPersons
from sightpact.agreements.document import Document
from sightpact.agreements.scopes import camera_lists, marks
from sightpact.decide.facts import AREA_KINDS, Camera, Inventory, Party, Person, School

STRANGER = "a-stranger"
"""A party that no text names; its one person must never see anything."""

ELSEWHERE = "another-school"
"""A school of the owner that no text lists."""

SEVERAL = (("lobby", "entrance_outside"), ("hallway", "nurse"))
"""Cameras that see two kinds of area: one that can be shared, one that can not."""


def inventory(*documents: Document) -> Inventory:
    """Parties, people, schools and cameras that fit all of these texts, which have one owner. Ids are slugs.

    People: for each role one who is named in the annex and one who is not, one of each without a known role, one who
    has left, and a stranger. Cameras at each school: one for each kind of area, those of SEVERAL, one without a kind,
    one out of service, one for drills.
    """
    owner = documents[-1].owner
    parties = {p.slug: p.name for document in documents for p in document.parties}
    schools = school_names(*documents)
    people = {person.id: person for person in _people(documents)}
    tags = {tag for document in documents for c in document.all(Guarantee) for tag in c.tags} | marks(
        *documents
    )
    listed = {s for document in documents for _section, slugs in camera_lists(document) for s in slugs}
    cameras = {camera.id: camera for school in schools for camera in _cameras(owner, school, sorted(tags))}
    cameras |= {c.id: c for c in _listed(owner, next(iter(schools)), sorted(listed), sorted(tags))}
    return Inventory(
        epoch=1,
        parties={slug: Party(slug, name, slug) for slug, name in {**parties, STRANGER: "A stranger"}.items()},
        persons=people,
        schools={slug: School(slug, owner, slug) for slug in schools},
        cameras=cameras,
    )


def school_names(*documents: Document) -> dict[str, str]:
    """Names of the made-up world's schools, by id."""
    listed = {s.slug: s.name for document in documents for s in document.covered.schools}
    return {**(listed or {"a-school": "a school"}), ELSEWHERE: "another school"}


def _people(documents: Sequence[Document]) -> Iterator[Person]:
    annex = frozenset(document.slug for document in documents)
    keepers = {clause.kept_by for document in documents for clause in document.all(NamedPersons)}
    roles: dict[str, dict[str, None]] = {}
    for document in documents:
        for party in document.parties:
            roles.setdefault(party.slug, {}).update(dict.fromkeys(r.role for r in party.roles))
    for party_slug, known in roles.items():
        for role in (*known, "other"):
            held = frozenset({(party_slug, role)})
            yield Person(f"{party_slug}.{role}", held, frozenset(), True)
            if party_slug in keepers:
                yield Person(f"{party_slug}.{role}.named", held, annex, True)
        gone = next(iter(known), "other")
        yield Person(f"{party_slug}.{gone}.left", frozenset({(party_slug, gone)}), annex, False)
    yield Person(f"{STRANGER}.officer", frozenset({(STRANGER, "officer")}), frozenset(), True)


def _listed(owner: str, school: str, slugs: Sequence[str], tags: Sequence[str]) -> Iterator[Camera]:
    """The cameras that a text calls by name: an outside and an inside one in turn, each with every mark."""
    for number, slug in enumerate(slugs):
        sees = frozenset({("exterior", "hallway")[number % 2]})
        yield Camera(f"{school}.named-{slug}", owner, school, sees, frozenset(tags), True, False, slug)


def _cameras(owner: str, school: str, tags: Sequence[str] = ()) -> Iterator[Camera]:
    def camera(name: str, *kinds: str, in_service: bool = True, drill: bool = False) -> Camera:
        return Camera(f"{school}.{name}", owner, school, frozenset(kinds), frozenset(), in_service, drill)

    for tag in tags:  # one outside and one inside for each mark that a guarantee speaks of
        for kind in ("exterior", "hallway"):
            yield replace(camera(f"{kind}-{tag}", kind), tags=frozenset({tag}))

    for kind in sorted(AREA_KINDS):
        yield camera(kind, kind)
    for kinds in SEVERAL:
        yield camera("+".join(kinds), *kinds)
    yield camera("unclassified")
    yield camera("unknown", "exterior", "rooftop")
    yield camera("broken", "parking", in_service=False)
    yield camera("drill", "hallway", drill=True)
