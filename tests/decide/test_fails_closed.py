"""Cedar's surprises, one by one: each would open something if we believed Cedar alone."""

from __future__ import annotations

import hashlib
import json

import cedarpy
import pytest

from sightpact.decide import cedar_schema
from sightpact.decide.authorize import authorize
from sightpact.decide.cedar_schema import PolicyError, check, schema_for
from sightpact.decide.entities import WorldError
from sightpact.decide.facts import Action, Grant, Refusal
from sightpact.decide.world import Outcome, Told, World
from tests.decide.policies import (
    EMERGENCIES,
    HIGH,
    HOUSE_TEXT,
    MOU_TEXT,
    NOW,
    OMAR,
    SAM,
    agreement,
    house,
    inventory,
)

OPEN = '@id("1") permit (principal, action, resource);'
OVERFLOW = "9223372036854775807 + 1 > 0"  # passes strict validation, errs when evaluated


def view(world: World, who: str = OMAR, camera: str = "yard") -> Grant | Refusal:
    return authorize(world, who, Action.VIEW_LIVE, camera, (), (), NOW)


def test_a_forbid_that_errs_refuses_though_cedar_allows() -> None:
    text = f'{OPEN}\n@id("never.x") forbid (principal, action, resource) when {{ {OVERFLOW} }};'
    raw = cedarpy.is_authorized(
        {"principal": 'P::"p"', "action": 'A::"a"', "resource": 'R::"r"', "context": {}}, text, []
    )
    assert raw.allowed, "Cedar itself skips a forbid that errs"
    answer = view(World(inventory(agreement(text))))
    assert isinstance(answer, Refusal) and answer.code == "error" and "overflow" in answer.reason


def test_a_permit_that_errs_refuses_though_another_allows() -> None:
    text = f'{OPEN}\n@id("2") permit (principal, action, resource) when {{ {OVERFLOW} }};'
    assert view(World(inventory(agreement(text)))).code == "error"  # type: ignore[union-attr]


def test_what_no_section_is_about_is_refused_without_asking_cedar() -> None:
    """The schema of an agreement without reports, drills or aid does not have their actions: Cedar would err."""
    world = World(inventory(agreement(OPEN)))
    (law,) = world.laws
    stock, calm = world.inventory, Told(True, False, False, "")
    for action in (Action.REPORT, Action.INVITE, Action.START_DRILL, Action.CALL_AID):
        school = stock.schools[HIGH]
        assert law.ask_cedar(action, stock.persons[SAM], school, calm) == Outcome(False)
        assert law.ask(action, stock.persons[SAM], school, calm) == Outcome(False)
    answer = authorize(world, SAM, Action.REPORT, HIGH, (), (), NOW, emergency="fire")
    assert isinstance(answer, Refusal) and answer.code != "error"


def test_one_broken_agreement_does_not_close_another() -> None:
    world = World(inventory(agreement("permit ("), house()))
    assert list(world.faults) == ["a-mou"]
    assert isinstance(view(world, SAM), Grant)
    refused = view(world, OMAR)
    assert isinstance(refused, Refusal) and refused.code == "error" and refused.reason


@pytest.mark.parametrize(
    "changes",
    [
        {"cedar": MOU_TEXT + OPEN},  # not the text that was signed
        {"schema": "nonsense"},
        {"schema": schema_for(())},  # text speaks of emergencies that the schema lacks
        {"emergencies": (*EMERGENCIES, "flood")},  # context would hold more than the schema
        {"emergencies": ("fire",)},  # ... or less
        {
            "schema": schema_for(EMERGENCIES).replace(
                "drill_source: Bool,", "drill_source: Bool, height: Long,"
            )
        },
    ],
)
def test_what_does_not_fit_together_refuses(changes: dict[str, object]) -> None:
    answer = view(World(inventory(agreement(**changes))))
    assert isinstance(answer, Refusal) and answer.code == "error" and answer.reason


def test_a_policy_without_section_number_refuses() -> None:
    text = "permit (principal, action, resource);"
    assert view(World(inventory(agreement(text)))).code == "error"  # type: ignore[union-attr]


def test_a_raising_fact_is_a_refusal() -> None:
    naive = NOW.replace(tzinfo=None)
    answer = authorize(World(inventory()), OMAR, Action.VIEW_LIVE, "yard", (), (), naive)
    assert isinstance(answer, Refusal) and answer.code == "error" and "TypeError" in answer.reason


def test_two_of_one_name_are_no_world() -> None:
    with pytest.raises(WorldError):
        World(inventory(agreement(slug="one"), house(slug="one")))


def test_schema_is_the_same_whatever_the_order() -> None:
    assert schema_for(("fire", "armed_person")) == schema_for(("armed_person", "fire"))
    for bad in ("Fire", "a b", "", "x" * 41, 'a"', "1st"):
        with pytest.raises(PolicyError):
            schema_for((bad,))
    with pytest.raises(PolicyError):
        schema_for(("fire", "fire"))


@pytest.mark.parametrize(
    "text",
    [
        "permit (",
        '@id("1") permit (principal, action == Action::"fly", resource);',
        '@id("1") permit (principal, action, resource) when { resource.private };',  # not every resource has it
        '@id("1") permit (principal, action, resource) when { context.emergency_flood };',
        '@id("1") permit (principal == ?principal, action, resource);',
        "permit (principal, action, resource);",
        '@id("") permit (principal, action, resource);',
    ],
)
def test_check_refuses_in_plain_words(text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        check(text, schema_for(EMERGENCIES))
    assert caught.value.next_step


def test_the_example_policies_pass_their_check() -> None:
    for text in (MOU_TEXT, HOUSE_TEXT):
        check(text, schema_for(EMERGENCIES))


def test_context_has_exactly_the_schema_keys() -> None:
    world = World(inventory())
    for kind in ("", *EMERGENCIES):
        keys = json.loads(world.laws[0]._context(Told(True, False, False, kind)))
        assert set(keys) == set(cedar_schema.context_names(EMERGENCIES))


def test_the_memo_tells_apart_what_policies_tell_apart() -> None:
    text = '@id("1") permit (principal == Person::"omar", action, resource == Camera::"yard");'
    base = inventory(agreement(text))
    world = World(base)
    assert isinstance(view(world), Grant)
    assert isinstance(view(world, "omar-unnamed"), Refusal) and isinstance(
        view(world, camera="door"), Refusal
    )
    assert hashlib.sha256(text.encode()).hexdigest() == base.agreements[0].policy_hash
