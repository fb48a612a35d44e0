"""Invitations, requests and event periods: those that I may know of, what I could ask for; asking, answering, ending.

The law is asked by `access.asking`, as for the pages; a refusal is in the record.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Header, Router, Schema

from sightpact.access import asked, asking, asking_sections
from sightpact.access.asked import Asked
from sightpact.access.asking_fit import Wanted
from sightpact.access.asking_sections import Option
from sightpact.activation.askings import AskingCard
from sightpact.activation.errors import BadAsking, UnknownAsking
from sightpact.live.device import says as device_says
from sightpact.web.api.asking import asking as asker
from sightpact.web.api.faults import answers

router = Router(tags=["askings"])
WRITTEN = (403, 404, 409, 422, 429, 503)
MAX_KEY = 64


class Step(Schema):
    at: datetime
    text: str
    notes: list[str]  # of a notice: what became of it, person by person


class Asking(Schema):
    id: str
    kind: str  # invitation, request, window
    state: str  # asked, coming, open, ended
    agreement: str  # slug
    section: str
    schools: list[str]  # ids
    school_names: list[str]
    cameras: int | None  # that it opens, or would; null: not mine to know
    inside_cameras: int | None
    reason: str
    purpose: str
    incident: str
    asked_by: str
    asked: datetime
    minutes: int
    answer_due: datetime | None
    unanswered: str  # what silence does: stays_closed, opens; empty for an invitation
    escalates: datetime | None  # when a request goes to the second line; null: there is none
    escalated: datetime | None  # when it did
    escalated_to: list[str]  # names
    decision: str  # approved, refused, unanswered; empty: none yet
    decided_by: str
    opens: datetime | None  # an event period
    opened: datetime | None
    deadline: datetime | None
    ended: datetime | None
    end_reason: str
    end_sentence: str
    opens_nothing: bool  # open, and its agreement is suspended or not in force
    can_answer: bool
    can_end: bool
    steps: list[Step]


class Askings(Schema):
    waiting: list[Asking]
    open: list[Asking]
    coming: list[Asking]
    ended: list[Asking]  # in the last 12 hours


class Choice(Schema):
    kind: str
    agreement: str  # id, to ask with
    agreement_slug: str
    section: str
    school: str  # id
    school_name: str
    zone: str
    most_minutes: int
    answer_minutes: int
    escalate_minutes: int | None  # then a second line is asked; null: there is none
    unanswered: str
    purposes: list[str]  # one of which must be named; empty: any reason
    cameras: list[str]  # ids that it would open; for the owner's people only


class Choices(Schema):
    choices: list[Choice]


class Ask(Schema):
    kind: Literal["invitation", "request", "window"]
    agreement: str
    school: str
    reason: str = Field("", max_length=400)
    purpose: str = Field("", max_length=60)
    incident: str = Field("", max_length=80)
    minutes: int = 0  # an invitation; 0: as long as the section allows
    cameras: list[str] = Field(default_factory=list, max_length=500)  # an invitation; none: all
    opens: datetime | None = None  # an event period; with its zone
    closes: datetime | None = None


class Answer(Schema):
    answer: Literal["approve", "refuse"]


@router.get("", response=answers(Askings), summary="Invitations, requests and events that I may know of")
def askings(request: HttpRequest) -> Askings:
    every = asked.everything(asker(request).id)
    return Askings(
        waiting=[_told(each) for each in every.waiting],
        open=[_told(each) for each in every.open],
        coming=[_told(each) for each in every.coming],
        ended=[_told(each) for each in every.ended],
    )


@router.get("/options", response=answers(Choices), summary="What I could ask for, and where")
def options(request: HttpRequest) -> Choices:
    return Choices(choices=[_choice(option) for option in asking_sections.options(asker(request).id)])


@router.post(
    "", response=answers(Asking, *WRITTEN), summary="Invite police to look, ask to look, or plan an event"
)
def ask(
    request: HttpRequest,
    wish: Ask,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=MAX_KEY)] = "",
) -> Asking:
    """The same Idempotency-Key again is the same asking."""
    wanted = Wanted(
        kind=wish.kind,
        agreement=wish.agreement,
        school=wish.school,
        reason=wish.reason,
        key=idempotency_key or str(uuid.uuid4()),
        minutes=wish.minutes,
        cameras=tuple(wish.cameras),
        purpose=wish.purpose,
        incident=wish.incident,
        opens_utc=_with_zone(wish.opens),
        closes_utc=_with_zone(wish.closes),
    )
    return _shown(request, asking.ask(asker(request).id, wanted, device_says(request)))


@router.get("/{uuid:asking_id}", response=answers(Asking, 404), summary="One of them, with its steps")
def one(request: HttpRequest, asking_id: UUID) -> Asking:
    found = asked.one(asker(request).id, str(asking_id))
    if found is None:
        raise UnknownAsking(
            _("There is no such request."),
            _("Its number is not known here."),
            _("GET /api/v1/askings lists them."),
        )
    return _told(found)


@router.post(
    "/{uuid:asking_id}/answer",
    response=answers(Asking, *WRITTEN),
    summary="Approve or refuse; the first answer counts",
)
def answer(request: HttpRequest, asking_id: UUID, said: Answer) -> Asking:
    person, approve = asker(request).id, said.answer == "approve"
    return _shown(request, asking.answer(person, str(asking_id), approve, device_says(request)))


@router.post(
    "/{uuid:asking_id}/end",
    response=answers(Asking, *WRITTEN),
    summary="End it, call it off, or take it back",
)
def end(request: HttpRequest, asking_id: UUID) -> Asking:
    return _shown(request, asking.end(asker(request).id, str(asking_id), device_says(request)))


def _shown(request: HttpRequest, card: AskingCard) -> Asking:
    return one(request, UUID(card.id))


def _with_zone(instant: datetime | None) -> datetime | None:
    if instant is not None and instant.tzinfo is None:
        raise BadAsking(
            _("Nothing was asked."), _("A time has no zone."), _("Write it as 2026-09-18T18:00:00-04:00.")
        )
    return instant


def _choice(option: Option) -> Choice:
    of = option.section
    return Choice(
        kind=of.kind,
        agreement=of.agreement,
        agreement_slug=of.slug,
        section=of.clause,
        school=option.school,
        school_name=option.school_name,
        zone=option.zone,
        most_minutes=of.minutes,
        answer_minutes=of.answer_minutes,
        escalate_minutes=of.escalate_minutes,
        unanswered=of.unanswered if of.kind != "invitation" else "",
        purposes=[name for name, _says in of.uses.allowed],
        cameras=[camera.id for camera in option.cameras],
    )


def _told(each: Asked) -> Asking:
    card = each.card
    return Asking(
        id=card.id,
        kind=card.kind,
        state=each.state,
        agreement=each.agreement_slug,
        section=card.clause,
        schools=list(card.schools),
        school_names=list(card.school_names),
        cameras=each.cameras,
        inside_cameras=each.inside,
        reason=card.reason,
        purpose=card.purpose,
        incident=card.incident,
        asked_by=each.asked_by,
        asked=card.asked_utc,
        minutes=card.minutes,
        answer_due=card.answer_due_utc,
        unanswered=card.unanswered,
        escalates=card.escalate_utc,
        escalated=card.escalated_utc,
        escalated_to=list(card.escalated_to),
        decision=card.decision,
        decided_by=card.decided_by_name,
        opens=card.opens_utc if card.kind == "window" else None,
        opened=card.opened_utc,
        deadline=card.deadline_utc,
        ended=card.ended_utc,
        end_reason=card.end_reason,
        end_sentence="" if card.is_live else card.end_sentence,
        opens_nothing=each.dark,
        can_answer=each.can_answer,
        can_end=each.can_end,
        steps=[Step(at=step.at, text=step.text, notes=list(step.notes)) for step in each.steps],
    )
