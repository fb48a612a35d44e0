"""Each template filled for a made-up district, and the law asked over the small world that fits it."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache

from sightpact.agreements import madeup, templates
from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.cedar import make
from sightpact.agreements.document import Document, parse
from sightpact.decide.authorize import authorize
from sightpact.decide.facts import SITUATIONS, Action, Answer, Grant, Inventory, Situation
from sightpact.decide.world import World

NOW = datetime(2027, 3, 2, 15, tzinfo=UTC)
HIGH = "lakeview-high-school"

VALUES = {
    "district": "Lakeview Unified School District",
    "agency": "Lakeview Police Department",
    "begins": "2026-07-01",
    "ends": "2031-06-30",
    "zone": "America/New_York",
    "district_authority": "Resolution 2026-41 of its Board of Education",
    "agency_authority": "Resolution 26-118 of the City Council of Lakeview",
    "log_unwritable": "continue",
    "unanswered": "stays_closed",
    "district_body": "Board of Education",
    "agency_body": "City Council of Lakeview",
    "county": "Lakeview",
    "cosigner": "The City Clerk of Lakeview",
    "copy_key": "clerk.lakeview.example/copy+9549ea15+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
    "district_slug": "usd",
    "agency_slug": "pd",
}
ROWS = {
    "school": ["Lakeview High School", "oak=Oak Street School"],
    "place": ["Harbor Square", "Main Street"],
}


def text_of(name: str) -> str:
    blanks = templates.template(name).blanks
    values = {k: v for k, v in VALUES.items() if k in blanks}
    return templates.fill(name, values, {k: v for k, v in ROWS.items() if k in blanks})


@cache
def document_of(name: str) -> Document:
    return parse(tomllib.loads(text_of(name))["agreements"][0])


@cache
def world_of(name: str) -> World:
    document = document_of(name)
    world = madeup.inventory(document)
    ids = {p.slug: p.slug for p in document.parties}
    fact = agreement_fact(document, make(document), ids, document.slug, NOW - timedelta(days=1), None)
    return World(Inventory(1, world.parties, world.persons, world.schools, world.cameras, (fact,)))


def situation(kind: str, school: str) -> tuple[Situation, ...]:
    """What is true: "" nothing, else one of SITUATIONS, or an emergency of this kind, at the school."""
    deadline = NOW + timedelta(minutes=30)
    if kind in SITUATIONS:
        return (Situation("s", kind, frozenset({school}), "", True, deadline),)
    return (Situation("s", "activation", frozenset({school}), kind, True, deadline),) if kind else ()


def ask(name: str, person: str, action: Action, thing: str, kind: str = "", school: str = HIGH) -> Answer:
    return authorize(world_of(name), person, action, thing, situation(kind, school), (), NOW)


def may(name: str, person: str, action: Action, thing: str, about: str | None = None) -> Answer:
    """On a normal day; `about` says which of SITUATIONS the action is about."""
    return authorize(world_of(name), person, action, thing, (), (), NOW, situation=about)


def section(answer: Answer) -> str:
    """The section that opens it; "" for closed."""
    return answer.clause if isinstance(answer, Grant) else ""
