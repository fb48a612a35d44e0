"""Drills: those that I may know of, what is owed, what I could start; starting, taking, ending.

The law is asked by `access.drills`, as for the pages; a refusal is in the record.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Header, Router, Schema

from sightpact.access import drill_sections, drilled, drills
from sightpact.access.drill_sections import Owed as OwedDrill
from sightpact.access.drilled import Drilled
from sightpact.live.device import says as device_says
from sightpact.web.api.asking import asking as asker
from sightpact.web.api.faults import answers

router = Router(tags=["drills"])
WRITTEN = (403, 404, 409, 422, 429, 503)
MAX_KEY = 64


class Step(Schema):
    name: str
    at: datetime | None
    seconds: float | None  # after the start
    who: str


class Dark(Schema):
    name: str
    school: str
    why: str


class Drill(Schema):
    id: str
    running: bool
    agreement: str  # slug
    section: str
    schools: list[str]  # ids
    school_names: list[str]
    emergency: str  # the kind that is practised
    label: str
    started_by: str
    started: datetime
    deadline: datetime
    taken_by: str
    ended: datetime | None
    end_reason: str
    end_sentence: str
    steps: list[Step]
    cameras_asked: (
        int | None
    )  # real ones, for one frame each; null: not mine to know, or not asked to the end
    cameras_showing: int | None
    cameras_dark: list[Dark]
    can_take: bool
    can_end: bool


class Owed(Schema):
    agreement: str  # slug
    section: str
    school: str  # id
    school_name: str
    per_year: int
    held: int
    due: date  # of the next one


class Drills(Schema):
    running: list[Drill]
    held: list[Drill]  # the last one first
    owed: list[Owed]


class Choice(Schema):
    agreement: str  # id, to start with
    agreement_slug: str
    section: str
    school: str  # id
    school_name: str
    emergencies: list[str]
    minutes: int
    simulated_cameras: int


class Choices(Schema):
    choices: list[Choice]


class Start(Schema):
    schools: list[str] = Field(..., min_length=1, max_length=200)  # ids
    emergency: str = Field(..., max_length=50)
    agreement: str = Field("", max_length=40)  # id; empty: the one that allows it


@router.get("", response=answers(Drills), summary="Drills that I may know of, and what is owed")
def drills_known(request: HttpRequest) -> Drills:
    every = drilled.everything(asker(request).id)
    return Drills(
        running=[_told(each) for each in every.running],
        held=[_told(each) for each in every.held],
        owed=[_owed(each) for each in every.owed],
    )


@router.get("/options", response=answers(Choices), summary="What I could practise, and where")
def options(request: HttpRequest) -> Choices:
    found = drill_sections.options(asker(request).id)
    return Choices(
        choices=[
            Choice(
                agreement=o.agreement,
                agreement_slug=o.slug,
                section=o.section,
                school=o.school,
                school_name=o.school_name,
                emergencies=[kind.kind for kind in o.kinds],
                minutes=o.minutes,
                simulated_cameras=o.simulated,
            )
            for o in found
        ]
    )


@router.post("", response=answers(Drill, *WRITTEN), summary="Start a drill: simulated pictures only")
def start(
    request: HttpRequest,
    wish: Start,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=MAX_KEY)] = "",
) -> Drill:
    """The same Idempotency-Key again is the same drill."""
    person, key = asker(request).id, idempotency_key or str(uuid.uuid4())
    card = drills.start(
        person, tuple(wish.schools), wish.emergency, key, device_says(request), wish.agreement
    )
    return _told(drilled.one(person, card.id))


@router.get(
    "/{uuid:drill_id}", response=answers(Drill, 404), summary="One of them, with the seconds of each step"
)
def one(request: HttpRequest, drill_id: UUID) -> Drill:
    return _told(drilled.one(asker(request).id, str(drill_id)))


@router.post("/{uuid:drill_id}/take", response=answers(Drill, *WRITTEN), summary="Take the drill")
def take(request: HttpRequest, drill_id: UUID) -> Drill:
    person = asker(request).id
    drills.take(person, str(drill_id), device_says(request))
    return _told(drilled.one(person, str(drill_id)))


@router.post("/{uuid:drill_id}/end", response=answers(Drill, *WRITTEN), summary="End the drill")
def end(request: HttpRequest, drill_id: UUID) -> Drill:
    person = asker(request).id
    drills.end(person, str(drill_id), device_says(request))
    return _told(drilled.one(person, str(drill_id)))


def _told(each: Drilled) -> Drill:
    card, cameras = each.card, each.cameras
    return Drill(
        id=card.id,
        running=card.is_live,
        agreement=each.agreement_slug,
        section=card.clause,
        schools=list(card.schools),
        school_names=list(card.school_names),
        emergency=card.emergency,
        label=each.label,
        started_by=card.started_by_name,
        started=card.started_utc,
        deadline=card.deadline_utc,
        taken_by=card.taken_by_name,
        ended=card.ended_utc,
        end_reason=card.end_reason,
        end_sentence="" if card.is_live else card.end_sentence,
        steps=[Step(name=s.name, at=s.at, seconds=s.seconds, who=s.who) for s in each.steps],
        cameras_asked=cameras.asked if cameras else None,
        cameras_showing=cameras.showing if cameras else None,
        cameras_dark=[Dark(name=d.name, school=d.school, why=d.why) for d in cameras.dark] if cameras else [],
        can_take=each.can_take,
        can_end=each.can_end,
    )


def _owed(each: OwedDrill) -> Owed:
    return Owed(
        agreement=each.slug,
        section=each.section,
        school=each.school,
        school_name=each.school_name,
        per_year=each.per_year,
        held=each.held,
        due=each.due,
    )
