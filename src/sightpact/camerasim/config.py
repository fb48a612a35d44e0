"""Cameras from a TOML file, or a quick made-up set of them.

Never: files other than the one named.
"""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

from .spec import CameraSpec, SpecError

_FIELDS = {field.name for field in dataclasses.fields(CameraSpec)}


def read(path: Path) -> list[CameraSpec]:
    """Reads [[cameras]] tables with the fields of CameraSpec. Raises SpecError: file, reason and remedy."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SpecError(
            str(path), error.strerror or "it cannot be read", "Name a file that exists"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError(str(path), f"it is not TOML ({error})", "Correct it") from error
    tables = data.get("cameras")
    if not isinstance(tables, list) or not tables:
        raise SpecError(str(path), "it has no [[cameras]]", "Add at least one table with slug and scene")
    specs = []
    for place, table in enumerate(tables, start=1):
        unknown = set(table) - _FIELDS
        if unknown:
            what = f"{path}, camera {table.get('slug', place)}"
            raise SpecError(
                what, f"unknown key {', '.join(sorted(unknown))}", f"Use {', '.join(sorted(_FIELDS))}"
            )
        if "slug" not in table:
            raise SpecError(f"{path}, camera {place}", "it has no slug", "Add one")
        if "keyframe_s" in table:
            table["keyframe_s"] = float(table["keyframe_s"])
        table.setdefault("number", place)
        table.setdefault("name", table["slug"])
        specs.append(CameraSpec(**table))
    return specs


QUICK = (
    ("front_entrance", "Main entrance"),
    ("north_parking", "North lot"),
    ("bus_loop", "Bus loop"),
    ("side_door", "East doors"),
    ("field", "Field"),
    ("lobby", "Front lobby"),
    ("hallway_east", "Hallway B, east"),
    ("hallway_west", "Hallway B, west"),
    ("hallway_trophy", "Hallway A"),
    ("stairwell", "Stair 2"),
    ("cafeteria", "Cafeteria"),
    ("gymnasium", "Gymnasium"),
    ("library", "Library"),
    ("auditorium", "Auditorium"),
    ("office", "Front office"),
    ("south_parking", "South lot"),
    ("loading_dock", "Loading dock"),
    ("playground", "Playground"),
)


def quick_set(count: int) -> list[CameraSpec]:
    """`count` cameras cam-001, cam-002, ... over the scenes; every second round shows the mirrored views."""
    specs = []
    for i in range(count):
        scene, name = QUICK[i % len(QUICK)]
        turn = i // len(QUICK)
        specs.append(
            CameraSpec(
                slug=f"cam-{i + 1:03}",
                name=f"{name} {turn + 1}" if turn else name,
                scene=("~" if turn % 2 else "") + scene,
                number=i + 1,
            )
        )
    return specs
