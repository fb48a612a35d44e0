"""An agreement of four parties: its words as they were signed, who adopts and signs, and what its guarantee finds."""

from __future__ import annotations

import copy
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sightpact.agreements import actions, checks, diff, madeup, proof, proof_words, reads
from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.cedar import make
from sightpact.agreements.clauses.never import NEVER
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.document import Document, from_canonical, parse, read
from sightpact.agreements.purposes import purposes_of
from sightpact.decide.prove import projection
from sightpact.decide.world import World
from tests import regional

from .conftest import clause

GOLDEN = Path(__file__).parent / "golden"
_RAW = regional.raw()


@pytest.fixture
def raw() -> dict[str, Any]:
    return copy.deepcopy(_RAW)


def faults_of(raw: dict[str, Any]) -> list[str]:
    return [str(f) for f in read(raw)[1]]


def world(raw: dict[str, Any]) -> tuple[Document, Any]:
    document = parse(raw)
    ids = {p.slug: p.slug for p in document.parties}
    fact = agreement_fact(document, make(document), ids, document.slug, *document.one(Term).in_force())
    return document, replace(madeup.inventory(document), agreements=(fact,))


def examples(raw: dict[str, Any]) -> dict[str, proof_words.Counterexample]:
    document, stock = world(raw)
    (proven,) = proof.prove(stock, {document.slug: document}).agreements
    names = proof_words.made_up_names(document, stock)
    return {f.broken.guarantee: proof_words.told(f, document, names) for f in proven.failed}


# the words ----------------------------------------------------------------------------------------------------


def test_words_and_policy_stay_as_they_were_signed(raw: dict[str, Any]) -> None:
    made = make(parse(raw))
    assert made.text == (GOLDEN / "regional.txt").read_text()
    assert made.cedar == (GOLDEN / "regional.cedar").read_text()
    assert made.schema == (GOLDEN / "regional.cedarschema").read_text()
    assert made.canonical == (GOLDEN / "regional.json").read_bytes()
    assert from_canonical(made.canonical) == parse(raw)


def test_it_deserves_no_second_look(raw: dict[str, Any]) -> None:
    assert checks.warnings(parse(raw)) == []
    clause(raw, "3.3")["hours"] = {"opens": "22:00", "closes": "06:00", "days": ["sat", "sun"]}
    (warning,) = checks.warnings(parse(raw))
    assert "stays closed in an emergency outside its hours" in warning.what
    assert "from 22:00 to 06:00 on the next day, on Saturdays and Sundays" in make(parse(raw)).text


@pytest.mark.parametrize(
    ("number", "change", "says"),
    [
        ("1.2", {"rows": [{"party": "nobody", "title": "x", "role": "chief"}]}, "'nobody' is not a party"),
        ("1.2", {"rows": [{"party": "lakeview-pd", "title": "x", "role": "mayor"}]}, "'mayor' is not a role"),
        (
            "1.2",
            {"rows": [{"party": "lakeview-pd", "title": "x", "role": "chief"}]},
            "nobody signs for 'lakeview-usd'",
        ),
        ("3.1", {"hours": {"opens": "7:30", "closes": "16:00", "days": ["mon"]}}, "not a plain name"),
        ("3.1", {"hours": {"opens": "07:30", "closes": "07:30", "days": ["mon"]}}, "at the same minute"),
        ("3.1", {"hours": {"opens": "07:30", "closes": "16:00", "days": ["someday"]}}, "not a choice"),
        ("3.1", {"hours": {"opens": "07:30", "closes": "16:00", "days": ["mon", "mon"]}}, "named twice"),
        ("3.1", {"viewers": 0}, "from 1 to 500"),
        ("3.1", {"audio": True}, NEVER["audio"]),
        ("3.1", {"ptz": "presets"}, NEVER["camera_control"]),
        ("3.1", {"may_record": True}, NEVER["copies"]),
        ("3.1", {"kind": "face_recognition"}, NEVER["recognition"]),
        ("3.3", {"party": "lakeview-usd"}, "the owner is not called"),
        ("3.3", {"party": "lakeview-pd"}, "lets in people of 'fairmont-pd'"),
        ("3.3", {"party": "nobody"}, "'nobody' is not a party"),
        ("3.3", {"emergencies": ["flood"]}, "'flood' is not a kind of emergency"),
        ("3.3", {"called_by": {"party": "fairmont-pd", "roles": ["chief"]}}, "would call itself"),
        ("3.7", {"who": [{"party": "nobody"}]}, "'nobody' is not a party"),
        ("3.7", {"who": [{"party": "fairmont-pd", "roles": ["mayor"]}]}, "'mayor' is not a role"),
        ("3.7", {"emergencies": ["flood"]}, "'flood' is not a kind of emergency"),
        ("3.7", {"in_emergencies": True}, "excepts all emergencies, and lists some"),
        ("4.2", {"kept_by": "lakeview-pd"}, "keeps two annexes"),
        ("5.1", {"presets": []}, "it forbids nothing"),
        ("5.1", {"presets": ["protest", "protest"]}, "named twice"),
        ("5.1", {"presets": ["fashion"]}, "not a choice"),
    ],
)
def test_a_wrong_section_is_named_with_a_remedy(
    raw: dict[str, Any], number: str, change: dict[str, Any], says: str
) -> None:
    index = next(i for i, c in enumerate(raw["clauses"]) if c["number"] == number)
    raw["clauses"][index].update(change)
    found = read(raw)[1]
    assert any(says in str(f) for f in found), [str(f) for f in found]
    assert all(f.remedy for f in found)
    assert any(f"clauses[{index}]" in f.path for f in found)


