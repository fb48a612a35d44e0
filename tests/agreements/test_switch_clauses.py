"""Who may start, report and end: what fits together, what a machine may not, and what the words say of it."""

from __future__ import annotations

from typing import Any

import pytest

from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse
from sightpact.agreements.errors import DocumentFaults
from tests.agreements.conftest import clause
from tests.lakeview import LIFE

DISPATCH = {"party": "lakeview-pd", "roles": ["dispatcher"], "named_only": True}


def _with_alarms(mou: dict[str, Any]) -> dict[str, Any]:
    clause(mou, "1.1")["parties"][0]["roles"].append({"role": "alarm", "called": "panic buttons"})
    return mou


def test_reports_and_levels_stand_in_text_policy_and_schema(mou: dict[str, Any]) -> None:
    before = make(parse(mou))
    assert "report_emergency" not in before.schema + before.cedar
    for number, changes in LIFE.items():
        clause(mou, number[1:].replace("_", ".")).update(changes)
    made = make(parse(mou))
    assert "report_emergency" in made.schema and 'action == Action::"report_emergency"' in made.cedar
    for words in (
        "not verified",
        "ends after 10 minutes",
        "a notice",
        "is shared from then on as the higher one",
    ):
        assert words in made.text, words


def test_what_does_not_fit_is_named_with_its_remedy(mou: dict[str, Any]) -> None:
    who = clause(mou, "3.3")
    for wrong, remedy in (
        ({"report": DISPATCH}, "Write both report and report_minutes"),
        ({"report_minutes": 10}, "Write both report and report_minutes"),
        ({"report": DISPATCH, "report_minutes": 45}, "Make report_minutes shorter"),
        (
            {"report": {"party": "lakeview-usd", "roles": ["alarm"]}, "report_minutes": 5},
            "Take the role 'alarm' out",
        ),
    ):
        before = dict(who)
        who.update(wrong)
        with pytest.raises(DocumentFaults, match=remedy):
            parse(_with_alarms(mou) if "alarm" in remedy else mou)
        who.clear()
        who.update(before)


def test_an_alarm_starts_and_ends_and_nothing_else(mou: dict[str, Any]) -> None:
    alarm = {"party": "lakeview-usd", "roles": ["alarm"]}
    school = {"party": "lakeview-usd", "roles": ["principal"]}
    _with_alarms(mou)
    clause(mou, "3.3")["who"] = [school, alarm]
    clause(mou, "3.4")["end"] = [school, alarm]
    parse(mou)
    clause(mou, "3.4")["stop"] = [school, alarm]
    with pytest.raises(DocumentFaults, match="does nothing else"):
        parse(mou)
