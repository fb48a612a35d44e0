"""A real MQTT broker (Debian's Mosquitto) with TLS and a login, and a publisher of its own."""

from __future__ import annotations

import getpass
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.deployment import free_port
from tests.media.certificates import certificate

MOSQUITTO = (
    shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/opt/homebrew/sbin") or "mosquitto"
)


class Broker:
    """Mosquitto with TLS and a login, and publishers of its own."""

    def __init__(self, folder: Path) -> None:
        (self.cert, key), _print = certificate(folder)
        self.port, passwords, config = free_port(), folder / "passwords", folder / "mosquitto.conf"
        tool = str(Path(MOSQUITTO).parent.parent / "bin" / "mosquitto_passwd")
        subprocess.run(
            [shutil.which("mosquitto_passwd") or tool, "-b", "-c", passwords, "gate", "s3cret"], check=True
        )
        passwords.chmod(0o700)
        lines = [
            f"listener {self.port} 127.0.0.1",
            "allow_anonymous false",
            f"password_file {passwords}",
            f"certfile {self.cert}",
            f"keyfile {key}",
            "persistence false",
            f"user {getpass.getuser()}",  # it would leave root, and could not read its files
        ]
        config.write_text("\n".join(lines) + "\n")
        self._process = subprocess.Popen([MOSQUITTO, "-c", config], stderr=subprocess.DEVNULL)

    def publish(self, topic: str, payload: str, protocol: Any = paho.MQTTv5, retain: bool = False) -> None:
        client = paho.Client(CallbackAPIVersion.VERSION2, protocol=protocol)
        client.username_pw_set("gate", "s3cret")
        client.tls_set_context(ssl.create_default_context(cafile=str(self.cert)))
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(10)
        client.disconnect()
        client.loop_stop()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
