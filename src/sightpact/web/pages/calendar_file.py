"""A calendar file (iCalendar, RFC 5545) of event periods, for a person's own calendar program. Pure text.

Never: a camera, a name of whoever approved, or a word that the person could not read on the event's own page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

MOST_OCTETS = 75  # of a line, without its end (3.1)


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    begins: datetime  # aware
    ends: datetime
    made: datetime  # when it became what it is
    title: str
    place: str
    says: str
    url: str
    is_off: bool  # called off: a program that has it takes it out


def text(entries: Iterable[Entry], name: str) -> str:
    """The whole file.

    Args:
        name: what the calendar is called in the program.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Sightpact//Event periods//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.id}@sightpact",
            f"DTSTAMP:{_utc(entry.made)}",
            f"DTSTART:{_utc(entry.begins)}",
            f"DTEND:{_utc(entry.ends)}",
            f"SEQUENCE:{int(entry.is_off)}",
            f"STATUS:{'CANCELLED' if entry.is_off else 'CONFIRMED'}",
            f"SUMMARY:{escaped(entry.title)}",
            f"LOCATION:{escaped(entry.place)}",
            f"DESCRIPTION:{escaped(entry.says)}",
            f"URL:{entry.url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(folded(line) + "\r\n" for line in lines)


def escaped(words: str) -> str:
    """A TEXT value (3.3.11): backslash, semicolon, comma and line ends are escaped; other control characters go."""
    kept = "".join(c for c in words.replace("\r\n", "\n") if c == "\n" or c.isprintable())
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """A line in pieces of at most 75 octets, the further ones after a space (3.1). No character is split."""
    pieces, room = [""], MOST_OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append("")
            room = MOST_OCTETS - 1  # the space counts
        pieces[-1] += character
        room -= size
    return "\r\n ".join(pieces)


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
