"""What must hold whatever the facts are (hypothesis; a failure prints how to repeat it)."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightpact.decide.authorize import authorize, is_in_force
from sightpact.decide.facts import AREA_KINDS, Action, Grant, Inventory, Refusal, Situation, Stop
from sightpact.decide.world import RESOURCE_OF, Law, Outcome, World
from tests.decide.policies import (
    CAMERAS,
    DISTRICT,
    EMERGENCIES,
    FAIRMONT,
    HIGH,
    HOUSE_TEXT,
    MIDDLE,
    MOU,
    MOU_TEXT,
    NOW,
    PD,
    PEOPLE,
    agreement,
    camera,
    house,
    inventory,
    person,
)  # fmt: skip

CARELESS = '@id("9.9") permit (principal, action, resource);'
FAST = settings(
    max_examples=150, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)

minutes = st.integers(-120, 120)
moments = minutes.map(lambda m: NOW + timedelta(minutes=m))
texts = st.sampled_from([MOU_TEXT, CARELESS])
kinds = st.sampled_from((*EMERGENCIES, "flood", ""))
situations = st.lists(
    st.builds(
        Situation,
        id=st.uuids().map(str),
        kind=st.sampled_from(["activation", "drill", "window"]),
        schools=st.sets(st.sampled_from([HIGH, MIDDLE, "s-nowhere"])).map(frozenset),
        emergency=kinds,
        verified=st.booleans(),
        deadline_utc=moments,
        is_drill=st.booleans(),
    ),
    max_size=4,
)
people_ids = st.sampled_from([*(p.id for p in PEOPLE), "stranger"])
stops = st.lists(
    st.builds(Stop, person=people_ids, owner=st.sampled_from([DISTRICT, PD]), until_utc=st.none() | moments),
    max_size=2,
)
agreements = st.builds(
    agreement,
    texts,
    in_force_from=moments,
    in_force_until=st.none() | moments,
    suspended=st.booleans(),
)
houses = st.builds(house, st.sampled_from([HOUSE_TEXT, CARELESS]), suspended=st.booleans())
worlds = st.builds(lambda a, h: World(inventory(a, h)), agreements, houses)
things = st.sampled_from([*(c.id for c in CAMERAS), HIGH, MIDDLE, DISTRICT, PD, FAIRMONT, "nothing"])
asked = st.tuples(people_ids, st.sampled_from(Action), things)


def decide(
    world: World, ask: tuple[str, Action, str], running: object, stopped: object, now: datetime
) -> object:
    return authorize(world, *ask, running, stopped, now)  # type: ignore[arg-type]


@FAST
@given(worlds, asked, situations, stops, moments)
def test_a_grant_has_an_agreement_in_force_and_ends_after_now(
    world: World, ask: tuple[str, Action, str], running: list[Situation], stopped: list[Stop], now: datetime
) -> None:
    answer = decide(world, ask, running, stopped, now)
    if not isinstance(answer, Grant):
        return
    basis = next(a for a in world.inventory.agreements if a.id == answer.agreement)
    if ask[1] not in (Action.END_SHARING, Action.STOP_SHARING):
        assert is_in_force(basis, now)
    who = world.inventory.persons[ask[0]]
    assert who.active and {at for at, _ in who.roles} & basis.parties
    assert answer.until_utc is None or answer.until_utc > now
    if answer.situation is not None:
        used = next(s for s in running if s.id == answer.situation)
        assert answer.until_utc is not None and answer.until_utc <= used.deadline_utc
    if basis.in_force_until is not None and is_in_force(basis, now):
        assert answer.until_utc is not None and answer.until_utc <= basis.in_force_until


@FAST
@given(worlds, asked, situations, moments)
def test_nothing_outlasts_its_until(
    world: World, ask: tuple[str, Action, str], running: list[Situation], now: datetime
) -> None:
    answer = decide(world, ask, running, (), now)
    if isinstance(answer, Grant) and answer.until_utc is not None:
        then = decide(world, ask, running, (), answer.until_utc)
        assert not isinstance(then, Grant) or then.until_utc is None or then.until_utc > answer.until_utc


@FAST
@given(
    agreements,
    houses,
    st.sets(st.sampled_from([*sorted(AREA_KINDS), "rooftop"])),
    people_ids,
    situations,
    moments,
)
def test_private_and_unclassified_never_open_for_others(
    mou: object, own: object, kinds_seen: set[str], who: str, running: list[Situation], now: datetime
) -> None:
    base = inventory(mou, own)  # type: ignore[arg-type]
    cam = camera("c", *kinds_seen)
    world = World(Inventory(1, base.parties, base.persons, base.schools, {"c": cam}, base.agreements))
    answer = decide(world, (who, Action.VIEW_LIVE, "c"), running, (), now)
    if isinstance(answer, Grant):
        assert cam.classified
        if cam.private:
            assert answer.is_house and (DISTRICT in {at for at, _ in base.persons[who].roles})


@FAST
@given(worlds, people_ids, st.sampled_from([c.id for c in CAMERAS]), situations, st.none() | moments, moments)
def test_a_stop_always_wins(
    world: World, who: str, cam: str, running: list[Situation], until: datetime | None, now: datetime
) -> None:
    answer = decide(world, (who, Action.VIEW_LIVE, cam), running, [Stop(who, DISTRICT, until)], now)
    if until is None or now < until:
        assert isinstance(answer, Refusal)


@FAST
@given(worlds, asked, situations, stops, moments)
def test_unknown_anything_refuses(
    world: World, ask: tuple[str, Action, str], running: list[Situation], stopped: list[Stop], now: datetime
) -> None:
    who, action, thing = ask
    known = {
        "Camera": world.inventory.cameras,
        "School": world.inventory.schools,
        "Party": world.inventory.parties,
    }[RESOURCE_OF[action]]
    if who not in world.inventory.persons or thing not in known:
        assert isinstance(decide(world, ask, running, stopped, now), Refusal)
    for broken in (("stranger", action, thing), (who, action, "nothing"), (who, "fly", thing)):
        assert isinstance(decide(world, broken, running, stopped, now), Refusal)  # type: ignore[arg-type]


@FAST
@given(worlds, asked, situations, situations, stops, moments)
def test_a_situation_never_shrinks_what_is_open(
    world: World,
    ask: tuple[str, Action, str],
    running: list[Situation],
    more: list[Situation],
    stopped: list[Stop],
    now: datetime,
) -> None:
    before, after = (
        decide(world, ask, running, stopped, now),
        decide(world, ask, running + more, stopped, now),
    )
    if isinstance(before, Grant):
        assert isinstance(after, Grant)
        assert after.until_utc is None or (
            before.until_utc is not None and after.until_utc >= before.until_utc
        )


@FAST
@given(asked, situations, moments, st.sampled_from(["principal", "context", "neither"]))
def test_an_erring_forbid_never_opens(
    ask: tuple[str, Action, str], running: list[Situation], now: datetime, what: str
) -> None:
    guard = {"principal": "principal.active &&", "context": "!context.stopped &&", "neither": ""}[what]
    erring = (
        f'@id("never.x") forbid (principal, action, resource) when {{ {guard} 9223372036854775807 + 1 > 0 }};'
    )
    world = World(inventory(agreement(MOU_TEXT + CARELESS + erring)))
    assert isinstance(decide(world, ask, running, (), now), Refusal)


@FAST
@given(worlds, asked, situations, stops, moments)
def test_memory_answers_as_cedar_does(
    world: World, ask: tuple[str, Action, str], running: list[Situation], stopped: list[Stop], now: datetime
) -> None:
    """Ask others first, so that the memo is warm with their answers; a memo-less law must agree."""
    for each in PEOPLE:
        decide(world, (each.id, ask[1], ask[2]), running, stopped, now)
    remembered = decide(world, ask, running, stopped, now)
    for law in world.laws:
        law.ask = _forgetful(law)  # type: ignore[method-assign]
    assert decide(world, ask, running, stopped, now) == remembered


def _forgetful(law: Law) -> object:
    def ask(*args: object) -> Outcome:
        return Outcome(False, error=law.fault) if law.fault else law.ask_cedar(*args)  # type: ignore[arg-type]

    return ask


def test_roles_of_other_parties_do_not_count() -> None:
    """The same word of a role at another party is another role."""
    base = inventory()
    twin = person("twin", (FAIRMONT, "dispatcher"), (PD, "clerk"), named=(MOU,))
    world = World(Inventory(1, base.parties, {"twin": twin}, base.schools, base.cameras, base.agreements))
    assert isinstance(decide(world, ("twin", Action.VIEW_LIVE, "yard"), (), (), NOW), Refusal)
