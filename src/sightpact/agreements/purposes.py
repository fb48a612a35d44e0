"""`purposes_of`: what a text says of purposes and passing on. Pure; asked for by forms and by watching screens."""

from __future__ import annotations

from sightpact.agreements.clauses.uses import Uses, uses
from sightpact.agreements.document import Document


def purposes_of(document: Document) -> Uses:
    """The purposes that may be named, those that are forbidden, and the notice against passing pictures on."""
    return uses(document.clauses)
