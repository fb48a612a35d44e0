"""Products that send alarms, as a deployment hears them: a panic button's webhook, mass notification by CAP, a dispatch system's
ASAP, radio buttons on a real Mosquitto, a public feed that is asked.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sightpact.activation.alarms import signature
from tests.access.test_alarm_links import Feed
from tests.activation.test_alarm_reading import alert
from tests.deployment import Deployment, wait_for
from tests.mosquitto import Broker

NEAR = {"SIGHTPACT_ALARM_NETWORKS": "127.0.0.0/8"}  # a broker and a feed of a test are on this machine
REGISTER = """
import json, sys, django
django.setup()
from sightpact.activation.actions import alarm_sources
from sightpact.activation.actions.alarm_sources import SourceSpec
places = {"Office button": ["lakeview-high"], "Lakeview High": ["lakeview-high"], "Gym button": ["lakeview-middle"]}
codes = {"PANIC": "intruder", "MED": "medical", "Intruder": "intruder"}
made = {}
for name, kind, *link in json.loads(sys.argv[1]):
    more = dict(zip(("address", "topic", "authority"), link))
    card = alarm_sources.register(SourceSpec(name, kind, "lakeview-usd", places, codes, **more))
    key = "" if kind == "cap_feed" else alarm_sources.make_key(card.id, None)
    if kind == "mqtt":
        alarm_sources.set_login(card.id, "gate", "s3cret", None)
    made[kind] = [card.id, key]
print(json.dumps(made))
"""
HEARD = """
import django
django.setup()
from sightpact.activation import alarm_reads
print(all(source.heard_utc for source in alarm_reads.sources() if source.kind in ("mqtt", "cap_feed")))
"""
CLOSED = """<a:AlarmUpdate xmlns:a="http://www.apcointl.org/ASAP/3.3"><a:AlarmEventID><a:IdentificationID>{call}
</a:IdentificationID></a:AlarmEventID><a:StatusText>Closed</a:StatusText><a:LocationName>Lakeview High</a:LocationName>
</a:AlarmUpdate>"""


class Senders:
    """All of them, registered and listened to."""

    def __init__(self, it: Deployment, broker: Broker, feed: Feed) -> None:
        self.it, self.broker, self.feed = it, broker, feed
        feed.index()
        links = [
            ("Panic button", "webhook"),
            ("Mass notification", "cap"),
            (
                "Radio buttons",
                "mqtt",
                f"mqtts://127.0.0.1:{broker.port}",
                "lakeview/panic",
                broker.cert.read_text(),
            ),
            ("Public alerts", "cap_feed", feed.address, "", feed.cert.read_text()),
        ]
        self.made: dict[str, list[str]] = json.loads(it.python(REGISTER, json.dumps(links)))
        wait_for(self._listening, 60, "broker and feed are listened to")

    def _listening(self) -> bool:
        self.radio(id="probe", status="heartbeat")
        return self.it.python(HEARD).strip() == "True"

    def button(self, **fields: str) -> str:
        """A press on a panic button. Returns what became of it."""
        body = json.dumps({"place": "Office button", "code": "PANIC", **fields}).encode()
        return post(self.it, *self.made["webhook"], body)["state"]

    def notifier(self, number: str, says: str = "Alert", about: str = "") -> str:
        """A CAP message by POST. `about`: the number of the one that it is about."""
        return post(self.it, *self.made["cap"], cap(number, says, about))["state"]

    def dispatch(self, call: str) -> str:
        """A dispatch system says by ASAP that a call is closed."""
        return post(self.it, *self.made["cap"], CLOSED.format(call=call).encode())["state"]

    def radio(self, **fields: str) -> None:
        """A radio button, by way of the broker."""
        stamp, body = int(time.time()), json.dumps({"place": "Office button", "code": "PANIC", **fields})
        signed = signature.sign(self.made["mqtt"][1], stamp, body.encode())
        said = {"timestamp": str(stamp), "signature": signed, "body": body}
        self.broker.publish("lakeview/panic", json.dumps(said))

    def publishes(self, number: str) -> None:
        """A public feed has a new alert."""
        self.feed.pages[f"/{number}.xml"] = cap(number)
        self.feed.index(f"/{number}.xml")


def cap(number: str, says: str = "Alert", about: str = "") -> bytes:
    sent = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    ref = f"<references>lake@example,{about},{sent}</references>" if about else ""
    return alert(says=says, sent=sent, identifier=number, more=ref)


def post(it: Deployment, source: str, key: str, body: bytes) -> dict[str, str]:
    """A signed message by HTTP. Returns what the sender is told."""
    stamp = int(time.time())
    headers = {"Sightpact-Timestamp": str(stamp), "Sightpact-Signature": signature.sign(key, stamp, body)}
    request = urllib.request.Request(f"{it.url}/alarms/in/{source}/", body, headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        said: dict[str, str] = json.load(answer)
    return said


@contextmanager
def senders(it: Deployment, folder: Path) -> Iterator[Senders]:
    broker, feed = Broker(folder), Feed(folder)
    try:
        yield Senders(it, broker, feed)
    finally:
        feed.stop()
        broker.stop()
