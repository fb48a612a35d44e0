"""MQTT alarms for a bench: a real Mosquitto, a publisher that stays connected, and the moment at which the record stands.

Without TLS, on this machine only. Each message is signed all the same, as the gateway demands it.
"""

from __future__ import annotations

import getpass
import json
import shutil
import socket
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from sightpact.activation.alarms import signature
from sightpact.bench.deployment import DeploymentFailed

TOPIC = "lakeview/panic"
ABSENT = (
    "Mosquitto is not installed here, so MQTT is not in the alarm row. Install it: sudo apt install mosquitto"
)
PATIENCE_S = 20.0
LOOK_S = 0.001


def program() -> str | None:
    """Where Mosquitto is, or None."""
    return shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/opt/homebrew/sbin")


class Broker:
    """A running Mosquitto and one connected publisher."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)

    def connect(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                self._client.connect("127.0.0.1", self.port)
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        self._client.loop_start()

    def publish(self, key: str, body: bytes) -> None:
        """Hand one signed message to the broker; returns at once."""
        stamp = int(time.time())
        signed = signature.sign(key, stamp, body)
        envelope = {"timestamp": str(stamp), "signature": signed, "body": body.decode()}
        self._client.publish(TOPIC, json.dumps(envelope), qos=1)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def broker(folder: Path) -> Iterator[Broker | None]:
    """Mosquitto while the block runs; None where it is not installed."""
    found = program()
    if found is None:
        yield None
        return
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        port = int(holder.getsockname()[1])
    config = folder / "mosquitto.conf"
    lines = (
        f"listener {port} 127.0.0.1",
        "allow_anonymous true",
        "persistence false",
        f"user {getpass.getuser()}",
    )
    config.write_text("\n".join(lines) + "\n")
    running = subprocess.Popen([found, "-c", str(config)], stderr=subprocess.DEVNULL)
    made = Broker(port)
    try:
        made.connect()
        yield made
    finally:
        made.close()
        running.terminate()
        running.wait(10)


class Records:
    """The deployment's database, seen by a connection of our own: what it sees is committed and on the disk."""

    def __init__(self, data: Path) -> None:
        address = f"file:{data / 'sightpact.sqlite3'}?mode=ro"
        self._link = sqlite3.connect(address, uri=True, isolation_level=None, timeout=1.0)

    def shared(self) -> str:
        """The id of the sharing that runs, as soon as one does.

        Raises:
            DeploymentFailed: none did in time.
        """
        row = self._until("SELECT id FROM activation_activation WHERE ended_utc IS NULL LIMIT 1", ())
        return str(uuid.UUID(row[0]))

    def has_heard(self, source: str) -> bool:
        """Whether anything came from this source so far."""
        ask = "SELECT 1 FROM activation_alarmsource WHERE id = ? AND heard_utc IS NOT NULL"
        return self._link.execute(ask, (uuid.UUID(source).hex,)).fetchone() is not None

    def _until(self, ask: str, given: tuple[str, ...]) -> tuple[Any, ...]:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            with suppress(sqlite3.OperationalError):
                row: tuple[Any, ...] | None = self._link.execute(ask, given).fetchone()
                if row is not None:
                    return row
            time.sleep(LOOK_S)
        raise DeploymentFailed("an alarm over MQTT began nothing")

    def close(self) -> None:
        self._link.close()


def listening(broker: Broker, source: dict[str, str], records: Records) -> None:
    """Until the gateway has subscribed: a heartbeat of ours came through.

    Raises:
        DeploymentFailed: it did not within a while.
    """
    until = time.monotonic() + PATIENCE_S
    while not records.has_heard(source["id"]):
        if time.monotonic() > until:
            raise DeploymentFailed("the gateway did not subscribe to the broker")
        broker.publish(source["key"], json.dumps({"id": "probe", "status": "heartbeat"}).encode())
        time.sleep(0.5)
