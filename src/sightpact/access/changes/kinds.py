"""The closed set of changes of access that are made one at a time. Each knows its words, whom it concerns, and its lower action.

An import is a change too (`web/importing/change.py`). Never: a rule about who may; that is `who.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Protocol

from sightpact.access.changes.errors import ChangeRefused
from sightpact.activation.actions import alarm_sources
from sightpact.agreements import actions as agreements
from sightpact.agreements import reads as agreement_reads
from sightpact.agreements.actions import exhibit
from sightpact.agreements.clauses.people import NamedPersons
from sightpact.agreements.clauses.scope import CameraExhibit
from sightpact.cameras import actions as cameras
from sightpact.cameras import reads as camera_reads
from sightpact.ledger.entries import NewEntry
from sightpact.people import actions as people
from sightpact.people import reads as people_reads
from sightpact.people.actions import PersonSpec, Role
from sightpact.people.reads import PartyCard, PersonCard, RoleCard


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whose matter a change is. Ids."""

    owner: str
    agency: str | None = None  # the other party whose people it is about
    about: str | None = None  # the person who would gain by it, and who therefore cannot approve it
    countersigned: bool = False  # the owner proposes it, and the agency decides it, whatever it opens today


class Change(Protocol):
    """What `preview`, `propose` and `approve` need of a change. Frozen; written down as JSON and read again."""

    kind: ClassVar[str]
    only_narrows: ClassVar[bool]  # by what it is: it is made even when nothing can be proven
    routine: ClassVar[bool]  # a routine cause never cuts a running incident
    whole: ClassVar[bool]  # the guarantees are proven in every case, not only over what it touches

    @property
    def title(self) -> str: ...

    def as_data(self) -> dict[str, Any]: ...

    def concerns(self) -> Concerned: ...

    def carry_out(self, by: PersonCard | None) -> tuple[str, ...]:
        """Call the lower action, in the caller's transaction; what was done, in words. Empty: it stood so already."""

    def entries(self, done: tuple[str, ...], by: PersonCard | None) -> list[NewEntry]:
        """What is written beside the entries of the lower actions."""


@dataclass(frozen=True, slots=True)
class _Plain:
    only_narrows: ClassVar[bool] = False
    routine: ClassVar[bool] = False
    whole: ClassVar[bool] = False

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    def entries(self, done: tuple[str, ...], by: PersonCard | None) -> list[NewEntry]:
        return []


@dataclass(frozen=True, slots=True)
class NamePerson(_Plain):
    """Enter a person in the annex of an agreement."""

    kind: ClassVar[str] = "name_person"
    agreement: str  # slug
    person: str  # slug
    position: str
    employer: str = ""  # this and the next three: known to the party that keeps the annex
    supervisor: str = ""
    trained_until: str = ""  # ISO date; "" not said
    checked_on: str = ""

    @property
    def title(self) -> str:
        return f"Name {_called(self.person)} as {self.position} in the annex of {_titled(self.agreement)}"

    def concerns(self) -> Concerned:
        return Concerned(the_owner(), _keeper(self.agreement, self.person), _id(self.person))

    def carry_out(self, by: PersonCard | None) -> tuple[str, ...]:
        particulars = agreements.Particulars(
            self.employer, self.supervisor, day(self.trained_until), day(self.checked_on)
        )
        done = agreements.name_person(self.agreement, self.person, self.position, by, particulars)
        return (f"{_called(self.person)} named in {self.agreement}",) if done else ()


@dataclass(frozen=True, slots=True)
class UnnamePerson(_Plain):
    """Take a person out of the annex of an agreement."""

    kind: ClassVar[str] = "unname_person"
    only_narrows: ClassVar[bool] = True
    agreement: str  # slug
    person: str  # slug
    reason: str = ""  # where nobody in particular does it

    @property
    def title(self) -> str:
        return f"Take {_called(self.person)} out of the annex of {_titled(self.agreement)}"

    def concerns(self) -> Concerned:
        return Concerned(the_owner(), _keeper(self.agreement, self.person), _id(self.person))

    def carry_out(self, by: PersonCard | None) -> tuple[str, ...]:
        done = agreements.remove_person(self.agreement, self.person, by, self.reason)
        return (f"{_called(self.person)} taken out of the annex of {self.agreement}",) if done else ()


