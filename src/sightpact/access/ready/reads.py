"""The whole report: each school of an owner with its checks, from the facts, this machine, and what was stored.

The server's own process knows whose pages are open; a command line beside it takes that from the last look that is stored.
"""

from __future__ import annotations

import threading
from collections.abc import Set
from dataclasses import replace
from datetime import datetime

from sightpact.access import facts, switch
from sightpact.access.facts import Snapshot
from sightpact.access.models import CameraFrame, ReadyState
from sightpact.access.ready import district, machine, others, school
from sightpact.access.ready.actions import state_key
from sightpact.access.ready.checks import Check, Ready, Report, since
from sightpact.access.ready.school import Frame
from sightpact.decide.facts import Person
from sightpact.ledger import clock
from sightpact.people import reads as people

_lock = threading.Lock()
_kept: dict[str, tuple[object, tuple[dict[str, list[str]], dict[str, list[str]]]]] = {}


def owners(snapshot: Snapshot | None = None) -> tuple[str, ...]:
    """Parties (ids) that own cameras."""
    snapshot = snapshot or facts.snapshot()
    return tuple(dict.fromkeys(s.owner_id for s in snapshot.names.schools.values()))


def failing(owner: str) -> int:
    """How many things would fail, as the page counts them: what is the same at several schools is one.

    As of the last look that is stored (half a minute ago, while the server runs).
    """
    fails = ReadyState.objects.filter(pk__startswith=f"{owner}/", state="fails")
    return len({(key.rpartition("/")[2], text) for key, text in fails.values_list("pk", "text")})


def failing_by_school(owner: str) -> dict[str, int]:
    """By school id, how many checks would fail there, those that all schools share among them; as `failing`."""
    fails = ReadyState.objects.filter(pk__startswith=f"{owner}/", state="fails")
    places = [key.split("/")[1] for key in fails.values_list("pk", flat=True)]
    shared = places.count("")
    return {s.id: shared + places.count(s.id) for s in facts.snapshot().names.schools.values()}


def report(owner: str, listening: Set[str] | None, snapshot: Snapshot | None = None) -> Report:
    """Every check of every school of this owner, as things are now.

    Args:
        owner: party id.
        listening: ids of the persons whose pages are open; None: not known in this process, the stored look counts.
    """
    snapshot = snapshot or facts.snapshot()
    now = clock.now()
    stored = {row.pk: row for row in ReadyState.objects.filter(pk__startswith=f"{owner}/")}
    known = {key: (row.state, row.since_utc) for key, row in stored.items()}
    starters, takers = _people(snapshot, owner)
    devices = {
        person: live
        for person, keys in people.start_keys_by_person().items()
        if (live := sum(key.revoked_utc is None for key in keys))
    }
    frames = _frames()
    shared = [
        district.agreement(snapshot, owner, now),
        _consoles(snapshot, owner, takers, listening, stored),
        district.named(snapshot, owner, now),
        district.stoppers(snapshot, owner),
        *others.shared(snapshot, owner, takers, starters),
        machine.record(),
        machine.reserve(),
        *machine.copies(),
        machine.disk(),
        machine.time(),
        *machine.certificate(),
        machine.pictures(),
        *([machine.pages()] if listening is None else []),
    ]
    party = snapshot.names.parties[owner]
    elsewhere = others.of_schools(snapshot, owner, now, party.zone)
    schools = []
    for each in snapshot.names.schools.values():
        if each.owner_id == owner:
            checks = (
                *school.of(each, snapshot, frames, starters.get(each.id, []), devices, now),
                *elsewhere[each.id],
            )
            schools.append(Ready(each.id, each.name, _dated(owner, each.id, checks, known)))
    mine = [
        frames[c.id].looked_utc
        for c in snapshot.names.cameras.values()
        if c.owner_id == owner and c.id in frames
    ]
    return Report(
        owner=owner,
        owner_name=party.name,
        zone=party.zone,
        at=now,
        shared=Ready("", party.name, _dated(owner, "", tuple(shared), known)),
        schools=tuple(schools),
        looked_utc=max(mine, default=None),
    )


def _dated(
    owner: str, school_id: str, checks: tuple[Check, ...], known: dict[str, tuple[str, datetime]]
) -> tuple[Check, ...]:
    return tuple(since(check, known, state_key(owner, school_id, check.slug)) for check in checks)


def _consoles(
    snapshot: Snapshot,
    owner: str,
    takers: dict[str, list[str]],
    listening: Set[str] | None,
    stored: dict[str, ReadyState],
) -> Check:
    if listening is not None:
        return district.consoles(snapshot, takers, listening)
    check = district.consoles(snapshot, takers, frozenset())
    last = stored.get(state_key(owner, "", check.slug))
    if last is None or not machine.pages_answer():
        return check
    remedy = "" if last.state == "well" else check.remedy
    return replace(check, state=last.state, text=last.text, remedy=remedy)


def _people(snapshot: Snapshot, owner: str) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Who may start at each school, and who may take an incident, by party. Worked out once for each world of facts."""
    key = (
        snapshot.epoch.world,
        snapshot.names.reread_utc,
        tuple(a.suspended for a in snapshot.world.inventory.agreements),
    )
    with _lock:
        kept = _kept.get(owner)
        if kept is not None and kept[0] == key:
            return kept[1]
    starters: dict[str, list[str]] = {}
    for person in snapshot.world.inventory.persons.values():
        if is_staff(person, owner):
            for each in switch.schools_of(snapshot, person.id):
                starters.setdefault(each, []).append(person.id)
    found = starters, district.takers(snapshot, owner)
    with _lock:
        _kept[owner] = (key, found)
    return found


def is_staff(person: Person, owner: str) -> bool:
    """Whether this is one of the owner's people: a panic button, a person to the law, is nobody who can press one."""
    roles = {role for party, role in person.roles if party == owner}
    return bool(roles) and roles != {"alarm"}


def _frames() -> dict[str, Frame]:
    fields = ("camera_id", "ok", "since_utc", "looked_utc", "why", "detail", "one_colour")
    return {str(row[0]): Frame(*row[1:]) for row in CameraFrame.objects.values_list(*fields)}
