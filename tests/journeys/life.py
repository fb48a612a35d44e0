"""An agreement with a whole life of a sharing: levels, dispatch's report, extensions. For the journeys of the switch's life."""

from __future__ import annotations

from typing import Any

EMERGENCIES = [
    {
        "kind": "intruder",
        "label": "Intruder",
        "meaning": "an armed or violent intruder",
        "minutes": 60,
        "cap_minutes": 120,
    },
    {
        "kind": "fight",
        "label": "Fight",
        "meaning": "a fight that needs officers at once",
        "minutes": 30,
        "cap_minutes": 60,
        "level": "urgent",
    },
    {
        "kind": "medical",
        "label": "Medical",
        "meaning": "a medical emergency",
        "minutes": 30,
        "cap_minutes": 30,
        "level": "notice",
    },
]
CHANGES: dict[str, dict[str, Any]] = {
    "3.2": {"emergencies": EMERGENCIES},
    "3.3": {
        "report": [{"party": "lakeview-pd", "roles": ["dispatcher"], "named_only": True}],
        "report_minutes": 5,
    },
    "3.4": {"extend_minutes": 15},
}
