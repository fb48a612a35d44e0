"""Lakeview's agreement, narrowed: named cameras outside, an exhibit inside, and marked cameras when the school invites."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

DEMO = Path(__file__).parents[1] / "src/sightpact/demo/agreement.toml"
NAMED = ("lakeview-high-main-entrance", "lakeview-high-east-doors")
EXHIBIT = (*NAMED, "lakeview-high-hallway-a")
DISPATCH = {"party": "lakeview-pd", "roles": ["dispatcher"], "named_only": True}


def raw() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(DEMO.read_text())["agreements"][0]
    clauses = {c["number"]: c for c in found["clauses"]}
    clauses["3.1"]["cameras"] = list(NAMED)
    clauses["3.2"]["present_only"] = True
    clauses["3.2"]["names_beforehand"] = True
    at = found["clauses"].index(clauses["3.1"])
    found["clauses"][at:at] = [
        {
            "number": "2.9",
            "heading": "Exhibit: the cameras",
            "kind": "camera_exhibit",
            "cameras": list(EXHIBIT),
            "countersigned_by": "lakeview-pd",
        },
        {
            "number": "2.91",
            "heading": "When the school invites",
            "kind": "invitation_view",
            "who": DISPATCH,
            "by": {"party": "lakeview-usd", "roles": ["principal"]},
            "area_kinds": ["exterior", "lobby", "hallway"],
            "tags": ["west-wing", "gate"],
            "minutes": 30,
        },
    ]
    return found
