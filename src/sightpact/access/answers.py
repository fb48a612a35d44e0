"""Who can see what, and when: asked of the law itself, case by case, over the real people and cameras.

Nothing here is looked up in clauses; each answer names the section of the grant. For the owner's people: a page asks who may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from sightpact.access.at_hours import at_their_hours
from sightpact.access.facts import Snapshot
from sightpact.agreements.clauses.aid import MutualAid
from sightpact.agreements.reads import asked_minutes
from sightpact.decide.authorize import authorize
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Action, Camera, Grant, Person, Situation, Stop
from sightpact.decide.world import World, clause_order
from sightpact.ledger import clock


@dataclass(frozen=True, slots=True)
class Moment:
    """A situation to ask about. `situations` is what would be true."""

    label: str
    minutes: int  # 0: no limit
    situations: tuple[Situation, ...]


@dataclass(frozen=True, slots=True)
class Sees:
    """What one person could see in some moments with one answer."""

    when: tuple[str, ...]
    outside: int
    inside: int
    private: int
    sections: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        return not (self.outside or self.inside or self.private)


@dataclass(frozen=True, slots=True)
class SeenBy:
    """Who could see one camera in some moments with one answer. `others`: of another party than the owner."""

    when: tuple[str, ...]
    own: tuple[str, ...]
    others: tuple[str, ...]
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OthersNow:
    """What people of other parties can see at this moment."""

    cameras: dict[str, str]  # camera id -> section
    may_look: int  # people of other parties who could see at least one camera now

    def outside(self, snapshot: Snapshot) -> int:
        return sum(
            snapshot.world.inventory.cameras[c].area_kinds <= EXTERIOR_AREA_KINDS for c in self.cameras
        )


def others_now(snapshot: Snapshot, owner: str) -> OthersNow:
    """What can other parties see right now: every camera of the owner, every person of another party."""
    now, inventory = clock.now(), snapshot.world.inventory
    others = [p for p in inventory.persons.values() if p.active and not _is_of(p, owner)]
    cameras = [c for c in inventory.cameras.values() if c.owner == owner and not c.drill_source]
    open_to: dict[str, str] = {}
    looking = 0
    for group in _alike(others, snapshot.stops):
        found = _open(snapshot.world, group[0].id, cameras, snapshot.situations, snapshot.stops, now)
        looking += len(group) if found else 0
        open_to = found | open_to
    return OthersNow(open_to, looking)


def moments(snapshot: Snapshot, owner: str) -> tuple[Moment, ...]:
    """Now, a normal day, and each situation that an agreement of the owner defines, at all its schools: kinds of
    emergency, then the school invites, a request is approved, a planned event runs."""
    inventory = snapshot.world.inventory
    schools = frozenset(s.id for s in inventory.schools.values() if s.owner == owner)
    found = [Moment(_("now"), 0, snapshot.situations), Moment(_("on a normal day"), 0, ())]
    seen = set()
    for agreement in inventory.agreements:
        for kind in snapshot.names.kinds.get(agreement.id, ()) if agreement.owner == owner else ():
            if kind.kind not in seen:
                seen.add(kind.kind)
                found.append(Moment(kind.label, kind.minutes, (emergency(kind.kind, schools, clock.now()),)))
    for entry in snapshot.names.running.values():
        for call in entry.document.all(MutualAid) if entry.facts.owner == owner else ():
            called = next((p.called for p in entry.document.parties if p.slug == call.party), call.party)
            for each in call.emergencies:
                known = snapshot.names.kind(entry.id, each)
                aided = replace(
                    emergency(each, schools, clock.now()), aid=frozenset({(entry.id, call.party)})
                )
                what = {"emergency": known.label if known else each, "party": called}
                label = _("%(emergency)s, once %(party)s is called for aid") % what
                found.append(Moment(label, known.minutes if known else 0, (aided,)))
    labels = {
        "invitation": _("When the school invites"),
        "request": _("When a request is approved"),
        "window": _("During a planned event"),
    }
    mine = [snapshot.names.running[a.id].document for a in inventory.agreements if a.owner == owner]
    longest = {k: [m for d in mine for m in asked_minutes(d, k)] for k in labels}
    for kind_name, label in labels.items():
        if longest[kind_name]:
            now = asked(kind_name, schools, clock.now())
            found.append(Moment(label, max(longest[kind_name]), (now,)))
    return tuple(found)


def emergency(kind: str, schools: Iterable[str], now: datetime) -> Situation:
    """An emergency as it would be, for asking only."""
    return Situation(
        f"asked-{kind}", "activation", frozenset(schools), kind, True, datetime.max.replace(tzinfo=now.tzinfo)
    )


def asked(kind: str, schools: Iterable[str], now: datetime) -> Situation:
    """An invitation, an approved request or a running event as it would be, for asking only. Under each agreement that
    knows such a one."""
    return Situation(
        f"asked-{kind}", kind, frozenset(schools), "", True, datetime.max.replace(tzinfo=now.tzinfo)
    )


def seen_by(snapshot: Snapshot, owner: str, person: str) -> tuple[Sees, ...]:
    """What this person can see of the owner's cameras, now and in each situation; situations alike share a line."""
    cameras = [c for c in snapshot.world.inventory.cameras.values() if c.owner == owner]
    found: dict[tuple[object, ...], list[str]] = {}
    for number, moment in enumerate(moments(snapshot, owner)):
        world = at_their_hours(snapshot.world) if number else snapshot.world
        seen = _open(world, person, cameras, moment.situations, snapshot.stops, clock.now())
        groups = [0, 0, 0]
        for camera in cameras:
            if camera.id in seen:
                groups[2 if camera.private else 0 if camera.area_kinds <= EXTERIOR_AREA_KINDS else 1] += 1
        found.setdefault((*groups, _sections(seen.values())), []).append(moment.label)
    return tuple(Sees(tuple(when), *groups) for groups, when in found.items())  # type: ignore[arg-type]


