"""What sections with limits open at the hours at which they count, and those limits in words. For answers alone.

Never: a decision. Who asks "who could see this, and when?" must hear of a section also outside its hours.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from functools import lru_cache

from django.utils.translation import gettext as _

from sightpact.access.facts import Snapshot
from sightpact.agreements.clauses.limits import Limited
from sightpact.decide.hours import Hours
from sightpact.decide.world import World


@lru_cache(maxsize=2)
def at_their_hours(world: World) -> World:
    """The world as at an hour at which every section counts; the same one when none keeps hours."""
    agreements = world.inventory.agreements
    if not any(agreement.hours for agreement in agreements):
        return world
    always = tuple(replace(a, hours=tuple(map(_all_day, a.hours))) for a in agreements)
    return World(replace(world.inventory, agreements=always))


def _all_day(hours: Hours) -> Hours:
    return replace(hours, opens=time(0), closes=time(0), days=frozenset(range(7)))


def limits_in_words(snapshot: Snapshot, owner: str) -> tuple[str, ...]:
    """ "Section 3.1 of the Regional Agreement: only from 06:30 to 17:00, Mondays to Fridays; at most 4 people at once." """
    found = []
    for entry in snapshot.names.running.values():
        for clause in entry.document.all(Limited) if entry.facts.owner == owner else ():
            told = []
            if clause.hours:
                told.append(_("only %(hours)s") % {"hours": clause.hours.says()})
            if clause.viewers:
                told.append(_("at most %(count)d people at once") % {"count": clause.viewers})
            if told:
                where = {"section": clause.number, "title": entry.title, "limits": "; ".join(told)}
                found.append(_("Section %(section)s of %(title)s: %(limits)s.") % where)
    return tuple(found)
