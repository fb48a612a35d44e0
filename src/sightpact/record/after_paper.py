"""From one sharing's steps to what stands on its paper, in the reader's time. Fills values; the paper is made by a child."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sightpact.agreements.clauses import words
from sightpact.agreements.papers.after import AfterPaper, AfterRow, AfterShown
from sightpact.record.after import Line, Version
from sightpact.record.after_words import Shown
from sightpact.record.timeline import Step


def fill(line: Line, steps: Iterable[Step], people: Iterable[Shown], zone: str) -> AfterPaper:
    """The paper of one sharing. Papers are in English, the language of the text.

    Args:
        zone: of the reader.
    """
    local = ZoneInfo(zone)
    card, steps = line.card, tuple(steps)
    where = ", ".join(card.school_names)
    last = line.versions[-1] if line.versions else None
    return AfterPaper(
        title=f"{line.kind}, {where}",
        held=f"{_day(card.started_utc, local)}, {card.started_utc.astimezone(local):%H:%M:%S} ({zone})",
        ended=line.ended or "It still runs.",
        section=f"section {card.clause} of {line.title or line.agreement}",
        rows=tuple(
            AfterRow(_clock(s.at, local), after_start(s.seconds), s.text, str(s.entry)) for s in steps
        ),
        shown=tuple(
            AfterShown(one.person, tuple(f"{camera}: {seconds} s" for camera, seconds in one.cameras))
            for one in people
        ),
        statement=_statement(line),
        signed=_signed(last, local) if last else "",
        words=last.words if last else "",
        parties=tuple(last.parties.splitlines()) if last else (),
        record=f"Entries {steps[0].entry} to {max(s.entry for s in steps)} of the record." if steps else "",
        foot=f"{line.agreement}, entry {card.entry}",
        stored=card.started_utc.isoformat(),
    )


def after_start(seconds: float) -> str:
    """4.21 s; 12 min 05 s."""
    if seconds < 60:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def _signed(last: Version, zone: ZoneInfo) -> str:
    threat = "an articulable" if last.threat else "no articulable"
    says = f"It says that there was {threat} and significant threat."
    return f"Version {last.number}, signed by {last.by} on {_day(last.at, zone)}. {says}"


def _statement(line: Line) -> str:
    if line.state == "signed":
        return ""
    if line.is_open:
        return f"The statement that section {line.section} asks for is not signed yet."
    return "No statement is owed." if line.why_nothing else ""


def _day(at: datetime, zone: ZoneInfo) -> str:
    return words.day(at.astimezone(zone).date())


def _clock(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%H:%M:%S}.{local.microsecond // 10_000:02d}"
