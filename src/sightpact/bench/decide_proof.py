"""How long the proof takes, and whether its evaluator says what Cedar says: the demonstration's texts, 400 cameras."""

from __future__ import annotations

import random
import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sightpact import demo
from sightpact.agreements import templates
from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.cedar import make
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.document import Document, parse
from sightpact.agreements.proof import prove
from sightpact.bench.random_policies import differences
from sightpact.bench.rows import row
from sightpact.decide.facts import Camera, Inventory, Party, Person, School
from sightpact.decide.prove import projection
from sightpact.decide.prove.cube import Touched
from sightpact.decide.prove.guarantees import GUARANTEES
from sightpact.decide.world import World

REPEATS = 5
SETS = 1000  # random policy sets
CELLS = 3  # of each action's block, asked of both, for each set
ROLES = (
    ("lakeview-pd", "dispatcher"),
    ("lakeview-pd", "sro"),
    ("lakeview-pd", "chief"),
    ("lakeview-usd", "principal"),
    ("lakeview-usd", "it"),
    ("fairmont-pd", "officer"),
)
SIGHTS = ("exterior", "hallway", "parking", "cafeteria", "hallway", "classroom", "field", "library")


def rows(progress: Callable[[float, str], None], quick: bool = False) -> list[dict[str, Any]]:
    """Rows `decide.prove_*` and `decide.differences`."""
    stock, documents = _world()
    repeats, sets = (1, 50) if quick else (REPEATS, SETS)
    whole, camera, person, decisions, part = [], [], [], 0, 0
    for repeat in range(repeats):
        progress(0.1 * repeat / repeats, f"proof, repeat {repeat + 1} of {repeats}")
        begun = time.perf_counter()
        certificate = prove(stock, documents)
        whole.append(time.perf_counter() - begun)
        assert certificate.holds
        decisions = certificate.decisions
        moved = replace(stock.cameras["c7"], school="s3", area_kinds=frozenset({"gymnasium"}))
        took, part = _delta(
            replace(stock, cameras={**stock.cameras, "c7": moved}),
            documents,
            Touched(things=frozenset({"c7"})),
        )
        camera.append(took)
        changed = replace(stock.persons["p7"], roles=frozenset({ROLES[0]}), named_in=frozenset())
        took, _ = _delta(
            replace(stock, persons={**stock.persons, "p7": changed}), documents, Touched(frozenset({"p7"}))
        )
        person.append(took)
    progress(0.1, "the evaluator against Cedar, whole world")
    compared = projection.compare(World(stock))
    found = len(compared.differences)
    rng = random.Random(20261121)  # noqa: S311 - picks policies, the same each time
    for number in range(sets):
        if number % 50 == 0:
            progress(
                0.1 + 0.9 * number / sets, f"the evaluator against Cedar, random policies {number} of {sets}"
            )
        found += len(differences(rng, CELLS))
    load = f"400 cameras, 300 people, {len(documents)} texts with every kind of situation, {len(GUARANTEES)} guarantees"
    return [
        row("decide.prove_world_s", f"whole-world proof, {decisions:,} decisions; {load}", "s", whole, samples=1, reach=10),
        row("decide.prove_delta_s", f"proof after moving one camera, {part:,} decisions; {load}", "s", camera, samples=1,
            reach=0.5),
        row("decide.prove_person_s", f"proof after changing one person; {load}", "s", person, samples=1, reach=0.5),
        row("decide.differences", f"the proof's evaluator against Cedar: {compared.cells:,} cells, {compared.asked:,} questions, "
            f"and {sets:,} random policy sets", "differences", [float(found)], samples=compared.asked, reach=1),
    ]  # fmt: skip


def _delta(stock: Inventory, documents: dict[str, Document], touched: Touched) -> tuple[float, int]:
    begun = time.perf_counter()
    certificate = prove(stock, documents, touched)
    took = time.perf_counter() - begun
    assert certificate.holds
    return took, certificate.decisions


def _world() -> tuple[Inventory, dict[str, Document]]:
    parties = {slug: Party(slug, slug, slug) for slug in ("lakeview-usd", "lakeview-pd", "fairmont-pd")}
    schools = {f"s{i}": School(f"s{i}", "lakeview-usd", f"school-{i}") for i in range(10)}
    cameras = {
        f"c{i}": Camera(
            f"c{i}", "lakeview-usd", f"s{i % 10}", frozenset({SIGHTS[i % 8]}), frozenset(), True, False
        )
        for i in range(400)
    }
    persons = {
        f"p{i}": Person(
            f"p{i}",
            frozenset({ROLES[i % 6]}),
            frozenset({"lakeview-mou", "when-invited", "on-request"}) if i % 6 < 2 else frozenset(),
            i % 50 != 0,
        )
        for i in range(300)
    }
    folder = Path(demo.__file__).parent
    agreements, documents = [], {}
    texts = [(folder / f"{name}.toml").read_text() for name in ("agreement", "house_policy")]
    texts += [
        templates.fill(name, _filled(name), {"school": ["all"]}) for name in ("when-invited", "on-request")
    ]
    for text in texts:
        document = parse(tomllib.loads(text)["agreements"][0])
        ids = {p.slug: p.slug for p in document.parties}
        term = document.one(Term).in_force()
        agreements.append(agreement_fact(document, make(document), ids, document.slug, *term))
        documents[document.slug] = document
    return Inventory(1, parties, persons, schools, cameras, tuple(agreements)), documents


def _filled(name: str) -> dict[str, str]:
    """A template's blanks for the district of the demonstration."""
    values = {
        "slug": name,
        "district": "Lakeview Unified School District",
        "district_slug": "lakeview-usd",
        "agency": "Lakeview Police Department",
        "agency_slug": "lakeview-pd",
        "begins": "2026-07-01",
        "ends": "2031-06-30",
        "zone": "America/New_York",
        "log_unwritable": "continue",
        "unanswered": "stays_closed",
    }
    short = ("slug", "district_slug", "agency_slug")
    blanks = (*short, *templates.template(name).blanks)
    return {blank: values.get(blank, f"{blank}, made up") for blank in blanks if blank != "school"}
