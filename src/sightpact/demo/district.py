"""The demonstration's district: Lakeview, its schools, areas, cameras and people. Made up, and said to be.

Pure data in the shape of the import file; nothing here knows that the cameras are simulated except their addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ZONE = "America/New_York"

PARTIES = [
    {"slug": "lakeview-usd", "name": "Lakeview Unified School District", "short_name": "the district", "kind": "owner",
     "phone": "+1 312 555 0142", "zone": ZONE},
    {"slug": "lakeview-pd", "name": "Lakeview Police Department", "short_name": "Lakeview PD", "kind": "agency",
     "phone": "+1 312 555 0100", "zone": ZONE},
    {"slug": "fairmont-pd", "name": "Fairmont Police", "short_name": "Fairmont Police", "kind": "agency",
     "phone": "+1 312 555 0160", "zone": ZONE},
]  # fmt: skip

PERSONS = [
    ("pia", "Pia Marsh", "lakeview-usd", "principal", "principal, Lakeview High", "+1 312 555 0143"),
    ("omar", "Omar Reyes", "lakeview-pd", "dispatcher", "dispatch console 2", "+1 312 555 0100"),
    ("sam", "Sam Whitfield", "lakeview-usd", "superintendent", "superintendent", "+1 312 555 0142"),
    ("dana", "Dana Okafor", "lakeview-usd", "it", "district IT", "+1 312 555 0144"),
    ("rosa", "Rosa Delgado", "lakeview-pd", "sro", "school resource officer", "+1 312 555 0101"),
    ("ines", "Ines Calder", "fairmont-pd", "officer", "officer", "+1 312 555 0160"),
]
HOME = {"pia": "lakeview-high"}  # where somebody works: the switch begins with it
NAMED = [("omar", "dispatcher"), ("rosa", "school resource officer")]

SCHOOLS = [
    ("lakeview-high", "Lakeview High", "100 Lake Road"),
    ("lakeview-middle", "Lakeview Middle", "40 Lake Road"),
    ("creekside", "Creekside Elementary", "7 Creek Lane"),
    ("hillcrest", "Hillcrest Elementary", "21 Hill Street"),
    ("northgate", "Northgate Elementary", "3 North Avenue"),
]


@dataclass(frozen=True, slots=True)
class Spot:
    """One camera: its area's kind, the drawn scene, and what people call it."""

    name: str
    kind: str
    scene: str
    place: str = ""


OUTSIDE = [
    Spot("Main entrance", "entrance_outside", "front_entrance", "south side"),
    Spot("North lot", "parking", "north_parking"),
    Spot("Bus loop", "bus_loop", "bus_loop", "west side"),
    Spot("East doors", "entrance_outside", "side_door"),
    Spot("Field", "field", "field", "behind the gym"),
    Spot("South lot", "parking", "south_parking"),
    Spot("Playground", "exterior", "playground"),
    Spot("Loading dock", "exterior", "loading_dock", "by the kitchen"),
]
INSIDE = [
    Spot("Hallway B, east", "hallway", "hallway_east", "by room 114"),
    Spot("Stair 2", "stairwell", "stairwell", "floor 1 landing"),
    Spot("Hallway B, west", "hallway", "hallway_west", "by room 103"),
    Spot("Hallway A", "hallway", "hallway_trophy", "trophy case"),
    Spot("Library", "library", "library", "reading tables"),
    Spot("Cafeteria", "cafeteria", "cafeteria", "north wall"),
    Spot("Gymnasium", "gymnasium", "gymnasium", "above the door"),
    Spot("Front lobby", "lobby", "lobby", "front desk"),
    Spot("Auditorium", "auditorium", "auditorium", "stage left"),
    Spot("Main office", "office", "office", "counter"),
]
PRIVATE = [
    Spot("Guidance office", "guidance", "office"),
    Spot("Room 112", "classroom", "classroom"),
    Spot("Nurse's office", "nurse", "office"),
    Spot("Restroom corner", "restroom", "restroom_hallway"),
]
DRILL = [
    Spot("Drill hallway", "hallway", "hallway_east", "simulated"),
    Spot("Drill stairs", "stairwell", "stairwell", "simulated"),
    Spot("Drill cafeteria", "cafeteria", "cafeteria", "simulated"),
    Spot("Drill lobby", "lobby", "lobby", "simulated"),
    Spot("Drill library", "library", "library", "simulated"),
    Spot("Drill lot", "parking", "north_parking", "simulated"),
]
"""Simulated pictures at the first school, for drills: drawn in lines, with the word DRILL in each."""
DRILLS: dict[str, Any] = {
    "heading": "Drills",
    "kind": "drills",
    "start": [{"party": "lakeview-usd", "roles": ["principal", "superintendent"]}],
    "watch": [{"party": "lakeview-pd", "roles": ["dispatcher"], "named_only": True}],
    "per_year": 4,
    "minutes": 60,
}
"""The section that the demonstration's text is given beside the cameras above; its number is 3.8."""
UNKNOWN = Spot("New camera", "", "side_door", "not yet classified")

