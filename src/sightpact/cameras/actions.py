"""Schools, areas and cameras come, change and go. The only module that writes them.

One record entry per school and action, however many cameras it is about: the number of entries in the log
must not tell how many inside cameras there are.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet

from sightpact.cameras import address, credentials
from sightpact.cameras.errors import CredentialsFault, InventoryFault
from sightpact.cameras.models import Area, Camera, School
from sightpact.decide.facts import AREA_KINDS
from sightpact.ledger import actions as ledger
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard

MOST_TEXT = 3600  # characters of a record's text; longer lists are cut and named by their hash


@dataclass(frozen=True, slots=True)
class SchoolSpec:
    slug: str
    owner: str  # party slug
    name: str
    address: str = ""
    zone: str = "UTC"  # IANA
    order: int | None = None  # place in lists; None: as it is, a new one last


@dataclass(frozen=True, slots=True)
class AreaSpec:
    slug: str
    school: str  # slug
    kind: str  # one of decide.facts.AREA_KINDS
    name: str
    floor: int = 1


@dataclass(frozen=True, slots=True)
class CameraSpec:
    slug: str
    school: str  # slug
    name: str
    address: str  # rtsp:// or rtsps:// without credentials
    areas: tuple[str, ...] = ()  # slugs; none: not classified, and nobody sees it
    place: str = ""
    tags: tuple[str, ...] = ()
    username: str | None = field(default=None, repr=False)  # None: as it is; "": without
    password: str | None = field(default=None, repr=False)
    in_service: bool | None = None  # None: as it is, a new one in service
    standby: bool = False
    drill_source: bool = False
    order: int | None = None  # place in lists within its school; None: as it is, a new one last


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an action changed. `fields` is empty for what is new or gone."""

    kind: str  # school, area, camera
    slug: str
    what: str  # added, altered, withdrawn
    fields: tuple[str, ...]
    school: str  # slug
    detail: str = ""


def put_inventory(
    schools: Sequence[SchoolSpec] = (),
    areas: Sequence[AreaSpec] = (),
    cameras: Sequence[CameraSpec] = (),
    by: PersonCard | None = None,
) -> tuple[Change, ...]:
    """Add what is not here and make the rest be as the specs say; what is not named stays. Returns what
    changed.

    1. Schools, then areas, then cameras: check, compare, store what differs. 2. Record it, one entry a
    school.
    3. The world has moved. Nothing is recorded or moved when nothing changed.

    Raises:
        InventoryFault, AddressFault, CredentialsFault: names the thing; nothing is changed.
    """
    with transaction.atomic():
        changes = [change for spec in schools if (change := _put_school(spec))]
        named = {spec.school for spec in areas} | {spec.school for spec in cameras}
        known = {row.slug: row for row in School.objects.filter(slug__in=named)}
        changes += [change for spec in areas if (change := _put_area(spec, known))]
        if cameras:
            changes += _put_cameras(cameras, known)
        _record(changes, by)
        return tuple(changes)


def add_school(spec: SchoolSpec, by: PersonCard | None = None) -> tuple[Change, ...]:
    """Add a school. 1. Refuse a taken slug. 2. `put_inventory`."""
    _free(School, spec.slug)
    return put_inventory(schools=[spec], by=by)


def add_area(spec: AreaSpec, by: PersonCard | None = None) -> tuple[Change, ...]:
    """Add an area. 1. Refuse a taken slug. 2. `put_inventory`."""
    _free(Area, spec.slug)
    return put_inventory(areas=[spec], by=by)


def add_camera(spec: CameraSpec, by: PersonCard | None = None) -> tuple[Change, ...]:
    """Add a camera. 1. Refuse a taken slug. 2. `put_inventory`."""
    _free(Camera, spec.slug)
    return put_inventory(cameras=[spec], by=by)


def alter_camera(
    slug: str,
    kinds: Sequence[str] | None = None,
    in_service: bool | None = None,
    by: PersonCard | None = None,
) -> tuple[Change, ...]:
    """Say anew what kinds of area a camera sees, or take it in or out of service; returns what changed.

    1. Find the camera. 2. It keeps those of its areas whose kind is still said, loses the others, and gets an area of its
    own for each kind that is missing. 3. Record it; the world has moved. Nothing is recorded when nothing changed.

    Args:
        kinds: of decide.facts.AREA_KINDS; empty: not classified, and nobody sees it; None: as they are.
        in_service: None: as it is.
    Raises:
        InventoryFault: no such camera or kind.
    """
    with transaction.atomic():
        row = Camera.objects.select_related("school").filter(slug=slug).first()
        if row is None:
            raise InventoryFault(f"camera '{slug}'", "there is none", "Look at the list of cameras")
        changed, detail = list(_store(row, _given(in_service=in_service))), ""
        before = sorted({area.kind for area in row.areas.all()})
        if kinds is not None and before != sorted(set(kinds)):
            row.areas.set(_areas_of_kinds(row, kinds))
            changed.append("areas")
            detail = (
                f"{'+'.join(before) or 'unclassified'} to {'+'.join(sorted(set(kinds))) or 'unclassified'}"
            )
        changes = (
            [Change("camera", slug, "altered", tuple(changed), row.school.slug, detail)] if changed else []
        )
        _record(changes, by)
        return tuple(changes)


