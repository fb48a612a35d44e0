"""A real Mosquitto and a real feed over TLS: what comes is taken in once, is acknowledged after that, and outlives a restart."""

from __future__ import annotations

import http.server
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest

from sightpact.access import alarm_in, alarm_pace, facts
from sightpact.access.alarm_links import feed as feeds
from sightpact.access.alarm_links.address import resolve
from sightpact.access.alarm_links.mqtt import taken
from sightpact.access.alarm_links.supervise import Supervisor
from sightpact.activation import alarm_reads as reads
from sightpact.activation import reads as activation
from sightpact.activation.actions import alarm_sources
from sightpact.activation.alarm_checks import BadSource
from sightpact.activation.alarm_reads import SourceCard
from sightpact.activation.models import AlarmSource
from tests.access import alarming
from tests.access.alarming import Source
from tests.access.conftest import journal
from tests.activation.test_alarm_reading import alert
from tests.deployment import wait_for
from tests.lakeview import Lakeview
from tests.media.certificates import certificate
from tests.mosquitto import Broker

__all__ = ["journal"]


@pytest.fixture
def district(transactional_db: None, journal: None, settings: Any) -> Lakeview:
    facts._latest = None
    alarm_pace.forget()
    settings.SIGHTPACT = replace(settings.SIGHTPACT, alarm_networks=("127.0.0.0/8",))
    return alarming.build()


@pytest.fixture
def links(district: Lakeview) -> Iterator[Supervisor]:
    supervisor = Supervisor()
    supervisor.start()
    yield supervisor
    supervisor.stop()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    running = Broker(tmp_path)
    yield running
    running.stop()


def mqtt(broker: Broker, version: str, trust: str, topic: str) -> Source:
    source = alarming.source(
        "mqtt",
        f"Buttons {version} {trust}",
        address=f"mqtts://127.0.0.1:{broker.port}/?version={version}",
        topic=topic,
        trust=trust,
        authority=broker.cert.read_text(),
    )
    alarm_sources.set_login(source.id, "gate", "s3cret", None)
    return source


def envelope(source: Source, **fields: Any) -> str:
    body = json.dumps({"id": "1", "place": "Office button", "code": "PANIC", **fields}).encode()
    headers = source.sign(body)
    stamp, signature = headers["Sightpact-Timestamp"], headers["Sightpact-Signature"]
    return json.dumps({"timestamp": stamp, "signature": signature, "body": body.decode()})


def state(source: Source) -> SourceCard:
    card = reads.source(source.id)
    assert card is not None
    return card


def came(source: Source) -> list[tuple[str, str]]:
    return [(card.state, card.why) for card in reversed(reads.latest(50, source.id))]


def listening(source: Source, broker: Broker) -> None:
    """Until a probe of its own comes through: then every later message does."""
    kept = json.dumps({"id": "probe", "status": "heartbeat"})
    payload = kept if state(source).trust == "broker" else envelope(source, id="probe", status="heartbeat")
    topic = state(source).topic

    def heard() -> bool:
        broker.publish(topic, payload)
        return state(source).heard_utc is not None

    wait_for(heard, 20, "the link listens")


def test_mqtt_from_a_real_broker(district: Lakeview, links: Supervisor, broker: Broker) -> None:
    signed = mqtt(broker, "5", "signed", "lakeview/panic")
    trusted = mqtt(broker, "3.1.1", "broker", "lakeview/sensor")
    listening(signed, broker)
    listening(trusted, broker)
    assert state(signed).fault == state(trusted).fault == ""

    message = envelope(signed)
    broker.publish("lakeview/panic", message)
    wait_for(lambda: came(signed), what="the alarm came")
    (card,) = activation.live()
    assert (card.emergency, card.school_names) == ("intruder", ("Lakeview High",))
    broker.publish("lakeview/panic", message, paho.MQTTv311)  # a duplicate: merged
    forged = json.loads(message) | {"body": '{"id": "2", "place": "Office button", "code": "PANIC"}'}
    broker.publish("lakeview/panic", json.dumps(forged))
    broker.publish("lakeview/panic", "PANIC")
    broker.publish("lakeview/panic", envelope(signed, id="3", code="MED"))
    wait_for(lambda: len(came(signed)) == 2, what="what came after them")
    assert came(signed)[0][0] == "started"
    assert reads.latest(50, signed.id)[-1].times == 2
    wait_for(lambda: state(signed).forged == 2, what="what was not signed is counted")

    alarm_sources.map_source(
        trusted.id, {"lakeview/sensor": ["lakeview-middle"]}, {"pressed": "medical"}, None
    )
    listening(trusted, broker)
    broker.publish("lakeview/sensor", "pressed", paho.MQTTv311)  # a sensor that says no more than that
    wait_for(lambda: came(trusted), what="the sensor's word came")
    assert came(trusted) == [("started", "")]
    assert {card.school_names for card in activation.live()} == {("Lakeview High",), ("Lakeview Middle",)}

    row = AlarmSource.objects.get(pk=signed.id)
    AlarmSource.objects.filter(pk=row.pk).update(sealed=b"damaged")
    broker.publish("lakeview/panic", envelope(signed, id="4", code="MED"))
    wait_for(lambda: state(signed).fault, what="why nothing can be taken in is said")
    AlarmSource.objects.filter(pk=row.pk).update(sealed=row.sealed)
    wait_for(lambda: len(came(signed)) == 3, 20, "the broker kept it, and somebody listens again")

    broker.stop()
    wait_for(lambda: state(signed).fault, 20, "the broker's absence is seen beforehand")


