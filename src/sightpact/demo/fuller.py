"""What the demonstration's agreement says beyond the plain text that ships beside it: reports, alarms, requests, drills, notices.

Pure data: sections by number, as `setup.alter` takes them. The plain text stays as it is, since tests hold its bytes.
"""

from __future__ import annotations

from typing import Any

from sightpact.demo import district

_OUTSIDE = ["exterior", "entrance_outside", "parking", "field", "bus_loop"]
_COMMON = ["lobby", "hallway", "stairwell", "cafeteria", "gymnasium", "library", "auditorium", "office"]
_NAMED = [{"party": "lakeview-pd", "named_only": True}]
_DISPATCH = [{"party": "lakeview-pd", "roles": ["dispatcher"], "named_only": True}]
_SCHOOL = [{"party": "lakeview-usd", "roles": ["principal", "superintendent"]}]
_PRINCIPALS = [{"party": "lakeview-usd", "roles": ["principal"]}]
_HEADS = [{"party": "lakeview-usd", "roles": ["superintendent"]}]
_STARTERS = [
    {"party": "lakeview-usd", "roles": ["principal", "secretary", "superintendent", "alarm"]},
]

LEVELS = {"missing_child": "urgent", "medical": "urgent"}  # the others are as high as can be
CAPS = {"intruder": 180, "explosion_fire": 180, "missing_child": 120, "medical": 60, "officers_needed": 120}


def sections(clauses: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Fields by section number.

    Args:
        clauses: those of the plain text.
    """
    plain = {clause["number"]: clause for clause in clauses}
    parties = [dict(party) for party in plain["1.1"]["parties"]]
    parties[0]["roles"] = [*parties[0]["roles"], {"role": "alarm", "called": "alarm systems"}]
    emergencies = [
        {**each, "level": LEVELS.get(each["kind"], "life_safety"), "cap_minutes": CAPS[each["kind"]]}
        for each in plain["3.2"]["emergencies"]
    ]
    return {
        "1.1": {"parties": parties},
        "3.2": {"emergencies": emergencies},
        "3.3": {"who": _STARTERS, "report": _DISPATCH, "report_minutes": 10},
        "3.4": {"extend_minutes": 30},
        "3.5": {
            "heading": "When the school invites",
            "kind": "invitation_view",
            "who": _NAMED,
            "by": _SCHOOL,
            "area_kinds": [*_OUTSIDE, *_COMMON],
            "minutes": 30,
        },
        "3.6": {
            "heading": "When a request is approved",
            "kind": "request_view",
            "who": _NAMED,
            "ask": _DISPATCH,
            "approve": _PRINCIPALS,
            "area_kinds": [*_OUTSIDE, *_COMMON],
            "minutes": 20,
            "answer_minutes": 5,
            "escalate_minutes": 2,
            "escalate_to": _HEADS,
            "unanswered": "stays_closed",
        },
        "3.7": {
            "heading": "During a planned event",
            "kind": "window_view",
            "who": _NAMED,
            "ask": [*_DISPATCH, *_SCHOOL],
            "approve": _HEADS,
            "area_kinds": _OUTSIDE,
            "max_hours": 6,
        },
        "3.8": district.DRILLS,
        "3.9": {
            "heading": "Who is told",
            "kind": "notices",
            "rows": [
                {"event": "started", "who": _SCHOOL, "within_seconds": 30},
                {"event": "watched", "who": _HEADS},
                {"event": "ended", "who": _SCHOOL},
            ],
        },
        "6.4": {
            "heading": "After an emergency",
            "kind": "after",
            "statement_hours": 72,
            "basis": "disclosure_99_36",
            "by": _HEADS,
            "told": _HEADS,
        },
    }