def seers_of(snapshot: Snapshot, owner: str, camera: str) -> tuple[SeenBy, ...]:
    """Who can see this camera, now and in each situation; situations alike share a line."""
    inventory = snapshot.world.inventory
    one = [inventory.cameras[camera]]
    active = [p for p in inventory.persons.values() if p.active]
    found: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for number, moment in enumerate(moments(snapshot, owner)):
        world = at_their_hours(snapshot.world) if number else snapshot.world
        own: list[str] = []
        others: list[str] = []
        sections: set[str] = set()
        for group in _alike(active, snapshot.stops):
            seen = _open(world, group[0].id, one, moment.situations, snapshot.stops, clock.now())
            if seen:
                sections.update(seen.values())
                for person in group:
                    (own if _is_of(person, owner) else others).append(snapshot.names.persons[person.id].name)
        key = (tuple(sorted(own)), tuple(sorted(others)), _sections(sections))
        found.setdefault(key, []).append(moment.label)
    return tuple(SeenBy(tuple(when), *key) for key, when in found.items())


def _open(
    world: World,
    person: str,
    cameras: Sequence[Camera],
    situations: tuple[Situation, ...],
    stops: tuple[Stop, ...],
    now: datetime,
) -> dict[str, str]:
    """Camera id -> section, of the cameras that are open to this person then."""
    found = {}
    for camera in cameras:
        answer = authorize(world, person, Action.VIEW_LIVE, camera.id, situations, stops, now)
        if isinstance(answer, Grant):
            found[camera.id] = answer.clause
    return found


def _alike(persons: Iterable[Person], stops: Sequence[Stop]) -> Iterator[list[Person]]:
    """People whom the law cannot tell apart, unless a policy names one; no agreement's policy does."""
    stopped = {stop.person for stop in stops}
    groups: dict[object, list[Person]] = {}
    for person in persons:
        key = (person.roles, person.named_in, person.active, person.id if person.id in stopped else "")
        groups.setdefault(key, []).append(person)
    yield from groups.values()


def _is_of(person: Person, party: str) -> bool:
    return any(at == party for at, _role in person.roles)


def _sections(clauses: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(clauses), key=clause_order))
