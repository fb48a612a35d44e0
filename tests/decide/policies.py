"""A hand-written agreement and house policy, as the compiler would write them, and a world to try them in.

The cast is made up: Lakeview Unified and its police department.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sightpact.decide.cedar_schema import schema_for
from sightpact.decide.facts import Agreement, Camera, Inventory, Party, Person, School, Situation

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
DISTRICT, PD, FAIRMONT = "p-district", "p-lakeview-pd", "p-fairmont-pd"
HIGH, MIDDLE = "s-high", "s-middle"
MOU, HOUSE = "a-mou", "a-house"
EMERGENCIES = ("armed_person", "fire")

DANA, SAM, PIA, OMAR, ROSA, INES = "dana", "sam", "pia", "omar", "rosa", "ines"

EXTERIOR = '["exterior", "entrance_outside", "parking", "field", "bus_loop"]'
COMMON = (
    '["exterior", "entrance_outside", "parking", "field", "bus_loop", "lobby", "hallway", "stairwell",'
    ' "cafeteria", "gymnasium", "library", "auditorium"]'
)

NEVER = """
@id("never.not_in_force") forbid (principal, action, resource) unless { context.in_force };
@id("never.inactive") forbid (principal, action, resource) unless { principal.active };
@id("never.stopped") forbid (principal, action == Action::"view_live", resource) when { context.stopped };
@id("never.unclassified") forbid (principal, action == Action::"view_live", resource) unless { resource.classified };
@id("never.out_of_service") forbid (principal, action == Action::"view_live", resource)
  unless { resource.in_service };
@id("never.drill") forbid (principal, action == Action::"view_live", resource)
  when { context.drill && !resource.drill_source };
"""

MOU_TEXT = f"""
@id("3.1") permit (principal in Annex::"{MOU}", action == Action::"view_live", resource in Party::"{DISTRICT}")
  when {{ principal in Role::"{PD}/dispatcher" && {EXTERIOR}.containsAll(resource.area_kinds) }};
@id("3.2") permit (principal in Annex::"{MOU}", action == Action::"view_live", resource in Party::"{DISTRICT}")
  when {{ principal in Role::"{PD}/dispatcher" && context.emergency_armed_person
    && {COMMON}.containsAll(resource.area_kinds) }};
@id("3.3") permit (principal in Annex::"{MOU}", action == Action::"view_live", resource in Party::"{DISTRICT}")
  when {{ principal in Role::"{PD}/dispatcher" && context.emergency_fire
    && resource.area_kinds.contains("lobby") && {COMMON}.containsAll(resource.area_kinds) }};
@id("4.1") permit (principal in Annex::"{MOU}", action == Action::"start_sharing", resource in Party::"{DISTRICT}")
  when {{ principal in Role::"{DISTRICT}/principal" && context.emergency_armed_person }};
@id("4.2") permit (principal in Annex::"{MOU}", action == Action::"take_incident", resource in Party::"{DISTRICT}")
  when {{ principal in Role::"{PD}/dispatcher" && (context.emergency_armed_person || context.emergency_fire) }};
@id("4.3") permit (principal in Annex::"{MOU}", action == Action::"end_sharing", resource in Party::"{DISTRICT}")
  when {{ principal in Role::"{DISTRICT}/principal" || principal in Role::"{DISTRICT}/superintendent" }};
{NEVER}
@id("never.private") forbid (principal, action == Action::"view_live", resource) when {{ resource.private }};
"""

HOUSE_TEXT = f"""
@id("H.1") permit (principal in Role::"{DISTRICT}/superintendent", action == Action::"view_live",
  resource in Party::"{DISTRICT}");
@id("H.2") permit (principal in Role::"{DISTRICT}/superintendent",
  action in [Action::"stop_sharing", Action::"see_watchers", Action::"read_record"], resource == Party::"{DISTRICT}");
@id("H.3") permit (principal in Role::"{DISTRICT}/it", action == Action::"manage", resource == Party::"{DISTRICT}");
{NEVER}
"""


def agreement(text: str = MOU_TEXT, *, id: str = MOU, house: bool = False, **changes: object) -> Agreement:
    values: dict[str, object] = {
        "id": id,
        "owner": DISTRICT,
        "parties": frozenset({DISTRICT} if house else {DISTRICT, PD}),
        "in_force_from": NOW - timedelta(days=100),
        "in_force_until": None,
        "suspended": False,
        "cedar": text,
        "schema": schema_for(EMERGENCIES),
        "policy_hash": hashlib.sha256(text.encode()).hexdigest(),
        "emergencies": EMERGENCIES,
        "standing_lease_s": 2.0,
        "emergency_lease_s": 15.0,
        "log_unwritable": "continue",
        "is_house": house,
    }
    return Agreement(**{**values, **changes})  # type: ignore[arg-type]


def house(text: str = HOUSE_TEXT, **changes: object) -> Agreement:
    return agreement(text, id=HOUSE, house=True, **changes)


def person(id: str, *roles: tuple[str, str], named: Sequence[str] = (MOU,), active: bool = True) -> Person:
    return Person(id, frozenset(roles), frozenset(named), active)


def camera(id: str, *kinds: str, school: str = HIGH, in_service: bool = True, drill: bool = False) -> Camera:
    return Camera(id, DISTRICT, school, frozenset(kinds), frozenset(), in_service, drill)


PEOPLE = (
    person(DANA, (DISTRICT, "it"), named=()),
    person(SAM, (DISTRICT, "superintendent")),
    person(PIA, (DISTRICT, "principal")),
    person(OMAR, (PD, "dispatcher")),
    person("omar-unnamed", (PD, "dispatcher"), named=()),
    person("omar-gone", (PD, "dispatcher"), active=False),
    person(ROSA, (PD, "school_resource_officer")),
    person(INES, (FAIRMONT, "dispatcher"), named=()),
)
CAMERAS = (
    camera("yard", "exterior"),
    camera("hall", "hallway"),
    camera("lobby", "lobby"),
    camera("door", "exterior", "lobby"),
    camera("class", "classroom"),
    camera("mixed", "hallway", "restroom"),
    camera("new"),
    camera("odd", "rooftop"),
    camera("broken", "exterior", in_service=False),
    camera("mid-hall", "hallway", school=MIDDLE),
    camera("drill", "hallway", drill=True),
)


def inventory(*agreements: Agreement, epoch: int = 1) -> Inventory:
    return Inventory(
        epoch=epoch,
        parties={p: Party(p, p) for p in (DISTRICT, PD, FAIRMONT)},
        persons={p.id: p for p in PEOPLE},
        schools={s: School(s, DISTRICT) for s in (HIGH, MIDDLE)},
        cameras={c.id: c for c in CAMERAS},
        agreements=agreements or (agreement(), house()),
    )


def situation(
    emergency: str = "armed_person",
    *,
    id: str = "x-1",
    minutes: float = 60,
    school: str = HIGH,
    drill: bool = False,
) -> Situation:
    deadline = NOW + timedelta(minutes=minutes)
    return Situation(
        id, "drill" if drill else "activation", frozenset({school}), emergency, True, deadline, drill
    )
