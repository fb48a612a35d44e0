"""Who I am, and which pages I am offered. The token is what writes need; only this site's own pages can read it."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema

from sightpact.access import visible
from sightpact.decide.facts import Action
from sightpact.people import reads as people
from sightpact.web import nav
from sightpact.web.api.asking import asking
from sightpact.web.api.faults import answers

router = Router(tags=["me"])


class RoleHeld(Schema):
    party: str  # short name in addresses and records
    role: str
    title: str


class Page(Schema):
    path: str
    label: str


class Me(Schema):
    id: str
    name: str
    party: str
    party_name: str
    title: str
    zone: str
    roles: list[RoleHeld]
    pages: list[Page]
    see_watchers: bool
    stop_sharing: bool
    read_record: bool
    manage: bool
    csrf_token: str


@router.get("", response=answers(Me), summary="Who I am and what I am offered")
def me(request: HttpRequest) -> Me:
    person = asking(request)
    rights = (Action.SEE_WATCHERS, Action.STOP_SHARING, Action.READ_RECORD, Action.MANAGE)
    return Me(
        id=person.id,
        name=person.name,
        party=person.party_slug,
        party_name=person.party_name,
        title=person.title,
        zone=person.zone,
        roles=[RoleHeld(party=r.party_slug, role=r.role, title=r.title) for r in people.roles(person.id)],
        pages=[Page(path=item.path, label=item.label) for item in nav.items(person)],
        csrf_token=get_token(request),
        **{right.value: bool(visible.owners_where(person.id, right)) for right in rights},
    )
