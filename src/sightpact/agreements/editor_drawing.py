"""The owner's cameras as squares, one drawing for each section of a draft that opens pictures. Pure.

Never for another side: how many inside cameras there are is the owner's to know.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from sightpact.agreements import field
from sightpact.agreements.consequences import Asked
from sightpact.agreements.document import Document
from sightpact.agreements.field import Field
from sightpact.agreements.scopes import scope_of
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Camera
from sightpact.decide.scope import Scope


def fields(asked: Asked) -> dict[str, dict[str, Any]]:
    """For each section of the new text that opens pictures every camera of the owner as one square: number -> drawing."""
    return {
        number: {"width": d.width, "height": d.height, "paths": [list(p) for p in d.paths], "label": d.label}
        for number, d in drawn(asked, asked.new).items()
    }


def drawn(asked: Asked, document: Document) -> dict[str, Field]:
    """The same of any text over the same cameras."""
    owner = next((p.id for p in asked.stock.parties.values() if p.slug == document.owner), "")
    named = document.names.schools
    covered = {s.id for s in asked.stock.schools.values() if named is None or s.slug in named}
    here = [
        c
        for c in asked.stock.cameras.values()
        if c.owner == owner and not c.drill_source and c.school in covered
    ]
    names = document.names
    opening = [(c, scope_of(c, document)) for c in document.clauses if c.compile(names)]
    kinds = {c.number: scope for c, scope in opening if scope is not None}
    found: dict[str, Field] = {}
    for number, mine in kinds.items():
        others = [each for other, each in kinds.items() if other != number]
        made = field.draw(*_grouped([(c, _state(c, mine, others)) for c in here]))
        if made is not None:
            found[number] = made
    return found


def _state(camera: Camera, mine: Scope, others: list[Scope]) -> str:
    if not camera.classified:
        return field.UNCLASSIFIED
    if camera.in_service and mine.holds(camera):
        return field.OPEN
    if camera.private:
        return field.NEVER
    return field.ELSEWHERE if any(each.holds(camera) for each in others) else field.SHUT


def _grouped(cameras: list[tuple[Camera, str]]) -> tuple[list[list[str]], str]:
    """Outside, inside, and what is never shared or not classified; and the same in words."""
    outside = [s for c, s in cameras if c.classified and c.area_kinds <= EXTERIOR_AREA_KINDS]
    other = [s for c, s in cameras if s in (field.NEVER, field.UNCLASSIFIED)]
    inside = [
        s for c, s in cameras if not (c.classified and c.area_kinds <= EXTERIOR_AREA_KINDS) and s not in other
    ]
    every = [*outside, *inside, *other]
    return [outside, inside, other], ", ".join(
        f"{every.count(s)} {says}" for s, says in states().items() if s in every
    )


def states() -> dict[str, str]:
    """What each mark of the drawing means."""
    return {
        field.OPEN: _("opened here"),
        field.ELSEWHERE: _("opened by another section"),
        field.SHUT: _("not touched"),
        field.NEVER: _("never shared"),
        field.UNCLASSIFIED: _("not classified"),
    }