@dataclass(frozen=True, slots=True)
class AddPerson(_Plain):
    """Add a person with roles."""

    kind: ClassVar[str] = "add_person"
    person: str  # slug
    name: str
    email: str
    phone: str
    roles: tuple[Role, ...]

    @property
    def title(self) -> str:
        return f"Add {self.name}: {_roles(self.roles)}"

    def concerns(self) -> Concerned:
        return Concerned(the_owner(), _agency_alone(role.party for role in self.roles))

    def carry_out(self, by: PersonCard | None) -> tuple[str, ...]:
        people.add_person(PersonSpec(self.person, self.name, self.email, self.phone), self.roles, by)
        return (f"{self.name} added",)


@dataclass(frozen=True, slots=True)
class SetRoles(_Plain):
    """Give a person exactly these roles."""

    kind: ClassVar[str] = "set_roles"
    person: str  # slug
    roles: tuple[Role, ...]

    @property
    def title(self) -> str:
        return f"Roles of {_called(self.person)}: {_roles(self.roles)}"

    def concerns(self) -> Concerned:
        before = _held(self.person)
        slugs = [*(role.party for role in self.roles), *(role.party_slug for role in before)]
        return Concerned(the_owner(), _agency_alone(slugs), _id(self.person))

    def carry_out(self, by: PersonCard | None) -> tuple[str, ...]:
        return (self.title,) if people.set_roles(self.person, self.roles, by) else ()


@dataclass(frozen=True, slots=True)
class TakeOut(_Plain):
    """Take a person out: sessions, pictures and start devices end at once."""

    kind: ClassVar[str] = "take_out"
    only_narrows: ClassVar[bool] = True
    person: str  # slug

    @property
    def title(self) -> str:
        return f"Take {_called(self.person)} out"

    def concerns(self) -> Concerned:
        return Concerned(the_owner(), _agency_of(self.person), _id(self.person))

    def carry_out(self, by: PersonCard | None) -> tuple[str, ...]:
        return (f"{_called(self.person)} taken out",) if people.deactivate(self.person, by) else ()


@dataclass(frozen=True, slots=True)
class TakeIn(_Plain):
    """Take a person in again, with the passkeys and roles of before."""

    kind: ClassVar[str] = "take_in"
    person: str  # slug

    @property
    def title(self) -> str:
        return f"Take {_called(self.person)} in again"

    def concerns(self) -> Concerned:
        return Concerned(the_owner(), _agency_of(self.person), _id(self.person))

    def carry_out(self, by: PersonCard | None) -> tuple[str, ...]:
        return (f"{_called(self.person)} taken in again",) if people.reactivate(self.person, by) else ()


@dataclass(frozen=True, slots=True)
class AlterCamera(_Plain):
    """Say anew what a camera sees, or take it in or out of service."""

    kind: ClassVar[str] = "alter_camera"
    camera: str  # slug
    kinds: tuple[str, ...] | None = (
        None  # of decide.facts.AREA_KINDS; empty: not classified; None: as they are
    )
    in_service: bool | None = None

    @property
    def title(self) -> str:
        card = next((c for c in camera_reads.cameras() if c.slug == self.camera), None)
        called = f"“{card.name}” at {card.school_name}" if card else f"'{self.camera}'"
        says = []
        if self.kinds is not None:
            seen = ", ".join(kind.replace("_", " ") for kind in self.kinds)
            says.append(f"sees: {seen}" if seen else "is not classified")
        if self.in_service is not None:
            says.append("goes into service" if self.in_service else "goes out of service")
        return f"Camera {called} {' and '.join(says)}"

    def concerns(self) -> Concerned:
        card = next((c for c in camera_reads.cameras() if c.slug == self.camera), None)
        return Concerned(card.owner_id if card else the_owner())

    def carry_out(self, by: PersonCard | None) -> tuple[str, ...]:
        done = cameras.alter_camera(self.camera, self.kinds, self.in_service, by)
        return (self.title,) if done else ()