def _areas_of_kinds(row: Camera, kinds: Sequence[str]) -> list[Area]:
    found = [area for area in row.areas.all() if area.kind in kinds]
    for kind in sorted(set(kinds) - {area.kind for area in found}):
        if kind not in AREA_KINDS:
            raise InventoryFault(
                f"camera '{row.slug}'", f"'{kind}' is not a kind of area", "See the list of kinds"
            )
        own = f"{row.slug[:100]}-{kind}".replace("_", "-")
        area = Area.objects.filter(slug=own, school=row.school, kind=kind).first()
        while area is None and Area.objects.filter(slug=own).exists():
            own += "-x"  # that name stands for something else by now
        found.append(area or Area.objects.create(slug=own, school=row.school, kind=kind, name=row.name))
    return found


def withdraw_camera(slug: str, by: PersonCard | None = None) -> bool:
    """Take a camera out of service; returns False when it was out already.

    1. Claim it by a conditional update. 2. Record it; the world has moved, so that its pictures end at once.

    Raises:
        InventoryFault: no camera has that slug.
    """
    with transaction.atomic():
        row = Camera.objects.select_related("school").filter(slug=slug).first()
        if row is None:
            raise InventoryFault(f"camera '{slug}'", "there is none", "Look at the list of cameras")
        if not Camera.objects.filter(id=row.id, in_service=True).update(in_service=False):
            return False
        _record([Change("camera", slug, "withdrawn", (), row.school.slug)], by)
        return True


def withdraw_area(slug: str, by: PersonCard | None = None) -> None:
    """Remove an area that no camera sees.

    1. Refuse while a camera sees it: a camera that lost its strictest area would open wider. 2. Delete. 3.
    Record.

    Raises:
        InventoryFault: no such area, or a camera sees it.
    """
    with transaction.atomic():
        row = Area.objects.select_related("school").filter(slug=slug).first()
        if row is None:
            raise InventoryFault(f"area '{slug}'", "there is none", "Look at the list of areas")
        if row.cameras.exists():
            raise InventoryFault(
                f"area '{slug}'", "cameras see it", "Say first what those cameras see instead"
            )
        row.delete()
        _record([Change("area", slug, "withdrawn", (), row.school.slug)], by)


def withdraw_school(slug: str, by: PersonCard | None = None) -> tuple[Change, ...]:
    """Take all cameras of a school out of service; the school stays, since the record names it.

    1. Claim each by a conditional update. 2. Record it; the world has moved.

    Raises:
        InventoryFault: no school has that slug.
    """
    with transaction.atomic():
        row = School.objects.filter(slug=slug).first()
        if row is None:
            raise InventoryFault(f"school '{slug}'", "there is none", "Look at the list of schools")
        gone = list(Camera.objects.filter(school=row, in_service=True).order_by("slug"))
        Camera.objects.filter(id__in=[c.id for c in gone]).update(in_service=False)
        changes = [Change("camera", c.slug, "withdrawn", (), slug) for c in gone]
        _record(changes, by)
        return tuple(changes)


def _free(model: type[School | Area | Camera], slug: str) -> None:
    if model.objects.filter(slug=slug).exists():
        kind = model.__name__.lower()
        raise InventoryFault(
            f"{kind} '{slug}'", "there is one already", "Choose another slug, or alter that one"
        )


def _put_school(spec: SchoolSpec) -> Change | None:
    owner = people.party_by_slug(spec.owner)
    if owner is None or owner.kind != "owner":
        why = f"'{spec.owner}' is not a party that owns cameras"
        raise InventoryFault(f"school '{spec.slug}'", why, "Name the district's slug")
    row = School.objects.filter(slug=spec.slug).first()
    if row is not None and str(row.owner_id) != owner.id:
        why = "it belongs to another owner, and the record says so"
        raise InventoryFault(f"school '{spec.slug}'", why, "Add another school with its own slug")
    wanted: dict[str, Any] = {"name": spec.name, "address": spec.address, "zone": spec.zone}
    if row is None:
        order = _next(School.objects.all()) if spec.order is None else spec.order
        School.objects.create(slug=spec.slug, owner_id=owner.id, order=order, **wanted)
        return Change("school", spec.slug, "added", (), spec.slug)
    changed = _store(row, wanted | _given(order=spec.order))
    return Change("school", spec.slug, "altered", changed, spec.slug) if changed else None


def _put_area(spec: AreaSpec, schools: dict[str, School]) -> Change | None:
    school = _school_of("area", spec, schools)
    if spec.kind not in AREA_KINDS:
        raise InventoryFault(
            f"area '{spec.slug}'", f"'{spec.kind}' is not a kind of area", "See the list of kinds"
        )
    row = Area.objects.filter(slug=spec.slug).first()
    if row is not None and row.school_id != school.id:
        raise InventoryFault(
            f"area '{spec.slug}'", "it lies in another school", "Add another area with its own slug"
        )
    wanted = {"kind": spec.kind, "name": spec.name, "floor": spec.floor}
    if row is None:
        Area.objects.create(slug=spec.slug, school=school, **wanted)
        return Change("area", spec.slug, "added", (), spec.school, spec.kind)
    before = row.kind
    changed = _store(row, wanted)
    detail = f"{before} to {spec.kind}" if "kind" in changed else ""
    return Change("area", spec.slug, "altered", changed, spec.school, detail) if changed else None


