"""Emergency sharings: those that I may know of, what I could start, and starting, taking, ending them.

The law is asked by `access.sharing`, as for the pages; a refusal is in the record.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Header, Router, Schema

from sightpact.access import facts, sharing, switch, wall
from sightpact.access.errors import NotFound
from sightpact.activation.reads import ActivationCard
from sightpact.ledger import clock
from sightpact.live.device import says as device_says
from sightpact.web.api.asking import SWITCH, asking
from sightpact.web.api.faults import answers
from sightpact.web.pages import switch_facts

router = Router(tags=["sharings"])
WRITTEN = (403, 404, 409, 422, 429, 503)
MAX_KEY = 64


class Reported(Schema):
    emergency: str
    by: str
    source: str
    outcome: str  # started, joined, widened; disputed once its person said that it was not their word
    at: datetime
    until: datetime  # how long this kind counts, if the sharing lasts so long


class Sharing(Schema):
    id: str
    emergency: str
    agreement: str
    section: str  # that it opens
    schools: list[str]  # ids
    school_names: list[str]
    started_by: str
    started: datetime
    deadline: datetime
    told: datetime | None  # when a screen of the agency first showed it
    taken_by: str
    taken: datetime | None
    end_proposed_by: str
    end_proposed_reason: str  # mistake, incident_closed; "" for all clear
    end_due: datetime | None  # it ends then unless dispatch keeps it open
    ended: datetime | None
    end_reason: str
    end_sentence: str
    level: str  # notice, urgent, life_safety
    unverified: str  # call_911, word, alarm: reported by dispatch, not confirmed yet; "" when it is sure
    word_of: str  # whose word it is said to be
    confirmed_by: str
    confirmed: datetime | None
    extended: datetime | None
    cap: datetime | None  # the latest deadline to which it may be extended
    widened_from: str  # the lower kind of emergency that it was before
    widened: datetime | None
    undo_until: datetime | None  # a stop can be taken back before this
    reports: list[Reported]  # every start of it, oldest first


class Running(Sharing):
    label: str  # of the emergency, as the agreement says it
    inside_cameras: int  # that it opens to me
    can_take: bool
    can_end: bool
    can_stop: bool
    is_mine: bool  # taken by me
    can_extend: bool  # one step more is possible, by whoever may take it
    warns: bool  # its deadline is five minutes away, or less


class Sharings(Schema):
    running: list[Running]
    last_ended: Sharing | None  # for half an hour


class Kind(Schema):
    kind: str
    label: str
    minutes: int
    section: str
    inside_cameras: int
    agency: str


class SchoolToStart(Schema):
    id: str
    name: str
    kinds: list[Kind]


class Options(Schema):
    schools: list[SchoolToStart]


class Start(Schema):
    school: str  # id, or "all"
    emergency: str


class Report(Schema):
    school: str  # id
    emergency: str
    why: Literal["call_911", "word", "alarm"] = "call_911"
    word_of: str = ""  # id of a person who may start it there, with "word"


class Close(Schema):
    reason: Literal["last_responder", "incident_closed", "hoax"]


class AllClear(Schema):
    reason: Literal["all_clear", "mistake"] = "all_clear"


@router.get("", response=answers(Sharings), summary="Emergency sharings that I may know of")
def sharings(request: HttpRequest) -> Sharings:
    state = wall.state(asking(request).id)
    return Sharings(
        running=[_running(each) for each in state.sharings],
        last_ended=_told(state.ended.card) if state.ended else None,
    )


@router.get("/options", auth=SWITCH, response=answers(Options), summary="What I could start, and where")
def options(request: HttpRequest) -> Options:
    return Options(schools=[_school(each) for each in switch.options(asking(request).id)])


@router.post("", auth=SWITCH, response=answers(Sharing, *WRITTEN), summary="Start an emergency sharing")
def start(
    request: HttpRequest,
    wish: Start,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=MAX_KEY)] = "",
) -> Sharing:
    """The same Idempotency-Key again is the same start. Call 911 too."""
    person = asking(request)
    chosen = switch_facts.choose(switch.options(person.id), wish.school)
    schools = chosen.ids if chosen else _as_asked(wish.school)
    key = idempotency_key or str(uuid.uuid4())
    return _told(sharing.start(person.id, schools, wish.emergency, key, "api", device_says(request)))


@router.post("/report", response=answers(Sharing, *WRITTEN), summary="Dispatch reports an emergency")
def report(
    request: HttpRequest,
    said: Report,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=MAX_KEY)] = "",
) -> Sharing:
    """Opens at once, for the agreement's few minutes, until somebody confirms it."""
    key, schools = idempotency_key or str(uuid.uuid4()), _as_asked(said.school)
    device = device_says(request)
    return _told(
        sharing.report(asking(request).id, schools, said.emergency, key, said.why, said.word_of, device)
    )


@router.post(
    "/{uuid:sharing_id}/confirm",
    auth=SWITCH,
    response=answers(Sharing, *WRITTEN),
    summary="What was reported is so",
)
def confirm(request: HttpRequest, sharing_id: UUID) -> Sharing:
    return _told(sharing.confirm(asking(request).id, str(sharing_id), device_says(request)))


