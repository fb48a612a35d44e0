"""The law in examples: who gets what, under which section, until when, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sightpact.decide.authorize import authorize
from sightpact.decide.facts import Action, Grant, Refusal, Stop
from sightpact.decide.refusals import CODES, SENTENCES, outward, sentence
from sightpact.decide.world import World
from tests.decide.policies import (
    DANA,
    DISTRICT,
    HIGH,
    INES,
    MIDDLE,
    MOU,
    NOW,
    OMAR,
    PD,
    PIA,
    ROSA,
    SAM,
    agreement,
    house,
    inventory,
    situation,
)  # fmt: skip

WORLD = World(inventory())


def ask(
    person: str, action: Action, thing: str, *situations: object, world: World = WORLD, **more: object
) -> object:
    stops = more.pop("stops", ())
    now = more.pop("now", NOW)
    return authorize(world, person, action, thing, situations, stops, now, **more)  # type: ignore[arg-type]


def code(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    assert answer.code in CODES
    return answer.code


def test_standing_exterior() -> None:
    answer = ask(OMAR, Action.VIEW_LIVE, "yard")
    assert answer == Grant(
        MOU, "3.1", WORLD.laws[0].agreement.policy_hash, None, 2.0, None, "continue", False
    )


def test_inside_is_closed_and_names_the_section_that_opens_it() -> None:
    answer = ask(OMAR, Action.VIEW_LIVE, "hall")
    assert isinstance(answer, Refusal) and (answer.code, answer.clause) == ("closed", "3.2")
    assert sentence(answer) == "Inside cameras are closed. Section 3.2 opens them in an emergency."


def test_an_emergency_opens_inside_until_its_deadline() -> None:
    answer = ask(OMAR, Action.VIEW_LIVE, "hall", situation())
    assert isinstance(answer, Grant)
    assert (answer.clause, answer.situation, answer.lease_s) == ("3.2", "x-1", 15.0)
    assert answer.until_utc == NOW + timedelta(minutes=60)


def test_only_at_the_school_it_is_at() -> None:
    assert code(ask(OMAR, Action.VIEW_LIVE, "mid-hall", situation())) == "closed"


def test_only_the_kind_that_the_section_names() -> None:
    assert code(ask(OMAR, Action.VIEW_LIVE, "hall", situation("fire"))) == "closed"
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "lobby", situation("fire")), Grant)


def test_the_end_is_the_earlier_of_agreement_and_deadline_and_the_later_grant_wins() -> None:
    soon = NOW + timedelta(minutes=10)
    world = World(inventory(agreement(in_force_until=soon)))
    answer = ask(OMAR, Action.VIEW_LIVE, "hall", situation(), world=world)
    assert isinstance(answer, Grant) and answer.until_utc == soon
    two = (situation(minutes=20), situation(id="x-2", minutes=40))
    answer = ask(OMAR, Action.VIEW_LIVE, "hall", *two)
    assert isinstance(answer, Grant) and answer.situation == "x-2"


def test_a_deadline_that_passed_is_over() -> None:
    answer = ask(OMAR, Action.VIEW_LIVE, "hall", situation(minutes=0))
    assert isinstance(answer, Refusal) and (answer.code, answer.clause) == ("ended", "3.2")


@pytest.mark.parametrize("camera", ["class", "mixed"])
@pytest.mark.parametrize("who", [OMAR, ROSA])
def test_private_is_refused_and_reads_like_unknown(who: str, camera: str) -> None:
    answer = ask(who, Action.VIEW_LIVE, camera, situation())
    assert code(answer) == "private"
    assert SENTENCES["private"] == SENTENCES["unknown"]
    assert outward(answer, of_owner=False) == ask(who, Action.VIEW_LIVE, "no-such-camera")  # type: ignore[arg-type]


def test_the_owner_sees_private_under_the_house_policy() -> None:
    answer = ask(SAM, Action.VIEW_LIVE, "class")
    assert isinstance(answer, Grant) and answer.is_house and answer.clause == "H.1"


def test_a_house_policy_of_two_parties_is_none() -> None:
    world = World(inventory(house(parties=frozenset({DISTRICT, PD}))))
    assert code(ask(SAM, Action.VIEW_LIVE, "class", world=world)) == "private"


@pytest.mark.parametrize("camera", ["new", "odd"])
def test_unclassified_is_closed_for_everybody(camera: str) -> None:
    for who in (OMAR, SAM):
        for what in ((), (situation(),), (situation(drill=True),)):
            assert code(ask(who, Action.VIEW_LIVE, camera, *what)) == "unclassified"


def test_the_belt_holds_where_a_policy_is_careless() -> None:
    careless = agreement('@id("1") permit (principal, action, resource);')
    world = World(inventory(careless))
    for camera in ("class", "mixed", "new", "odd", "broken"):
        for who in (OMAR, SAM, ROSA):
            assert isinstance(ask(who, Action.VIEW_LIVE, camera, situation(), world=world), Refusal)
    assert code(ask(INES, Action.VIEW_LIVE, "yard", world=world)) == "no_agreement"
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "yard", world=world), Grant)


def test_refusal_codes() -> None:
    assert code(ask(OMAR, Action.VIEW_LIVE, "broken")) == "out_of_service"
    assert code(ask("omar-unnamed", Action.VIEW_LIVE, "yard")) == "not_named"
    assert code(ask("omar-gone", Action.VIEW_LIVE, "yard")) == "not_named"
    assert code(ask("nobody", Action.VIEW_LIVE, "yard")) == "unknown"
    assert code(ask(OMAR, Action.VIEW_LIVE, "nothing")) == "unknown"
    assert code(ask(ROSA, Action.VIEW_LIVE, "hall", situation())) == "unknown", "no section names her role"
    assert code(ask(DANA, Action.VIEW_LIVE, "hall")) in ("closed", "not_named")
    assert code(ask(OMAR, "fly", "yard")) == "error"  # type: ignore[arg-type]


def test_an_outsider_cannot_tell_what_exists() -> None:
    for camera in ("yard", "class", "new", "no-such-camera"):
        assert ask(INES, Action.VIEW_LIVE, camera, situation()) == Refusal("no_agreement")


def test_suspended_and_not_in_force() -> None:
    for changes, expected in (
        ({"suspended": True}, "suspended"),
        ({"in_force_from": NOW + timedelta(1)}, "not_in_force"),
        ({"in_force_until": NOW}, "not_in_force"),
    ):
        world = World(inventory(agreement(**changes), house()))
        for camera in ("yard", "hall"):
            assert code(ask(OMAR, Action.VIEW_LIVE, camera, situation(), world=world)) == expected


def test_a_text_in_force_says_what_opens_it_though_another_has_ended() -> None:
    """What the person can still do comes first: "not in force" would send them away."""
    for changes in ({"suspended": True}, {"in_force_until": NOW}):
        for texts in (
            (agreement(), agreement(id="old", slug="old", **changes)),
            (agreement(id="old", slug="old", **changes), agreement()),
        ):
            refused = ask(OMAR, Action.VIEW_LIVE, "hall", world=World(inventory(*texts)))
            assert code(refused) == "closed"
            assert isinstance(refused, Refusal) and refused.agreement == agreement().id


def test_a_stop_wins_and_can_be_lifted_by_time() -> None:
    stop = Stop(OMAR, DISTRICT, NOW + timedelta(minutes=5))
    assert code(ask(OMAR, Action.VIEW_LIVE, "hall", situation(), stops=(stop,))) == "stopped"
    later = NOW + timedelta(minutes=5)
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "hall", situation(), stops=(stop,), now=later), Grant)
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "yard", stops=(replace(stop, person=ROSA),)), Grant)


def test_starting_taking_ending() -> None:
    start = ask(PIA, Action.START_SHARING, HIGH, emergency="armed_person")
    assert isinstance(start, Grant) and start.clause == "4.1"
    assert code(ask(PIA, Action.START_SHARING, HIGH, emergency="fire")) == "closed"
    assert code(ask(PIA, Action.START_SHARING, HIGH, emergency="made_up")) == "closed"
    assert code(ask(PIA, Action.START_SHARING, HIGH)) == "closed"
    assert code(ask(OMAR, Action.START_SHARING, HIGH, emergency="armed_person")) == "unknown"
    assert code(ask(PIA, Action.VIEW_LIVE, "yard", emergency="fire")) == "error"
    assert isinstance(ask(OMAR, Action.TAKE_INCIDENT, HIGH, situation()), Grant)
    assert isinstance(ask(OMAR, Action.TAKE_INCIDENT, MIDDLE, situation()), Refusal)
    assert isinstance(ask(PIA, Action.END_SHARING, HIGH, situation()), Grant)


def test_narrowing_is_possible_although_suspended() -> None:
    text = """@id("5") permit (principal in Annex::"a-mou", action == Action::"end_sharing", resource);
      @id("never.not_in_force") forbid (principal, action, resource)
      unless { context.in_force || action == Action::"end_sharing" };"""
    world = World(inventory(agreement(text, suspended=True)))
    assert isinstance(ask(PIA, Action.END_SHARING, HIGH, situation(), world=world), Grant)


def test_parties_things() -> None:
    assert isinstance(ask(SAM, Action.STOP_SHARING, DISTRICT), Grant)
    assert isinstance(ask(SAM, Action.READ_RECORD, DISTRICT), Grant)
    assert isinstance(ask(DANA, Action.MANAGE, DISTRICT), Grant)
    assert isinstance(ask(OMAR, Action.MANAGE, DISTRICT), Refusal)
    assert isinstance(ask(SAM, Action.MANAGE, PD), Refusal)


def test_read_record_may_be_about_any_party_of_the_agreement() -> None:
    text = f'@id("6") permit (principal in Party::"{PD}", action == Action::"read_record", resource == Party::"{PD}");'
    world = World(inventory(agreement(text)))
    assert isinstance(ask(OMAR, Action.READ_RECORD, PD, world=world), Grant)
    assert isinstance(ask(OMAR, Action.READ_RECORD, DISTRICT, world=world), Refusal)


def test_a_drill_opens_simulated_pictures_only() -> None:
    drill = situation(drill=True)
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "hall", drill), Refusal)
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "drill", drill), Grant)
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "yard", drill), Grant), "standing access stays in a drill"
    careless = World(
        inventory(agreement('@id("1") permit (principal, action, resource) when { context.drill };'))
    )
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "hall", drill, world=careless), Refusal)


def test_policies_may_name_things_by_slug() -> None:
    base = inventory()
    parties = {k: replace(p, slug=f"slug-{k}") for k, p in base.parties.items()}
    schools = {k: replace(s, slug=f"slug-{k}") for k, s in base.schools.items()}
    text = f"""@id("1") permit (principal in Annex::"mou", action == Action::"view_live",
      resource in School::"slug-{HIGH}") when {{ principal in Role::"slug-{PD}/dispatcher" }};"""
    world = World(replace(base, parties=parties, schools=schools, agreements=(agreement(text, slug="mou"),)))
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "hall", world=world), Grant)
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "mid-hall", world=world), Refusal)


def test_the_lowest_section_in_numbers_is_named() -> None:
    text = "\n".join(
        f'@id("{clause}") permit (principal, action == Action::"view_live", resource);'
        for clause in ("3.10", "3.9")
    )
    answer = ask(OMAR, Action.VIEW_LIVE, "yard", world=World(inventory(agreement(text))))
    assert isinstance(answer, Grant) and answer.clause == "3.9"


def test_every_code_has_a_sentence() -> None:
    for each in CODES:
        text = sentence(Refusal(each, clause="3.2"), "The Lakeview agreement")
        assert text.endswith(".") and "{" not in text
