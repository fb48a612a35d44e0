"""The API itself: default deny, one router a subject, everything it says in JSON and never cached.

No CORS, and no page that tries things out: that would need scripts from elsewhere. The schema is for who has signed in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from ninja import NinjaAPI

from sightpact.web.api import (
    agreements,
    alarms,
    askings,
    cameras,
    drills,
    faults,
    me,
    record,
    sharings,
    tickets,
    watchers,
)
from sightpact.web.api.asking import Session, Writes

View = Callable[..., HttpResponse]


class Api(NinjaAPI):
    """Ninja's, with its own views (schema, root) and its refusals of a method answered as ours are."""

    def _get_urls(self) -> list[Any]:
        patterns = [*super()._get_urls(), path("<path:rest>", _nothing)]
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = _as_json(pattern.callback)
        return patterns


def _as_json(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        try:
            response = view(request, *given, **named)
        except Http404:
            return faults.unknown_address()
        if response.status_code == 405:
            return faults.other_method(response.headers.get("Allow", ""))
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # `asking` checks the token, before anything is read
    return never_cache(answer)


def _nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    raise Http404


def _signed_in(view: View) -> View:
    """The schema has no authentication of its own in ninja."""

    def shown(request: HttpRequest, **named: Any) -> HttpResponse:
        if getattr(request, "person", None) is None:
            return faults.signed_out()
        return view(request, **named)

    return shown


api = Api(
    title="Sightpact",
    version="1",
    description="What the pages can do, as JSON. Every answer is what the law grants this person at this moment.",
    urls_namespace="api",
    auth=Session(),
    throttle=Writes(),
    docs_url=None,
    docs_decorator=_signed_in,
)
faults.register(api)
for prefix, subject in {
    "/me": me,
    "/cameras": cameras,
    "/sharings": sharings,
    "/askings": askings,
    "/drills": drills,
    "/alarms": alarms,
    "/watchers": watchers,
    "/record": record,
    "/agreements": agreements,
    "/tickets": tickets,
}.items():
    api.add_router(prefix, subject.router)
