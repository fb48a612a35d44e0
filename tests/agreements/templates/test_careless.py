"""A careless amendment of each template: what the proof says of it, in plain words, before anybody signs it."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest

from sightpact.agreements import madeup, proof, proof_words
from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.cedar import make
from sightpact.agreements.document import Document, parse
from sightpact.agreements.templates import templates
from sightpact.decide.prove import projection
from sightpact.decide.world import World

from ..conftest import clause
from .filled import NOW, text_of, world_of

Raw = dict[str, Any]
NAMES = [t.name for t in templates()]


@dataclass(frozen=True)
class Careless:
    """What somebody changes with the best of intentions, and what a person reads of it."""

    amend: Callable[[Raw], None]
    guarantee: str
    who: str
    what: str
    when: str
    sections: tuple[str, ...]
    change: str


def _add(number: str, **data: Any) -> Callable[[Raw], None]:
    return lambda raw: raw["clauses"].append({"number": number, "heading": "As agreed on the phone", **data})


def _dispatch(**more: Any) -> Raw:
    return {"party": "pd", "roles": ["dispatcher"], "named_only": True, **more}


INSIDE = "inside_only_in_a_named_situation"
NORMAL = "on a normal day, without any emergency"
AMENDMENTS = {
    "exterior-always": Careless(  # "the door camera shows the lobby, so add lobbies"
        lambda raw: clause(raw, "3.1")["area_kinds"].append("lobby"),
        INSIDE, "of the Department, named in the annex,", "could watch a camera that sees lobbies", NORMAL, ("3.1",),
        "Keep only outside kinds of area in section 3.1",
    ),
    "common-areas": Careless(  # "every dispatcher, not only those on the list"
        lambda raw: clause(raw, "3.1").update(who=_dispatch(named_only=False)),
        "named_only", "One of the dispatchers of the Department, not named in the annex,", "could watch a camera that sees",
        "while “Active shooter” is shared", ("3.1",), "Write named_only = true for whom section 3.1 lets in",
    ),
    "new-jersey": Careless(  # "officers should know the building before they need it"
        _add("3.9", kind="standing_view", who=_dispatch(roles=["officer"]), area_kinds=["hallway"]),
        INSIDE, "One of the officers of the Department, named in the annex,", "could watch a camera that sees hallways",
        NORMAL, ("3.9",), "put the inside ones into a section that opens in a situation",
    ),
    "when-invited": Careless(  # "and if they ask nicely"
        _add("3.9", kind="request_view", who=_dispatch(), ask=_dispatch(), minutes=30, answer_minutes=5,
             approve={"party": "usd", "roles": ["principal"]}, area_kinds=["parking"], unanswered="opens"),
        "own:5.1", "One of the dispatchers of the Department, named in the annex,", "could watch a camera that sees parking",
        "when a request is approved", ("3.9",), "Change section 3.9, or the guarantee in section 5.1",
    ),
    "on-request": Careless(  # "the gym is full at a game too", without saying that an event opens inside
        lambda raw: raw["clauses"].append(
            {**copy.deepcopy(clause(raw, "3.2")), "number": "3.9", "kind": "standing_view", "area_kinds": ["gymnasium"],
             **dict.fromkeys(("ask", "approve", "max_hours"))}
        ),
        INSIDE, "One of the dispatchers of the Department, named in the annex,", "could watch a camera that sees gymnasiums",
        NORMAL, ("3.9",), "Keep only outside kinds of area in section 3.9",
    ),
    "public-places": Careless(  # "the library is a public place as well"
        lambda raw: clause(raw, "3.1")["area_kinds"].append("library"),
        "own:3.3", "of the Department", "could watch a camera that sees libraries", NORMAL, ("3.1",),
        "Change section 3.1, or the guarantee in section 3.3",
    ),
}  # fmt: skip


@cache
def raw_of(name: str) -> Raw:
    return tomllib.loads(text_of(name))["agreements"][0]


def examples(document: Document) -> dict[str, proof_words.Counterexample]:
    """Every broken guarantee on the made-up world that fits the text."""
    ids = {p.slug: p.slug for p in document.parties}
    fact = agreement_fact(document, make(document), ids, document.slug, NOW, None)
    stock = replace(madeup.inventory(document), agreements=(fact,))
    (proven,) = proof.prove(stock, {document.slug: document}).agreements
    names = proof_words.made_up_names(document, stock)
    return {f.broken.guarantee: proof_words.told(f, document, names) for f in proven.failed}


def test_every_template_has_its_careless_amendment():
    assert set(AMENDMENTS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_as_it_is_every_guarantee_holds(name):
    assert examples(parse(raw_of(name))) == {}


@pytest.mark.parametrize("name", ["when-invited", "on-request"])
def test_the_proof_of_it_is_what_cedar_says(name):
    stock = world_of(name).inventory
    few = {c.id: c for c in stock.cameras.values() if c.school == "oak"}
    compared = projection.compare(World(replace(stock, cameras=few)))
    assert compared.differences == () and compared.cells >= compared.asked > 5000


@pytest.mark.parametrize("name", NAMES)
def test_a_careless_amendment_is_caught_with_an_example_in_plain_words(name):
    careless, raw = AMENDMENTS[name], copy.deepcopy(raw_of(name))
    careless.amend(raw)
    raw["clauses"] = [{k: v for k, v in c.items() if v is not None} for c in raw["clauses"]]
    found = examples(parse(raw))
    assert careless.guarantee in found, found
    told = found[careless.guarantee]
    assert careless.who in told.example and careless.what in told.example, told.example
    assert careless.when in told.example, told.example
    assert told.sections == careless.sections and careless.change in told.change, told
    assert f"section {careless.sections[0]}" in told.example and told.promise
