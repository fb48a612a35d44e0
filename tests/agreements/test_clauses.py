"""Each kind of clause, and each way in which a text can be wrong: named with its place and a remedy."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from sightpact.agreements import checks
from sightpact.agreements.cedar import make
from sightpact.agreements.clauses import KINDS, schema
from sightpact.agreements.document import canonical, from_canonical, json_schema, parse, read, render_text
from sightpact.agreements.errors import DocumentFaults
from sightpact.agreements.templates import templates
from sightpact.decide.facts import AREA_KINDS, PRIVATE_AREA_KINDS
from tests import regional, scoped

from .conftest import clause, raw_text

GOLDEN = Path(__file__).parent / "golden"
DOCS = Path(__file__).parents[2] / "docs/reference/clauses.md"


def faults_of(raw) -> list[str]:
    return [str(f) for f in read(raw)[1]]


@pytest.mark.parametrize("name", ["agreement", "house_policy"])
def test_words_and_policy_stay_as_they_were_signed(name):
    """A release that renders or compiles differently would stop signed agreements: keep the old way for version 1."""
    made = make(parse(raw_text(name)))
    assert made.text == (GOLDEN / f"{name}.txt").read_text()
    assert made.cedar == (GOLDEN / f"{name}.cedar").read_text()
    assert made.schema == (GOLDEN / f"{name}.cedarschema").read_text()
    assert made.canonical == (GOLDEN / f"{name}.json").read_bytes()


def test_every_kind_is_used_by_the_demonstration_a_template_or_the_regional_text():
    used = {c["kind"] for name in ("agreement", "house_policy") for c in raw_text(name)["clauses"]}
    used |= {c["kind"] for text in (regional, scoped) for c in text.raw()["clauses"]}
    used |= {kind for t in templates() for kind in re.findall(r'^kind = "(\w+)"$', t.text, re.M)}
    assert used == set(KINDS)


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_is_documented_with_all_its_fields(kind):
    text = DOCS.read_text()
    assert f"## `{kind}`" in text
    section = text.split(f"## `{kind}`", 1)[1].split("\n## ", 1)[0]
    for name in KINDS[kind].schema()["properties"]:
        if name not in ("kind", "number", "heading"):
            assert f"`{name}`" in section, name
    assert KINDS[kind].about.split(":")[0].split(",")[0].rstrip(".") in section


def test_schema_is_json_and_closed():
    text = json.dumps(json_schema())
    assert '"additionalProperties": false' in text
    assert len(schema()["oneOf"]) == len(KINDS)


def test_the_text_says_who_enforces(mou):
    text = render_text(parse(mou))
    assert "3.2  Inside, in an emergency  [Enforced by Sightpact]" in text
    assert "5.3  Fair use  [Kept by people]" in text
    assert text.count("\n3  When the police may look\n") == 1


def test_line_breaks_in_a_file_change_nothing(mou):
    one = canonical(parse(mou))
    clause(mou, "5.3")["text"] = "  " + clause(mou, "5.3")["text"].replace(" ", "\n   ", 5) + "\n"
    assert canonical(parse(mou)) == one


@pytest.mark.parametrize("kind", sorted(PRIVATE_AREA_KINDS))
@pytest.mark.parametrize("number", ["3.1", "3.2"])
def test_private_places_cannot_be_agreed_away(mou, kind, number):
    clause(mou, number)["area_kinds"].append(kind)
    (fault,) = read(mou)[1]
    assert kind in fault.what and "no agreement" in fault.what and kind in fault.remedy


def test_the_owner_may_let_its_own_people_into_private_places(house):
    clause(house, "2.1")["area_kinds"] = sorted(AREA_KINDS)
    assert "classrooms" in render_text(parse(house))


@pytest.mark.parametrize(
    ("number", "change", "says"),
    [
        ("3.1", {"kind": "surveillance"}, "not a kind of clause"),
        ("3.1", {"colour": "red"}, "'colour' is not known here"),
        ("3.1", {"area_kinds": []}, "No kinds of area"),
        ("3.1", {"area_kinds": ["roof"]}, "'roof' is not a kind of area"),
        ("3.1", {"area_kinds": ["parking", "parking"]}, "named twice"),
        ("3.1", {"who": {"party": "fairmont-pd", "named_only": True}}, "'fairmont-pd' is not a party"),
        ("3.1", {"who": {"party": "lakeview-pd", "roles": ["janitor"]}}, "'janitor' is not a role"),
        ("3.1", {"who": {"party": "lakeview-pd"}}, "does not say which people"),
        ("3.1", {"who": {"party": "lakeview-usd", "roles": ["it"]}}, "by its house policy"),
        ("3.1", {"number": "3.2"}, "used twice"),
        ("3.1", {"number": "three"}, "not a plain name"),
        ("3.1", {"heading": ""}, "0 characters"),
        ("3.1", {"heading": "Out\u202eside"}, "invisible character (U+202E)"),
        ("3.4", {"stop": {"party": "lakeview-pd", "roles": ["dispatcher"]}}, "only the owner stops"),
        ("3.4", {"proposal_minutes": None}, "unanswered all clear"),
        ("3.4", {"once_taken": "ends"}, "proposal_minutes has no meaning"),
        ("3.4", {"once_taken": "maybe"}, "not a choice"),
        ("4.1", {"kept_by": "nobody"}, "'nobody' is not a party"),
        ("6.1", {"who": {"party": "lakeview-usd", "roles": ["it"]}}, "by its house policy"),
        ("6.2", {"then": "shrug"}, "not a choice"),
        ("6.3", {"standing_s": 0}, "from 1 to 60"),
        ("6.3", {"emergency_s": 61}, "from 1 to 60"),
        ("6.3", {"standing_s": True}, "from 1 to 60"),
        ("7.1", {"ends": date(2020, 1, 1)}, "ends before it begins"),
        ("7.1", {"begins": "soon"}, "not a day"),
        ("7.1", {"zone": "Atlantis/Center"}, "not a time zone"),
        ("2.1", {"all": False}, "not clear which schools"),
        ("2.1", {"schools": [{"slug": "a", "name": "A"}]}, "not clear which schools"),
        ("2.2", {"kind": "house_duties"}, "'see_watchers' is missing"),
    ],
)
def test_a_wrong_clause_is_named_with_a_remedy(mou, number, change, says):
    index = next(i for i, c in enumerate(mou["clauses"]) if c["number"] == number)
    mou["clauses"][index].update(change)
    found = read(mou)[1]
    assert any(says in str(f) for f in found), [str(f) for f in found]
    assert all(f.remedy for f in found)
    assert any(f"clauses[{index}]" in f.path for f in found)


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("1.1", "'parties' is missing"),
        ("2.1", "'schools' is missing"),
        ("2.2", "'private_areas' is missing"),
        ("3.2", "Nothing can be started"),
        ("3.3", "no 'who_may_start'"),
        ("3.4", "no 'who_may_end'"),
        ("4.1", "there is no annex"),
        ("6.2", "There is no default"),
        ("6.3", "'leases' is missing"),
        ("7.1", "'term' is missing"),
    ],
)
def test_a_missing_clause_is_named(mou, number, says):
    mou["clauses"].remove(clause(mou, number))
    assert any(says in f for f in faults_of(mou)), faults_of(mou)


def test_emergencies_that_contradict(mou):
    listed = clause(mou, "3.2")["emergencies"]
    listed[1].update(kind="intruder")
    assert any("defined in section 3.2 as well" in f for f in faults_of(mou))
    listed[1].update(kind="fire", label="INTRUDER")
    assert any("on the switch twice" in f for f in faults_of(mou))
    listed[1].update(label="Fire", cap_minutes=5)
    assert any("its cap is 5" in f for f in faults_of(mou))
    listed[1].update(cap_minutes=500)
    assert any("says in which steps" in f for f in faults_of(mou))
    clause(mou, "3.4")["extend_minutes"] = 15
    assert "in steps of 15 minutes" in render_text(parse(mou))


def test_house_and_shared_clauses_do_not_mix(mou, house):
    mou["clauses"].append(clause(house, "2.1") | {"number": "9.1"})
    assert any("owner's own people" in f for f in faults_of(mou))
    house["clauses"].append(clause(mou, "3.1") | {"number": "9.1"})
    assert any("lets another party in" in f for f in faults_of(house))
    assert any("one party" in f for f in faults_of(raw_text("agreement") | {"house": True})) or any(
        "lets another party in" in f for f in faults_of(raw_text("agreement") | {"house": True})
    )


def test_every_fault_is_said_at_once(mou):
    clause(mou, "6.3")["standing_s"] = 99
    clause(mou, "6.2")["then"] = "x"
    clause(mou, "7.1")["begins"] = 7
    with pytest.raises(DocumentFaults) as found:
        parse(mou)
    assert len(found.value.faults) == 3 and "3 faults" in str(found.value)


def test_what_deserves_a_second_look(mou):
    assert checks.warnings(parse(mou)) == []
    clause(mou, "3.1").update(area_kinds=["hallway"], who={"party": "lakeview-pd", "roles": ["sro"]})
    says = [w.what for w in checks.warnings(parse(mou))]
    assert len(says) == 2 and "without any emergency" in says[0] and "everybody of a role" in says[1]


@pytest.mark.parametrize(
    "junk", [None, [], "x", {}, {"slug": "a", "title": "t", "clauses": "no"}, {"clauses": [1]}]
)
def test_junk_is_refused_in_words(junk):
    document, faults = read(junk)
    assert document is None and faults and all(f.what and f.remedy for f in faults)


def test_stored_bytes_must_be_canonical(mou):
    content = canonical(parse(mou))
    assert from_canonical(content) == parse(mou)
    for changed in (
        content + b" ",
        content[:-1],
        b"\xff",
        json.dumps(json.loads(content), indent=1).encode(),
    ):
        with pytest.raises(DocumentFaults):
            from_canonical(changed)