@router.post(
    "/{uuid:sharing_id}/dispute",
    auth=SWITCH,
    response=answers(Sharing, *WRITTEN),
    summary="That was not my word: takes it back, and ends what stands on nothing else",
)
def dispute(request: HttpRequest, sharing_id: UUID) -> Sharing:
    return _told(sharing.dispute(asking(request).id, str(sharing_id), device_says(request)))


@router.post(
    "/{uuid:sharing_id}/extend", response=answers(Sharing, *WRITTEN), summary="One step longer, up to the cap"
)
def extend(request: HttpRequest, sharing_id: UUID) -> Sharing:
    return _told(sharing.extend(asking(request).id, str(sharing_id), device_says(request)))


@router.post(
    "/{uuid:sharing_id}/close", response=answers(Sharing, *WRITTEN), summary="Dispatch ends it, with a reason"
)
def close(request: HttpRequest, sharing_id: UUID, said: Close) -> Sharing:
    return _told(sharing.close(asking(request).id, str(sharing_id), said.reason, device_says(request)))


@router.post(
    "/{uuid:sharing_id}/undo", response=answers(Sharing, *WRITTEN), summary="Take a stop back, within seconds"
)
def undo(request: HttpRequest, sharing_id: UUID) -> Sharing:
    return _told(sharing.undo(asking(request).id, str(sharing_id)))


@router.post(
    "/{uuid:sharing_id}/take", response=answers(Sharing, *WRITTEN), summary="Dispatch takes the incident"
)
def take(request: HttpRequest, sharing_id: UUID) -> Sharing:
    return _told(sharing.take(asking(request).id, str(sharing_id), device_says(request)))


@router.post(
    "/{uuid:sharing_id}/all-clear",
    auth=SWITCH,
    response=answers(Sharing, *WRITTEN),
    summary="All clear, or a mistake",
)
def all_clear(request: HttpRequest, sharing_id: UUID, said: AllClear) -> Sharing:
    """Ends it, or asks dispatch to, once dispatch has it and the agreement says so."""
    person, device = asking(request).id, device_says(request)
    return _told(sharing.all_clear(person, str(sharing_id), said.reason, device))


@router.post(
    "/{uuid:sharing_id}/keep-open",
    response=answers(Sharing, *WRITTEN),
    summary="Dispatch declines a proposed end",
)
def keep_open(request: HttpRequest, sharing_id: UUID) -> Sharing:
    return _told(sharing.keep_open(asking(request).id, str(sharing_id)))


@router.post(
    "/{uuid:sharing_id}/stop", response=answers(Sharing, *WRITTEN), summary="The owner ends it at once"
)
def stop(request: HttpRequest, sharing_id: UUID) -> Sharing:
    return _told(sharing.stop(asking(request).id, str(sharing_id)))


def _as_asked(school: str) -> tuple[str, ...]:
    """A school that this person is not offered: the law refuses it, on the record. What is no id at all never gets there."""
    try:
        return (str(UUID(school)),)
    except ValueError:
        why = _("“school” is neither an id nor “all”.")
        raise NotFound(
            _("No school was chosen."), why, _("GET /api/v1/sharings/options lists them. Call 911.")
        ) from None


def _told(card: ActivationCard) -> Sharing:
    return Sharing(**_fields(card))


def _running(each: wall.Sharing) -> Running:
    return Running(
        **_fields(each.card),
        label=each.label,
        inside_cameras=each.cameras,
        can_take=each.can_take,
        can_end=each.can_end,
        can_stop=each.can_stop,
        is_mine=each.is_mine,
        can_extend=each.card.can_extend(),
        warns=each.card.warns(clock.now()),
    )


def _fields(card: ActivationCard) -> dict[str, Any]:
    return {
        "id": card.id,
        "emergency": card.emergency,
        "agreement": facts.snapshot().names.agreement_slugs.get(card.agreement, ""),
        "section": card.clause,
        "schools": list(card.schools),
        "school_names": list(card.school_names),
        "started_by": card.started_by_name,
        "started": card.started_utc,
        "deadline": card.deadline_utc,
        "told": card.told_utc,
        "taken_by": card.taken_by_name,
        "taken": card.taken_utc,
        "end_proposed_by": card.end_proposed_by_name,
        "end_proposed_reason": card.end_proposed_reason,
        "end_due": card.end_due_utc,
        "ended": card.ended_utc,
        "end_reason": card.end_reason,
        "end_sentence": "" if card.is_live else card.end_sentence,
        "level": card.level,
        "unverified": card.unverified,
        "word_of": card.word_names or card.word_of_name,
        "confirmed_by": card.confirmed_by_name,
        "confirmed": card.confirmed_utc,
        "extended": card.extended_utc,
        "cap": card.cap_utc,
        "widened_from": card.widened_from,
        "widened": card.widened_utc,
        "undo_until": card.undo_until_utc,
        "reports": [
            Reported(
                emergency=each.emergency,
                by=each.by_name,
                source=each.source,
                outcome=each.outcome,
                at=each.at_utc,
                until=each.until_utc,
            )
            for each in card.reports
        ],
    }


def _school(option: switch.SchoolOption) -> SchoolToStart:
    kinds = [
        Kind(
            kind=k.kind,
            label=k.label,
            minutes=k.minutes,
            section=k.section,
            inside_cameras=k.cameras,
            agency=k.agency,
        )
        for k in option.emergencies
    ]
    return SchoolToStart(id=option.id, name=option.name, kinds=kinds)
