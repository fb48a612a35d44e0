"""The "closed" message of a dispatch system after APCO/CSAA ANS 2.101 (ASAP to PSAP 3.x, NIEM XML). Pure.

Its elements are found by their local names, since releases differ in their namespaces. Everything but "closed" is left
alone: ASAP is how alarm companies and dispatch talk, and Sightpact only listens for the end.
"""

from __future__ import annotations

from datetime import datetime
from xml.etree.ElementTree import Element

from sightpact.activation.alarms.message import BadAlarm, Message, plain

_NAMESPACES = ("apco", "niem", "csaa")
_NUMBERS = ("AlarmEventID", "CallForServiceID", "ServiceCallIdentification", "EventID", "IdentificationID")
_STATES = ("AlarmEventStatusText", "EventStatusText", "StatusText", "StatusDescriptionText", "CallStatusText")
_DISPOSITIONS = ("DispositionText", "AlarmEventDispositionText", "DispositionDescriptionText")
_PLACES = ("LocationName", "LocationDescriptionText", "BuildingName", "AlarmLocationName")
CLOSED = ("closed", "close", "call closed")


def looks_so(root: Element) -> bool:
    """Whether this is a message of that family."""
    return any(word in root.tag.partition("}")[0].lower() for word in _NAMESPACES)


def of(root: Element, received_utc: datetime) -> Message:
    """The message, as one that closes, or as a sign of life.

    Raises:
        BadAlarm: it says closed and not which call.
    """
    number, state = _first(root, _NUMBERS), _first(root, _STATES)
    closed = state.casefold() in CLOSED
    if closed and not number:
        raise BadAlarm("The dispatch message cannot be read:", "it names no call.", "Look at what is sent.")
    place = _first(root, _PLACES)
    return Message(
        number=f"{number}/{state}"[:200],
        status="actual" if closed else "heartbeat",
        says="closed" if closed else "update",
        places=(place,) if place else (),
        codes=(),
        sent_utc=received_utc,
        about=(number,) if number else (),
        words=_first(root, _DISPOSITIONS),
    )


def _first(root: Element, names: tuple[str, ...]) -> str:
    """The text of the first element with one of these local names, or of the first text below it."""
    for name in names:
        for element in root.iter():
            if element.tag.rpartition("}")[2] == name:
                text = " ".join(part.strip() for part in element.itertext() if part.strip())
                if text:
                    return plain(text[:200], name)
    return ""
