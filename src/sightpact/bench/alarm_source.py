"""Alarms for a bench: an agreement that lets them start, sources with their keys, and what products send.

Run as a module in a deployment's folder it registers the sources and prints their keys as JSON. Throw-away data only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import django

from sightpact.bench import mqtt
from sightpact.demo import setup as demo
from sightpact.ledger import clock

PLACE = "Office button"
CODE = "PANIC"


def changes() -> dict[str, dict[str, Any]]:
    """What the demonstration's agreement needs so that alarms may start: fields by section."""
    raw = tomllib.loads((demo.HERE / "agreement.toml").read_text())["agreements"][0]
    clauses = {clause["number"]: clause for clause in raw["clauses"]}
    parties = clauses["1.1"]["parties"]
    if not any(role["role"] == "alarm" for role in parties[0]["roles"]):
        parties[0]["roles"].append({"role": "alarm", "called": "alarm systems"})
    start = next(number for number, clause in clauses.items() if clause["kind"] == "who_may_start")
    named = clauses[start]["who"]
    whos = [named] if isinstance(named, dict) else named
    who = [{**each, "roles": [*each.get("roles", []), "alarm"]} for each in whos]
    return {"1.1": {"parties": parties}, start: {"who": who}}


def made(data: Path, broker_port: int | None) -> dict[str, dict[str, str]]:
    """Register one source of each kind in the deployment: kind to its id and key.

    Args:
        broker_port: of an MQTT broker on this machine; None: none of that kind.
    """
    environment = os.environ | {
        "SIGHTPACT_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "sightpact.web.settings",
    }
    command = [
        sys.executable,
        "-m",
        "sightpact.bench.alarm_source",
        *([str(broker_port)] if broker_port else []),
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def body(kind: str, number: str) -> bytes:
    """What a product of this kind sends."""
    if kind in ("webhook", "mqtt"):
        return json.dumps({"id": number, "place": PLACE, "code": CODE}).encode()
    sent = clock.now().isoformat(timespec="seconds")
    return (
        '<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{number}</identifier><sender>bench@lakeview.example</sender><sent>{sent}</sent>"
        "<status>Actual</status><msgType>Alert</msgType><scope>Private</scope><info><category>Security</category>"
        f"<event>{CODE}</event><urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty>"
        f"<area><areaDesc>{PLACE}</areaDesc></area></info></alert>"
    ).encode()


def main(broker_port: str = "") -> None:
    django.setup()
    from sightpact.activation.actions import alarm_sources
    from sightpact.activation.actions.alarm_sources import SourceSpec

    found = {}
    for kind in ("webhook", "cap", *(["mqtt"] if broker_port else [])):
        over = {"address": f"mqtt://127.0.0.1:{broker_port}/?version=5", "topic": mqtt.TOPIC}
        places, codes = {PLACE: ["lakeview-high"]}, {CODE: "intruder"}
        spec = SourceSpec(
            f"Bench {kind}", kind, "lakeview-usd", places, codes, **(over if kind == "mqtt" else {})
        )
        card = alarm_sources.register(spec)
        found[kind] = {"id": card.id, "key": alarm_sources.make_key(card.id, None)}
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
