"""Roles by kinds of area by situations: which section opens it. The law is asked with one probe for each role and kind of area.

Probes are people and cameras that exist only here; agreements, parties and schools are the real ones. Nothing of it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from sightpact.access.answers import Moment, emergency, moments
from sightpact.access.at_hours import at_their_hours
from sightpact.access.facts import Snapshot
from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.words import AREA_WORDS
from sightpact.decide.authorize import authorize
from sightpact.decide.facts import (
    COMMON_AREA_KINDS,
    EXTERIOR_AREA_KINDS,
    PRIVATE_AREA_KINDS,
    Action,
    Camera,
    Grant,
    Inventory,
    Person,
)
from sightpact.decide.world import World, clause_order
from sightpact.ledger import clock

NEVER = "never"
STRANGER = "probe-stranger"


@dataclass(frozen=True, slots=True)
class Cell:
    section: str  # "" closed
    house: bool
    never: bool  # can be opened by no agreement
    some: bool = False  # only cameras of it that are marked so, or named, or on an exhibit


@dataclass(frozen=True, slots=True)
class Line:
    when: str
    minutes: int
    cells: tuple[Cell, ...]

    @property
    def hours(self) -> int:
        """Its minutes as hours, where they are whole hours and more than one; else 0."""
        return self.minutes // 60 if self.minutes > 60 and self.minutes % 60 == 0 else 0


@dataclass(frozen=True, slots=True)
class Group:
    """Roles with the same access."""

    who: str
    party: str
    count: int  # real people of it
    own: bool  # the owner's own people
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    label: str
    cameras: int
    kinds: tuple[str, ...]  # area kinds; "" not classified


@dataclass(frozen=True, slots=True)
class Matrix:
    columns: tuple[Columns, ...]
    groups: tuple[Group, ...]
    school: str  # the school at which it was asked

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(kind for column in self.columns for kind in column.kinds)


@dataclass(frozen=True, slots=True)
class _Probe:
    """One role of one party, with or without the annexes' names."""

    person: Person
    says: str
    party: str
    count: int


def matrix(snapshot: Snapshot, owner: str) -> Matrix:
    """Ask the law for every role, kind of area and situation. Roles with the same answers share a group."""
    columns = _columns(snapshot, owner)
    kinds = tuple(kind for column in columns for kind in column.kinds)
    schools = [s.id for s in snapshot.names.schools.values() if s.owner_id == owner]
    school = max(schools, key=lambda s: (_covering(snapshot, s), -schools.index(s)), default="")
    probes = _probes(snapshot, owner)
    world = _world(snapshot.world.inventory, probes, owner, school, kinds)
    cases = _cases(snapshot, owner, school)
    found: dict[tuple[object, ...], list[_Probe]] = {}
    for probe in probes:
        lines = _lines(world, probe, kinds, cases)
        found.setdefault((probe.party == owner, probe.party, lines), []).append(probe)
    groups = [_group(snapshot, alike, owner, key[2]) for key, alike in found.items()]  # type: ignore[arg-type]
    name = snapshot.names.schools[school].name if school else ""
    return Matrix(columns, tuple(_tidy(groups)), name)


def _columns(snapshot: Snapshot, owner: str) -> tuple[Columns, ...]:
    """Kinds of area that the owner's cameras see, under the four headings; a camera counts by its strictest kind."""
    cameras = [c for c in snapshot.world.inventory.cameras.values() if c.owner == owner]
    seen = {kind for c in cameras for kind in c.area_kinds}

    def there(kinds: frozenset[str]) -> tuple[str, ...]:
        return tuple(k for k in AREA_WORDS if k in kinds & seen)

    new = sum(not c.classified for c in cameras)
    private = sum(c.private and c.classified for c in cameras)
    outside = sum(c.classified and c.area_kinds <= EXTERIOR_AREA_KINDS for c in cameras)
    inside = len(cameras) - new - private - outside
    found = (
        Columns(_("Outside"), outside, there(EXTERIOR_AREA_KINDS)),
        Columns(_("Inside, common"), inside, there(COMMON_AREA_KINDS)),
        Columns(_("Inside, private"), private, there(PRIVATE_AREA_KINDS)),
        Columns(_("New"), new, ("",) if new else ()),
    )
    return tuple(column for column in found if column.kinds)


def _covering(snapshot: Snapshot, school: str) -> int:
    """How many agreements that run cover this school."""
    slug = snapshot.world.inventory.schools[school].slug
    listed = [entry.document.names.schools for entry in snapshot.names.running.values()]
    return sum(schools is None or slug in schools for schools in listed)


def _probes(snapshot: Snapshot, owner: str) -> list[_Probe]:
    """Each role that a text or a person has: for other parties once named in the annexes and once not; and a stranger."""
    inventory = snapshot.world.inventory
    agreements = [a for a in inventory.agreements if a.owner == owner]
    annexes = frozenset(a.id for a in agreements)
    slugs = {p.slug or p.id: p.id for p in inventory.parties.values()}
    called: dict[tuple[str, str], str] = {}
    for entry in snapshot.names.running.values():
        for named_party in entry.document.parties if entry.id in annexes else ():
            for entry_role in named_party.roles:
                if named_party.slug in slugs:
                    called.setdefault((slugs[named_party.slug], entry_role.role), entry_role.called)
    active = [p for p in inventory.persons.values() if p.active]
    parties = {p for a in agreements for p in a.parties}
    for person in active:
        for at, role in sorted(person.roles):
            if at in parties:
                called.setdefault((at, role), role.replace("_", " "))
    found = []
    for (party, role), says in called.items():
        for named in (annexes, frozenset[str]()) if party != owner else (annexes,):
            count = sum(
                (party, role) in p.roles and (party == owner or bool(p.named_in & annexes) == bool(named))
                for p in active
            )
            id = f"probe-{party}-{role}-{'named' if named else 'not'}"
            found.append(_Probe(Person(id, frozenset({(party, role)}), named, True), says, party, count))
    found.append(_Probe(Person(STRANGER, frozenset({(STRANGER, "officer")}), frozenset(), True), "", "", 0))
    return found


