"""One answer for who and what no law can tell apart: it is the answer that each would have got alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sightpact.access import facts
from sightpact.access.sweep import AskedOnce
from sightpact.decide.facts import Action, Grant, Situation, Stop
from sightpact.decide.world import World
from sightpact.ledger import clock
from tests.lakeview import Lakeview

pytestmark = pytest.mark.django_db


def _situations(snapshot: facts.Snapshot) -> tuple[tuple[Situation, ...], ...]:
    """None, an emergency at one school, and one that names single cameras."""
    until = clock.now() + timedelta(hours=1)
    schools = sorted(snapshot.world.inventory.schools)
    some = frozenset(sorted(snapshot.world.inventory.cameras)[::3])
    kind = next(kind for law in snapshot.world.laws for kind in law.agreement.emergencies)
    at_one = Situation("a", "activation", frozenset(schools[:1]), kind, True, until)
    named = Situation("b", "activation", frozenset(schools), kind, True, until, cameras=some)
    return (), (at_one,), (named,), (at_one, named)


def test_a_sweep_answers_as_the_law_does_for_each_alone(district: Lakeview) -> None:
    now = facts.snapshot()
    people, cameras = sorted(now.world.inventory.persons), sorted(now.world.inventory.cameras)
    owner = next(iter(now.world.inventory.cameras.values())).owner
    grants = 0
    for situations in _situations(now):
        for stops in ((), tuple(Stop(person, owner, None) for person in people[::4])):
            snapshot = replace(now, situations=situations, stops=stops)
            once = AskedOnce(snapshot, ())
            for person in (*people, "nobody"):
                for camera in (*cameras, "no camera"):
                    alone = snapshot.answer(person, Action.VIEW_LIVE, camera)
                    assert once.answer(person, camera) == alone
                    grants += isinstance(alone, Grant)
    assert grants  # else nothing was compared


def test_without_its_reason_an_answer_opens_the_same(district: Lakeview) -> None:
    snapshot = facts.snapshot()
    told, untold = AskedOnce(snapshot, ()), AskedOnce(snapshot, (), explained=False)
    for person in snapshot.world.inventory.persons:
        for camera in snapshot.world.inventory.cameras:
            with_reason, without = told.answer(person, camera), untold.answer(person, camera)
            assert isinstance(with_reason, Grant) == isinstance(without, Grant)


def test_a_world_that_remembers_answers_as_one_that_asks_anew(district: Lakeview) -> None:
    """Whatever changes between two epochs: a person leaves, a camera is moved, loses its class or its service."""
    snapshot = facts.snapshot()
    stock = snapshot.world.inventory
    person, camera = next(iter(stock.persons.values())), next(iter(stock.cameras.values()))
    school = next(s for s in stock.schools if s != camera.school)
    for changed in (
        replace(stock, persons={**stock.persons, person.id: replace(person, active=False)}),
        replace(stock, persons={**stock.persons, person.id: replace(person, named_in=frozenset())}),
        replace(stock, cameras={**stock.cameras, camera.id: replace(camera, area_kinds=frozenset())}),
        replace(stock, cameras={**stock.cameras, camera.id: replace(camera, school=school)}),
        replace(stock, cameras={**stock.cameras, camera.id: replace(camera, in_service=False)}),
        replace(
            stock,
            schools={**stock.schools, school: replace(stock.schools[school], slug="another-name")},
        ),
        replace(stock, agreements=stock.agreements[:1]),
    ):
        before = World(stock)
        for who in stock.persons:
            for what in stock.cameras:
                replace(snapshot, world=before).answer(who, Action.VIEW_LIVE, what)
        remembering = replace(snapshot, world=World(changed, before))
        anew = replace(snapshot, world=World(changed))
        for who in stock.persons:
            for what in stock.cameras:
                assert remembering.answer(who, Action.VIEW_LIVE, what) == anew.answer(
                    who, Action.VIEW_LIVE, what
                )
