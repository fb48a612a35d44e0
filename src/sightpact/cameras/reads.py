"""What others may know about schools, areas and cameras: frozen answers, never models. Writes nothing.

Not an access check: whoever shows a camera to a person asks `access.visible` first.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from sightpact.cameras import credentials
from sightpact.cameras.errors import CredentialsFault
from sightpact.cameras.models import Area, Camera, School
from sightpact.decide import facts
from sightpact.decide.facts import AREA_KINDS, EXTERIOR_AREA_KINDS, PRIVATE_AREA_KINDS

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SchoolCard:
    id: str
    slug: str
    owner_id: str
    name: str
    address: str
    zone: str  # IANA
    order: int


@dataclass(frozen=True, slots=True)
class AreaCard:
    id: str
    slug: str
    school_id: str
    kind: str
    name: str
    floor: int


@dataclass(frozen=True, slots=True)
class CameraCard:
    id: str
    slug: str
    name: str
    place: str
    school_id: str
    school_slug: str
    school_name: str
    owner_id: str
    number: int  # counted from 1 within its school, in the order in which they are listed
    order: int
    area_kinds: frozenset[str]
    area_names: tuple[str, ...]
    floors: tuple[int, ...]
    tags: frozenset[str]
    standby: bool
    in_service: bool
    drill_source: bool

    @property
    def classified(self) -> bool:
        return bool(self.area_kinds) and self.area_kinds <= AREA_KINDS

    @property
    def private(self) -> bool:
        """Never shared with another party, by product choice."""
        return bool(self.area_kinds & PRIVATE_AREA_KINDS)

    @property
    def exterior(self) -> bool:
        return self.classified and self.area_kinds <= EXTERIOR_AREA_KINDS


@dataclass(frozen=True, slots=True)
class CameraSource:
    """Where a camera is, for the edge. Holds a password: never logged, never on a page."""

    id: str
    address: str
    username: str
    password: str
    standby: bool
    allowed_networks: tuple[str, ...]

    def __repr__(self) -> str:
        return f"CameraSource({self.id})"


@dataclass(frozen=True, slots=True)
class Connection:
    """How a camera is reached, for the owner's own IT: no password."""

    camera_id: str
    address: str
    has_credentials: bool


def schools(owner_id: str | None = None) -> tuple[SchoolCard, ...]:
    """Schools in their order; with `owner_id`, that party's own."""
    rows = School.objects.order_by("order", "name", "id")
    if owner_id is not None:
        rows = rows.filter(owner_id=UUID(owner_id))
    return tuple(_school(row) for row in rows)


def school(school_id: str) -> SchoolCard | None:
    row = School.objects.filter(id=school_id).first()
    return _school(row) if row else None


def areas(school_id: str | None = None) -> tuple[AreaCard, ...]:
    """Areas by school, floor and name."""
    rows = Area.objects.order_by("school__order", "floor", "name", "id")
    if school_id is not None:
        rows = rows.filter(school_id=school_id)
    return tuple(AreaCard(str(r.id), r.slug, str(r.school_id), r.kind, r.name, r.floor) for r in rows)


def cameras(owner_id: str | None = None) -> tuple[CameraCard, ...]:
    """All cameras by school and order; with `owner_id`, that party's own. Two queries."""
    rows = Camera.objects.select_related("school").order_by(
        "school__order", "school__name", "school_id", "order", "name", "id"
    )
    if owner_id is not None:
        rows = rows.filter(school__owner_id=UUID(owner_id))
    seen = _areas_of_cameras()
    found, counts = [], defaultdict[str, int](int)
    for row in rows:
        counts[str(row.school_id)] += 1
        found.append(_camera(row, seen[row.pk], counts[str(row.school_id)]))
    return tuple(found)


def camera(camera_id: str) -> CameraCard | None:
    return next((card for card in cameras() if card.id == camera_id), None)


def connections(owner_id: str) -> dict[str, Connection]:
    """How an owner's cameras are reached, by camera id; for that owner's own IT alone."""
    rows = Camera.objects.filter(school__owner_id=UUID(owner_id)).values_list("id", "address", "credentials")
    return {str(key): Connection(str(key), address, bool(sealed)) for key, address, sealed in rows}


def addresses() -> dict[str, str]:
    """Where each camera's picture comes from, by camera id: another address is another picture. Never shown to anybody."""
    return {str(key): address for key, address in Camera.objects.values_list("id", "address")}


def schools_for_facts() -> dict[str, facts.School]:
    """Every school by id, for the snapshot that decisions are made from."""
    rows = School.objects.order_by("id").values_list("id", "owner_id", "slug")
    return {str(key): facts.School(str(key), str(owner), slug) for key, owner, slug in rows}


def cameras_for_facts(cards: Sequence[CameraCard] | None = None) -> dict[str, facts.Camera]:
    """Every camera by id, for the snapshot that decisions are made from.

    Args:
        cards: every camera as `cameras()` just told, when it was asked already; None: read now, two queries.
    """
    return {
        card.id: facts.Camera(
            id=card.id,
            owner=card.owner_id,
            school=card.school_id,
            area_kinds=card.area_kinds,
            tags=card.tags,
            in_service=card.in_service,
            drill_source=card.drill_source,
            slug=card.slug,
        )
        for card in sorted(cameras() if cards is None else cards, key=lambda card: card.id)
    }


def sources() -> tuple[CameraSource, ...]:
    """Every camera in service with address and opened credentials, for the edge. Never logged.

    A camera whose credentials cannot be opened is left out (and said so in the log, by id): trying without
    them could lock the account in the camera.
    """
    keys, networks = settings.SIGHTPACT.keys, tuple(settings.SIGHTPACT.camera_networks)
    found = []
    for row in Camera.objects.filter(in_service=True).order_by("id"):
        username, password = "", ""
        if row.credentials:
            try:
                username, password = credentials.open_sealed(keys, bytes(row.credentials))
            except CredentialsFault as fault:
                _log.error("camera %s is not connected: %s", row.id, fault)
                continue
        found.append(CameraSource(str(row.id), row.address, username, password, row.standby, networks))
    return tuple(found)


def _areas_of_cameras() -> defaultdict[object, list[tuple[str, str, int]]]:
    """(kind, name, floor) of each area that each camera sees, by camera. One query."""
    seen: defaultdict[object, list[tuple[str, str, int]]] = defaultdict(list)
    rows = Camera.areas.through.objects.order_by("area__floor", "area__name", "area_id")
    for key, kind, name, floor in rows.values_list("camera_id", "area__kind", "area__name", "area__floor"):
        seen[key].append((kind, name, floor))
    return seen


def _school(row: School) -> SchoolCard:
    return SchoolCard(str(row.id), row.slug, str(row.owner_id), row.name, row.address, row.zone, row.order)


def _camera(row: Camera, seen: list[tuple[str, str, int]], number: int) -> CameraCard:
    return CameraCard(
        id=str(row.id),
        slug=row.slug,
        name=row.name,
        place=row.place,
        school_id=str(row.school_id),
        school_slug=row.school.slug,
        school_name=row.school.name,
        owner_id=str(row.school.owner_id),
        number=number,
        order=row.order,
        area_kinds=frozenset(kind for kind, _, _ in seen),
        area_names=tuple(name for _, name, _ in seen),
        floors=tuple(sorted({floor for _, _, floor in seen})),
        tags=frozenset(row.tags),
        standby=row.standby,
        in_service=row.in_service,
        drill_source=row.drill_source,
    )
