"""Which drawn scene stands for which area: by a scene's name, or by area kind with variants; `~` mirrors.

Never: drawing. Keep this a table that one can read.
"""

from __future__ import annotations

from . import scenery
from .spec import SpecError

BY_KIND = {
    "entrance_outside": ("front_entrance", "side_door", "~front_entrance", "~side_door"),
    "exterior": ("side_door", "loading_dock", "playground", "~loading_dock", "~side_door", "~playground"),
    "parking": ("north_parking", "south_parking", "~north_parking", "~south_parking"),
    "bus_loop": ("bus_loop", "~bus_loop"),
    "field": ("field", "~field"),
    "lobby": ("lobby", "~lobby"),
    "hallway": (
        "hallway_east",
        "hallway_west",
        "hallway_trophy",
        "~hallway_east",
        "~hallway_west",
        "~hallway_trophy",
    ),
    "stairwell": ("stairwell", "~stairwell"),
    "cafeteria": ("cafeteria", "~cafeteria"),
    "gymnasium": ("gymnasium", "~gymnasium"),
    "library": ("library", "~library"),
    "auditorium": ("auditorium", "~auditorium"),
    "office": ("office", "~office"),
    "classroom": ("classroom", "~classroom"),
    "restroom": (
        "restroom_hallway",
        "~restroom_hallway",
    ),  # the door, seen from the hallway; nothing inside is drawn
    "locker_room": ("restroom_hallway", "~restroom_hallway"),
    "nurse": ("office", "~office"),
    "guidance": ("office", "~office"),
}


def scene_for(wanted: str, number: int = 0) -> tuple[str, bool]:
    """Scene file and whether it is mirrored; of an area kind's variants, the camera's number takes one.

    A name that is both (such as "lobby") is taken as the kind. Raises SpecError, which lists what there is.
    """
    mirrored = wanted.startswith("~")
    name = wanted.lstrip("~")
    if not mirrored and (variants := BY_KIND.get(name)):
        name = variants[number % len(variants)]
        mirrored = name.startswith("~")
        name = name.lstrip("~")
    if name not in scenery.names():
        choices = ", ".join(sorted({*scenery.names(), *BY_KIND}))
        raise SpecError(
            f"scene {wanted!r}", "there is none of that name", f"Use one of: {choices}; ~name mirrors a scene"
        )
    return name, mirrored
