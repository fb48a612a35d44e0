"""The test button: a message of status Test, made here with the source's own key, that goes all the way and opens nothing."""

from __future__ import annotations

import json
from secrets import token_hex

from sightpact.access import alarm_in
from sightpact.access.alarm_in import Outcome
from sightpact.activation import alarm_reads as reads
from sightpact.activation.alarm_checks import BadSource
from sightpact.activation.alarm_reads import SourceCard
from sightpact.activation.alarms import signature
from sightpact.activation.alarms.message import Message
from sightpact.ledger import clock


def send(source: SourceCard, place: str = "", code: str = "") -> tuple[Outcome, ...]:
    """One test for each place of the source (or for this one), with its first code (or this one).

    1. Sign it as the product would, where it signs: with the older key while that counts, since the product may still hold
    it and a test proves nothing of the new one. 2. Take it in.

    Raises:
        BadSource: it has no key, or no place.
    """
    places = (place,) if place else tuple(source.places)
    codes = (code,) if code else tuple(sorted(source.codes))[:1]  # databases keep no order of their own
    if not places:
        raise BadSource("This source", "has no place to test.", "Say which places are which schools first.")
    return tuple(_one(source, each, codes) for each in places)


def _one(source: SourceCard, place: str, codes: tuple[str, ...]) -> Outcome:
    number, now = f"test {token_hex(8)}", clock.now()
    if source.kind != "webhook":
        return alarm_in.act(source, Message(number, "test", "alert", (place,), codes, now), now)
    keys = reads.secrets_of(source.id).keys
    if not keys:
        raise BadSource("This source", "has no key yet.", "Make one first.")
    body = json.dumps({"id": number, "status": "test", "place": place, "code": list(codes)}).encode()
    stamp = int(now.timestamp())
    headers = {
        "Sightpact-Timestamp": str(stamp),
        "Sightpact-Signature": signature.sign(keys[-1], stamp, body),
    }
    return alarm_in.receive(source.id, headers, body)