def test_what_a_broker_kept_is_asked_and_not_acted_on(district: Lakeview) -> None:
    source = alarming.source("mqtt", address="mqtt://localhost:1/", topic="t", trust="broker")
    assert (
        taken(state(source), "t", b'{"id": "1", "place": "Office button", "code": "PANIC"}', True)
        == "which_school"
    )
    assert came(source) == [("which_school", "stale")]
    assert taken(state(source), "t", b"[" * 70_000, False) == "which_school"
    assert taken(state(source), "t", b'{"id": []}', False) == "unreadable"
    for n, sent in enumerate(("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00")):
        body = json.dumps({"id": f"far {n}", "place": "Office button", "code": "PANIC", "sent": sent})
        assert taken(state(source), "t", body.encode(), False) == "unreadable", "in UTC there is no such time"
    assert taken(state(source), f"lakeview/\x07{'x' * 60_000}/panic", b"PANIC", False) == "which_school"
    (card, *_older) = reads.latest(1, source.id)
    assert card.places[0].startswith("lakeview/ x") and len(card.places[0]) == 200


class Feed:
    """An index with alerts behind its links, over TLS."""

    def __init__(self, folder: Path) -> None:
        (self.cert, key), _print = certificate(folder)
        self.pages: dict[str, bytes] = {}
        pages, asked = self.pages, []
        self.asked: list[str] = asked

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                body = pages.get(self.path)
                self.send_response(200 if body is not None else 302)
                self.send_header("Location", "https://127.0.0.1:1/elsewhere")
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_words: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.address = f"https://127.0.0.1:{self._server.server_address[1]}/index.xml"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def index(self, *names: str) -> None:
        entries = "".join(f'<entry><link href="{name}"/></entry>' for name in names)
        self.pages["/index.xml"] = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Feed]:
    serving = Feed(tmp_path)
    yield serving
    serving.stop()


def test_a_feed_is_read_once_and_its_cancel_proposes_an_end(district: Lakeview, feed: Feed) -> None:
    places, codes = {"Lakeview High": ["lakeview-high"]}, {"Intruder": "intruder"}
    source = Source(alarming.source("cap_feed", address=feed.address, authority=feed.cert.read_text()).id, "")
    alarm_sources.map_source(source.id, places, codes, None)
    card = state(source)
    seen: dict[str, bool] = {}
    now = alarm_in.clock.now()
    sent = now.isoformat(timespec="seconds")

    feed.index()
    assert feeds.look(card, seen) == 0
    assert state(source).heard_utc is not None
    feed.pages["/1.xml"] = alert(sent=sent)
    feed.pages["/2.xml"] = alert("Exercise", identifier="E-1", sent=sent)
    feed.pages["/3.xml"] = b"<html/>"
    feed.index("/1.xml", "/2.xml", "/3.xml", "https://evil.example/4.xml")
    assert feeds.look(card, seen) == 2
    assert sorted(each for each, _why in came(source)) == ["drill", "started", "which_school"]
    assert feeds.look(card, seen) == 0, "what was read is no news"
    assert feeds.look(card, {}) == 0, "nor after a restart"
    assert feed.asked.count("/1.xml") == 2
    assert len(activation.live()) == 1

    del feed.pages["/index.xml"]
    with pytest.raises(feeds.FeedFault, match="302"):
        feeds.look(card, seen)
    feed.pages["/index.xml"] = b" " * (1024 * 1024 + 1)
    with pytest.raises(feeds.FeedFault, match="1024 KiB"):
        feeds.look(card, seen)
    with pytest.raises(OSError):
        feeds.look(replace(card, authority=""), seen)  # a certificate that nobody vouches for


def test_one_broken_alert_of_a_feed_keeps_none_of_the_others(district: Lakeview, feed: Feed) -> None:
    source = Source(alarming.source("cap_feed", address=feed.address, authority=feed.cert.read_text()).id, "")
    alarm_sources.map_source(source.id, {"*": ["lakeview-high"]}, {"*": "intruder"}, None)
    card, seen = state(source), dict[str, bool]()
    sent = alarm_in.clock.now().isoformat(timespec="seconds")
    feed.pages["/2.xml"] = alert(sent=sent)
    feed.index("/gone.xml", "/2.xml")
    with pytest.raises(feeds.FeedFault, match=r"1 of its alerts could not be taken: The feed answered 302"):
        feeds.look(card, seen)
    assert came(source) == [("started", "")]
    feed.pages["/gone.xml"] = alert(identifier="A-2", sent=sent)
    assert feeds.look(card, seen) == 1, "what failed is tried again, and what was taken is not"
    assert feed.asked.count("/2.xml") == 1
    both = b"".join(each[21:] for each in (alert(says="?"), alert(identifier="A-3", sent=sent)))
    feed.pages["/index.xml"] = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry>' + both + b"</entry></feed>"
    )
    assert (feeds.look(card, seen), feeds.look(card, seen)) == (1, 0)
    assert [each for each, _why in came(source)] == ["started", "joined", "which_school", "joined"]


ADDRESSES = [
    ("http://alerts.example/feed", "is not encrypted"),
    ("ftp://alerts.example/feed", "does not begin with https://"),
    ("https://user:word@alerts.example/", "holds a user name or password"),
    ("https://169.254.169.254/latest", "cloud metadata address"),
    ("https://[::1]/", "loopback"),
    ("https://[::ffff:169.254.169.254]/", "cloud metadata address"),
    ("", "does not begin with"),
]


def test_where_a_feed_may_never_be(db: None) -> None:
    from sightpact.activation.alarm_checks import SCHEMES, check_address

    for address, why in ADDRESSES:
        with pytest.raises(BadSource, match=why):
            check_address(address, SCHEMES["cap_feed"])
    with pytest.raises(BadSource, match="loopback"):
        resolve("localhost", 1883)
