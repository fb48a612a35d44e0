"""A text with its exhibit of cameras as it is now: what the text lists, and every change since. Reads; writes nothing.

Never: another word of the text. Its policy is the same, byte for byte, since a policy names the list and not the cameras.
"""

from __future__ import annotations

from dataclasses import replace

from sightpact.agreements.clauses.scope import CameraExhibit
from sightpact.agreements.document import Document
from sightpact.agreements.models import ExhibitChange


def as_it_is(document: Document, revision_id: str) -> Document:
    """The document of a stored revision, with the cameras that its exhibit lists now."""
    if not document.all(CameraExhibit):
        return document
    listed = dict.fromkeys(document.one(CameraExhibit).cameras)
    changes = ExhibitChange.objects.filter(revision_id=revision_id).order_by("serial")
    for camera, added in changes.values_list("camera", "added"):
        if added:
            listed[camera] = None
        else:
            listed.pop(camera, None)
    return with_listed(document, tuple(listed))


def with_listed(document: Document, cameras: tuple[str, ...]) -> Document:
    """The text with these cameras on its exhibit."""
    clauses = tuple(
        replace(c, cameras=cameras) if isinstance(c, CameraExhibit) else c for c in document.clauses
    )
    return replace(document, clauses=clauses)
