"""The owner's board: who watches which camera under which section, and ending one person's viewing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from sightpact.access import board, sharing, visible
from sightpact.access.errors import NotFound
from sightpact.decide.facts import Action
from sightpact.people import reads as people
from sightpact.web.api.asking import asking
from sightpact.web.api.faults import answers

router = Router(tags=["watchers"])
WRITTEN = (403, 404, 429, 503)


class Viewing(Schema):
    person: str
    name: str
    party: str
    title: str
    device: str
    inside: int
    outside: int
    cameras: list[str]  # names
    agreement: str
    sections: list[str]
    since: datetime


class Watched(Schema):
    sharing: str
    label: str
    schools: list[str]  # names
    viewings: list[Viewing]


class Stopped(Schema):
    person: str
    name: str
    party: str
    by: str
    at: datetime


class Watchers(Schema):
    owner: str
    people: int
    inside_people: int
    sharings: list[Watched]
    standing: list[Viewing]
    stopped: list[Stopped]
    can_stop: bool


class Done(Schema):
    person: str
    stopped: bool


@router.get("", response=answers(Watchers, 404), summary="Who watches the owner's cameras now")
def watchers(request: HttpRequest) -> Watchers:
    return _board(board.state(asking(request).id))


@router.post(
    "/{uuid:person}/stop", response=answers(Done, *WRITTEN), summary="End one person's viewing until let back"
)
def stop(request: HttpRequest, person: UUID) -> Done:
    sharing.stop_person(asking(request).id, _viewer(person), _owner(request))
    return Done(person=str(person), stopped=True)


@router.post("/{uuid:person}/let-back", response=answers(Done, *WRITTEN), summary="Let a stopped person back")
def let_back(request: HttpRequest, person: UUID) -> Done:
    sharing.let_back(asking(request).id, str(person), _owner(request))
    return Done(person=str(person), stopped=False)


def _owner(request: HttpRequest) -> str:
    """The owner at whom the person may stop, or none at all. One owner per deployment in this release."""
    owners = visible.owners_where(asking(request).id, Action.STOP_SHARING)
    if not owners:
        raise NotFound(
            _("There is no such page for you."),
            _("Your role does not name you for it."),
            _("Ask your district's office."),
        )
    return owners[0]


def _viewer(person: UUID) -> str:
    if people.person(str(person)) is None:
        raise NotFound(
            _("There is no such person."),
            _("Nobody here has this id."),
            _("GET /api/v1/watchers lists them."),
        )
    return str(person)


def _board(state: board.BoardState) -> Watchers:
    return Watchers(
        owner=state.owner_name,
        people=state.people,
        inside_people=state.inside_people,
        sharings=[
            Watched(
                sharing=each.card.id,
                label=each.label,
                schools=list(each.card.school_names),
                viewings=[_viewing(viewing) for viewing in each.viewings],
            )
            for each in state.sharings
        ],
        standing=[_viewing(viewing) for viewing in state.standing],
        stopped=[
            Stopped(person=s.person, name=s.name, party=s.party, by=s.by, at=s.at) for s in state.stopped
        ],
        can_stop=state.can_stop,
    )


def _viewing(viewing: board.Viewing) -> Viewing:
    return Viewing(
        person=viewing.person,
        name=viewing.name,
        party=viewing.party,
        title=viewing.title,
        device=viewing.device,
        inside=viewing.inside,
        outside=viewing.outside,
        cameras=list(viewing.cameras),
        agreement=viewing.agreement_slug,
        sections=list(viewing.sections),
        since=viewing.since,
    )
