"""The JSON of a panic button's webhook, and of an MQTT message: place, code, id, status. Pure."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sightpact.activation.alarms.message import (
    MOST_BYTES,
    MOST_PLACES,
    STATUSES,
    BadAlarm,
    Message,
    instant,
    plain,
)

FIELDS = ("id", "place", "code", "status", "about", "sent", "text")
_WORDS = {"exercise": "drill", "system": "heartbeat", "closed": "actual", "cancel": "actual", "": "actual"}


def parse(body: bytes, sent_utc: datetime | None) -> Message:
    """Read one message. Fields that are not ours are left alone.

    Args:
        sent_utc: the time that was signed, if one was; it counts more than a `sent` in the body.
    Raises:
        BadAlarm: naming the field.
    """
    found = _object(body)
    status = plain(found.get("status", ""), "status").lower()
    kind = _WORDS.get(status, status)
    if kind not in STATUSES:
        raise BadAlarm(
            "The alarm cannot be read:",
            f"its status “{status[:40]}” is not known.",
            "Send actual, test, drill, heartbeat or closed.",
        )
    number = plain(found.get("id", ""), "id")
    if not number and kind != "heartbeat":
        raise BadAlarm("The alarm cannot be read:", "it has no “id”.", "Give each alarm a number of its own.")
    said = found.get("sent")
    return Message(
        number=number,
        status=kind,
        says={"closed": "closed", "cancel": "cancel"}.get(status, "alert"),
        places=_many(found.get("place", ()), "place"),
        codes=_many(found.get("code", ()), "code"),
        sent_utc=sent_utc or (instant(plain(said, "sent"), "sent") if said else None),
        about=_many(found.get("about", ()), "about"),
        words=plain(found.get("text", ""), "text", most=400),
    )


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > MOST_BYTES:
        raise BadAlarm("The alarm cannot be read:", "it is larger than 64 KiB.", "Send less.")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadAlarm(
            "The alarm cannot be read:",
            "its body is no JSON object.",
            'Send {"id": …, "place": …, "code": …}.',
        )
    return found


def _many(value: object, name: str) -> tuple[str, ...]:
    values = list(value) if isinstance(value, list | tuple) else [value]
    if len(values) > MOST_PLACES:
        raise BadAlarm(
            "The alarm cannot be read:", f"it has more than {MOST_PLACES} “{name}”.", "Send fewer."
        )
    return tuple(text for each in values if (text := plain(each, name)))
