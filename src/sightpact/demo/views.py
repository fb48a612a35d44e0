"""Who do you want to be? The demonstration's stand-in for passkeys; there is no such page in real use."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sightpact.access import facts
from sightpact.live.device import says as device_says
from sightpact.people import actions, reads
from sightpact.people.models import Account
from sightpact.web.pages.switch import give_start_key

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the people of the demonstration, and where their day begins."""

    slug: str
    name: str
    role: object
    party: object
    does: object
    opens: object
    path: str


CAST = (
    Part(
        "pia", "Pia", _("Principal, Lakeview High"), _("the district"),
        _("Starts emergency sharing. Sees who is watching."), _("Opens the switch"), "/switch/",
    ),
    Part(
        "omar", "Omar", _("Dispatcher"), _("police"),
        _("Sees outside cameras. Inside opens by itself in an emergency."), _("Opens the wall"), "/wall/",
    ),
    Part(
        "sam", "Sam", _("Superintendent"), _("the district"),
        _("Is told of every look. Can stop one person, or all."), _("Opens Today"), "/today/",
    ),
    Part(
        "dana", "Dana", _("District IT"), _("the district"),
        _("Looks after cameras and people. Proves what is closed."), _("Opens Cameras"), "/cameras/",
    ),
    Part(
        "rosa", "Rosa", _("School resource officer"), _("police"),
        _("A police employee inside the school. Looks as the agreement names her."), _("Opens the wall"), "/wall/",
    ),
    Part(
        "ines", "Ines", _("Officer, a neighboring agency"), _("no agreement"),
        _("Her agency has no agreement. She sees nothing."), _("Opens a refusal"), "/wall/",
    ),
)  # fmt: skip


@never_cache
@require_GET
def who(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/who.html", {"cast": CAST, "count": len(facts.snapshot().names.cameras)})


@require_POST
def be(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the cast, on the record like any sign-in."""
    part = next((each for each in CAST if each.slug == request.POST.get("person")), None)
    card = reads.person_by_slug(part.slug) if part else None
    if part is None or card is None:
        raise Http404
    logout(request)
    actions.record_sign_in(card, device_says(request), how="demo")
    login(request, Account.objects.get(person__id=card.id), backend=BACKEND)
    response: HttpResponse = HttpResponseRedirect(part.path)
    return give_start_key(response, card.id, device_says(request)) if part.path == "/switch/" else response


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Back to the choice."""
    card = getattr(request, "person", None)
    if card is not None and request.session.session_key:
        actions.sign_out(card, request.session.session_key, device_says(request))
    logout(request)
    return HttpResponseRedirect("/who/")
