"""Marks, named cameras and the exhibit: the words, the policy, who sees what, the proof, and ways to be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sightpact.agreements import checks, checks_scope, diff, export, madeup, proof, scopes
from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.cedar import make
from sightpact.agreements.consequences import Asked, answer
from sightpact.agreements.document import Document, canonical, from_canonical, parse, read
from sightpact.agreements.editor_drawing import drawn
from sightpact.agreements.papers import board_opens
from sightpact.decide import facts
from sightpact.decide.authorize import authorize
from sightpact.decide.prove import cube, projection
from sightpact.decide.scope import Scope
from sightpact.decide.world import World
from tests import scoped

from .conftest import clause

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
OMAR = "lakeview-pd.dispatcher.named"


@pytest.fixture
def raw() -> dict[str, Any]:
    return scoped.raw()


def world(raw: dict[str, Any]) -> tuple[Document, facts.Inventory]:
    document = parse(raw)
    ids = {p.slug: p.slug for p in document.parties}
    fact = agreement_fact(document, make(document), ids, document.slug, NOW - timedelta(days=1), None)
    return document, replace(madeup.inventory(document), agreements=(fact,))


def sees(stock: facts.Inventory, camera: str, emergency: str = "", kind: str = "") -> str:
    """The section by which Omar sees a camera, or the code of his refusal."""
    situation = facts.Situation(
        "x", kind or "activation", frozenset(stock.schools), emergency, True, NOW + timedelta(hours=1)
    )
    now = [situation] if emergency or kind else []
    found = authorize(World(stock), OMAR, facts.Action.VIEW_LIVE, camera, now, (), NOW)
    return found.clause if isinstance(found, facts.Grant) else found.code


def named(stock: facts.Inventory, slug: str) -> str:
    return next(c.id for c in stock.cameras.values() if c.slug == slug)


def test_the_words_say_it_and_texts_without_keep_their_bytes(raw: dict[str, Any], mou: dict[str, Any]):
    document = parse(raw)
    made = make(document)
    assert (
        "Of these, it opens only the cameras lakeview-high-main-entrance and lakeview-high-east-doors."
        in made.text
    )
    assert (
        "only cameras of the exhibit in section 2.9; a camera that is not listed there stays closed"
        in made.text
    )
    assert "Of these, it opens only cameras marked “west-wing” or “gate”." in made.text
    assert "The exhibit lists 3 cameras: lakeview-high-east-doors" in made.text
    assert "adds one once the Department has countersigned" in made.text
    assert from_canonical(canonical(document)) == document
    assert f'CameraList::"{document.slug}/2.9"' in made.cedar and "lakeview-high-hallway-a" not in made.cedar
    plain = make(
        parse(
            {
                **mou,
                "clauses": [
                    {**c, "tags": [], "cameras": []} if c["number"] == "3.1" else c for c in mou["clauses"]
                ],
            }
        )
    )
    assert plain == make(parse(mou)) and "CameraList" not in plain.schema
    explained = {c.number: c.explain(document.names) for c in document.clauses}
    assert "Only 2 named cameras." in explained["3.1"] and "marking one opens it" in explained["2.91"]
    assert "A new camera stays closed until the exhibit (section 2.9) lists it." in explained["3.2"]


def test_who_sees_what(raw: dict[str, Any]):
    _document, stock = world(raw)
    hallway = named(stock, scoped.EXHIBIT[2])  # the made-up world lets it see the outside: third of three
    doors, school = named(stock, scoped.NAMED[0]), next(iter(stock.schools))
    assert sees(stock, doors) == "closed" or sees(stock, doors) == "3.1"
    entrance = replace(stock.cameras[doors], area_kinds=frozenset({"exterior"}), tags=frozenset())
    inside = replace(stock.cameras[hallway], area_kinds=frozenset({"hallway"}), tags=frozenset())
    later = replace(inside, id="later", slug="lakeview-high-hallway-z")
    gate = replace(inside, id="gate", slug="gate-1", tags=frozenset({"gate", "old"}))
    stock = replace(
        stock, cameras={c.id: c for c in (entrance, inside, later, gate, stock.cameras[f"{school}.exterior"])}
    )
    kind = stock.agreements[0].emergencies[0]
    assert sees(stock, doors) == "3.1" and sees(stock, f"{school}.exterior") != "3.1"
    assert sees(stock, hallway) == "closed" and sees(stock, hallway, kind) == "3.2"
    assert sees(stock, "later", kind) != "3.2"  # put up after the exhibit was agreed
    assert (
        sees(stock, "gate", kind="invitation") == "2.91" and sees(stock, "later", kind="invitation") != "2.91"
    )
    renamed = replace(later, slug=scoped.EXHIBIT[2])
    assert sees(replace(stock, cameras={"later": renamed}), "later", kind) == "3.2"


def test_proven_and_the_evaluator_is_cedar(raw: dict[str, Any]):
    document, stock = world(raw)
    few = {c.id: c for c in stock.cameras.values() if c.school == next(iter(stock.schools))}
    stock = replace(stock, cameras=few)
    assert proof.prove(stock, {document.slug: document}).holds
    compared = projection.compare(World(stock))
    assert compared.differences == () and compared.cells > compared.asked


def test_a_policy_that_forgets_the_list_is_found(raw: dict[str, Any]):
    """The guarantee reads the text's fields, not the policy: a compiler that drops a limit is caught."""
    document, stock = world(raw)
    wide = make(parse(_without_limits(raw)))
    (fact,) = stock.agreements
    stock = replace(stock, agreements=(replace(fact, cedar=wide.cedar, policy_hash=wide.cedar_hash),))
    (proven,) = proof.prove(stock, {document.slug: document}).agreements
    assert {f.broken.guarantee for f in proven.failed} >= {"covered_only", "inside_only_in_a_named_situation"}


