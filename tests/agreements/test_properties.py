"""Whatever a text says within its shapes: it reads back as it was, its policy validates, and nothing private is in scope."""

from __future__ import annotations

import copy
import json
import re
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightpact.agreements.cedar import make, policy_text
from sightpact.agreements.document import canonical, from_canonical, parse
from sightpact.decide.facts import AREA_KINDS, PRIVATE_AREA_KINDS

from .conftest import clause, raw_text

MOU = raw_text("agreement")
SHARED = sorted(AREA_KINDS - PRIVATE_AREA_KINDS)
kinds = st.lists(st.sampled_from(SHARED), min_size=1, unique=True)
words = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=60).filter(lambda s: s.split())
roles = st.lists(st.sampled_from(["dispatcher", "sro", "chief"]), min_size=1, unique=True)
name = st.from_regex(re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII), fullmatch=True)


@st.composite
def whos(draw: st.DrawFn) -> dict:
    named = draw(st.booleans())
    return {
        "party": "lakeview-pd",
        "named_only": named,
        "roles": draw(roles) if not named or draw(st.booleans()) else [],
    }


@st.composite
def emergencies(draw: st.DrawFn) -> list[dict]:
    found = []
    for index, kind in enumerate(draw(st.lists(name, min_size=1, max_size=5, unique=True))):
        minutes = draw(st.integers(1, 240))
        found.append(
            {
                "kind": kind,
                "label": f"Kind {index}",
                "meaning": draw(words),
                "minutes": minutes,
                "cap_minutes": draw(st.integers(minutes, 720)),
            }
        )
    return found


@st.composite
def texts(draw: st.DrawFn) -> dict:
    raw = copy.deepcopy(MOU)
    raw["title"] = draw(words)
    raw["revision"] = draw(st.integers(1, 9999))
    clause(raw, "3.1").update(area_kinds=draw(kinds), who=draw(st.lists(whos(), min_size=1, max_size=3)))
    clause(raw, "3.2").update(
        area_kinds=draw(kinds),
        who=draw(whos()),
        emergencies=draw(emergencies()),
        names_beforehand=draw(st.booleans()),
    )
    clause(raw, "3.4")["extend_minutes"] = draw(st.integers(5, 60))
    clause(raw, "5.3")["text"] = draw(words)
    clause(raw, "6.3").update(standing_s=draw(st.integers(1, 60)), emergency_s=draw(st.integers(1, 60)))
    begins = draw(st.dates(date(2020, 1, 1), date(2050, 1, 1)))
    clause(raw, "7.1").update(begins=begins, ends=draw(st.none() | st.dates(begins, date(2060, 1, 1))))
    if draw(st.booleans()):
        slugs = draw(
            st.lists(st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True), min_size=1, max_size=4, unique=True)
        )
        clause(raw, "2.1").update(all=False, schools=[{"slug": s, "name": s.title()} for s in slugs])
    return raw


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts())
def test_it_reads_back_byte_for_byte_and_its_policy_validates(raw):
    document = parse(raw)
    made = make(document)  # raises unless Cedar's strict check passes
    again = from_canonical(made.canonical)
    assert again == document and canonical(again) == made.canonical
    assert make(again).hashes == made.hashes
    assert parse(json.loads(made.canonical)) == document


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts())
def test_no_scope_names_a_private_place(raw):
    policy = policy_text(parse(raw))
    scopes = re.findall(r"\[([^\]]*)\]\.containsAll", policy)
    assert len(scopes) == 2
    for scope in scopes:
        assert not {k.strip(' "') for k in scope.split(",")} & PRIVATE_AREA_KINDS
    assert '@id("never.private")' in policy
