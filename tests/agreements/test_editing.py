"""A draft read as far as it goes: every kind of clause reads back, faults stand at their fields."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightpact.agreements import consequences, editing, editor_answer, editor_fields, editor_words, madeup
from sightpact.agreements.clauses import KINDS
from sightpact.agreements.document import data, parse
from sightpact.agreements.templates import templates
from tests import scoped

from .conftest import clause, raw_text
from .templates.filled import document_of
from .test_properties import texts

GOLDEN = Path(__file__).parent / "golden"
FORMS = {house: editor_fields.forms(house) for house in (False, True)}
SHOWN = {
    *(
        "text",
        "words",
        "number",
        "choice",
        "flag",
        "day",
        "areas",
        "picks",
        "party",
        "role",
        "school",
        "rows",
    ),
    *("group", "roles", "list", "partylist", "schoollist", "emergencylist"),
}


def documents():
    own = [parse(raw_text("agreement")), parse(raw_text("house_policy"))]
    several = [parse(json.loads((GOLDEN / "regional.json").read_text()))]
    return own + several + [parse(scoped.raw())] + [document_of(t.name) for t in templates()]


def as_json(raw):
    return json.loads(json.dumps(raw, default=str))


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_kind_reads_back_and_says_what_it_says(kind):
    seen = 0
    for document in documents():
        draft = editing.read(as_json(data(document)))
        assert draft.document == document and draft.faults == ()
        for said, section in zip(draft.sections, document.clauses, strict=True):
            if section.kind == kind:
                seen += 1
                assert said.paragraphs == section.render(document.names)
                assert said.explain == section.explain(document.names)
    assert seen


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts())
def test_whatever_a_text_says_its_draft_reads_the_same(raw):
    draft = editing.read(as_json(raw))
    assert draft.document == parse(raw)
    assert editor_answer.words(draft, draft.document)["count"] == 0


def fields(schema, path=""):
    yield path, schema
    for key, inner in schema.get("properties", {}).items():
        yield from fields(inner, f"{path}.{key}")
    if schema.get("is") == "rows":
        yield from fields(schema["items"], path + "[]")


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_kind_has_its_form(kind):
    form = next(f for f in FORMS[False] + FORMS[True] if f["kind"] == kind)
    assert form["title"] and form["about"] == KINDS[kind].about
    for path, schema in fields(form["schema"]):
        if path:
            assert schema["title"] and schema["is"] in SHOWN, path
        if schema.get("is") == "number":
            assert schema["minimum"] < schema["maximum"] and schema["unit"]
    assert set(form["schema"]["properties"]) == set(KINDS[kind].schema()["properties"]) - {"kind"}


def test_private_areas_cannot_be_chosen_where_another_party_looks():
    for form in FORMS[False]:
        for path, schema in fields(form["schema"]):
            if schema.get("is") == "areas" and form["kind"] != "guarantee":
                assert "classroom" not in schema["items"]["enum"], (form["kind"], path)
    assert any("cannot be shared" in reason for reason in editor_fields.never())
    assert any("recogn" in reason for reason in editor_fields.never())
    assert any("sound" in reason for reason in editor_fields.never())


@pytest.mark.parametrize(
    ("number", "spoiled", "field", "says"),
    [
        ("3.2", {"area_kinds": ["classroom"]}, "area_kinds", "cannot be put in scope"),
        ("3.2", {"area_kinds": []}, "area_kinds", "Tick at least one kind of area."),
        ("3.2", {"who": None}, "who", ""),
        ("6.3", {"standing_s": 900}, "standing_s", "from 1 to 60"),
        ("6.3", {"standing_s": "soon"}, "standing_s", "'soon' is not possible."),
        ("7.1", {"begins": "soon"}, "begins", "is not a day"),
        ("3.4", {"once_taken": ...}, "once_taken", "Choose one. There is no default."),
        ("3.1", {"who": ...}, "who", "Add at least one."),
        ("3.1", {"area_kinds": ...}, "area_kinds", "Tick at least one kind of area."),
        ("7.1", {"begins": ...}, "begins", "Choose a day."),
        ("6.3", {"emergency_s": ...}, "emergency_s", "Write a number of seconds from 1 to 60."),
        ("4.2", {"text": ""}, "text", "It is not said yet."),
        ("3.1", {"audio": True}, "audio", "never asks a camera for sound"),
    ],
)
def test_faults_stand_at_their_field(mou, number, spoiled, field, says):
    raw = as_json(mou)
    section = clause(raw, number)
    for key, value in spoiled.items():
        if value is ...:
            del section[key]
        else:
            section[key] = value
    draft = editing.read(raw)
    assert draft.document is None
    (fault,) = draft.faults
    assert (fault.clause, fault.field) == (raw["clauses"].index(section), field)
    assert says in f"{fault.what} {fault.remedy}"
    assert " = " not in fault.remedy, "words of a file"
    said = [s.number for s in draft.sections if s.paragraphs]
    assert said == [c["number"] for c in raw["clauses"] if c is not section], "the others are still said"


def test_missing_in_a_row_and_contradictions_between_sections(mou):
    raw = as_json(mou)
    del clause(raw, "3.2")["emergencies"][1]["minutes"]
    (fault,) = editing.read(raw).faults
    assert fault.field == "emergencies[1].minutes"
    raw = as_json(mou)
    clause(raw, "3.2")["emergencies"][0]["minutes"] = 90
    (fault,) = editing.read(raw).faults
    assert fault.field == "emergencies[0].cap_minutes" and "“Never longer than”" in fault.remedy
    raw = as_json(mou)
    raw["clauses"].remove(clause(raw, "6.2"))
    (fault,) = editing.read(raw).faults
    assert fault.clause is None and "“If the record cannot be written”" in fault.what


def test_words_that_speak_of_a_section_that_is_gone(mou):
    raw = as_json(mou)
    clause(raw, "4.2")["text"] = "As sections 4.1 and 9.3 say."
    (warning,) = [w for w in editing.read(raw).warnings if w.field == "text"]
    assert "speaks of section 9.3" in warning.what


def test_words_stand_beside_the_base_also_when_a_section_moved(mou):
    base = parse(mou)
    raw = as_json(mou)
    section = clause(raw, "4.2")
    section |= {"number": "4.7", "text": section["text"].replace("every year", "every six months")}
    answer = editor_answer.words(editing.read(raw), base)
    told = next(s for s in answer["sections"] if s["number"] == "4.7")
    assert told["was"] == "4.2"
    assert ["out", "year"] in told["paragraphs"][0] and ["in", "six months"] in told["paragraphs"][0]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_nothing_that_json_can_hold_stops_it(given_data):
    raw = as_json(copy.deepcopy(raw_text("agreement")))
    for _ in range(given_data.draw(st.integers(1, 3))):
        place = given_data.draw(st.sampled_from(raw["clauses"] or [{}]))
        if isinstance(place, dict) and place:
            key = given_data.draw(st.sampled_from(sorted(place, key=str)))
            place[key] = given_data.draw(json_values)
    if given_data.draw(st.booleans()):
        raw["clauses"].append(given_data.draw(json_values))
    draft = editing.read(raw)
    answer = editor_answer.words(draft, parse(raw_text("agreement")))
    json.dumps(answer).encode("ascii")
    str([(s["number"], s["heading"]) for s in answer["sections"]]).encode()
    assert len(answer["sections"]) == len(raw["clauses"])
    assert (draft.document is None) == bool(answer["count"])


@pytest.mark.parametrize("raw", [None, 7, "x", [], {}, {"clauses": 3}, {"clauses": [None]}])
def test_what_is_no_draft_at_all(raw):
    draft = editing.read(raw)
    assert draft.document is None and draft.faults


def asked(old, new, **more):
    stock = madeup.inventory(new)
    return consequences.Asked(old, new, stock, madeup.school_names(new), new.slug, True, **more)


def test_a_careless_change_breaks_a_guarantee_with_an_example_without_names(mou):
    old = parse(mou)
    clause(mou, "3.1")["area_kinds"].append("hallway")
    question = asked(old, parse(mou))
    found = consequences.answer(question)
    (broken,) = found.broken
    assert broken.sections == ("3.1",) and "a camera that sees hallways" in broken.example
    assert "One of the" in broken.example and broken.change
    told = editor_answer.access(found, question)
    assert (
        "1 never shared" not in told["fields"]["3.1"]["label"]
        and "not classified" in told["fields"]["3.1"]["label"]
    )
    assert told["opens"] == 1 and [g["holds"] for g in told["guarantees"]].count(False) == 1


def test_a_new_text_is_counted_beside_nothing(mou):
    question = asked(None, parse(mou))
    found = consequences.answer(question)
    told = editor_answer.access(found, question)
    assert found.broken == () and {s["number"] for s in told["sections"]} >= {"3.1", "3.2", "3.3", "3.4"}
    assert told["closes"] == 0


def test_answers_are_kept_and_only_the_newest_question_is_worked_on(mou):
    desk = consequences.Desk()
    question = asked(None, parse(mou))
    first = desk.ask("sam", question, 60)
    assert first is not None and desk.ask("sam", question, 0) is first


def test_every_field_has_words_of_its_own():
    """A new kind has its form at once, but its fields should not be called by their names in the data for long."""
    unnamed = set()
    for form in FORMS[False] + FORMS[True]:
        for path, _schema in fields(form["schema"]):
            name = path.rsplit(".", 1)[-1].removesuffix("[]")
            if name and name not in editor_words.FIELDS:
                unnamed.add(f"{form['kind']}.{name}")
        assert form["kind"] in editor_words.KIND_TITLES
    assert sorted(unnamed) == []
