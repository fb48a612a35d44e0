"""The facts that a decision is made from, and the two answers it can have.

Frozen values only. Instants are aware UTC datetimes; ids are UUID strings.
Nothing here reads a clock or a database: `access/facts.py` gathers these, `decide/authorize.py` judges them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sightpact.decide.hours import Hours


class Action(StrEnum):
    """The closed set of things a person may ask for. The value is the Cedar action id."""

    VIEW_LIVE = "view_live"  # on a Camera
    START_SHARING = "start_sharing"  # on a School
    REPORT = "report_emergency"  # on a School: opens on a 911 call or on somebody's word, unverified until confirmed
    TAKE_INCIDENT = "take_incident"  # on a School
    END_SHARING = "end_sharing"  # on a School; also ends an invitation, a request or a window
    INVITE = "invite"  # on a School: asks another party to look
    ASK = "ask"  # on a School: asks for leave to look, now or for a planned event
    APPROVE = "approve"  # on a School: answers what was asked
    APPROVE_ESCALATED = (
        "approve_escalated"  # on a School: answers a request that the first line left unanswered
    )
    CALL_AID = "call_aid"  # on a School: calls a neighbour in a running emergency
    START_DRILL = "start_drill"  # on a School: begins a drill, which opens simulated pictures only
    TAKE_DRILL = "take_drill"  # on a School: takes a drill, and may end it
    STOP_SHARING = "stop_sharing"  # on a Party (the owner): superintendent's stop of a viewer or of all
    SEE_WATCHERS = "see_watchers"  # on a Party (the owner)
    READ_RECORD = "read_record"  # on a Party (the owner)
    MANAGE = "manage"  # on a Party (the owner): people, cameras, agreements


PRIVATE_AREA_KINDS = frozenset({"classroom", "restroom", "locker_room", "nurse", "guidance"})
"""Never in scope for anybody but the owner, in any situation. A product choice that no agreement can widen."""

EXTERIOR_AREA_KINDS = frozenset({"exterior", "entrance_outside", "parking", "field", "bus_loop"})
COMMON_AREA_KINDS = frozenset(
    {"lobby", "hallway", "stairwell", "cafeteria", "gymnasium", "library", "auditorium", "office"}
)
AREA_KINDS = EXTERIOR_AREA_KINDS | COMMON_AREA_KINDS | PRIVATE_AREA_KINDS
"""The closed list of area kinds. A camera's strictest area decides, since a scope must contain all of its kinds."""


SITUATIONS = ("invitation", "request", "window")
"""What a section may open cameras for, beside emergencies: the school invites, a request is approved, a planned event runs."""


@dataclass(frozen=True, slots=True)
class Party:
    id: str
    name: str
    slug: str = (
        ""  # what policies call it, since a signed text cannot know this database's ids; empty: the id
    )


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    roles: frozenset[
        tuple[str, str]
    ]  # (party id, role), e.g. (pd, "dispatcher"); may belong to several parties
    named_in: frozenset[str]  # agreement ids whose annex of named persons holds this person
    active: bool


@dataclass(frozen=True, slots=True)
class School:
    id: str
    owner: str  # party id
    slug: str = ""  # what policies call it; empty: the id


