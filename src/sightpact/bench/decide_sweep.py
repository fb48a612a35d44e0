"""Re-deciding all live streams after the facts moved, as the gate does it: 100 people with 16 pictures each.

Three kinds of change: a sharing begins elsewhere (nothing is cut), a sharing ends (half is cut), a person is taken out of
the world's facts (a new world, whose memory starts with what still counts). The slowest of the three is the row.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sightpact.access.streams import Registry, Stream, ground
from sightpact.access.sweep import AskedOnce
from sightpact.bench.rows import Progress, row
from sightpact.decide.authorize import Ground, authorize
from sightpact.decide.facts import Action, Answer, Grant, Inventory, Situation
from sightpact.decide.world import World

VIEWERS, TILES = 100, 16
NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


class _Facts:
    """What a sweep asks of `access.facts.Snapshot`, without the database that one is read from."""

    def __init__(self, world: World, situations: Sequence[Situation]) -> None:
        self.world, self.situations, self.stops = world, situations, ()

    def answer(
        self,
        person: str,
        action: Action,
        resource: str,
        full: frozenset[tuple[str, str]],
        explained: bool,
        held: Ground | None = None,
    ) -> Answer:
        return authorize(
            self.world,
            person,
            action,
            resource,
            self.situations,
            self.stops,
            NOW,
            full=full,
            explained=explained,
            held=held,
        )

    def swept(self, streams: Iterable[Stream]) -> AskedOnce:
        return AskedOnce(cast(Any, self), streams, explained=False)


def rows(stock: Inventory, progress: Progress, repeats: int) -> list[dict[str, Any]]:
    """Row `decide.sweep_1600_ms`."""
    *most, last = stock.schools
    until = NOW + timedelta(hours=1)
    shared = Situation("shared", "activation", frozenset(most), "fire", True, until)
    elsewhere = Situation("elsewhere", "activation", frozenset({last}), "medical", True, until)
    kinds: dict[str, list[float]] = {"a sharing begins": [], "a sharing ends": [], "a person goes": []}
    cut: dict[str, int] = {}
    for repeat in range(repeats):
        progress(repeat / repeats, f"re-deciding, repeat {repeat + 1} of {repeats}")
        world = World(stock)
        gone = stock.persons["p0"]
        without = replace(stock, epoch=2, persons={**stock.persons, gone.id: replace(gone, active=False)})
        for what, after in (
            ("a sharing begins", _Facts(world, (shared, elsewhere))),
            ("a sharing ends", _Facts(world, ())),
            ("a person goes", _Facts(World(without, world), (shared,))),
        ):
            registry = _watching(stock, _Facts(world, (shared,)), most)
            begun = time.perf_counter()
            asked = after.swept(registry.streams.values())
            ended = registry.redecide(
                lambda stream, asked=asked: asked.answer(stream.person, stream.camera, ground(stream.grant))
            )
            kinds[what].append((time.perf_counter() - begun) * 1e3)
            cut[what] = len(ended)
    worst = [max(of) for of in zip(*kinds.values(), strict=True)]
    told = ", ".join(f"{what}: {cut[what]} cut" for what in kinds)
    what = f"re-deciding {VIEWERS * TILES:,} live streams after a change, the slowest of three ({told})"
    return [row("decide.sweep_1600_ms", what, "ms", worst, samples=len(kinds), reach=50)]


def _watching(stock: Inventory, before: _Facts, schools: list[str]) -> Registry:
    """A hundred people with half outside and half inside pictures, all admitted."""
    rng = random.Random(20261121)  # noqa: S311 - picks who watches what, the same each time
    here = [c for c in stock.cameras.values() if c.school in schools]
    outside = [c.id for c in here if "exterior" in c.area_kinds]
    inside = [c.id for c in here if c.area_kinds & {"hallway", "cafeteria"}]
    registry, asked = Registry(), before.swept(())
    for viewer, person in enumerate(list(stock.persons)[:VIEWERS]):
        for camera in (*rng.sample(outside, TILES // 2), *rng.sample(inside, TILES // 2)):
            grant = asked.answer(person, camera)
            assert isinstance(grant, Grant), grant
            stream = registry.ask(f"v{viewer}", person, camera, grant)
            assert registry.committed(stream, stream.id, 0.0)
    return registry
