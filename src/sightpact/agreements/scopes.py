"""Which cameras the sections of a text mean: read from their fields as data, for the proof, the drawings and the counts. Pure.

Never: the policy. What is made here must not be made from what the compiler makes.
"""

from __future__ import annotations

from sightpact.agreements.clauses import Clause
from sightpact.agreements.clauses.scope import CameraExhibit, Scoped
from sightpact.agreements.document import Document
from sightpact.decide.facts import Camera
from sightpact.decide.scope import Scope


def camera_lists(document: Document) -> tuple[tuple[str, frozenset[str]], ...]:
    """(section, slugs of the cameras that it lists), in the text's order: sections that name cameras, and the exhibit."""
    return tuple(
        (c.number, frozenset(c.cameras))
        for c in document.clauses
        if isinstance(c, CameraExhibit) or (isinstance(c, Scoped) and c.cameras)
    )


def scope_of(clause: Clause, document: Document) -> Scope | None:
    """What a section opens of all cameras; None for a section that opens no picture."""
    if not isinstance(clause, Scoped):
        return None
    lists = [frozenset(clause.cameras)] if clause.cameras else []
    if clause.present_only:
        lists += [frozenset(exhibit.cameras) for exhibit in document.all(CameraExhibit)] or [frozenset()]
    kinds: tuple[str, ...] = getattr(clause, "area_kinds", ())
    return Scope(frozenset(kinds), frozenset(clause.tags), tuple(lists))


def scopes(document: Document) -> tuple[Scope, ...]:
    """Of every section that opens a picture at all."""
    return tuple(found for c in document.clauses if (found := scope_of(c, document)) is not None)


def opens(clause: Clause, document: Document, camera: Camera) -> bool:
    """Whether a section opens this camera, to somebody, at some time."""
    scope = scope_of(clause, document)
    return scope is not None and camera.classified and camera.in_service and scope.holds(camera)


def told_apart(camera: Camera, *documents: Document) -> tuple[object, ...]:
    """What these texts can tell of a camera beyond its facts: on which of their lists it stands."""
    slug = camera.slug or camera.id
    return tuple(slug in slugs for document in documents for _section, slugs in camera_lists(document))


def marks(*documents: Document) -> frozenset[str]:
    """Every mark of cameras that a section of these texts is limited to."""
    return frozenset(tag for d in documents for c in d.clauses if isinstance(c, Scoped) for tag in c.tags)
