"""From an alarm to the sharing's durable record: a signed webhook, CAP by POST, and MQTT over a real broker, in turn.

The first two are measured to the answer, which comes after the record. Over MQTT nothing answers: measured from handing
the message to the broker until a second connection to the database sees the sharing, by one clock of one machine.
A CAP feed is not here: it is asked for at an interval, which is longer than all else.
"""

from __future__ import annotations

import json
import secrets
import sys
import time
from contextlib import closing
from typing import Any

from sightpact.activation.alarms import signature
from sightpact.bench import alarm_source, mqtt
from sightpact.bench.deployment import Deployment, DeploymentFailed
from sightpact.bench.rows import Progress, percentile, row

ALL = "activation.alarm_to_record_ms_p95"
MQTT = "activation.alarm_mqtt_to_record_ms_p95"
Source = dict[str, str]


def rows(deployment: Deployment, repeats: int, samples: int, progress: Progress) -> list[dict[str, Any]]:
    """Alarm after alarm, each of its own sharing, which is ended before the next."""
    with mqtt.broker(deployment.data) as broker, closing(mqtt.Records(deployment.data)) as records:
        sources = alarm_source.made(deployment.data, broker.port if broker else None)
        if broker is None:
            print(mqtt.ABSENT, file=sys.stderr)
        else:
            mqtt.listening(broker, sources["mqtt"], records)
        found: dict[str, list[list[float]]] = {kind: [[] for _ in range(repeats)] for kind in sources}
        for repeat in range(repeats):
            for sample in range(samples):
                at = repeat * samples + sample
                progress(at / (repeats * samples), f"alarm {at + 1} of {repeats * samples}")
                kind = list(sources)[at % len(sources)]
                if kind == "mqtt" and broker is not None:
                    took, sharing = _over_mqtt(broker, sources[kind], records)
                else:
                    took, sharing = _posted(deployment, kind, sources[kind])
                found[kind][repeat].append(took)
                deployment.all_clear(sharing)
    each = "signed webhook and CAP by POST, to the answer"
    each += (
        "; MQTT, from publishing to the record seen in the database"
        if broker
        else "; without MQTT: no Mosquitto here"
    )
    what = f"an alarm to the sharing's durable record ({each}; a CAP feed waits for its interval and is not in it)"
    together = [percentile([ms for kind in found for ms in found[kind][r]], 0.95) for r in range(repeats)]
    made = [row(ALL, what, "ms", together, samples=samples, reach=200)]
    if broker is not None:
        alone = [percentile(some, 0.95) for some in found["mqtt"] if some]
        said = "of these, MQTT alone: signed, QoS 1, a real Mosquitto without TLS on the same cores"
        made.append(row(MQTT, said, "ms", alone, samples=samples // len(sources)))
    return made


def _posted(deployment: Deployment, kind: str, source: Source) -> tuple[float, str]:
    """Milliseconds to the answer, and the sharing's id."""
    body = alarm_source.body(kind, secrets.token_hex(8))
    stamp = int(time.time())
    headers = {
        "Sightpact-Timestamp": str(stamp),
        "Sightpact-Signature": signature.sign(source["key"], stamp, body),
        "Content-Type": "application/json" if kind == "webhook" else "application/cap+xml",
    }
    begun = time.perf_counter()
    status, text = deployment.send(f"/alarms/in/{source['id']}/", body, headers)
    took = (time.perf_counter() - begun) * 1e3
    said = json.loads(text)
    if status != 200 or not said.get("sharing"):
        raise DeploymentFailed(f"an alarm ({kind}) began nothing: {status} {text[:300]!r}")
    return took, said["sharing"]


def _over_mqtt(broker: mqtt.Broker, source: Source, records: mqtt.Records) -> tuple[float, str]:
    """Milliseconds until the record stands, and the sharing's id."""
    body = alarm_source.body("mqtt", secrets.token_hex(8))
    begun = time.perf_counter()
    broker.publish(source["key"], body)
    sharing = records.shared()
    return (time.perf_counter() - begun) * 1e3, sharing
