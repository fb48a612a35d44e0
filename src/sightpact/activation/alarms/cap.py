"""OASIS CAP 1.2 (urn:oasis:names:tc:emergency:cap:1.2) read safely: no entities, no document type, one namespace. Pure.

Source: docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html. Polygons and circles are not read: places are named.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sightpact.activation.alarms.message import MOST_BYTES, MOST_PLACES, BadAlarm, Message, instant, plain

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_STATUS = {"Actual": "actual", "Exercise": "drill", "Test": "test", "System": "heartbeat", "Draft": "draft"}
_SAYS = {"Alert": "alert", "Update": "update", "Cancel": "cancel"}


def parse(body: bytes) -> Message:
    """Read one alert.

    Raises:
        BadAlarm: naming what is wrong with it.
    """
    return of(root(body))


def root(body: bytes, most: int = MOST_BYTES) -> Element:
    """The root of an XML document without a document type, entities or anything from outside.

    Raises:
        BadAlarm: too large, not XML, or with one of these.
    """
    if len(body) > most:
        raise BadAlarm("The alert cannot be read:", f"it is larger than {most // 1024} KiB.", "Send less.")
    try:
        found: Element = fromstring(body, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as fault:
        why = "it holds a document type or entities, which are never read."
        raise BadAlarm("The alert cannot be read:", why, "Send it without.") from fault
    except (ParseError, ValueError, LookupError, RecursionError) as fault:
        raise BadAlarm(
            "The alert cannot be read:", "it is not well-formed XML.", "Mend the sender."
        ) from fault
    return found


def of(alert: Element) -> Message:
    """The message of an `alert` element.

    Raises:
        BadAlarm: another namespace or version, or a part that CAP asks for is missing.
    """
    if alert.tag != f"{{{NAMESPACE}}}alert":
        namespace = alert.tag[1:].partition("}")[0] if alert.tag.startswith("{") else "none"
        raise BadAlarm(
            "The alert cannot be read:",
            f"it is no CAP 1.2 alert (its namespace is {plain(namespace[:80], 'namespace') or 'none'}).",
            "Have the product send CAP 1.2.",
        )
    infos = alert.findall(_tag("info"))
    areas = [area for info in infos for area in info.findall(_tag("area"))]
    codes = [_valued(code) for info in infos for code in info.findall(_tag("eventCode"))]
    events = [*(c for pair in codes for c in pair), *(_text(info, "event") for info in infos)]
    places = [p for area in areas for code in area.findall(_tag("geocode")) for p in _valued(code)]
    places += [_text(area, "areaDesc") for area in areas]
    ends = [instant(text, "expires") for info in infos if (text := _text(info, "expires"))]
    headline = next((text for info in infos if (text := _text(info, "headline", 400))), "")
    return Message(
        number=_must(alert, "identifier"),
        status=_word(alert, "status", _STATUS),
        says=_word(alert, "msgType", _SAYS),
        places=tuple(dict.fromkeys(p for p in places if p))[:MOST_PLACES],
        codes=tuple(dict.fromkeys(e for e in events if e))[:MOST_PLACES],
        sent_utc=instant(_must(alert, "sent"), "sent"),
        about=_references(alert),
        expires_utc=max(ends) if ends else None,
        words=headline,
    )


def _references(alert: Element) -> tuple[str, ...]:
    """Identifiers of the alerts that it refers to: `sender,identifier,sent` each, with blanks between."""
    triples = (part.split(",") for part in _text(alert, "references", 4000).split(" "))
    return tuple(dict.fromkeys(t[1] for t in triples if len(t) == 3 and t[1]))[:MOST_PLACES]


def _valued(code: Element) -> tuple[str, ...]:
    """`SAME` and `006109` as "SAME:006109", and as "006109" alone."""
    name, value = _text(code, "valueName"), _text(code, "value")
    return tuple(text for text in (f"{name}:{value}" if name and value else "", value) if text)


def _word(alert: Element, name: str, words: dict[str, str]) -> str:
    said = _must(alert, name)
    if said not in words:
        raise BadAlarm(
            "The alert cannot be read:",
            f"its {name} is “{said[:40]}”.",
            f"CAP 1.2 knows {', '.join(words)} here.",
        )
    return words[said]


def _must(alert: Element, name: str) -> str:
    found = _text(alert, name)
    if not found:
        raise BadAlarm("The alert cannot be read:", f"it has no {name}.", "Have the product send CAP 1.2.")
    return found


def _text(element: Element, name: str, most: int = 200) -> str:
    return plain(element.findtext(_tag(name)) or "", name, most=most)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
