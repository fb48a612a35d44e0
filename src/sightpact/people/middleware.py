"""Puts the person on each request: `request.person` is a `reads.PersonCard` or None. Nothing else decides
who asks."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PersonMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from sightpact.people import reads

        request.person = reads.person_of_account(request.user.pk) if request.user.is_authenticated else None  # type: ignore[attr-defined]
        return self.get_response(request)
