"""What every template may use: who asks, what they are offered, whose gateway this is. Lazy: a page pays for what it shows."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from sightpact.people import reads as people
from sightpact.web import nav


def page(request: HttpRequest) -> dict[str, Any]:
    person = getattr(request, "person", None)
    offered = cache(lambda: nav.items(person))

    def current() -> str:
        return max(
            (item.path for item in offered() if request.path.startswith(item.path)), key=len, default=""
        )

    return {
        "person": person,
        "is_demo": settings.SIGHTPACT.demo,
        "nav": offered,
        "nav_current": cache(current),
        "owner": cache(_owner),
        "state_line": cache(lambda: _state_line(person)),
    }


def _owner() -> people.PartyCard | None:
    """The party whose gateway this is: the first owner. One owner per deployment in this release."""
    return next((party for party in people.parties() if party.kind == "owner"), None)


def _state_line(person: people.PersonCard | None) -> object:
    from sightpact.web.pages import state_line

    return state_line.of(person) if person else None
