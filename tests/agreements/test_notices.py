"""The section on who is told: its words, and what contradicts itself in it."""

from __future__ import annotations

from typing import Any

import pytest

from sightpact.agreements.document import parse, read
from tests.lakeview import text

SAM = {"party": "lakeview-usd", "roles": ["superintendent"]}
PIA = {"party": "lakeview-usd", "roles": ["principal"]}
ROW: dict[str, Any] = {"event": "started", "who": [SAM], "within_seconds": 30, "or_else": [PIA]}


def section(*rows: dict[str, Any]) -> dict[str, Any]:
    return text("agreement", s3_5={"heading": "Who is told", "kind": "notices", "rows": list(rows)})


def test_the_words_say_when_who_and_what_follows():
    document = parse(section(ROW, {"event": "ended", "who": [SAM], "least": "urgent"}))
    clause = next(c for c in document.clauses if c.kind == "notices")
    said = " ".join(clause.render(document.names))
    assert "when the sharing starts" in said and "after 30 seconds without that" in said
    assert "when it ends, of urgent emergencies and those that endanger life" in said
    assert clause.compile(document.names) == "", "being told opens nothing"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"within_seconds": None}, "no time after which"),
        ({"or_else": [SAM]}, "the same people"),
        ({"event": "recorded"}, "not a choice"),
        ({"who": [{"party": "lakeview-usd", "roles": ["janitor"]}]}, "not a role"),
    ],
)
def test_what_contradicts_itself_is_named(change: dict[str, Any], says: str):
    faults = [str(fault) for fault in read(section({**ROW, **change}))[1]]
    assert any(says in fault for fault in faults), faults
