"""What whoever watches is reminded of: the notice against passing pictures on, and what nobody watches for.

Taken from the texts that run; shown beside live pictures and on the record.
"""

from __future__ import annotations

from dataclasses import dataclass

from sightpact.access.facts import Snapshot
from sightpact.agreements.purposes import purposes_of
from sightpact.decide.authorize import is_in_force
from sightpact.ledger import clock


@dataclass(frozen=True, slots=True)
class Reminder:
    """The words of one agreement, each with its section; empty where the text has none."""

    agreement: str  # slug
    notice: str
    notice_section: str
    forbidden: tuple[str, ...]
    forbidden_section: str


def reminders(snapshot: Snapshot, person: str) -> tuple[Reminder, ...]:
    """For each agreement in force that the person's party has: the owner's own people are not told not to pass on."""
    known = snapshot.world.inventory.persons.get(person)
    parties = {party for party, _role in known.roles} if known else set()
    found = []
    for entry in snapshot.names.running.values():
        if not parties & entry.facts.parties or not is_in_force(entry.facts, clock.now()):
            continue
        said = purposes_of(entry.document)
        notice = said.notice if parties - {entry.facts.owner} else ""
        if notice or said.forbidden:
            section = said.notice_section if notice else ""
            found.append(Reminder(entry.slug, notice, section, said.forbidden, said.forbidden_section))
    return tuple(found)