@dataclass(frozen=True, slots=True)
class Camera:
    id: str
    owner: str  # party id
    school: str  # school id
    area_kinds: frozenset[str]
    tags: frozenset[str]
    in_service: bool
    drill_source: bool  # a simulated picture for drills
    slug: str = ""  # what texts call it; empty: the id
    lists: frozenset[str] = frozenset()  # lists of cameras that it stands in; made by `entities.settled`

    @property
    def classified(self) -> bool:
        return bool(self.area_kinds) and self.area_kinds <= AREA_KINDS

    @property
    def private(self) -> bool:
        return bool(self.area_kinds & PRIVATE_AREA_KINDS)


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement (or house policy) that is signed and whose three hashes agree. Others never get here."""

    id: str
    owner: str  # party id
    parties: frozenset[str]
    in_force_from: datetime
    in_force_until: datetime | None
    suspended: bool
    cedar: str  # policy text; each policy has @id = clause number
    schema: str  # Cedar schema text, human syntax
    policy_hash: str  # sha256 hex of `cedar`
    emergencies: tuple[str, ...]  # kinds that become context booleans emergency_<kind>
    standing_lease_s: float
    emergency_lease_s: float
    log_unwritable: str  # "close" or "continue": what pictures do when the record cannot be written
    is_house: bool
    slug: str = ""  # what policies call its annex; empty: the id
    situations: tuple[
        str, ...
    ] = ()  # of SITUATIONS, those that its sections define; context booleans situation_<kind>

    hours: tuple[Hours, ...] = ()  # of sections that count at certain hours; context booleans hours_<section>
    viewers: tuple[tuple[str, int], ...] = ()  # (section, most people at once under it)
    aid: tuple[str, ...] = ()  # slugs of neighbours who are let in once called; context booleans aid_<slug>
    lists: tuple[tuple[str, frozenset[str]], ...] = ()  # (section, slugs of cameras that it lists)
    acts: tuple[str, ...] = ()  # of cedar_schema.FURTHER, those that its sections define, in that order

    term_ends: datetime | None = None  # where its own term ends it, and nobody else does: a routine cause
    terminated: datetime | None = (
        None  # from when a party has ended it, also after its term: nothing outlasts that
    )

    @property
    def more_told(self) -> tuple[str, ...]:
        """The context booleans beside emergencies and situations."""
        return (*(h.name for h in self.hours), *map(aid_name, self.aid))


def list_name(agreement: str, section: str) -> str:
    """What policies call the list of cameras of a section: CameraList::"<this>"."""
    return f"{agreement}/{section}"


def aid_name(party: str) -> str:
    """The context boolean that says that this party (slug) has been called for aid."""
    return f"aid_{party.replace('-', '_')}"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is true now for some schools. Standing access is the absence of a situation (None)."""

    id: str
    kind: str  # "activation", "drill", or one of SITUATIONS: a request is an approved one, a window one that runs
    schools: frozenset[str]
    emergency: str  # kind of emergency; "" when not an activation
    verified: bool
    deadline_utc: datetime
    is_drill: bool = False
    cameras: frozenset[str] | None = None  # only these of its schools; None: every one
    agreement: str = ""  # counts under this agreement alone; empty: under each that knows its kind
    aid: frozenset[tuple[str, str]] = frozenset()  # (agreement id, slug of a neighbour called in it)
    outlasts: str = (
        ""  # id of the agreement whose term may end meanwhile, and which counts for this until its deadline
    )


@dataclass(frozen=True, slots=True)
class Stop:
    """A person's viewing of an owner's cameras ended by the owner, until lifted or until `until_utc`."""

    person: str
    owner: str
    until_utc: datetime | None


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything slow-moving, of one world epoch."""

    epoch: int
    parties: Mapping[str, Party] = field(default_factory=lambda: MappingProxyType({}))
    persons: Mapping[str, Person] = field(default_factory=lambda: MappingProxyType({}))
    schools: Mapping[str, School] = field(default_factory=lambda: MappingProxyType({}))
    cameras: Mapping[str, Camera] = field(default_factory=lambda: MappingProxyType({}))
    agreements: tuple[Agreement, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    agreement: str
    clause: str
    policy_hash: str
    until_utc: datetime | None  # earliest instant at which one of its grounds ends; None: while in force
    lease_s: float
    situation: str | None  # situation id
    log_unwritable: str
    is_house: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """`code` is closed (see decide/refusals.py); `clause` names the clause that would open it, when one would."""

    code: str
    agreement: str | None = None
    clause: str | None = None
    policy_hash: str = ""
    reason: str = ""  # for logs only, never shown: what went wrong when `code` is "error"


Answer = Grant | Refusal
