"""What a text opens, row by row, with the counts that the reader of a board pack may know. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sightpact.agreements.clauses import Clause, words
from sightpact.agreements.clauses.views import EmergencyView
from sightpact.agreements.document import Document
from sightpact.agreements.papers.content import Opening, Squares
from sightpact.agreements.scopes import opens
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Camera, Inventory

WHEN = {
    "standing_view": "Always",
    "house_view": "Always",
    "invitation_view": "When a school invites",
    "request_view": "When a request is approved",
    "window_view": "During a planned event",
    "mutual_aid": "When aid is called for",
}
"""When a kind of section opens cameras; an emergency's row lists its emergencies. Another kind says its heading."""

STANDING = ("standing_view", "house_view")
"""Kinds of sections that open cameras at all times."""


@dataclass(frozen=True, slots=True)
class World:
    """What is counted, for one reader."""

    inventory: Inventory
    agreement: str  # id, as the persons' `named_in` has it
    of_owner: bool  # else inside cameras are not counted


def opening_clauses(document: Document) -> list[Clause]:
    """The sections whose own rule lets somebody look."""
    return [c for c in document.clauses if '"view_live"' in c.compile(document.names)]


def _areas(clause: Clause) -> tuple[str, ...]:
    return tuple(getattr(clause, "area_kinds", None) or ())


def opening(clause: Clause, document: Document, world: World | None) -> Opening:
    """One section's row: when, how many cameras beyond those always open, where, to how many people, how long."""
    hours = getattr(clause, "hours", None)
    when = WHEN.get(clause.kind, clause.heading)
    if isinstance(clause, EmergencyView):
        when = f"In an emergency: {words.listed([e.label.lower() for e in clause.emergencies])}"
    if hours:
        when = words.capital(hours.says()) if clause.kind in STANDING else f"{when}, only {hours.says()}"
    how_long = "In these hours" if hours and clause.kind in STANDING else _how_long(clause)
    viewers = getattr(clause, "viewers", None)
    if viewers:
        how_long = f"{how_long}; {'1 person' if viewers == 1 else f'{viewers} people'} at once"
    where = words.capital(words.areas(_more(clause, document)))
    cameras = ""
    if world is not None:
        cameras, where = _cameras(clause, document, world, where)
    people = _people(clause, document, world) if world else ""
    return Opening(when, cameras, where, people, how_long, clause.number)


def _how_long(clause: Clause) -> str:
    if isinstance(clause, EmergencyView):
        emergencies = clause.emergencies
        first, last = _span([e.minutes for e in emergencies]), max(e.cap_minutes for e in emergencies)
        longer = any(e.cap_minutes > e.minutes for e in emergencies)
        return f"{first}, at most {words.minutes(last)}" if longer else first
    if getattr(clause, "minutes", None):
        return words.minutes(clause.minutes)  # type: ignore[attr-defined]
    if getattr(clause, "max_hours", None):
        return f"at most {words.minutes(clause.max_hours * 60)}"  # type: ignore[attr-defined]
    return "While it is shared" if clause.kind == "mutual_aid" else "Always"


def _span(minutes: Sequence[int]) -> str:
    low, high = min(minutes), max(minutes)
    return words.minutes(low) if low == high else f"{low} to {words.minutes(high)}"


def _more(clause: Clause, document: Document) -> tuple[str, ...]:
    """The kinds of area that a section opens beyond those that are open at all times; all of its own when it adds none."""
    always = {kind for c in opening_clauses(document) if c.kind in STANDING for kind in _areas(c)}
    more = tuple(kind for kind in _areas(clause) if kind not in always)
    return more if more and clause.kind not in STANDING else _areas(clause)


def _cameras(clause: Clause, document: Document, world: World, where: str) -> tuple[str, str]:
    """How many cameras it opens beyond those always open, and where; nothing of the inside for the other side."""
    outside_only = words.outside_only(_areas(clause))
    if not world.of_owner and not outside_only and clause.kind not in STANDING:
        return "", where
    known = covered(document, world)
    opened = [c for c in known if opens(clause, document, c)]
    if clause.kind in STANDING:
        return (str(len(opened)) if world.of_owner or outside_only else f"{len(opened)} outside"), where
    standing = [c for c in opening_clauses(document) if c.kind in STANDING]
    more = [c for c in opened if not any(opens(section, document, c) for section in standing)]
    schools = {c.school for c in known}
    most = max((sum(c.school == school for c in more) for school in schools), default=0)
    every = f" of one school; {len(more)} in all {len(schools)}" if len(schools) > 1 else ""
    return f"up to {most}", f"{where}{every}"


def _people(clause: Clause, document: Document, world: World) -> str:
    """How many people it lets in: those who hold the role, and are named where it asks for that."""
    slugs = {p.id: p.slug for p in world.inventory.parties.values()}
    count = 0
    for person in world.inventory.persons.values():
        roles = frozenset((slugs.get(party, ""), role) for party, role in person.roles)
        named = world.agreement in person.named_in
        count += person.active and any(
            who.holds(roles, named) for field, who in clause.whos() if field.startswith("who[")
        )
    return str(count)


def covered(document: Document, world: World) -> list[Camera]:
    """The cameras that a text covers, as far as this reader may know of them."""
    owner = {p.slug: p.id for p in world.inventory.parties.values()}.get(document.owner, "")
    listed = document.names.schools
    schools = {
        s.id
        for s in world.inventory.schools.values()
        if s.owner == owner and (listed is None or s.slug in listed)
    }
    found = [c for c in world.inventory.cameras.values() if c.school in schools and not c.drill_source]
    if world.of_owner:
        return found
    return [c for c in found if c.classified and c.area_kinds <= EXTERIOR_AREA_KINDS]


def squares(document: Document, world: World) -> Squares:
    opening = opening_clauses(document)
    standing = [c for c in opening if c.kind in STANDING]
    at_times = [c for c in opening if c.kind not in STANDING]
    counts = dict.fromkeys(("always", "at_times", "never", "unclassified", "shut"), 0)
    for camera in covered(document, world):
        if not camera.classified:
            state = "unclassified"
        elif camera.private and not document.house:
            state = "never"
        elif not camera.in_service:
            state = "shut"
        elif any(opens(section, document, camera) for section in standing):
            state = "always"
        else:
            state = "at_times" if any(opens(section, document, camera) for section in at_times) else "shut"
        counts[state] += 1
    return Squares(**counts)
