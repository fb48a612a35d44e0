"""Beside emergencies: the school invites, a request is approved, a planned event runs. What counts where, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightpact.decide.authorize import authorize
from sightpact.decide.cedar_schema import PolicyError, actions_for, schema_for
from sightpact.decide.facts import SITUATIONS, Action, Grant, Refusal, Situation
from sightpact.decide.prove import projection
from sightpact.decide.refusals import CLOSED, CODES, sentence
from sightpact.decide.world import World
from tests.decide.policies import (
    CAMERAS,
    COMMON,
    DISTRICT,
    EMERGENCIES,
    EXTERIOR,
    HIGH,
    MIDDLE,
    MOU,
    MOU_TEXT,
    NEVER,
    NOW,
    OMAR,
    PD,
    PEOPLE,
    PIA,
    ROSA,
    SAM,
    agreement,
    inventory,
    situation,
)  # fmt: skip

DISPATCH = f'principal in Annex::"{MOU}" && principal in Role::"{PD}/dispatcher"'
PRINCIPALS, HEAD = (
    f'principal in Role::"{DISTRICT}/principal"',
    f'principal in Role::"{DISTRICT}/superintendent"',
)


def _permit(section: str, action: str, *when: str) -> str:
    scope = f'principal, action == Action::"{action}", resource'
    return f'@id("{section}") permit ({scope}) when {{ {" && ".join(when)} }};\n'


def _section(section: str, kind: str, areas: str, **acts: str) -> str:
    now = f"context.situation_{kind}"
    text = _permit(section, "view_live", now, DISPATCH, f"{areas}.containsAll(resource.area_kinds)")
    return text + "".join(_permit(section, action, now, who) for action, who in acts.items())


ASKED_TEXT = (
    _section("3.5", "invitation", COMMON, invite=PRINCIPALS, end_sharing=f"({PRINCIPALS} || {DISPATCH})")
    + _section("3.6", "request", COMMON, ask=DISPATCH, approve=PRINCIPALS, end_sharing=PRINCIPALS)
    + _section("3.7", "window", EXTERIOR, ask=PRINCIPALS, approve=HEAD, end_sharing=HEAD)
    + NEVER
    + '@id("never.private") forbid (principal, action == Action::"view_live", resource) when { resource.private };'
)
BASIS = agreement(
    ASKED_TEXT, situations=SITUATIONS, schema=schema_for((), SITUATIONS), emergencies=()
)  # no emergency section at all
WORLD = World(inventory(BASIS))


def runs(kind: str, *, minutes: float = 30, **changes: object) -> Situation:
    base = Situation(f"s-{kind}", kind, frozenset({HIGH}), "", True, NOW + timedelta(minutes=minutes))
    return replace(base, **{"agreement": MOU, **changes})  # type: ignore[arg-type]


def ask(
    person: str, action: Action, thing: str, *running: Situation, world: World = WORLD, **more: object
) -> object:
    return authorize(world, person, action, thing, running, (), NOW, **more)  # type: ignore[arg-type]


def refused(answer: object) -> tuple[str, str | None]:
    assert isinstance(answer, Refusal) and answer.code in CODES, answer
    return answer.code, answer.clause


# pictures -----------------------------------------------------------------------------------------------------


def test_the_world_is_without_faults() -> None:
    assert not WORLD.faults


@pytest.mark.parametrize(("kind", "section"), [("invitation", "3.5"), ("request", "3.6")])
def test_it_opens_inside_until_its_deadline_with_the_short_lease(kind: str, section: str) -> None:
    answer = ask(OMAR, Action.VIEW_LIVE, "hall", runs(kind))
    assert isinstance(answer, Grant)
    assert (answer.clause, answer.situation) == (section, f"s-{kind}")
    assert answer.until_utc == NOW + timedelta(minutes=30)
    assert answer.lease_s == BASIS.standing_lease_s, "the long lease is for emergencies"


def test_a_planned_event_opens_the_outside_alone() -> None:
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "yard", runs("window")), Grant)
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "hall", runs("window")), Refusal)


@pytest.mark.parametrize(
    ("camera", "says"),
    [
        ("hall", "These cameras are closed. Section 3.5 opens them when the school invites you to look."),
        ("mid-hall", "These cameras are closed. Section 3.5 opens them when the school invites you to look."),
    ],
)
def test_without_it_the_section_that_would_open_is_named(camera: str, says: str) -> None:
    answer = ask(OMAR, Action.VIEW_LIVE, camera)
    assert refused(answer) == ("closed_until_invited", "3.5")
    assert sentence(answer) == says  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", SITUATIONS)
def test_each_closed_code_has_its_own_words(kind: str) -> None:
    text = _section("3.9", kind, EXTERIOR)
    world = World(
        inventory(agreement(text, situations=(kind,), schema=schema_for((), (kind,)), emergencies=()))
    )
    answer = ask(OMAR, Action.VIEW_LIVE, "yard", world=world)
    assert refused(answer) == (CLOSED[kind], "3.9")
    assert "Section 3.9 opens them" in sentence(answer)  # type: ignore[arg-type]


def test_an_emergency_section_before_it_is_named_first() -> None:
    both = agreement(MOU_TEXT + ASKED_TEXT, situations=SITUATIONS, schema=schema_for(EMERGENCIES, SITUATIONS))
    world = World(inventory(both))
    assert refused(ask(OMAR, Action.VIEW_LIVE, "hall", world=world)) == ("closed", "3.2")
    opened = ask(OMAR, Action.VIEW_LIVE, "hall", runs("request"), situation(minutes=60), world=world)
    assert isinstance(opened, Grant) and opened.clause == "3.2", "of two grounds the one that lasts longer"


def test_only_the_cameras_that_it_names() -> None:
    some = runs("request", cameras=frozenset({"lobby"}))
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "lobby", some), Grant)
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "hall", some), Refusal)
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "hall", runs("request", cameras=frozenset())), Refusal)
    elsewhere = runs("request", cameras=frozenset({"mid-hall"}))
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "mid-hall", elsewhere), Refusal), "at its schools alone"


@pytest.mark.parametrize(
    "changes",
    [
        {"agreement": "another"},
        {"schools": frozenset({MIDDLE})},
        {"kind": "festival"},
        {"emergency": "armed_person"},
        {"is_drill": True},
    ],
)
def test_what_does_not_count_opens_nothing(changes: dict[str, object]) -> None:
    running = replace(runs("invitation"), **changes)  # type: ignore[arg-type]
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, "hall", running), Refusal)


def test_when_its_time_is_over() -> None:
    answer = ask(OMAR, Action.VIEW_LIVE, "hall", runs("invitation", minutes=0))
    assert refused(answer) == ("over", "3.5")
    assert sentence(answer) == "The time for which section 3.5 opened this camera is over."  # type: ignore[arg-type]


@pytest.mark.parametrize("camera", ["class", "mixed", "new", "odd", "broken"])
@pytest.mark.parametrize("kind", SITUATIONS)
def test_what_is_never_open_stays_closed(camera: str, kind: str) -> None:
    assert isinstance(ask(OMAR, Action.VIEW_LIVE, camera, runs(kind)), Refusal)


def test_an_agreement_that_knows_no_such_section_is_not_moved_by_one() -> None:
    world = World(inventory(agreement()))
    assert refused(ask(OMAR, Action.VIEW_LIVE, "hall", runs("invitation"), world=world)) == ("closed", "3.2")


# who may invite, ask, approve, end ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "kind", "who"),
    [
        (Action.INVITE, "invitation", {PIA}),
        (Action.ASK, "request", {OMAR}),
        (Action.APPROVE, "request", {PIA}),
        (Action.ASK, "window", {PIA}),
        (Action.APPROVE, "window", {SAM}),
        (Action.END_SHARING, "invitation", {PIA, OMAR}),
        (Action.END_SHARING, "request", {PIA}),
        (Action.END_SHARING, "window", {SAM}),
        (Action.INVITE, "request", set()),
        (Action.APPROVE, "invitation", set()),
    ],
)
def test_who_may_do_what(action: Action, kind: str, who: set[str]) -> None:
    may = {p for p in (PIA, SAM, OMAR, ROSA) if isinstance(ask(p, action, HIGH, situation=kind), Grant)}
    assert may == who


def test_a_running_invitation_lets_nobody_end_an_emergency() -> None:
    both = agreement(MOU_TEXT + ASKED_TEXT, situations=SITUATIONS, schema=schema_for(EMERGENCIES, SITUATIONS))
    world = World(inventory(both))
    running = (runs("invitation"), situation())
    assert isinstance(
        ask(OMAR, Action.END_SHARING, HIGH, *running, situation="invitation", world=world), Grant
    )
    assert isinstance(ask(OMAR, Action.END_SHARING, HIGH, *running, world=world), Refusal)
    assert isinstance(ask(OMAR, Action.TAKE_INCIDENT, HIGH, runs("invitation"), world=world), Refusal)


def test_which_one_is_meant_must_be_said_and_must_make_sense() -> None:
    for action in (Action.INVITE, Action.ASK, Action.APPROVE):
        assert refused(ask(PIA, action, HIGH))[0] == "error"
        assert refused(ask(PIA, action, HIGH, situation="festival"))[0] == "error"
    assert refused(ask(OMAR, Action.VIEW_LIVE, "hall", situation="invitation"))[0] == "error"
    assert refused(ask(OMAR, Action.START_SHARING, HIGH, situation="request"))[0] == "error"


def test_only_under_the_agreement_that_is_meant() -> None:
    assert isinstance(ask(PIA, Action.INVITE, HIGH, situation="invitation", agreement=MOU), Grant)
    other = ask(PIA, Action.INVITE, HIGH, situation="invitation", agreement="another")
    assert refused(other)[0] == "unknown"


def test_nothing_is_invited_or_opened_while_suspended() -> None:
    world = World(inventory(replace(BASIS, suspended=True)))
    assert isinstance(ask(PIA, Action.INVITE, HIGH, situation="invitation", world=world), Refusal)
    assert refused(ask(OMAR, Action.VIEW_LIVE, "hall", runs("invitation"), world=world))[0] == "suspended"


# whatever runs ------------------------------------------------------------------------------------------------


BOTH = World(
    inventory(
        agreement(MOU_TEXT + ASKED_TEXT, situations=SITUATIONS, schema=schema_for(EMERGENCIES, SITUATIONS))
    )
)
running = st.lists(
    st.builds(
        Situation,
        id=st.uuids().map(str),
        kind=st.sampled_from([*SITUATIONS, "activation", "drill", "festival"]),
        schools=st.sets(st.sampled_from([HIGH, MIDDLE, "s-nowhere"])).map(frozenset),
        emergency=st.sampled_from(["", "", *EMERGENCIES, "flood"]),
        verified=st.booleans(),
        deadline_utc=st.integers(-30, 90).map(lambda m: NOW + timedelta(minutes=m)),
        is_drill=st.booleans(),
        cameras=st.none() | st.sets(st.sampled_from([c.id for c in CAMERAS])).map(frozenset),
        agreement=st.sampled_from(["", MOU, "another"]),
    ),
    max_size=5,
)


@settings(max_examples=200, deadline=None, print_blob=True)
@given(st.sampled_from([p.id for p in PEOPLE]), st.sampled_from([c.id for c in CAMERAS]), running)
def test_a_grant_rests_on_one_that_counts_here(person: str, camera_id: str, found: list[Situation]) -> None:
    camera = BOTH.inventory.cameras[camera_id]
    answer = ask(person, Action.VIEW_LIVE, camera_id, *found, world=BOTH)
    if not isinstance(answer, Grant):
        return
    assert camera.classified and not camera.private and camera.in_service
    if answer.situation is None:
        assert answer.clause == "3.1"
        return
    used = next(s for s in found if s.id == answer.situation)
    assert camera.school in used.schools and (used.cameras is None or camera_id in used.cameras)
    assert used.agreement in ("", MOU) and NOW < used.deadline_utc == answer.until_utc
    assert camera.drill_source or not used.is_drill
    if used.kind in SITUATIONS:
        assert not used.emergency and answer.lease_s == BASIS.standing_lease_s
        assert answer.clause == {"invitation": "3.5", "request": "3.6", "window": "3.7"}[used.kind]
    else:
        assert used.emergency in EMERGENCIES and answer.clause in ("3.2", "3.3")


@settings(max_examples=100, deadline=None, print_blob=True)
@given(
    st.sampled_from([p.id for p in PEOPLE]),
    st.sampled_from([Action.END_SHARING, Action.TAKE_INCIDENT, Action.START_SHARING]),
    running,
)
def test_no_invitation_request_or_event_lets_anybody_act_in_an_emergency(
    person: str, action: Action, found: list[Situation]
) -> None:
    """Granted or not, and by what, is the same without them; a refusal may name one that is over as its reason."""
    without = [s for s in found if s.kind not in SITUATIONS]
    answer, plain = (
        ask(person, action, HIGH, *found, world=BOTH),
        ask(person, action, HIGH, *without, world=BOTH),
    )
    assert answer == plain or (isinstance(answer, Refusal) and isinstance(plain, Refusal))


# schema and proof ---------------------------------------------------------------------------------------------


def test_agreements_without_such_sections_keep_their_schema() -> None:
    assert "situation" not in schema_for(EMERGENCIES) and "invite" not in schema_for(EMERGENCIES)
    assert schema_for(EMERGENCIES, SITUATIONS) == schema_for(EMERGENCIES, SITUATIONS[::-1])
    assert actions_for(("invitation",))["School"][-1] == "invite"
    assert actions_for(("window",))["School"][-2:] == ("ask", "approve")
    with pytest.raises(PolicyError):
        schema_for((), ("festival",))
    with pytest.raises(PolicyError):
        schema_for((), ("window", "window"))


def test_the_evaluator_says_what_cedar_says() -> None:
    compared = projection.compare(WORLD)
    assert compared.differences == () and compared.cells > compared.asked > 200


def test_an_escalated_request_has_an_action_of_its_own() -> None:
    """Who stands in the second line does not approve, whoever approves does not stand in it, and a text without knows none."""
    later = ASKED_TEXT + _permit("3.6", "approve_escalated", "context.situation_request", HEAD)
    schema = schema_for((), SITUATIONS, acts=("approve_escalated",))
    second = World(
        inventory(
            agreement(
                later, situations=SITUATIONS, schema=schema, emergencies=(), acts=("approve_escalated",)
            )
        )
    )
    told = {
        (who, action): isinstance(ask(who, action, HIGH, world=second, situation="request"), Grant)
        for who in (PIA, SAM, OMAR)
        for action in (Action.APPROVE, Action.APPROVE_ESCALATED)
    }
    assert [pair for pair, may in told.items() if may] == [
        (PIA, Action.APPROVE),
        (SAM, Action.APPROVE_ESCALATED),
    ]
    assert not isinstance(ask(SAM, Action.APPROVE_ESCALATED, HIGH, situation="request"), Grant)
    assert not isinstance(ask(SAM, Action.APPROVE_ESCALATED, HIGH, world=second, situation="window"), Grant)
    assert ask(SAM, Action.APPROVE_ESCALATED, HIGH, world=second) == Refusal(
        "error", reason="no situation given for approve_escalated"
    )
    assert "approve_escalated" not in schema_for((), SITUATIONS)