@dataclass(frozen=True, slots=True)
class AlterArea(_Plain):
    """Say anew what kind of area this is; every camera that sees it follows."""

    kind: ClassVar[str] = "alter_area"
    area: str  # slug
    to: str  # one of decide.facts.AREA_KINDS

    @property
    def title(self) -> str:
        card = next((a for a in camera_reads.areas() if a.slug == self.area), None)
        return f"Area {card.name if card else self.area} is a {self.to.replace('_', ' ')}"

    def concerns(self) -> Concerned:
        return Concerned(the_owner())

    def carry_out(self, by: PersonCard | None) -> tuple[str, ...]:
        card = next((a for a in camera_reads.areas() if a.slug == self.area), None)
        if card is None:
            raise ChangeRefused(f"Area '{self.area}'", "is not here.", "Look at the list of areas.")
        school = next(s.slug for s in camera_reads.schools() if s.id == card.school_id)
        spec = cameras.AreaSpec(card.slug, school, self.to, card.name, card.floor)
        return (self.title,) if cameras.put_inventory(areas=[spec], by=by) else ()


@dataclass(frozen=True, slots=True)
class AddAlarmSource(_Plain):
    """Register a source of alarms: what may start a sharing without a person who taps."""

    kind: ClassVar[str] = "add_alarm_source"
    name: str
    form: str  # webhook, cap, cap_feed, mqtt
    places: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, str]
    address: str = ""
    topic: str = ""
    trust: str = "signed"
    authority: str = ""
    heartbeat_s: int | None = None

    @property
    def title(self) -> str:
        schools = sorted({school for schools in self.places.values() for school in schools})
        names = {school.slug: school.name for school in camera_reads.schools()}
        where = ", ".join(names.get(slug, slug) for slug in schools) or "no school yet"
        return f"Let the alarm source “{self.name}” start sharing: {where}"

    def concerns(self) -> Concerned:
        return Concerned(the_owner())

    def carry_out(self, by: PersonCard | None) -> tuple[str, ...]:
        owner = next(p.slug for p in people_reads.parties() if p.id == the_owner())
        spec = alarm_sources.SourceSpec(
            self.name,
            self.form,
            owner,
            self.places,
            self.codes,
            self.address,
            self.topic,
            self.trust,
            self.authority,
            self.heartbeat_s,
        )
        alarm_sources.register(spec, by)
        return (f"Alarm source {self.name} registered",)


@dataclass(frozen=True, slots=True)
class ListCamera(_Plain):
    """Put a camera on the exhibit of the text that runs."""

    kind: ClassVar[str] = "list_camera"
    agreement: str  # slug
    camera: str  # slug

    @property
    def title(self) -> str:
        return f"Put camera {_camera_called(self.camera)} on the exhibit of {_titled(self.agreement)}"

    def concerns(self) -> Concerned:
        agency = _countersigner(self.agreement)
        return Concerned(the_owner(), agency, countersigned=agency is not None)

    def carry_out(self, by: PersonCard | None) -> tuple[str, ...]:
        return (self.title,) if exhibit.list_camera(self.agreement, self.camera, by) else ()


@dataclass(frozen=True, slots=True)
class UnlistCamera(_Plain):
    """Take a camera off the exhibit of the text that runs."""

    kind: ClassVar[str] = "unlist_camera"
    only_narrows: ClassVar[bool] = True
    agreement: str  # slug
    camera: str  # slug

    @property
    def title(self) -> str:
        return f"Take camera {_camera_called(self.camera)} off the exhibit of {_titled(self.agreement)}"

    def concerns(self) -> Concerned:
        return Concerned(the_owner())

    def carry_out(self, by: PersonCard | None) -> tuple[str, ...]:
        return (self.title,) if exhibit.unlist_camera(self.agreement, self.camera, by) else ()


KINDS: Mapping[str, type[Any]] = {
    cls.kind: cls
    for cls in (
        NamePerson,
        UnnamePerson,
        AddPerson,
        SetRoles,
        TakeOut,
        TakeIn,
        AlterCamera,
        AlterArea,
        AddAlarmSource,
        ListCamera,
        UnlistCamera,
    )
}


