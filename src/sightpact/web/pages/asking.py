"""Asking and answering: the list, the three forms, one asking with its steps, the two buttons. `access` decides and writes.

Works as plain pages and forms; page news replaces the list. Who has nothing to do with it gets 404.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sightpact.access import asked, asking, asking_sections, facts
from sightpact.access.errors import AccessError, NotFound
from sightpact.access.facts import Snapshot
from sightpact.activation.askings import AskingCard
from sightpact.activation.errors import ActivationError, BadAsking, UnknownAsking
from sightpact.live.device import says as device_says
from sightpact.people.reads import PersonCard
from sightpact.web.pages import asking_forms

FORMS = {"invite": "invitation", "request": "request", "event": "window"}


@never_cache
@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """What waits, what is open, what comes, what ended lately; and what this person may ask for."""
    return _list(request, "web/asking.html")


@never_cache
@require_GET
def everything_state(request: HttpRequest) -> HttpResponse:
    """The inside of the list, asked for when there is news."""
    return _list(request, "web/_asking_list.html")


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, form: str) -> HttpResponse:
    """One of the three forms; asked for by POST. What does not fit is said above the form, which keeps what was typed."""
    person = _person(request)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    snapshot = facts.snapshot()
    kind = FORMS.get(form, "")
    options = tuple(o for o in asking_sections.options(person.id, snapshot) if o.section.kind == kind)
    if not options:
        raise Http404
    fault: AccessError | ActivationError | None = None
    if request.method == "POST":
        try:
            wanted = asking_forms.wanted(kind, request.POST, options)
            card = asking.ask(person.id, wanted, device_says(request))
        except (AccessError, ActivationError) as found:
            fault = found
        else:
            return HttpResponseRedirect(f"/asking/{card.id}/")
    typed = request.POST if request.method == "POST" else request.GET
    shown = asking_forms.shown(kind, options, typed)
    status = 409 if fault else 200
    return render(request, "web/asking_form.html", {**shown, "form": form, "fault": fault}, status=status)


@never_cache
@require_GET
def one(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """One asking: the facts, its steps with their times, and what this person may do."""
    return _one(request, number, "web/asking_one.html")


@never_cache
@require_GET
def one_state(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The inside of that page."""
    return _one(request, number, "web/_asking_one.html")


@require_POST
def answer(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Yes or no. Anything but the two words changes nothing."""

    def act(person: PersonCard) -> AskingCard:
        said = request.POST.get("answer")
        if said not in ("approve", "refuse"):
            raise BadAsking(_("Nothing was answered."), _("It was neither yes nor no."), _("Press a button."))
        return asking.answer(person.id, str(number), said == "approve", device_says(request))

    return _act(request, number, act)


@require_POST
def end(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """End it, call it off, or take it back."""
    return _act(request, number, lambda person: asking.end(person.id, str(number), device_says(request)))


def _list(request: HttpRequest, template: str) -> HttpResponse:
    person = _person(request)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    snapshot = facts.snapshot()
    every = asked.everything(person.id, snapshot)
    if not every.any and not asked.offered(person.id, snapshot):
        raise Http404
    kinds = {option.section.kind for option in asking_sections.options(person.id, snapshot)}
    shown = {
        "every": every,
        "may": {form: kind in kinds for form, kind in FORMS.items()},
        "of_owner": _of_owner(snapshot, person),
    }
    return render(request, template, shown)


def _one(request: HttpRequest, number: uuid.UUID, template: str) -> HttpResponse:
    person = _person(request)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    found = asked.one(person.id, str(number))
    if found is None:
        raise Http404
    return render(request, template, {"asked": found, "zone": found.zone})


def _act(request: HttpRequest, number: uuid.UUID, act: Callable[[PersonCard], AskingCard]) -> HttpResponse:
    person = _person(request)
    if person is None:
        return redirect("/sign-in/?next=/asking/")
    try:
        act(person)
    except (UnknownAsking, NotFound) as nothing:
        raise Http404(str(nothing)) from nothing
    except (AccessError, ActivationError) as fault:
        messages.error(request, str(fault))
    return HttpResponseRedirect(f"/asking/{number}/")


def _of_owner(snapshot: Snapshot, person: PersonCard) -> bool:
    owners = {agreement.owner for agreement in snapshot.world.inventory.agreements}
    return any(party in owners for party, _role in person.roles)


def _person(request: HttpRequest) -> PersonCard | None:
    return getattr(request, "person", None)
