"""Which drawn scene stands for which area: by scene name or by area kind, with `~` for the mirrored view.

Never: drawing. Keep this a table that one can read.
"""

from __future__ import annotations

from . import scenery
from .spec import SpecError

BY_KIND = {
    "entrance_outside": "front_entrance",
    "front": "front_entrance",
    "exterior": "side_door",
    "exterior_door": "side_door",
    "parking": "north_parking",
    "grounds": "field",
    "playground": "field",
    "hallway": "hallway_east",
    "stairs": "stairwell",
    "gym": "gymnasium",
}


def scene_for(wanted: str) -> tuple[str, bool]:
    """Scene file and whether it is mirrored. Raises SpecError, which lists what there is."""
    mirrored = wanted.startswith("~")
    name = wanted.lstrip("~")
    name = BY_KIND.get(name, name)
    known = scenery.names()
    if name not in known:
        choices = ", ".join(sorted({*known, *BY_KIND}))
        raise SpecError(
            f"scene {wanted!r}", "there is none of that name", f"Use one of: {choices}; ~name is mirrored"
        )
    return name, mirrored
