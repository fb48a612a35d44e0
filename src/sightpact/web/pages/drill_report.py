"""A drill's report as a PDF: what stands on it, for one reader. Made by the papers' child process."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sightpact.access.drilled import Drilled
from sightpact.agreements.papers import making
from sightpact.agreements.papers.drill import DrillPaper, DrillRow
from sightpact.cameras import reads as cameras
from sightpact.people import reads as people


def pdf(drill: Drilled) -> bytes:
    """The report's bytes.

    Raises:
        PaperFault: it cannot be made here, or too many are asked for.
    """
    return making.made("drill", paper(drill))


def filename(drill: Drilled) -> str:
    schools = {school.id: school.slug for school in cameras.schools()}
    day = drill.card.started_utc.astimezone(ZoneInfo(drill.zone))
    return f"drill-{schools.get(drill.card.schools[0], 'school')}-{day:%Y-%m-%d}.pdf"


def paper(drill: Drilled) -> DrillPaper:
    """The values that are printed; the real cameras only where this reader may know of them."""
    card, zone = drill.card, ZoneInfo(drill.zone)
    owner = next((party.name for party in people.parties() if party.id == card.owner), "")
    started = card.started_utc.astimezone(zone)
    rows = [
        DrillRow(
            step.name, step.who, _at(step.at, zone), "" if step.seconds is None else f"{step.seconds:.1f} s"
        )
        for step in drill.steps
    ]
    number = (
        f"It was {drill.this_year} of {drill.per_year} this year."
        if drill.per_year and drill.this_year
        else ""
    )
    title = f"“{drill.agreement_title}”" if drill.agreement_title else "the agreement"
    return DrillPaper(
        title=f"Drill: {drill.label}, {', '.join(card.school_names)}",
        owner=owner,
        held=f"{started.day} {started:%B %Y}, {started:%H:%M}",
        ended=card.end_sentence,
        section=f"section {card.clause} of {title}",
        number=number,
        rows=tuple(rows),
        cameras=_cameras(drill),
        dark=tuple(f"{d.name}, {d.school}. {d.why}" for d in drill.cameras.dark) if drill.cameras else (),
        record=f"The start is entry {card.entry} of the record of {owner}; times are local ({drill.zone}).",
        foot=f"{owner}, {started:%Y-%m-%d}",
        stored=(card.ended_utc or card.started_utc).isoformat(),
    )


def _cameras(drill: Drilled) -> str:
    if not drill.of_owner:
        return "what each said is with the district."
    if drill.cameras is None:
        return "they were not asked to the end."
    return f"{drill.cameras.showing} of {drill.cameras.asked} would have shown a picture."


def _at(instant: datetime | None, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%H:%M:%S}" if instant else "not reached"
