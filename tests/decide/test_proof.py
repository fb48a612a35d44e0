"""The proof's evaluator against Cedar, and each guarantee against a policy that breaks it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightpact.bench.random_policies import differences
from sightpact.decide.cedar_schema import schema_for
from sightpact.decide.facts import SITUATIONS, Action, Agreement, Inventory
from sightpact.decide.prove import cube, guarantees, projection
from sightpact.decide.prove.guarantees import Readers, Terms
from sightpact.decide.prove.policies import NotModelled
from sightpact.decide.scope import Scope
from sightpact.decide.world import World
from tests.decide.policies import (
    CAMERAS,
    DISTRICT,
    EMERGENCIES,
    HIGH,
    HOUSE,
    MIDDLE,
    MOU,
    MOU_TEXT,
    PD,
    agreement,
    camera,
    house,
    inventory,
)

EXTERIOR_KINDS = frozenset({"exterior", "entrance_outside", "parking", "field", "bus_loop"})
COMMON_KINDS = EXTERIOR_KINDS | {
    "lobby",
    "hallway",
    "stairwell",
    "cafeteria",
    "gymnasium",
    "library",
    "auditorium",
}
TERMS = Terms(
    agreement=MOU,
    owner=DISTRICT,
    parties=frozenset({DISTRICT, PD}),
    house=False,
    schools=None,
    emergencies={"armed_person": (Scope(COMMON_KINDS),), "fire": (Scope(COMMON_KINDS),)},
)
HOUSE_TERMS = replace(TERMS, agreement=HOUSE, parties=frozenset({DISTRICT}), house=True, emergencies={})


def world(*agreements: Agreement) -> World:
    return World(inventory(*agreements))


def broken(
    text: str, terms: Terms = TERMS, base: Inventory | None = None, **changes: object
) -> dict[str, guarantees.Broken]:
    basis = house(text) if terms.house else agreement(text, **changes)
    stock = replace(base or inventory(basis), agreements=(basis,))
    entities = cube.table(stock)
    found = {}
    for block in cube.blocks(stock, basis, entities):
        found.update({b.guarantee: b for b in guarantees.check(terms, block)})
    return found


# equal to Cedar -----------------------------------------------------------------------------------------------


def test_the_whole_world_projected_is_what_cedar_says():
    compared = projection.compare(world())
    assert compared.differences == ()
    assert compared.cells > compared.asked > 500


@pytest.mark.parametrize("condition", ["principal in resource.owner", "resource in [resource.school]"])
def test_where_two_things_of_the_request_are_compared_nothing_is_projected(condition: str):
    text = f'@id("1") permit (principal, action == Action::"view_live", resource) when {{ {condition} }};'
    small = replace(inventory(agreement(text)), cameras={c.id: c for c in CAMERAS[:3]})
    compared = projection.compare(World(small))
    assert compared.differences == () and compared.cells == compared.asked


FAST = settings(max_examples=40, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])


@FAST
@given(st.randoms(use_true_random=False))
def test_random_policies_say_what_cedar_says(rng: random.Random):
    assert differences(rng, 6) == []


@pytest.mark.soak
def test_a_thousand_random_policy_sets():
    seed = random.randrange(2**32)
    rng = random.Random(seed)
    wrong = [text for _ in range(1000) if (text := differences(rng, 20))]
    assert wrong == [], f"seed {seed}"


def test_a_wrong_evaluator_would_be_found(monkeypatch: pytest.MonkeyPatch):
    """The comparison bites: two forbids less, and projection tells a difference."""
    real = cube.policies_of
    monkeypatch.setattr(
        cube, "policies_of", lambda a: tuple(p for p in real(a) if not p.clause.startswith("never.s"))
    )
    (difference, *_) = projection.compare(world(agreement())).differences
    assert difference.told.stopped and not difference.cedar


@pytest.mark.parametrize(
    "condition",
    [
        "1 < 2",
        "1 + 1 == 2",
        "resource has tags",
        '"exterior" like "ext*"',
        'decimal("1.0").lessThan(decimal("2.0"))',
        "{a: 1} == {a: 1}",
        "[1, 2].contains(1)",
        "false && 1 < 2",
        'School::"elsewhere".owner == resource.owner',
    ],
)
def test_what_is_not_modelled_raises(condition: str):
    text = f'@id("1") permit (principal, action == Action::"view_live", resource) when {{ {condition} }};'
    basis = agreement(text)
    assert not world(basis).faults, "Cedar itself takes it"
    stock = inventory(basis)
    with pytest.raises(NotModelled):
        list(cube.blocks(stock, basis, cube.table(stock)))


def test_the_schemas_attributes_are_those_that_are_projected():
    stock = inventory()
    entities = cube.table(stock)
    for kind, names in projection._OF.items():
        for entity in entities._entities:
            if entity["uid"]["type"] == kind:
                assert set(entity["attrs"]) == names


def test_only_what_is_touched_is_looked_at_and_says_the_same():
    stock, basis = inventory(), agreement()
    entities = cube.table(stock)
    whole = {b.action: b for b in cube.blocks(stock, basis, entities)}
    touched = cube.Touched(frozenset({"omar"}), frozenset({"hall"}))
    parts = list(cube.blocks(stock, basis, entities, touched))
    assert sum(b.allowed.size for b in parts) < sum(b.allowed.size for b in whole.values()) / 2
    for part in parts:
        full = whole[part.action]
        for i, who in enumerate(part.persons):
            for j, thing in enumerate(part.things):
                a = next(n for n, p in enumerate(full.persons) if p.id == who.id)
                b = next(n for n, t in enumerate(full.things) if t.id == thing.id)
                assert (part.allowed[i, j] == full.allowed[a, b]).all()


# guarantees ---------------------------------------------------------------------------------------------------


def test_the_plain_agreement_and_house_policy_keep_all():
    assert broken(MOU_TEXT) == {}
    from tests.decide.policies import HOUSE_TEXT

    assert broken(HOUSE_TEXT, HOUSE_TERMS) == {}


OPEN = '@id("9.9") permit (principal, action == Action::"{action}", resource) when {{ {when} }};'
IN_FORCE = "context.in_force && principal.active"
SEEN = (
    f'{IN_FORCE} && !context.stopped && context.drill == resource.drill_source && principal in Annex::"{MOU}"'
)
KNOWN = (
    f'{SEEN} && principal in [Party::"{DISTRICT}", Party::"{PD}"] && resource.classified && !resource.private'
)
OUTSIDE = '["exterior", "entrance_outside", "parking", "field", "bus_loop"].containsAll(resource.area_kinds)'

SITUATED = {"situations": SITUATIONS, "schema": schema_for(EMERGENCIES, SITUATIONS)}

BREAKS = {
    "inside_only_in_a_named_situation": ("view_live", KNOWN),
    "private_never": ("view_live", KNOWN.replace("!resource.private", "context.emergency_fire")),
    "unclassified_never": ("view_live", KNOWN.replace("resource.classified", "context.emergency_fire")),
    "named_only": ("view_live", KNOWN.replace(f'principal in Annex::"{MOU}"', OUTSIDE)),
    "drill_opens_nothing_real": (
        "view_live",
        KNOWN.replace("context.drill == resource.drill_source", "context.drill") + f" && {OUTSIDE}",
    ),
    "stopped_sees_nothing": (
        "view_live",
        KNOWN.replace("!context.stopped", "context.stopped") + f" && {OUTSIDE}",
    ),
    "nothing_out_of_force": ("start_sharing", f'principal.active && principal in Party::"{DISTRICT}"'),
    "parties_only": ("take_incident", IN_FORCE),
    "owner_alone_runs_it": (
        "manage",
        f'{IN_FORCE} && principal in Party::"{PD}" && resource == Party::"{DISTRICT}"',
    ),
    "owner_alone_opens": ("approve", f'{IN_FORCE} && principal in Party::"{PD}"'),
    "record_as_said": (
        "read_record",
        f'{IN_FORCE} && principal in Party::"{PD}" && resource == Party::"{PD}"',
    ),
}


@pytest.mark.parametrize("code", list(BREAKS))
def test_each_guarantee_bites(code: str):
    action, when = BREAKS[code]
    found = broken(OPEN.format(action=action, when=when), **(SITUATED if action == "approve" else {}))
    assert set(found) == {code}, found
    one = found[code]
    assert one.action == action and one.cells > 0


def test_every_guarantee_is_tried_here():
    elsewhere = {"covered_only", "neighbours_when_called"}
    assert set(BREAKS) | elsewhere == {g.code for g in guarantees.GUARANTEES}


def test_who_waits_for_a_call_sees_nothing_before_it():
    asleep = replace(TERMS, asleep={PD: "pd"})
    found = broken(MOU_TEXT, asleep)["neighbours_when_called"]
    assert found.told.aid == "" and found.action == Action.VIEW_LIVE
    assert broken(MOU_TEXT, replace(TERMS, asleep={DISTRICT: "district"})) == {}


def test_schools_that_are_not_covered_stay_closed():
    only = replace(TERMS, schools=frozenset({HIGH}))
    assert broken(MOU_TEXT, only)["covered_only"].thing == "mid-hall"
    other = camera("mid-yard", "exterior", school=MIDDLE)
    assert (
        broken(
            MOU_TEXT,
            replace(only, schools=frozenset({HIGH, MIDDLE})),
            replace(inventory(), cameras={other.id: other}),
        )
        == {}
    )


def test_who_may_read_the_record_as_a_section_says():
    text = OPEN.format(action="read_record", when=BREAKS["record_as_said"][1])
    rights = replace(TERMS, readers=(Readers(PD, frozenset(), False),))
    assert broken(text, rights) == {}
    chief = replace(TERMS, readers=(Readers(PD, frozenset({"chief"}), False),))
    assert broken(text, chief)["record_as_said"].person != "dana"
    named = replace(TERMS, readers=(Readers(PD, frozenset(), True),))
    assert broken(text, named)["record_as_said"].person == "omar-unnamed"


def test_sections_of_one_cell():
    stock, basis = inventory(), agreement()
    entities = cube.table(stock)
    told = next(
        t for t in cube.contexts(basis) if t.emergency == "armed_person" and t.in_force and not t.drill
    )
    held = cube.sections(
        basis, entities, Action.VIEW_LIVE, stock.persons["omar"], stock.cameras["yard"], told
    )
    assert held == ("3.1", "3.2")
