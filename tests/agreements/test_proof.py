"""An agreement proven in every case: on a made-up world, on the real one, at the import; and what a careless text is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sightpact.agreements import madeup, proof, proof_words, stored_world
from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.cedar import make
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.cli import app
from sightpact.agreements.document import canonical, parse
from sightpact.decide.prove import projection
from sightpact.decide.prove.cube import Touched
from sightpact.decide.prove.guarantees import GUARANTEES
from sightpact.decide.scope import Scope
from sightpact.decide.world import World
from tests import lakeview

from .conftest import DEMO, clause


def world(raw: dict[str, Any]) -> tuple[Any, Any]:
    """A text and the made-up world that has it as its only agreement."""
    document = parse(raw)
    ids = {p.slug: p.slug for p in document.parties}
    fact = agreement_fact(document, make(document), ids, document.slug, *document.one(Term).in_force())
    return document, replace(madeup.inventory(document), agreements=(fact,))


def examples(raw: dict[str, Any]) -> dict[str, proof_words.Counterexample]:
    document, stock = world(raw)
    (proven,) = proof.prove(stock, {document.slug: document}).agreements
    names = proof_words.made_up_names(document, stock)
    return {f.broken.guarantee: proof_words.told(f, document, names) for f in proven.failed}


def test_every_guarantee_has_words():
    assert set(proof_words.SAYS) == {g.code for g in GUARANTEES}


@pytest.mark.parametrize("name", ["mou", "house"])
def test_the_demonstrations_texts_hold_and_the_evaluator_is_cedar(name: str, request: pytest.FixtureRequest):
    raw = request.getfixturevalue(name)
    assert examples(raw) == {}
    _document, stock = world(raw)
    few = {c.id: c for c in stock.cameras.values() if c.school == "a-school"}
    compared = projection.compare(World(replace(stock, cameras=few)))
    assert compared.differences == () and compared.cells > compared.asked


def test_inside_at_all_times_is_told_with_person_camera_moment_section_and_change(mou: dict[str, Any]):
    clause(mou, "3.1")["area_kinds"].append("hallway")
    (one,) = examples(mou).values()
    assert one.guarantee == "inside_only_in_a_named_situation" and one.sections == ("3.1",)
    assert "a camera that sees hallways, at a school" in one.example
    assert "on a normal day, without any emergency, by section 3.1 of “Memorandum of" in one.example
    assert "section 3.1" in one.change


def test_an_inside_kind_in_one_emergency_only(mou: dict[str, Any]):
    """A second emergency section with fewer places: what it does not name stays closed in its emergencies, and that holds."""
    view = clause(mou, "3.2")
    fire = [e for e in view["emergencies"] if e["kind"] == "medical"]
    view["emergencies"] = [e for e in view["emergencies"] if e["kind"] != "medical"]
    mou["clauses"].insert(
        mou["clauses"].index(view) + 1,
        {**view, "number": "3.21", "area_kinds": ["lobby"], "emergencies": fire},
    )
    assert examples(mou) == {}
    document, stock = world(mou)
    terms = proof.terms_of(document, stock, document.slug)
    assert terms.emergencies["medical"] == (Scope(frozenset({"lobby"})),)


def test_everybody_of_a_role_is_told(mou: dict[str, Any]):
    clause(mou, "3.2")["who"] = {"party": "lakeview-pd", "roles": ["dispatcher"]}
    found = examples(mou)["named_only"]
    assert "not named in the annex" in found.example and "named_only = true" in found.change


def test_only_what_is_touched_finds_it_as_well(mou: dict[str, Any]):
    clause(mou, "3.1")["area_kinds"].append("hallway")
    document, stock = world(mou)
    whole = proof.prove(stock, {document.slug: document})
    part = proof.prove(stock, {document.slug: document}, Touched(things=frozenset({"a-school.hallway"})))
    elsewhere = proof.prove(stock, {document.slug: document}, Touched(things=frozenset({"a-school.parking"})))
    assert not whole.holds and not part.holds and elsewhere.holds
    assert part.decisions * 10 < whole.decisions and part.world == whole.world


def test_the_worlds_hash_changes_with_any_fact(mou: dict[str, Any]):
    _document, stock = world(mou)
    one = next(iter(stock.cameras.values()))
    person = next(iter(stock.persons.values()))
    others = [
        replace(stock, cameras={**stock.cameras, one.id: replace(one, in_service=not one.in_service)}),
        replace(stock, persons={**stock.persons, person.id: replace(person, active=not person.active)}),
        replace(stock, agreements=(replace(stock.agreements[0], policy_hash="0" * 64),)),
    ]
    assert len({proof.world_hash(w) for w in (stock, *others)}) == 4


# the command --------------------------------------------------------------------------------------------------


def run(*words: str) -> tuple[int, Any]:
    result = CliRunner().invoke(app, ["prove", *words, "--json"])
    return result.exit_code, json.loads(result.stdout) if result.stdout else result.stderr


def test_the_command_without_a_server():
    """In a process of its own: no settings, no database."""
    code = "from sightpact.agreements.cli import app; app()"
    files = [str(DEMO / f"{name}.toml") for name in ("agreement", "house_policy")]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SIGHTPACT", "DJANGO"))}
    done = subprocess.run(
        [sys.executable, "-c", code, "prove", *files], capture_output=True, text=True, env=env
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(f"{len(GUARANTEES)} of {len(GUARANTEES)} guarantees hold") == 2


def test_the_command_tells_a_counterexample(mou: dict[str, Any], tmp_path: Path):
    clause(mou, "3.1")["area_kinds"].append("lobby")
    file = tmp_path / "careless.json"
    file.write_bytes(canonical(parse(mou)))
    code, answer = run(str(file))
    assert (code, answer["holds"]) == (1, False)
    (one,) = [g for g in answer["agreements"][0]["guarantees"] if not g["holds"]]
    assert one["code"] == "inside_only_in_a_named_situation" and one["sections"] == ["3.1"] and one["change"]
    assert run(str(tmp_path / "missing.toml"))[0] == 2
    assert run(str(file), "--data", str(tmp_path / "nowhere"))[0] == 2


@pytest.mark.django_db
def test_on_the_real_inventory(tmp_path: Path):
    built = lakeview.build(12)
    document = parse(lakeview.text("agreement"))
    stock, documents, all_named = stored_world.with_draft(document)
    assert not all_named and len(stock.cameras) == len(built.cameras)
    assert proof.prove(stock, documents).holds
    careless = lakeview.text("agreement")
    clause(careless, "3.1")["area_kinds"].append("hallway")
    draft = parse(careless)
    stock, documents, _ = stored_world.with_draft(draft)
    (proven,) = proof.prove(stock, documents).agreements
    (one,) = [proof_words.told(f, draft, stored_world.names()) for f in proven.failed]
    assert "Omar Reyes" in one.example or "Rosa Delgado" in one.example
    assert "“Hallway" in one.example and "at Lakeview High" in one.example
    new = parse({**lakeview.text("agreement"), "slug": "another-mou"})
    stock, documents, all_named = stored_world.with_draft(new)
    assert all_named and proof.prove(stock, documents).holds
    assert stored_world.prove_stored().holds