def read(kind: str, data: Mapping[str, Any], kinds: Mapping[str, type[Any]]) -> Change:
    """A change as it was written down.

    Raises:
        ChangeRefused: a kind or a form that this release does not know.
    """
    values = dict(data)
    if "roles" in values:
        values["roles"] = tuple(Role(**role) for role in values["roles"])
    if values.get("kinds") is not None:
        values["kinds"] = tuple(values["kinds"])
    try:
        change: Change = kinds[kind](**values)
    except (KeyError, TypeError) as fault:
        raise ChangeRefused(f"This change ({kind})", "is not known here.", "Propose it again.") from fault
    return change


def the_owner() -> str:
    """Id of the party whose gateway this is. One owner per deployment in this release."""
    found = next((party.id for party in people_reads.parties() if party.kind == "owner"), None)
    if found is None:
        raise ChangeRefused(
            "Nothing", "is set up here yet.", "Run sightpact import with the district's file first."
        )
    return found


def keepers_of(agreement: str) -> tuple[PartyCard, ...]:
    """The parties that keep an annex of their own people under an agreement, by slug; none when there is none."""
    ids = {slug: id for id, slug in agreement_reads.slugs().items()}
    document = agreement_reads.governing_document(ids[agreement]) if agreement in ids else None
    annex = document.all(NamedPersons) if document else ()
    found = (people_reads.party_by_slug(clause.kept_by) for clause in annex)
    return tuple(party for party in found if party is not None)


def _keeper(agreement: str, person: str) -> str | None:
    """Id of the party that keeps the annex in which this person stands, or would stand."""
    keepers = keepers_of(agreement)
    held = {role.party_slug for role in _held(person)}
    return next((k.id for k in keepers if k.slug in held), keepers[0].id if keepers else None)


def day(text: str) -> date | None:
    """A day as a form or a stored change has it; None when it is not said."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise ChangeRefused(f"'{text}'", "is no day.", "Write it as 2026-11-21.") from fault


def _agency(slugs: Any) -> str | None:
    wanted = set(slugs)
    return next((p.id for p in people_reads.parties() if p.slug in wanted and p.kind != "owner"), None)


def _agency_alone(slugs: Iterable[str]) -> str | None:
    """Id of the one agency that it is about; None where it is about the owner's people too, or about two agencies."""
    wanted = set(slugs)
    about = [p for p in people_reads.parties() if p.slug in wanted]
    return about[0].id if len(about) == 1 and about[0].kind != "owner" else None


def _agency_of(person: str) -> str | None:
    return _agency(role.party_slug for role in _held(person))


def _id(person: str) -> str | None:
    card = people_reads.person_by_slug(person)
    return card.id if card else None


def _held(person: str) -> tuple[RoleCard, ...]:
    id = _id(person)
    return people_reads.roles(id) if id else ()


def _countersigner(agreement: str) -> str | None:
    """Id of the party that countersigns a new camera on the exhibit; None where nobody does."""
    ids = {slug: id for id, slug in agreement_reads.slugs().items()}
    document = agreement_reads.governing_document(ids[agreement]) if agreement in ids else None
    named = [c.countersigned_by for c in document.all(CameraExhibit)] if document else []
    return next((p.id for p in people_reads.parties() if p.slug in named), None)


def _camera_called(camera: str) -> str:
    card = next((c for c in camera_reads.cameras() if c.slug == camera), None)
    return f"“{card.name}” at {card.school_name}" if card else f"'{camera}'"


def _titled(agreement: str) -> str:
    """What people call an agreement; its slug where no text of it can be read."""
    ids = {slug: id for id, slug in agreement_reads.slugs().items()}
    document = agreement_reads.governing_document(ids[agreement]) if agreement in ids else None
    return f"“{document.title}”" if document else f"'{agreement}'"


def _called(person: str) -> str:
    card = people_reads.person_by_slug(person)
    return card.name if card else f"'{person}'"


def _roles(roles: tuple[Role, ...]) -> str:
    names = {party.slug: party.short_name for party in people_reads.parties()}
    return ", ".join(f"{r.title or r.role} at {names.get(r.party, r.party)}" for r in roles) or "no role"
