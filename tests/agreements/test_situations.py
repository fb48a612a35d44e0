"""Sections that open when the school invites, when a request is approved, during a planned event: words, faults, access."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightpact.agreements import checks, diff, madeup
from sightpact.agreements.access_change import sentence
from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.cedar import make
from sightpact.agreements.document import canonical, from_canonical, parse, read, render_text
from sightpact.decide.authorize import authorize
from sightpact.decide.facts import (
    AREA_KINDS,
    EXTERIOR_AREA_KINDS,
    PRIVATE_AREA_KINDS,
    Action,
    Grant,
    Situation,
)
from sightpact.decide.world import World
from tests.lakeview import ASKING

from .conftest import clause, raw_text

Raw = dict[str, Any]
MOU = raw_text("agreement")
NUMBERS = {"3.5": "s3_5", "3.6": "s3_6", "3.7": "s3_7"}


@pytest.fixture
def asking() -> Raw:
    """The demonstration's agreement with all three sections."""
    return with_sections(*NUMBERS)


def with_sections(*numbers: str) -> Raw:
    raw = copy.deepcopy(MOU)
    at = raw["clauses"].index(clause(raw, "3.4")) + 1
    raw["clauses"][at:at] = [{"number": n, **copy.deepcopy(ASKING[NUMBERS[n]])} for n in numbers]
    return raw


def faults_of(raw: Raw) -> list[str]:
    return [str(f) for f in read(raw)[1]]


# words and faults ---------------------------------------------------------------------------------------------


def test_the_words(asking: Raw) -> None:
    assert faults_of(asking) == []
    text = render_text(parse(asking))
    assert (
        "While the school invites them to look, persons of the Department named under section 4.1 may" in text
    )
    assert "lasts no more than 30 minutes" in text and "Nobody approves a request of their own." in text
    assert "Without an answer within 5 minutes, the request lapses and the cameras stay closed." in text
    assert "no more than 6 hours apart" in text
    clause(asking, "3.6")["unanswered"] = "opens"
    assert (
        "the cameras open as if it had been approved, and the record says that nobody answered"
        in render_text(parse(asking))
    )


def test_a_text_without_them_keeps_its_policy_and_schema() -> None:
    made = make(parse(MOU))
    assert "situation" not in made.cedar + made.schema and "approve" not in made.schema


