"""Lakeview with an agreement that lets alarms start, and sources that sign what they send. Used by the tests of alarms."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sightpact.access import alarm_in
from sightpact.activation.actions import alarm_sources
from sightpact.activation.actions.alarm_sources import SourceSpec
from sightpact.activation.alarms import signature
from sightpact.ledger import clock
from tests import lakeview

STARTERS = [{"party": "lakeview-usd", "roles": ["principal", "secretary", "superintendent", "alarm"]}]
PLACES = {"Office button": ["lakeview-high"], "Whole district": ["lakeview-high", "lakeview-middle"]}
CODES = {"PANIC": "intruder", "MED": "medical"}


def changes() -> dict[str, Any]:
    """What alters the demonstration's agreement so: sections by number."""
    (parties,) = [c["parties"] for c in lakeview.text("agreement")["clauses"] if c["number"] == "1.1"]
    parties[0]["roles"].append({"role": "alarm", "called": "alarm systems"})
    return {"1.1": {"parties": parties}, "3.3": {"who": STARTERS}}


def build(**more: Any) -> lakeview.Lakeview:
    altered = {f"s{number.replace('.', '_')}": fields for number, fields in changes().items()}
    return lakeview.build(**{**altered, **more})


@dataclass
class Source:
    """A product that knows its key."""

    id: str
    key: str

    def sign(self, body: bytes, *, late_s: int = 0, key: str = "") -> dict[str, str]:
        stamp = int(clock.now().timestamp()) - late_s
        return {
            "Sightpact-Timestamp": str(stamp),
            "Sightpact-Signature": signature.sign(key or self.key, stamp, body),
        }

    def send(self, *, late_s: int = 0, **fields: Any) -> alarm_in.Outcome:
        body = json.dumps({"id": "1", "place": "Office button", "code": "PANIC", **fields}).encode()
        return alarm_in.receive(self.id, self.sign(body, late_s=late_s), body)


def source(kind: str = "webhook", name: str = "Panic button, Lakeview High", **more: Any) -> Source:
    card = alarm_sources.register(SourceSpec(name, kind, "lakeview-usd", PLACES, CODES, **more))
    return Source(card.id, "" if kind == "cap_feed" else alarm_sources.make_key(card.id, None))