def _without_limits(raw: dict[str, Any]) -> dict[str, Any]:
    clauses = [{k: v for k, v in c.items() if k not in ("tags", "present_only")} for c in raw["clauses"]]
    for c in clauses:
        if c["number"] == "3.1":
            del c["cameras"]
    return {**raw, "clauses": clauses}


def test_the_change_in_access_is_counted_and_drawn(raw: dict[str, Any]):
    narrow, wide = parse(raw), parse(_without_limits(raw))
    stock = madeup.inventory(narrow)
    schools = {id: id for id in stock.schools}
    found = answer(Asked(narrow, wide, stock, schools, narrow.slug, True))
    assert found.change is not None and {s.new_number for s in found.change.sections if s.opens} >= {
        "3.1",
        "3.2",
        "2.91",
    }
    back = diff.compare(wide, narrow, stock, schools, narrow.slug)
    assert all(not s.opens for s in back.sections) and any(s.closes for s in back.sections)
    asked = Asked(None, narrow, stock, schools, narrow.slug, True)
    assert drawn(asked, narrow)["3.1"].label != drawn(asked, wide)["3.1"].label
    of_owner = board_opens.World(stock, narrow.slug, True)
    sections = {
        o.section: o
        for o in (board_opens.opening(c, narrow, of_owner) for c in board_opens.opening_clauses(narrow))
    }
    standing = clause(raw, "3.1")
    expected = sum(
        scopes.opens(narrow.clauses[_index(narrow, "3.1")], narrow, c)
        for c in board_opens.covered(narrow, of_owner)
    )
    assert sections["3.1"].cameras == str(expected) and expected <= len(standing["cameras"])


def _index(document: Document, number: str) -> int:
    return next(i for i, c in enumerate(document.clauses) if c.number == number)


def test_the_export_says_it_too(raw: dict[str, Any]):
    document = parse(raw)
    sample = export.sample(document, make(document))
    parents = {p["type"] for case in sample for e in case["entities"] for p in e["parents"]}
    assert "CameraList" in parents


@pytest.mark.parametrize(
    ("number", "change", "says"),
    [
        ("3.1", {"cameras": ["a-1", "a-1"]}, "the camera 'a-1' is named twice"),
        ("3.1", {"tags": ["Upper Case"]}, "is not a plain name"),
        ("2.91", {"tags": ["gate", "gate"]}, "the mark 'gate' is named twice"),
        ("3.1", {"present_only": True, "cameras": ["elsewhere-1"]}, "it can open no camera"),
        ("2.9", {"countersigned_by": "lakeview-usd"}, "'lakeview-usd' cannot countersign"),
        ("2.9", {"countersigned_by": "nobody"}, "'nobody' cannot countersign"),
        ("2.9", {"cameras": []}, "Here should be a list"),
    ],
)
def test_ways_to_be_wrong(raw: dict[str, Any], number: str, change: dict[str, Any], says: str):
    clause(raw, number).update(change)
    assert any(says in str(fault) for fault in read(raw)[1]), [str(f) for f in read(raw)[1]]


def test_second_looks(raw: dict[str, Any]):
    raw["clauses"].remove(clause(raw, "2.9"))
    assert any("there is none" in str(f) for f in read(raw)[1])
    raw = scoped.raw()
    clause(raw, "3.2")["names_beforehand"] = False
    told = [f.what for f in checks.warnings(parse(raw))]
    assert any("names are not known beforehand" in what for what in told)
    del clause(raw, "3.2")["present_only"]
    assert any("no section is limited to it" in f.what for f in checks.warnings(parse(raw)))
    unknown = [f.what for f in checks_scope.unknown(parse(scoped.raw()), {"gate"}, set(scoped.NAMED))]
    assert len(unknown) == 2 and "'west-wing'" in unknown[1] + unknown[0] and "hallway-a" in " ".join(unknown)


def test_a_scope_is_a_predicate():
    camera = facts.Camera("c", "p", "s", frozenset({"hallway"}), frozenset({"gate"}), True, False, "hall-1")
    halls = frozenset({"hallway", "lobby"})
    assert Scope(halls).holds(camera) and not Scope(frozenset({"lobby"})).holds(camera)
    assert Scope(halls, frozenset({"gate", "x"})).holds(camera) and not Scope(halls, frozenset({"x"})).holds(
        camera
    )
    assert Scope(halls, lists=(frozenset({"hall-1"}),)).holds(camera)
    assert not Scope(halls, lists=(frozenset({"hall-1"}), frozenset())).holds(camera)


def test_two_agreements_one_with_lists(raw: dict[str, Any], mou: dict[str, Any]):
    """Entities with lists for the one schema, without for the other; the proof's table holds both."""
    _one, stock = world(raw)
    other = parse({**mou, "slug": "plain"})
    ids = {p.slug: p.slug for p in other.parties}
    fact = agreement_fact(other, make(other), ids, "plain", NOW - timedelta(days=1), None)
    both = replace(stock, agreements=(*stock.agreements, fact))
    assert World(both).faults == {} and cube.table(World(both).inventory).in_world > 0