# outside, inside common, private, not classified; by school, in the order of SCHOOLS
SMALL = [(5, 8, 1, 1), (3, 1, 0, 0), (2, 0, 0, 0), (1, 0, 0, 0), (2, 0, 0, 0)]
FULL = [(31, 42, 8, 1), (26, 33, 6, 1), (22, 20, 4, 1), (21, 19, 4, 1), (19, 17, 3, 0)]


def shape(count: int) -> list[tuple[int, int, int, int]]:
    """How many cameras of each sort each school has, for a district of `count` cameras.

    24 and 279 are the drawn districts; other counts grow or shrink the outside of the full one, inside first kept.
    """
    if count <= 24:
        return _cut(SMALL, count)
    return _cut(FULL, min(count, 279))


def _cut(full: list[tuple[int, int, int, int]], count: int) -> list[tuple[int, int, int, int]]:
    rows, left = [list(row) for row in full], sum(map(sum, full)) - count
    for column in (0, 1, 2, 3):
        for row in reversed(rows):
            take = min(left, max(0, row[column] - (1 if column == 0 else 0)))
            row[column] -= take
            left -= take
    return [(a, b, c, d) for a, b, c, d in rows]


def build(
    count: int, address: str, drills: int = 0
) -> tuple[dict[str, list[dict[str, Any]]], list[dict[str, Any]]]:
    """The district as an import file's tables, and the simulator's cameras.

    Args:
        count: cameras.
        address: where the simulator listens, e.g. "rtsp://127.0.0.1:8554/cam/".
        drills: cameras with simulated pictures beside these, at the first school.
    """
    tables: dict[str, list[dict[str, Any]]] = {
        "parties": PARTIES,
        "persons": [_person(*row) for row in PERSONS],
        "schools": [
            {"slug": slug, "owner": "lakeview-usd", "name": name, "address": street, "zone": ZONE}
            for slug, name, street in SCHOOLS
        ],
        "areas": [],
        "cameras": [],
    }
    simulated: list[dict[str, Any]] = []
    for (school, _name, _street), numbers in zip(SCHOOLS, shape(count), strict=True):
        for spots, many in zip((OUTSIDE, INSIDE, PRIVATE, [UNKNOWN]), numbers, strict=True):
            for index in range(many):
                _add(tables, simulated, school, spots[index % len(spots)], index // len(spots), address)
    for spot in DRILL[:drills]:
        _add(tables, simulated, SCHOOLS[0][0], spot, 0, address)
        tables["cameras"][-1] |= {"drill_source": True, "standby": False}
        simulated[-1] |= {"name": "DRILL · simulated", "drill": True}
    return tables, simulated


def _person(slug: str, name: str, party: str, role: str, title: str, phone: str) -> dict[str, Any]:
    held = {"party": party, "role": role, "title": title}
    if slug in HOME:
        held["school"] = HOME[slug]
    return {"slug": slug, "name": name, "phone": phone, "roles": [held]}


def _add(
    tables: dict[str, list[dict[str, Any]]],
    simulated: list[dict[str, Any]],
    school: str,
    spot: Spot,
    again: int,
    address: str,
) -> None:
    """One camera with its area; the second of a kind is "Hallway A 2"."""
    name = spot.name if not again else f"{spot.name} {again + 1}"
    slug = f"{school}-{name.lower()}".replace(",", "").replace("'", "").replace(" ", "-")
    camera: dict[str, Any] = {
        "slug": slug,
        "school": school,
        "areas": [],
        "name": name,
        "place": spot.place,
        "address": address + slug,
        "username": "gateway",
        "password": f"lake-{slug}",
        "standby": spot.kind not in ("", *[p.kind for p in PRIVATE]) and spot in INSIDE,
    }
    if spot.kind:
        tables["areas"].append({"slug": slug, "school": school, "kind": spot.kind, "name": name, "floor": 1})
        camera["areas"] = [slug]
    tables["cameras"].append(camera)
    number = len(simulated)
    simulated.append(
        {
            "slug": slug,
            "name": f"{name} · made up",
            "scene": spot.scene,
            "number": number,
            "keyframe_s": 1.0,
            "pattern": "packet" if number % 3 == 0 else "frame",
            "username": camera["username"],
            "password": camera["password"],
        }
    )
