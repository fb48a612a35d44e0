"""The access record, newest first, by pages of 100 entries. Reading it is in the record too, as for the page."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from sightpact.record import actions, reads
from sightpact.record.reads import Asked
from sightpact.record.whole import Whole as WholeNow
from sightpact.record.whole import whole
from sightpact.web.api.asking import asking
from sightpact.web.api.faults import answers

router = Router(tags=["record"])


class Filters(Schema):
    what: Literal["looks", "seen", "refused", "sharings", "all"] = "looks"
    person: UUID | None = None
    camera: UUID | None = None
    school: UUID | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None  # exclusive
    before: int | None = Field(None, ge=0, lt=2**63)  # entry: for the next page


class Line(Schema):
    index: int
    kind: str  # look, refused, event
    at: datetime
    until: datetime | None
    who: str
    party: str
    camera: str
    school: str
    section: str
    agreement: str
    seconds: int | None
    frames: int | None
    bytes: int | None
    result: str
    running: bool


class Whole(Schema):
    checked: bool
    whole: bool
    broken: str
    size: int  # entries that were checked, or are to be
    at: datetime


class Record(Schema):
    size: int  # entries in the whole record
    of_party: str  # not empty: only what this party's people did is shown
    next_before: int | None
    own_entry: int | None  # where it stands that you read this
    whole: Whole | None
    lines: list[Line]


@router.get("", response=answers(Record, 404, 503), summary="The access record")
def record(request: HttpRequest, filters: Query[Filters]) -> Record:
    person = asking(request)
    reads.may_read(person.id)
    entry = actions.note_read(person, f"API: {_as_text(filters)}")
    return _answer(reads.search(person.id, _asked(filters)), whole(), entry)


def _asked(filters: Filters) -> Asked:
    ids = {name: str(getattr(filters, name) or "") for name in ("person", "camera", "school")}
    return Asked(filters.what, **ids, since=filters.since, until=filters.until, before=filters.before)


def _as_text(filters: Filters) -> str:
    return ", ".join(f"{name}={str(value)[:80]}" for name, value in filters if value) or "newest"


def _answer(found: reads.Found, now: WholeNow | None, entry: int | None) -> Record:
    return Record(
        size=found.size,
        of_party=found.of_party,
        next_before=found.next_before,
        own_entry=entry,
        whole=Whole(**{name: getattr(now, name) for name in Whole.model_fields}) if now else None,
        lines=[Line(**asdict(row)) for row in found.rows],
    )
