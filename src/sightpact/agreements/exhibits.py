"""Exhibits: what changes under an agreement without a new vote, who countersigns it, and the last changes. Reads only.

Never: a name of the annex for another side than its keeper's, or a number of cameras for another side than the owner's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sightpact.agreements import acting, reads
from sightpact.agreements.clauses.people import NamedPersons
from sightpact.agreements.clauses.scope import CameraExhibit
from sightpact.agreements.models import Agreement, ExhibitChange, NamedPerson
from sightpact.people.models import Party
from sightpact.people.reads import PersonCard

LAST = 10


@dataclass(frozen=True, slots=True)
class AnnexChange:
    when_utc: datetime
    added: bool
    person: str  # "" for another side than the keeper's
    position: str


@dataclass(frozen=True, slots=True)
class CameraChange:
    when_utc: datetime
    added: bool
    camera: str  # as the text calls it


@dataclass(frozen=True, slots=True)
class Exhibits:
    annex_section: str  # "" without an annex
    keeper: str  # party that keeps the annex
    named: int
    changes: tuple[AnnexChange, ...]
    owner: str  # party that keeps the inventory of cameras
    is_keeper: bool
    is_owner: bool
    cameras_section: str = ""  # of the exhibit of cameras; "" without one
    countersigner: str = ""  # party; "" where nobody countersigns
    listed: int = 0
    camera_changes: tuple[CameraChange, ...] = ()
    may_change: bool = False  # the reader proposes or countersigns changes of the exhibit of cameras


def of(slug: str, person: PersonCard) -> Exhibits | None:
    """The exhibits of an agreement for one of its people; None where its text cannot be read."""
    row = Agreement.objects.select_related("owner").filter(slug=slug).first()
    document = reads.governing_document(str(row.pk)) if row else None
    if row is None or document is None:
        return None
    mine = {UUID(party) for party, _role in person.roles}
    annex = next(iter(document.all(NamedPersons)), None)
    keeper = Party.objects.filter(slug=annex.kept_by).first() if annex else None
    is_keeper = keeper is not None and keeper.pk in mine
    named = NamedPerson.objects.filter(agreement=row)
    cameras = next(iter(document.all(CameraExhibit)), None)
    by = Party.objects.filter(slug=cameras.countersigned_by).first() if cameras else None
    return Exhibits(
        cameras_section=cameras.number if cameras else "",
        countersigner=by.name if by else "",
        listed=len(cameras.cameras) if cameras else 0,
        camera_changes=_camera_changes(row) if cameras else (),
        may_change=bool(acting.changes_for(person) & {str(p) for p in (row.owner_id, by.pk if by else None)}),
        annex_section=annex.number if annex else "",
        keeper=keeper.name if keeper else "",
        named=named.filter(removed_utc=None).count(),
        changes=_changes(row, is_keeper) if annex else (),
        owner=row.owner.name,
        is_keeper=is_keeper,
        is_owner=row.owner_id in mine,
    )


def _camera_changes(row: Agreement) -> tuple[CameraChange, ...]:
    rows = ExhibitChange.objects.filter(revision__agreement=row).order_by("-made_utc", "-serial")[:LAST]
    return tuple(CameraChange(r.made_utc, r.added, r.camera) for r in rows)


def _changes(row: Agreement, with_names: bool) -> tuple[AnnexChange, ...]:
    found = []
    for entry in NamedPerson.objects.filter(agreement=row).select_related("person").order_by("-added_utc"):
        name, position = (entry.person.name, entry.position) if with_names else ("", "")
        found.append(AnnexChange(entry.added_utc, True, name, position))
        if entry.removed_utc is not None:
            found.append(AnnexChange(entry.removed_utc, False, name, position))
    return tuple(sorted(found, key=lambda c: c.when_utc, reverse=True)[:LAST])