@pytest.mark.parametrize(
    ("number", "change", "says"),
    [
        ("3.5", {"by": [{"party": "lakeview-pd", "roles": ["chief"]}]}, "only the owner's people invite"),
        ("3.5", {"who": [{"party": "lakeview-usd", "roles": ["it"]}]}, "by its house policy"),
        ("3.5", {"who": [{"party": "lakeview-pd", "roles": ["janitor"]}]}, "'janitor' is not a role"),
        ("3.5", {"minutes": 0}, "from 1 to 240"),
        ("3.5", {"minutes": 241}, "from 1 to 240"),
        ("3.5", {"area_kinds": ["classroom"]}, "'classroom' cannot be put in scope"),
        (
            "3.6",
            {"approve": [{"party": "lakeview-pd", "roles": ["chief"]}]},
            "only the owner's people approve",
        ),
        ("3.6", {"ask": []}, "Here should be a list"),
        ("3.6", {"unanswered": "maybe"}, "not a choice"),
        ("3.6", {"answer_minutes": 121}, "from 1 to 120"),
        ("3.6", {"kind": "invitation_view"}, "is not known here"),
        ("3.7", {"inside": False}, "opens outside cameras only, and this names inside ones"),
        ("3.7", {"area_kinds": ["parking"]}, "names no inside kind of area"),
        (
            "3.7",
            {"approve": [{"party": "lakeview-pd", "roles": ["chief"]}]},
            "only the owner's people approve",
        ),
        ("3.7", {"max_hours": 25}, "from 1 to 24"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_a_remedy(
    asking: Raw, number: str, change: Raw, says: str
) -> None:
    index = asking["clauses"].index(clause(asking, number))
    asking["clauses"][index].update(change)
    found = read(asking)[1]
    assert any(says in str(f) and f"clauses[{index}]" in f.path for f in found), [str(f) for f in found]
    assert all(f.remedy for f in found)


def test_what_happens_without_an_answer_has_no_default(asking: Raw) -> None:
    del clause(asking, "3.6")["unanswered"]
    assert any("'unanswered' is missing" in f for f in faults_of(asking))


@pytest.mark.parametrize("number", list(NUMBERS))
def test_each_at_most_once_and_never_in_a_house_policy(asking: Raw, number: str) -> None:
    twice = {**copy.deepcopy(clause(asking, number)), "number": "3.9"}
    house = raw_text("house_policy")
    house["clauses"].append(twice)
    assert any("lets another party in" in f for f in faults_of(house))
    asking["clauses"].append(twice)
    assert any("there is more than one" in f for f in faults_of(asking))


def test_what_deserves_a_second_look(asking: Raw) -> None:
    assert checks.warnings(parse(asking)) == []
    clause(asking, "3.6")["unanswered"] = "opens"
    clause(asking, "3.5").update(area_kinds=["parking"], who=copy.deepcopy(clause(MOU, "3.1")["who"]))
    clause(asking, "3.7")["who"] = [{"party": "lakeview-pd", "roles": ["dispatcher"]}]
    says = [w.what for w in checks.warnings(parse(asking))]
    assert len(says) == 3
    assert any("opens nothing that section 3.1 does not open at all times" in s for s in says)
    assert any("although nobody approved" in s for s in says) and any(
        "everybody of a role" in s for s in says
    )


SHARED = sorted(AREA_KINDS - PRIVATE_AREA_KINDS)
roles = st.lists(st.sampled_from(["dispatcher", "sro", "chief"]), min_size=1, unique=True)
mine = st.lists(st.sampled_from(["superintendent", "principal", "it"]), min_size=1, unique=True)


@st.composite
def texts(draw: st.DrawFn) -> Raw:
    raw = with_sections(*draw(st.lists(st.sampled_from(sorted(NUMBERS)), min_size=1, unique=True)))
    for number in NUMBERS:
        for found in [c for c in raw["clauses"] if c["number"] == number]:
            kinds = draw(st.lists(st.sampled_from(SHARED), min_size=1, unique=True))
            found.update(
                area_kinds=kinds, who={"party": "lakeview-pd", "named_only": True, "roles": draw(roles)}
            )
            own = {"party": "lakeview-usd", "roles": draw(mine)}
            found |= {key: own for key in ("by", "approve") if key in found}
            if number == "3.6":
                found.update(minutes=draw(st.integers(1, 240)), answer_minutes=draw(st.integers(1, 120)))
                found["unanswered"] = draw(st.sampled_from(["stays_closed", "opens"]))
            if number == "3.7":
                found["inside"] = not set(kinds) <= EXTERIOR_AREA_KINDS
            if draw(st.booleans()):
                found["viewers"] = draw(st.integers(1, 500))
    return raw


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts())
def test_it_reads_back_byte_for_byte_and_its_policy_validates(raw: Raw) -> None:
    document = parse(raw)
    made = make(document)  # raises unless Cedar's strict check passes
    assert from_canonical(made.canonical) == document and parse(json.loads(canonical(document))) == document


# access -------------------------------------------------------------------------------------------------------


def said(raw: Raw, number: str) -> list[str]:
    raw["revision"] = 2
    change = diff.compare_made_up(parse(MOU), parse(raw))
    (section,) = [s for s in change.sections if s.number == number]
    return [sentence(line, change.context) for line in section.lines]


@pytest.mark.parametrize(
    ("number", "when", "acts"),
    [
        ("3.5", "when the school invites", ["invite another party to look", "end an invitation"]),
        ("3.6", "when a request is approved", ["ask to look", "approve a request to look"]),
        ("3.7", "during a planned event", ["announce a planned event", "approve a planned event"]),
    ],
)
def test_the_change_in_access_says_when_and_who_may_do_what(number: str, when: str, acts: list[str]) -> None:
    says = said(with_sections(number), number)
    assert any(s.startswith("Opens ") and "inside camera" in s and s.endswith(f", {when}.") for s in says), (
        says
    )
    for act in acts:
        assert any(s.startswith("Lets ") and f" {act} at " in s for s in says), (act, says)


def test_what_was_open_when_invited_and_is_open_always_is_said_so(asking: Raw) -> None:
    always = copy.deepcopy(asking)
    clause(always, "3.1")["area_kinds"].append("hallway")
    always["revision"] = 2
    change = diff.compare_made_up(parse(asking), parse(always))
    (section,) = [s for s in change.sections if s.number == "3.1"]
    (line,) = [sentence(line, change.context) for line in section.lines]
    assert "; when the school invites; when a request is approved" in line and "before, only during: " in line


def test_longer_times_and_another_silence_stand_beside_the_section(asking: Raw) -> None:
    other = copy.deepcopy(asking)
    clause(other, "3.6").update(minutes=60, answer_minutes=2, unanswered="opens")
    clause(other, "3.7")["max_hours"] = 8
    other["revision"] = 2
    change = diff.compare_made_up(parse(asking), parse(other))
    rows = {s.number: [(r.what, r.old, r.new) for r in s.rows] for s in change.changed}
    assert rows == {
        "3.6": [
            ("Minutes at most", "20", "60"),
            ("Minutes for an answer", "5", "2"),
            ("When nobody answers", "stays closed", "opens"),
        ],
        "3.7": [("Hours at most", "6", "8")],
    }


NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)  # a Monday, ten in the morning at the schools


def opened(raw: Raw, camera: str, kind: str, now: datetime = NOW) -> str:
    document = parse(raw)
    ids = {p.slug: p.slug for p in document.parties}
    stock = madeup.inventory(document)
    fact = agreement_fact(document, make(document), ids, document.slug, NOW - timedelta(days=1), None)
    world = World(replace(stock, agreements=(fact,)))
    running = Situation(
        "s", kind, frozenset(stock.schools), "", True, now + timedelta(hours=1), agreement=document.slug
    )
    answer = authorize(
        world, "lakeview-pd.dispatcher.named", Action.VIEW_LIVE, f"a-school.{camera}", (running,), (), now
    )
    return answer.clause if isinstance(answer, Grant) else ""


def test_each_opens_its_own_section_and_no_other(asking: Raw) -> None:
    clause(asking, "3.1")["area_kinds"] = ["field"]
    assert [opened(asking, "hallway", kind) for kind in ("invitation", "request", "window")] == [
        "3.5",
        "3.6",
        "",
    ]
    assert opened(asking, "gymnasium", "window") == "3.7" and opened(asking, "parking", "window") == "3.7"
    for kind in ("invitation", "request", "window"):
        assert not any(
            opened(asking, camera, kind) for camera in ("classroom", "hallway+nurse", "unclassified")
        )


def test_a_section_may_keep_hours(asking: Raw) -> None:
    clause(asking, "3.5")["hours"] = {"opens": "07:00", "closes": "17:00", "days": ["mon"]}
    text = render_text(parse(asking))
    assert "from 07:00 to 17:00" in text
    assert opened(asking, "hallway", "invitation") == "3.5"
    assert opened(asking, "hallway", "invitation", NOW + timedelta(hours=12)) == ""
    assert opened(asking, "hallway", "request", NOW + timedelta(hours=12)) == "3.6"


def test_what_the_first_line_leaves_is_escalated_to_a_second(asking: Raw) -> None:
    """One more action of its own: nobody gains `approve`, the schema of texts without it stays, the redline says who may."""
    plain = copy.deepcopy(asking)
    request = clause(asking, "3.6")
    request["approve"] = [{"party": "lakeview-usd", "roles": ["principal"]}]
    before = parse(asking)
    request |= {
        "escalate_minutes": 2,
        "escalate_to": [{"party": "lakeview-usd", "roles": ["superintendent"]}],
    }
    assert faults_of(asking) == []
    after = parse(asking)
    assert (
        "answers within 2 minutes is escalated to the superintendents of the District, who are told only then, and may"
        " then approve or refuse it too. Without an answer within 5 minutes" in render_text(after)
    )
    assert from_canonical(canonical(after)) == after
    assert "escalate" not in canonical(parse(plain)).decode() + make(parse(plain)).schema
    changed = diff.compare_made_up(before, after)
    said = [sentence(line, changed.context) for s in changed.sections for line in s.lines]
    assert any("superintendent" in s and "approve a request to look that was escalated" in s for s in said), (
        said
    )
    assert ("Minutes until it is escalated", "none", "2") in [
        (r.what, r.old, r.new) for s in changed.sections for r in s.rows
    ]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"escalate_minutes": 2}, "it says when a request is escalated, but not to whom."),
        ({"escalate_to": [{"party": "lakeview-usd", "roles": ["superintendent"]}]}, "to, but not when."),
        (
            {"escalate_minutes": 5, "escalate_to": [{"party": "lakeview-usd", "roles": ["superintendent"]}]},
            "it is over after 5 minutes, and escalated no sooner.",
        ),
        (
            {"escalate_minutes": 2, "escalate_to": [{"party": "lakeview-pd", "roles": ["dispatcher"]}]},
            "only the owner's people approve.",
        ),
    ],
)
def test_a_second_line_has_its_time_and_a_time_its_second_line(asking: Raw, fields: Raw, says: str) -> None:
    clause(asking, "3.6").update(fields)
    assert any(says in fault for fault in faults_of(asking)), faults_of(asking)
