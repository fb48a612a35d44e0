"""Where a situation counts: for which things, under which agreement, and what Cedar is told of it. Pure.

Never: a situation that opens what it does not cover; `authorize.py` and `explain.py` both ask here.
"""

from __future__ import annotations

from sightpact.decide.facts import SITUATIONS, Agreement, Camera, School, Situation
from sightpact.decide.world import Resource, Told


def covers(situation: Situation, resource: Resource) -> bool:
    """Whether it is about this camera or this school."""
    if isinstance(resource, Camera):
        chosen = situation.cameras is None or resource.id in situation.cameras
        return chosen and resource.school in situation.schools
    return isinstance(resource, School) and resource.id in situation.schools


def counts_under(situation: Situation, agreement: Agreement) -> bool:
    """Whether an agreement knows a situation of this kind, and is the one under which it runs, if it runs under one."""
    if situation.agreement not in ("", agreement.id):
        return False
    if situation.kind in SITUATIONS:
        return situation.kind in agreement.situations and not situation.emergency
    return situation.emergency in agreement.emergencies


def told(situation: Situation, in_force: bool = True, stopped: bool = False, drill: bool = False) -> Told:
    """What Cedar is told while it runs. Of one that counts only."""
    if situation.kind in SITUATIONS:
        return Told(in_force, stopped, drill, "", situation.kind)
    return Told(in_force, stopped, drill, situation.emergency)


def called(situation: Situation, agreement: Agreement) -> tuple[str, ...]:
    """Slugs of the neighbours that were called for aid in it, under this agreement."""
    return tuple(party for party in agreement.aid if (agreement.id, party) in situation.aid)


def calm(emergency: str = "", situation: str = "") -> Told:
    """The agreement in force, the viewer not stopped, no drill."""
    return Told(True, False, False, emergency, situation)
