"""The district's board: who watches which camera, and the buttons that stop it. The law is asked by `access`, each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sightpact.access import asking, board, facts, sharing
from sightpact.access.errors import AccessError, NotFound
from sightpact.activation.errors import ActivationError
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard
from sightpact.record import sentences

MOST_NEWS = 10


@never_cache
@require_GET
def watching(request: HttpRequest) -> HttpResponse:
    return _shown(request, "web/board.html")


@never_cache
@require_GET
def watching_state(request: HttpRequest) -> HttpResponse:
    """The inside of the board, asked for when there is news."""
    return _shown(request, "web/_board.html")


@require_POST
def stop_person(request: HttpRequest) -> HttpResponse:
    """End one viewer's pictures of this owner's cameras, until let back."""
    return _act(
        request,
        lambda who: sharing.stop_person(who, request.POST.get("person", ""), request.POST.get("owner", "")),
    )


@require_POST
def let_back(request: HttpRequest) -> HttpResponse:
    """Undo such a stop."""
    return _act(
        request,
        lambda who: sharing.let_back(who, request.POST.get("person", ""), request.POST.get("owner", "")),
    )


@require_POST
def stop_sharing(request: HttpRequest) -> HttpResponse:
    """End one emergency sharing, whoever has the incident."""
    return _act(request, lambda who: sharing.stop(who, request.POST.get("activation", "")))


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take a stop back within its ten seconds: the sharing goes on under its old deadline."""
    return _act(request, lambda who: sharing.undo(who, request.POST.get("activation", "")))


@require_POST
def end_look(request: HttpRequest) -> HttpResponse:
    """End what is open by invitation, request or event."""
    return _act(request, lambda who: asking.end(who, request.POST.get("asking", "")))


@require_POST
def stop_all(request: HttpRequest) -> HttpResponse:
    """End every inside sharing."""
    return _act(request, sharing.stop_all)


def _shown(request: HttpRequest, template: str) -> HttpResponse:
    person = _person(request)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    try:
        state = board.state(person.id)
    except NotFound as nothing:
        raise Http404(str(nothing)) from nothing
    shown: dict[str, Any] = {
        "state": state,
        "zone": state.zone,
        "just_now": sentences.grouped(state.just_now)[:MOST_NEWS],
        "agencies": _agencies(state.owner),
    }
    return render(request, template, shown)


def _agencies(owner: str) -> list[people.PartyCard]:
    """Whom to call: the parties that an agreement in force lets in, where a telephone is known."""
    snapshot = facts.snapshot()
    let_in = {
        party for a in snapshot.world.inventory.agreements if a.owner == owner for party in a.parties
    } - {owner}
    return [card for party, card in snapshot.names.parties.items() if party in let_in and card.phone]


def _act(request: HttpRequest, act: Callable[[str], object]) -> HttpResponse:
    person = _person(request)
    if person is None:
        return redirect("/sign-in/?next=/watching/")
    try:
        act(person.id)
    except (AccessError, ActivationError) as fault:
        messages.error(request, str(fault))
    return HttpResponseRedirect("/watching/")


def _person(request: HttpRequest) -> PersonCard | None:
    return getattr(request, "person", None)