def _world(
    inventory: Inventory, probes: list[_Probe], owner: str, school: str, kinds: tuple[str, ...]
) -> World:
    cameras = {}
    for kind in kinds:
        sees = frozenset({kind} if kind else ())
        for number, (tags, slug) in enumerate(_marked(inventory, owner, kind)):
            id = f"probe-{kind}-{number}"
            cameras[id] = Camera(id, owner, school, sees, tags, True, False, slug)
    world = World(replace(inventory, persons={p.person.id: p.person for p in probes}, cameras=cameras))
    return at_their_hours(world)


def _marked(inventory: Inventory, owner: str, kind: str) -> list[tuple[frozenset[str], str]]:
    """Marks and short name of one camera for each way in which a section could tell the cameras of this kind apart."""
    lists = [slugs for a in inventory.agreements for _section, slugs in a.lists]
    found: dict[object, tuple[frozenset[str], str]] = {}
    for camera in inventory.cameras.values():
        if camera.owner == owner and (kind in camera.area_kinds if kind else not camera.area_kinds):
            listed = tuple(camera.slug in slugs for slugs in lists)
            slug = camera.slug if any(listed) else ""
            found.setdefault((camera.tags, listed), (camera.tags, slug))
    return list(found.values()) or [(frozenset(), "")]


def _cases(snapshot: Snapshot, owner: str, school: str) -> list[tuple[Moment, str]]:
    """The situations to ask about, at the one school, one by one; lines alike are merged later."""
    _now, normal, *moved = moments(snapshot, owner)
    now = clock.now()
    cases = [(normal, "normal")]
    emergencies = []
    for moment in moved:
        (situation,) = moment.situations
        here = replace(situation, schools=frozenset([school]))
        emergencies += [here] if here.emergency else []
        cases.append((replace(moment, situations=(here,)), "emergency" if here.emergency else "asked"))
    if emergencies:
        situation = emergencies[0]
        elsewhere = emergency(situation.emergency, ["another school"], now)
        drill = replace(emergency(situation.emergency, [school], now), is_drill=True)
        cases.append((Moment(_("Emergency at another school"), 0, (elsewhere,)), "elsewhere"))
        cases.append((Moment(_("Drill"), 0, (drill,)), "drill"))
    return cases


def _lines(
    world: World, probe: _Probe, kinds: tuple[str, ...], cases: list[tuple[Moment, str]]
) -> tuple[Line, ...]:
    """One line a situation; emergencies with the same answers and the same minutes share one.

    A cell names what its situation opens before what is open anyway: of one kind some cameras may be open on a normal day, as
    they are marked, and the others in an emergency alone. The first case is the normal day.
    """
    now = clock.now()
    normal: dict[str, set[str]] = {}
    merged: dict[object, tuple[list[str], int, tuple[Cell, ...]]] = {}
    for moment, sort in cases:
        cells = []
        for kind in kinds:
            asked = [id for id in world.inventory.cameras if id.rpartition("-")[0] == f"probe-{kind}"]
            answers = [
                authorize(world, probe.person.id, Action.VIEW_LIVE, id, moment.situations, (), now)
                for id in asked
            ]
            granted = [answer for answer in answers if isinstance(answer, Grant)]
            never = (kind in PRIVATE_AREA_KINDS or not kind) and not granted
            anyway = normal.setdefault(kind, {answer.clause for answer in granted})
            named = min(granted, key=lambda g: (g.clause in anyway, clause_order(g.clause)), default=None)
            section, house = (named.clause, named.is_house) if named else ("", False)
            cells.append(Cell(section, house, never, 0 < len(granted) < len(answers)))
        key = (sort, moment.minutes, tuple(cells))
        merged.setdefault(key, ([], moment.minutes, tuple(cells)))[0].append(moment.label)
    return tuple(
        Line(words.listed(labels, _("or")), minutes, cells) for labels, minutes, cells in merged.values()
    )


def _group(snapshot: Snapshot, alike: list[_Probe], owner: str, lines: tuple[Line, ...]) -> Group:
    party = snapshot.names.parties.get(alike[0].party)
    named = alike[0].person.named_in and alike[0].party != owner
    says = words.listed([probe.says.removeprefix("the ") for probe in alike])
    who = f"{says[:1].upper()}{says[1:]}" if says else ""
    label = _("%(who)s, named") % {"who": who} if named else who
    name = party.short_name or party.name if party else ""
    return Group(label, name, sum(probe.count for probe in alike), alike[0].party == owner, lines)


def _tidy(groups: list[Group]) -> list[Group]:
    """First who sees something, then one line for everybody else who sees nothing, then the owner's own people."""
    others = [g for g in groups if not g.own]
    seeing = [g for g in others if any(cell.section for line in g.lines for cell in line.cells)]
    closed = [g for g in others if g not in seeing]
    rest = []
    if closed:
        line = Line(_("In every situation"), 0, closed[0].lines[0].cells)
        rest.append(Group(_("Everybody else: not named, other agencies, the public"), "", 0, False, (line,)))
    own = [_one_line(group) for group in groups if group.own]
    return [*seeing, *rest, *own]


def _one_line(group: Group) -> Group:
    """One line where every situation has the same answers: the house policy knows no emergencies."""
    if len({line.cells for line in group.lines}) != 1:
        return group
    return replace(group, lines=(replace(group.lines[0], when=_("At any time"), minutes=0),))
