"""Contradictions in which cameras a section means: lists that are empty together, an exhibit that is not there.

Pure. Whether a mark or a camera exists in a deployment is `unknown`'s to tell, and is a warning: a text may come first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from sightpact.agreements.checks_base import at, one_of, placed, twice
from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.scope import CameraExhibit, Scoped
from sightpact.agreements.clauses.views import EmergencyView
from sightpact.agreements.errors import ClauseFault

if TYPE_CHECKING:
    from sightpact.agreements.document import Document


def faults(document: Document) -> Iterator[ClauseFault]:
    """A list with a name twice, a section that can mean no camera, and a countersignature by nobody else."""
    exhibit = {slug for c in document.all(CameraExhibit) for slug in c.cameras}
    for index, clause in placed(document):
        if isinstance(clause, Scoped):
            for name in twice(clause.tags):
                yield at(index, clause, f"the mark '{name}' is named twice.", "Name it once.", "tags")
        if isinstance(clause, Scoped | CameraExhibit):
            for name in twice(clause.cameras):
                yield at(index, clause, f"the camera '{name}' is named twice.", "Name it once.", "cameras")
        if isinstance(clause, Scoped) and clause.present_only:
            if not exhibit:
                what = "it opens only cameras of the exhibit, and there is none."
                yield at(
                    index, clause, what, "Add a camera_exhibit, or take present_only out.", "present_only"
                )
            elif clause.cameras and not exhibit & set(clause.cameras):
                what = "it can open no camera: none that it names is in the exhibit."
                yield at(
                    index, clause, what, "Name cameras of the exhibit, or take one of both out.", "cameras"
                )
        if isinstance(clause, CameraExhibit):
            others = [p.slug for p in document.parties if p.slug != document.owner]
            if clause.countersigned_by is not None and clause.countersigned_by not in others:
                what = f"'{clause.countersigned_by}' cannot countersign: it has to be another party of this text."
                remedy = one_of(others) if others else "Leave it out: the list grows by a new revision."
                yield at(index, clause, what, remedy, "countersigned_by")


def warnings(document: Document) -> Iterator[ClauseFault]:
    """An exhibit that bounds nothing, and names that the text gives away."""
    sections = [c for c in document.clauses if isinstance(c, Scoped)]
    hidden = [c.number for c in document.all(EmergencyView) if not c.names_beforehand]
    for index, clause in placed(document):
        if isinstance(clause, CameraExhibit) and not any(c.present_only for c in sections):
            what = "no section is limited to it, so it changes nothing."
            yield at(
                index, clause, what, "Say present_only = true in a section that opens pictures.", "cameras"
            )
        lists = isinstance(clause, EmergencyView) and not clause.names_beforehand and clause.cameras
        if hidden and (lists or isinstance(clause, CameraExhibit)):
            what = f"it names cameras, and section {words.listed(hidden)} says that names are not known beforehand."
            remedy = "Say names_beforehand = true there, or call inside cameras by names that tell no place."
            yield at(index, clause, what, remedy, "cameras")


def unknown(document: Document, tags: Collection[str], cameras: Collection[str]) -> Iterator[ClauseFault]:
    """Marks that no camera carries and cameras that are not here: what they limit stays closed.

    Args:
        tags, cameras: the owner's, as they are stored: every mark, every slug.
    """
    for index, clause in placed(document):
        if isinstance(clause, Scoped):
            for tag in clause.tags:
                if tag not in tags:
                    what = f"no camera here is marked '{tag}', so it opens nothing by that mark."
                    yield at(index, clause, what, "Mark a camera so in the inventory, or correct it.", "tags")
        if isinstance(clause, Scoped | CameraExhibit):
            for slug in clause.cameras:
                if slug not in cameras:
                    what = f"there is no camera '{slug}' here, so nothing opens by that name."
                    yield at(index, clause, what, "Import it under that name, or correct it.", "cameras")
