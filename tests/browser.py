"""A browser in which somebody of the cast has signed in, for tests of pages."""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from django.contrib.auth import login
from django.test import Client, RequestFactory

from sightpact.people.models import Account


def as_person(slug: str) -> Client:
    """Signed in as this person; the sign-in itself is tested in tests/people/."""
    client = Client(HTTP_HOST="localhost")
    account = Account.objects.get(person__slug=slug)
    request = RequestFactory().get("/")
    request.session = client.session
    login(request, account, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session.save()
    client.cookies["sightpact_session"] = request.session.session_key
    return client


def streamed(response: Any) -> str:
    """The whole text of an answer that comes in pieces."""

    async def whole() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return async_to_sync(whole)().decode()