def _put_cameras(specs: Sequence[CameraSpec], schools: dict[str, School]) -> list[Change]:
    wanted_areas = {slug for spec in specs for slug in spec.areas}
    areas = {row.slug: row for row in Area.objects.filter(slug__in=wanted_areas)}
    rows = {
        row.slug: row
        for row in Camera.objects.filter(slug__in={spec.slug for spec in specs}).prefetch_related("areas")
    }
    return [change for spec in specs if (change := _put_camera(spec, rows.get(spec.slug), schools, areas))]


def _put_camera(
    spec: CameraSpec, row: Camera | None, schools: dict[str, School], areas: dict[str, Area]
) -> Change | None:
    school = _school_of("camera", spec, schools)
    address.check(spec.address, settings.SIGHTPACT.camera_networks)
    for slug in spec.areas:
        if slug not in areas or areas[slug].school_id != school.id:
            why = f"'{slug}' is not an area of {spec.school}"
            raise InventoryFault(f"camera '{spec.slug}'", why, "Add the area, or correct its slug")
    wanted: dict[str, Any] = {
        "school_id": school.id,
        "name": spec.name,
        "place": spec.place,
        "tags": sorted(set(spec.tags)),
        "address": spec.address,
        "standby": spec.standby,
        "drill_source": spec.drill_source,
    } | _given(in_service=spec.in_service, order=spec.order)
    if row is None:
        if spec.order is None:
            wanted["order"] = _next(Camera.objects.filter(school=school))
        row = Camera.objects.create(slug=spec.slug, credentials=_sealed(spec), **wanted)
        row.areas.set([areas[slug] for slug in spec.areas])
        return Change(
            "camera", spec.slug, "added", (), spec.school, "+".join(sorted(spec.areas)) or "unclassified"
        )
    changed = list(_store(row, wanted))
    if spec.username is not None and _opened(row) != (spec.username, spec.password or ""):
        row.credentials = _sealed(spec)
        row.save(update_fields=["credentials"])
        changed.append("credentials")
    before, after = sorted(area.slug for area in row.areas.all()), sorted(set(spec.areas))
    detail = ""
    if before != after:
        row.areas.set([areas[slug] for slug in spec.areas])
        changed.append("areas")
        detail = f"{'+'.join(before) or 'unclassified'} to {'+'.join(after) or 'unclassified'}"
    return Change("camera", spec.slug, "altered", tuple(changed), spec.school, detail) if changed else None


def _school_of(kind: str, spec: AreaSpec | CameraSpec, schools: dict[str, School]) -> School:
    if spec.school not in schools:
        raise InventoryFault(
            f"{kind} '{spec.slug}'", f"there is no school '{spec.school}'", "Add the school first"
        )
    return schools[spec.school]


def _store(row: School | Area | Camera, wanted: dict[str, Any]) -> tuple[str, ...]:
    changed = tuple(name for name, value in wanted.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
    return tuple(name.removesuffix("_id") for name in changed)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _next(rows: QuerySet[Any]) -> int:
    return int((rows.aggregate(last=Max("order"))["last"] or 0) + 1)


def _sealed(spec: CameraSpec) -> bytes | None:
    if not spec.username and not spec.password:
        return None
    return credentials.seal(settings.SIGHTPACT.keys, spec.username or "", spec.password or "")


def _opened(row: Camera) -> tuple[str, str]:
    """Credentials as they are stored; ones that cannot be opened count as different, and are sealed anew."""
    if not row.credentials:
        return "", ""
    try:
        return credentials.open_sealed(settings.SIGHTPACT.keys, bytes(row.credentials))
    except CredentialsFault:
        return "\0", "\0"


def _record(changes: Sequence[Change], by: PersonCard | None) -> None:
    by_school: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_school[change.school].append(change)
    if not by_school:
        return
    rows = {row.slug: row for row in School.objects.select_related("owner").filter(slug__in=by_school)}
    entries = [
        NewEntry(
            "inventory_change",
            party=rows[slug].owner.slug,
            secret={
                "person": people.as_secret(by),
                "school": Secret(str(rows[slug].id), rows[slug].name),
                "text": Secret("", _text(found)),
            },
        )
        for slug, found in sorted(by_school.items())
    ]
    ledger.append(entries, bump="world")


def _text(changes: Sequence[Change]) -> str:
    lines = [
        " ".join(
            filter(None, (c.what, c.kind, c.slug, f"({', '.join(c.fields)})" if c.fields else "", c.detail))
        )
        for c in changes
    ]
    text = "; ".join(lines)
    if len(text) <= MOST_TEXT:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{text[:MOST_TEXT]} ... {len(lines)} changes in all, sha256 {digest}"