def test_one_body_stands_once(raw: dict[str, Any]) -> None:
    clause(raw, "1.2")["rows"][1]["body"] = "board of education"
    assert any("named more than once" in f for f in faults_of(raw))


def test_purposes_need_something_that_names_one(raw: dict[str, Any]) -> None:
    uses = purposes_of(parse(raw))
    assert uses.section == "4.4" and uses.takes("lost_child") and not uses.takes("curiosity")
    assert uses.forbidden_section == "5.1" and len(uses.forbidden) == 5 and "34 CFR 99.33" in uses.notice
    raw["clauses"].remove(clause(raw, "3.4"))
    assert any("nothing that would name a purpose" in f for f in faults_of(raw))


def test_a_text_without_purposes_takes_any(mou: dict[str, Any]) -> None:
    uses = purposes_of(parse(mou))
    assert uses.section == "" and uses.takes("") and uses.forbidden == ()


# the proof ----------------------------------------------------------------------------------------------------


def test_everything_holds_and_the_evaluator_is_cedar(raw: dict[str, Any]) -> None:
    assert examples(raw) == {}
    _document, stock = world(raw)
    names = ("hallway", "exterior", "library", "drill")
    few = {c.id: c for c in stock.cameras.values() if c.id in {f"a-school.{n}" for n in names}}
    compared = projection.compare(World(replace(stock, cameras=few)))
    assert compared.differences == () and compared.cells > 0


def test_a_section_against_the_texts_own_guarantee(raw: dict[str, Any]) -> None:
    clause(raw, "3.4")["area_kinds"].append("library")
    (one,) = examples(raw).values()
    assert one.guarantee == "own:3.7" and one.sections == ("3.4",)
    assert "sees libraries" in one.example and "when the school invites" in one.example
    assert one.promise.startswith("People of the Department, people of Northshore and people of Fairmont")
    assert one.change == "Change section 3.4, or the guarantee in section 3.7: they contradict each other."
    clause(raw, "3.7")["situations"] = ["invitation"]
    assert examples(raw) == {}


@pytest.mark.parametrize(
    ("changes", "breaks"),
    [
        ({"area_kinds": None, "emergencies": []}, True),
        ({"emergencies": [], "in_emergencies": True}, False),
        ({"who": [{"party": "fairmont-pd", "roles": ["chief"]}], "emergencies": []}, False),
        ({"who": [{"party": "lakeview-pd", "roles": ["chief"]}], "emergencies": ["intruder"]}, True),
        ({"schools": ["lakeview-high"], "emergencies": []}, False),  # the made-up world has no such school
        ({"area_kinds": None, "tags": ["pool"], "emergencies": []}, True),
    ],
)
def test_whom_and_what_a_guarantee_means(raw: dict[str, Any], changes: dict[str, Any], breaks: bool) -> None:
    section = clause(raw, "3.7")
    section.update({k: v for k, v in changes.items() if v is not None})
    for gone in [k for k, v in changes.items() if v is None]:
        del section[gone]
    assert ("own:3.7" in examples(raw)) is breaks


