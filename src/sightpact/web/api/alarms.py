"""Alarms: how their sources are and what came, for whoever manages them; the questions that I am asked, and answering one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from sightpact.access import alarm_health, facts, which_school
from sightpact.access.changes import who
from sightpact.activation import alarm_reads as reads
from sightpact.live.device import says as device_says
from sightpact.web.api.asking import asking
from sightpact.web.api.faults import answers

router = Router(tags=["alarms"])
WRITTEN = (403, 404, 409, 422, 429, 503)
MOST = 50


class Choice(Schema):
    school: str  # id
    school_name: str
    kind: str
    label: str


class Question(Schema):
    id: str
    source: str  # name
    received: datetime
    place: str
    code: str
    words: str  # the sender's own
    why: str
    choices: list[Choice]


class Source(Schema):
    id: str
    name: str
    kind: str
    heard: datetime | None
    faults: list[str]
    advice: list[str]


class Came(Schema):
    id: str
    source: str  # name
    received: datetime
    status: str
    places: list[str]
    codes: list[str]
    state: str
    sharing: str | None
    times: int
    took_ms: int


class Alarms(Schema):
    questions: list[Question]  # that I am asked now
    sources: list[Source]  # empty unless I manage them; so is the next
    came: list[Came]


class Answer(Schema):
    school: str = ""  # id; empty: it needs no sharing
    kind: str = ""


class Answered(Schema):
    sharing: str | None


@router.get(
    "", response=answers(Alarms), summary="Questions that I am asked; for managers also sources and what came"
)
def alarms(request: HttpRequest) -> Alarms:
    person, snapshot = asking(request), facts.snapshot()
    mine = who.acts_for(snapshot, person)
    sources = [source for source in reads.sources() if source.owner in mine]
    came = [card for card in reads.latest(MOST) if card.owner in mine]
    return Alarms(
        questions=[_question(card) for card in which_school.waiting(snapshot, person.id)],
        sources=[
            Source(
                id=source.id,
                name=source.name,
                kind=source.kind,
                heard=source.heard_utc,
                faults=list((health := alarm_health.of(snapshot, source)).faults),
                advice=list(health.advice),
            )
            for source in sources
        ],
        came=[
            Came(
                id=card.id,
                source=card.source_name,
                received=card.received_utc,
                status=card.status,
                places=list(card.places),
                codes=list(card.codes),
                state=card.state,
                sharing=card.activation,
                times=card.times,
                took_ms=card.took_ms,
            )
            for card in came
        ],
    )


@router.post(
    "/{uuid:alarm}/answer",
    response=answers(Answered, *WRITTEN),
    summary="Say which school an alarm is for, and what it is; or that it needs no sharing",
)
def answer(request: HttpRequest, alarm: UUID, said: Answer) -> Answered:
    person, device = asking(request).id, device_says(request)
    if not said.school:
        which_school.put_away(person, str(alarm), device)
        return Answered(sharing=None)
    return Answered(sharing=which_school.open_one(person, str(alarm), said.school, said.kind, device).id)


def _question(card: which_school.AlarmCard) -> Question:
    return Question(
        id=card.id,
        source=card.source_name,
        received=card.received_utc,
        place=card.place,
        code=card.code,
        words=card.words,
        why=card.why,
        choices=[
            Choice(school=c.school, school_name=c.school_name, kind=c.kind, label=c.label)
            for c in card.choices
        ],
    )
