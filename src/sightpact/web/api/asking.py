"""Who asks: the session of a signed-in person, or the start key of an enrolled device for what its switch can do.

Both are cookies, so both need the CSRF token for writes. Nobody else is ever answered: this stands on the whole API.
"""

from __future__ import annotations

from typing import cast

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie
from ninja.throttling import BaseThrottle

from sightpact.access.patience import patience
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard
from sightpact.web.pages.starter import COOKIE, NOTE_PATIENCE_S

WRITES = {"write": "120/m/key"}  # of one person; GET is not counted


class Session(APIKeyCookie):
    """The session that the pages use."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, _key: str | None) -> PersonCard | None:
        return getattr(request, "person", None)


class StartKey(APIKeyCookie):
    """The start key of an enrolled device. Its cookie is sent by browsers to /switch/ only; a device sends it itself."""

    param_name = COOKIE

    def authenticate(self, _request: HttpRequest, key: str | None) -> PersonCard | None:
        with patience(NOTE_PATIENCE_S):
            owner = people_actions.use_start_key(key or "")
        return people.person(owner) if owner else None


SWITCH = [Session(), StartKey()]
"""As the switch's pages: who has signed in, else whose device this is."""


class Writes(BaseThrottle):
    """Not more writes of one person than people can make."""

    def allow_request(self, request: HttpRequest) -> bool:
        return request.method == "GET" or bool(
            ratelimit.consume(
                request, app="sightpact.api", action="write", config=WRITES, key=asking(request).id
            )
        )


def asking(request: HttpRequest) -> PersonCard:
    """The person whom the API's authentication found; without one no handler runs."""
    return cast(PersonCard, request.auth)  # type: ignore[attr-defined]