def test_the_certificate_lists_it(raw: dict[str, Any]) -> None:
    document, stock = world(raw)
    certificate = proof.prove(stock, {document.slug: document})
    assert proof.as_data(certificate, certificate.agreements[0])["guarantees"][-1] == "own:3.7"


def test_a_neighbour_who_sees_before_the_call_is_found(raw: dict[str, Any]) -> None:
    """A policy that forgets the call: the guarantee is made from the text, not from the policy."""
    document, stock = world(raw)
    (fact,) = stock.agreements
    made = make(document)
    careless = made.cedar.replace("context.aid_fairmont_pd\n  && (context.emergency_intruder)", "true")
    assert careless != made.cedar
    fact = replace(fact, cedar=careless)
    (proven,) = proof.prove(replace(stock, agreements=(fact,)), {document.slug: document}).agreements
    found = {f.broken.guarantee for f in proven.failed}
    assert {"neighbours_when_called", "inside_only_in_a_named_situation"} <= found


def test_what_changes_is_said_with_hours_and_the_call(raw: dict[str, Any]) -> None:
    old = parse(raw)
    raw["revision"] = 2
    clause(raw, "3.1")["hours"]["closes"] = "20:00"
    clause(raw, "3.1")["area_kinds"].append("lobby")
    clause(raw, "3.3")["emergencies"].append("explosion_fire")
    change = diff.compare_made_up(old, parse(raw))
    says = [diff.sentence(line, change.context) for s in change.changed for line in s.lines]
    assert any("only from 06:30 to 20:00, Mondays to Fridays, at most 4 people at once" in s for s in says)
    assert any("once Fairmont is called for aid, during: explosion or fire" in s for s in says)
    assert any(s.startswith("Lets 1 named person of Northshore") and "call a neighbour" in s for s in says)
    rows = {r.what: (r.old, r.new) for s in change.changed for r in s.rows}
    assert rows["Hours"][1] == "from 06:30 to 20:00, Mondays to Fridays"


# adopted and signed -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_four_parties_and_two_bodies_make_it_run() -> None:
    keys = regional.add_lakeview()
    document = parse(regional.raw())
    signed = regional.signatures(document, keys)
    board, council = regional.votes()
    stored = actions.import_agreement(document, signatures=signed, votes=[board])
    verdict = reads.verdict(stored.revision)
    assert not verdict.runs and verdict.unadopted == (council.body,) and verdict.unsigned == ()
    assert verdict.says == (
        "It waits for the adoption by: City Council of Lakeview. Until then it opens nothing."
    )
    assert "lakeview-regional" not in {a.slug for a in reads.agreements_for_facts()}
    actions.import_agreement(document, votes=[council])
    assert reads.verdict(stored.revision).runs
    assert "lakeview-regional" in {a.slug for a in reads.agreements_for_facts()}


@pytest.mark.django_db
def test_a_vote_on_another_text_and_a_missing_signature_are_each_named() -> None:
    keys = regional.add_lakeview()
    document = parse(regional.raw())
    signed = regional.signatures(document, keys)
    del signed["fairmont-pd"]
    board, council = regional.votes()
    other = replace(council, canonical_hash="0" * 64)
    stored = actions.import_agreement(document, signatures=signed, votes=[board, other])
    verdict = reads.verdict(stored.revision)
    assert verdict.unsigned == ("fairmont-pd",) and verdict.unadopted == ()
    assert any("City Council of Lakeview adopted another text" in d for d in verdict.differs)


@pytest.mark.django_db
def test_each_party_keeps_an_annex_of_its_own_people() -> None:
    keys = regional.add_lakeview()
    document = parse(regional.raw())
    actions.import_agreement(document, signatures=regional.signatures(document, keys), votes=regional.votes())
    for person, position in regional.NAMED:
        assert actions.name_person(document.slug, person, position)
    with pytest.raises(Exception, match="is not one of the people of"):
        actions.name_person(document.slug, "pia", "principal")
    assert actions.remove_person(document.slug, "felix")


def test_the_text_in_the_docs_is_one_agreement() -> None:
    assert len(tomllib.loads(regional.TEXT.read_text())["agreements"]) == 1
    assert date(2026, 7, 1) == parse(regional.raw()).one(Term).begins
