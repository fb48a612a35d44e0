"""One MQTT broker, listened to under 3.1.1 or 5. A message is acknowledged after it was taken in, not before."""

from __future__ import annotations

import json
import logging
import socket
import threading
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import paho.mqtt.client as paho
from django.db import connections
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from sightpact.access import alarm_in
from sightpact.access.alarm_links.address import resolve, tls
from sightpact.access.alarm_links.feed import note
from sightpact.access.errors import UNWRITABLE
from sightpact.activation import alarm_reads as reads
from sightpact.activation.alarm_checks import SCHEMES, BadSource, check_address
from sightpact.activation.alarm_reads import SourceCard
from sightpact.activation.alarms import signature, webhook
from sightpact.activation.alarms.message import MOST_BYTES, MOST_TEXT, BadAlarm, Forged, Message, plain
from sightpact.ledger import clock

log = logging.getLogger(__name__)

AGAIN_S = 3.0  # between attempts to connect
KEEP_ALIVE_S = 15
CONNECT_S = 10.0
OFFLINE_S = 24 * 3600  # so long the broker keeps what came while we were away


def run(source: SourceCard, stop: threading.Event) -> None:
    """Listen until told to stop; a broker that is away is tried again for as long as it takes."""
    while not stop.is_set():
        try:
            _listen(source, stop)
        except (OSError, ValueError, BadSource) as fault:
            note(source.id, str(fault)[:300] or type(fault).__name__)
        except Exception as fault:
            log.exception("listening to a broker failed; it is tried again")
            note(source.id, str(fault)[:300] or type(fault).__name__)
        stop.wait(AGAIN_S)


def taken(source: SourceCard, topic: str, payload: bytes, retained: bool) -> str:
    """Take one message in; returns what became of it.

    1. Under `signed` it is an envelope {timestamp, signature, body} whose body is the webhook's; under `broker` it is the
    body itself, or any short text, and whoever may publish there is believed. 2. Its place is the one it says, else the topic.
    """
    received = clock.now()
    try:
        sent, mark, body = _opened(source, payload)
    except Forged:
        alarm_in.count_forged(source.id)
        return "forged"
    try:
        message = _read(source, topic, body, sent)
    except BadAlarm as fault:
        alarm_in.unreadable(source, fault, received, mark, body)
        return "unreadable"
    off = received - sent if sent and not retained else None
    try:
        became = alarm_in.act(
            source, message, received, mark=mark, clock_off=off, late=retained and sent is None
        )
    except alarm_in.TooOften as fault:
        log.warning("%s: %s", source.name, fault)
        return "too_often"
    return became.state


def _say(source_id: str, fault: str) -> None:
    """`note`, from the client's own thread, which ends without a word to the database."""
    try:
        note(source_id, fault)
    finally:
        connections.close_all()


def _listen(source: SourceCard, stop: threading.Event) -> None:
    scheme, host, port = check_address(source.address, SCHEMES["mqtt"])
    login = reads.secrets_of(source.id)
    client = _client(source)
    if login.user or login.password:
        client.username_pw_set(login.user, login.password)
    if scheme == "mqtts":
        client.tls_set_context(tls(source.authority))
    lost = threading.Event()

    def connected(_client: Any, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        if reason.is_failure:
            _say(source.id, f"The broker refused: {reason}.")
            lost.set()
            return
        client.subscribe(source.topic, qos=1)

    def subscribed(_client: Any, _data: Any, _mid: int, reasons: Any, _more: Any) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        _say(source.id, f"The broker refused the topic: {refused[0]}." if refused else "")

    def gone(_client: Any, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        if reason.is_failure:
            _say(source.id, f"The connection to the broker ended: {reason}.")
        lost.set()

    def came(_client: Any, _data: Any, message: paho.MQTTMessage) -> None:
        try:
            card = reads.source(source.id) or source  # as it is mapped now
            became = taken(card, message.topic, bytes(message.payload[: MOST_BYTES + 1]), message.retain)
            log.info("%s: %s", source.name, became)
        except UNWRITABLE:
            log.exception("an alarm could not be taken in; the broker keeps it")
            lost.set()  # not acknowledged: it comes again with the next connection
            return
        except Exception as fault:  # it would end the client's thread, and nobody would listen
            log.exception("an alarm could not be taken in; the broker keeps it")
            _say(source.id, f"A message could not be taken in: {str(fault)[:200] or type(fault).__name__}")
            lost.set()
            return
        finally:
            connections.close_all()  # the thread is the client's own, and ends without a word to the database
        client.ack(message.mid, message.qos)

    client.on_connect, client.on_subscribe, client.on_disconnect, client.on_message = (
        connected,
        subscribed,
        gone,
        came,
    )
    client.checked = (resolve(host, port), port)
    _connect(client, host, port)
    client.loop_start()
    thread = client._thread
    try:
        while not stop.is_set() and not lost.wait(0.2):
            if thread is None or not thread.is_alive():
                raise OSError("The connection to the broker ended by itself.")
    finally:
        client.disconnect()
        client.loop_stop()


class _Client(paho.Client):
    """Connects to the one address that was checked; TLS is verified for the name that was written."""

    checked: tuple[str, int]

    def _create_socket_connection(self) -> socket.socket:
        return socket.create_connection(self.checked, timeout=CONNECT_S)


def _client(source: SourceCard) -> _Client:
    """A client whose session the broker keeps while we are away, so that what came meanwhile is delivered then."""
    named = f"sightpact-{source.id[:18]}"
    if parse_qs(urlsplit(source.address).query).get("version") == ["3.1.1"]:
        return _Client(
            CallbackAPIVersion.VERSION2, named, clean_session=False, protocol=paho.MQTTv311, manual_ack=True
        )
    return _Client(CallbackAPIVersion.VERSION2, named, protocol=paho.MQTTv5, manual_ack=True)


def _connect(client: paho.Client, host: str, port: int) -> None:
    if client.protocol == paho.MQTTv5:
        kept = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        kept.SessionExpiryInterval = OFFLINE_S
        client.connect(host, port, KEEP_ALIVE_S, clean_start=False, properties=kept)
    else:
        client.connect(host, port, KEEP_ALIVE_S)


def _opened(source: SourceCard, payload: bytes) -> tuple[datetime | None, str | None, bytes]:
    """When it was sent, its mark, and the body.

    Raises:
        Forged: it is to be signed, and is not.
    """
    if source.trust == "broker":
        return None, None, payload
    try:
        envelope = json.loads(payload)
        stamp, signed, body = (
            str(envelope["timestamp"]),
            str(envelope["signature"]),
            str(envelope["body"]).encode(),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise signature.NEVER from None
    keys = reads.secrets_of(source.id).keys
    found = signature.verify({"Sightpact-Timestamp": stamp, "Sightpact-Signature": signed}, body, keys)
    return found.sent_utc, found.mark, body


def _read(source: SourceCard, topic: str, body: bytes, sent: datetime | None) -> Message:
    """Its JSON; or, where the broker is trusted, any short text as the code, for sensors that say no more."""
    if source.trust == "broker" and not body.lstrip().startswith(b"{"):
        text = body[:120].decode(errors="replace").strip()
        number = sha256(f"{topic} {text} {clock.now():%Y%m%d%H%M}".encode()).hexdigest()[:24]
        found = webhook.parse(json.dumps({"id": number, "code": text}).encode(), sent)
    else:
        found = webhook.parse(body, sent)
    return found if found.places else replace(found, places=(plain(topic[:MOST_TEXT], "topic"),))
