"""What an owner's agreements open to other parties at this moment, in numbers. Asked of the law camera by camera, never guessed.

For the owner's people and, without inside counts and live state, for the public page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sightpact.access.facts import Snapshot
from sightpact.access.remembered import while_facts_stand
from sightpact.agreements.clauses.situations import SituationView
from sightpact.decide.authorize import authorize
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Action, Agreement, Grant, Situation
from sightpact.ledger import clock


@dataclass(frozen=True, slots=True)
class OpenNow:
    outside: int  # outside cameras that somebody of another party may see now
    inside: int
    outside_section: str
    inside_section: str  # the section that opens inside cameras; "" when none does
    inside_how: str  # "emergency", or one of `decide.facts.SITUATIONS`; "" when no section opens them
    named: int  # persons of other parties whom an agreement in force names


@while_facts_stand
def now_open(snapshot: Snapshot, owner: str, standing_only: bool = False) -> OpenNow:
    """Count over all cameras of the owner and all persons of other parties, one of each sort.

    Args:
        standing_only: leave running emergencies out, for a page that must not show that there is one.
    """
    inventory = snapshot.world.inventory
    shared = [a for a in inventory.agreements if a.owner == owner and not a.is_house]
    named = [p.id for p in inventory.persons.values() if p.active and any(a.id in p.named_in for a in shared)]
    situations = () if standing_only else snapshot.situations
    viewers = _sorts(snapshot, shared, owner)
    outside = inside = 0
    outside_section = ""
    now = clock.now()
    for camera in inventory.cameras.values():
        real = camera.owner == owner and not camera.drill_source
        grant = _first_grant(snapshot, viewers, camera.id, situations, now) if real else None
        if grant is None:
            continue
        if camera.area_kinds <= EXTERIOR_AREA_KINDS:
            outside += 1
            outside_section = outside_section or grant.clause
        else:
            inside += 1
    return OpenNow(outside, inside, outside_section, *_opener(snapshot, shared), len(named))


def inside_words(opened: OpenNow) -> str:
    """What opens the inside, for a person to read: "Section 3.2 opens them in an emergency"."""
    words = {
        "emergency": _("Section %(section)s opens them in an emergency."),
        "invitation": _("Section %(section)s opens them when the school invites."),
        "request": _("Section %(section)s opens them when a request is approved."),
        "window": _("Section %(section)s opens them during a planned event."),
    }
    return words.get(opened.inside_how, _("No section opens them.")) % {"section": opened.inside_section}


def _opener(snapshot: Snapshot, shared: list[Agreement]) -> tuple[str, str]:
    """(section, how) that opens inside cameras: an emergency's before others, the first in the text of each."""
    for agreement in shared:
        for kind in snapshot.names.kinds.get(agreement.id, ()):
            return kind.clause, "emergency"
    for agreement in shared:
        for clause in snapshot.names.running[agreement.id].document.clauses:
            if isinstance(clause, SituationView) and not set(clause.area_kinds) <= EXTERIOR_AREA_KINDS:
                return clause.number, clause.situation
    return "", ""


def _sorts(snapshot: Snapshot, shared: list[Agreement], owner: str) -> list[str]:
    """One person (id) of each sort that the law can tell apart, of the parties that are let in; named or not."""
    let_in = {party for agreement in shared for party in agreement.parties} - {owner}
    sorts: dict[tuple[object, ...], str] = {}
    for person in snapshot.world.inventory.persons.values():
        if person.active and any(party in let_in for party, _role in person.roles):
            sorts.setdefault((person.roles, person.named_in), person.id)
    return list(sorts.values())


def _first_grant(
    snapshot: Snapshot, persons: list[str], camera: str, situations: tuple[Situation, ...], now: datetime
) -> Grant | None:
    for person in persons:
        answer = authorize(snapshot.world, person, Action.VIEW_LIVE, camera, situations, (), now)
        if isinstance(answer, Grant):
            return answer
    return None
