"""An agreement with a whole life of a sharing: levels, reports by dispatch and by alarms, extensions. And time that passes.

For the journeys of the switch's life.
"""

from __future__ import annotations

from typing import Any

from tests.access import alarming
from tests.deployment import Deployment

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
_REPORT = {
    "report": [{"party": "lakeview-pd", "roles": ["dispatcher"], "named_only": True}],
    "report_minutes": 5,
}
_ALARMS = alarming.changes()
CHANGES: dict[str, dict[str, Any]] = {
    **_ALARMS,
    "3.2": {"emergencies": EMERGENCIES},
    "3.3": {**_ALARMS["3.3"], **_REPORT},
    "3.4": {"extend_minutes": 15},
}

# Stands in for waiting: everything that is stored of one sharing happened so much earlier. The gateway arms it like any other.
EARLIER = """
import sys, django
django.setup()
from datetime import timedelta
from django.db import transaction
from django.db.models import F
from sightpact.activation.models import Activation, Report
from sightpact.ledger import actions
from sightpact.ledger.entries import NewEntry
by = timedelta(seconds=float(sys.argv[2]))
with transaction.atomic():
    for rows in (Activation.objects.filter(pk=sys.argv[1]), Report.objects.filter(activation=sys.argv[1])):
        instants = [each.name for each in rows.model._meta.fields if each.name.endswith("_utc")]
        rows.update(**{name: F(name) - by for name in instants})
    actions.append([NewEntry("clock_step", reason_code="test")], bump="situation")
"""


def passes(it: Deployment, activation: str, minutes: float) -> None:
    """So many minutes of this sharing pass in no time."""
    it.python(EARLIER, activation, str(minutes * 60))
