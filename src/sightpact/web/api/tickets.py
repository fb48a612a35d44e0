"""Single-use tickets for viewer sockets: good for one socket, within seconds. Each camera is then asked for there."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema

from sightpact.access import tickets
from sightpact.live.device import says as device_says
from sightpact.web.api.asking import asking
from sightpact.web.api.faults import answers

router = Router(tags=["pictures"])


class Ticket(Schema):
    ticket: str
    url: str  # of the viewer socket
    seconds: int  # it is good for so long


@router.post("", response=answers(Ticket, 403, 429), summary="A ticket for one viewer socket")
def ticket(request: HttpRequest) -> Ticket:
    issued = tickets.issue(asking(request).id, request.session.session_key or "", device_says(request))
    return Ticket(ticket=issued, url=settings.SIGHTPACT.viewer_url, seconds=int(tickets.LIFE_S))
