"""The switch: two taps, and police may watch. No sign-in is asked for; the device carries a start key.

Works as plain pages and forms; `switch.js` adds the "not sent" screen and lets the ticks run. Nothing is decided here.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sightpact.access import sharing, switch
from sightpact.access.errors import AccessError, NotFound
from sightpact.access.patience import patience
from sightpact.activation.errors import ActivationError
from sightpact.live.device import says as device_says
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from sightpact.web.pages import switch_facts

COOKIE = "sightpact_start"
KEY_DAYS = 365
NOTE_PATIENCE_S = 0.2


@never_cache
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Screen 1: school and kind. Screen 2, with a kind chosen: the sentence and the one button."""
    person = _starter(request)
    if person is None:
        return render(request, "web/switch_unknown.html", status=403)
    running = switch.running(person.id)
    if running is not None and "another" not in request.GET:
        return HttpResponseRedirect(f"/switch/{running.id}/")
    options = switch.options(person.id)
    if not options:
        return render(request, "web/switch_unknown.html", {"starter": person}, status=403)
    wanted = request.GET.get("school", "")
    chosen = switch_facts.choose(options, wanted) if wanted else switch_facts.preselected(options)
    around = {"starter": person, "options": options, "chosen": chosen, "has_key": COOKIE in request.COOKIES}
    kinds = chosen.emergencies if chosen else ()
    kind = next((each for each in kinds if each.kind == request.GET.get("emergency")), None)
    if kind is None:
        return render(request, "web/switch_choose.html", around)
    agency = switch_facts.agency(kind.grant_agreement)
    return render(request, "web/switch_confirm.html", {**around, "kind": kind, "agency": agency, "key": uuid.uuid4()})


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """The second tap. The same key again is the same start. A school that is not exactly known starts nothing anywhere."""
    person = _starter(request)
    if person is None:
        fault = NotFound(_("This device may not start sharing."), _("It has no start key."), _("Call 911."))
        return _refused(request, fault, _("NOT SENT"))
    chosen = switch_facts.choose(switch.options(person.id), request.POST.get("school", ""))
    try:
        if chosen is None:
            here = _("This page names a school that is not known here.")
            raise NotFound(_("No school was chosen."), here, _("Choose the school and send again. Call 911."))
        card = sharing.start(
            person.id,
            chosen.ids,
            request.POST.get("emergency", ""),
            key=request.POST.get("key", "")[:64] or str(uuid.uuid4()),
            device=device_says(request),
        )
    except (AccessError, ActivationError) as fault:
        return _refused(request, fault, _("NOT SENT"))
    where = f"/switch/{card.id}/"
    return JsonResponse({"url": where}) if _wants_json(request) else HttpResponseRedirect(where)


@never_cache
@require_GET
def running(request: HttpRequest, activation: uuid.UUID) -> HttpResponse:
    """Screen 3: ticks with times, who watches, mistake, end."""
    return _shown(request, activation, "web/switch_running.html")


@never_cache
@require_GET
def state(request: HttpRequest, activation: uuid.UUID) -> HttpResponse:
    """The inside of screen 3, asked for every second."""
    return _shown(request, activation, "web/_switch_running.html")


@require_POST
def end(request: HttpRequest, activation: uuid.UUID) -> HttpResponse:
    """All clear, or sent by mistake. Ends at once, or asks dispatch once dispatch has it."""
    person = _starter(request)
    reason = "mistake" if request.POST.get("reason") == "mistake" else "all_clear"
    try:
        if person is None:
            raise NotFound(_("This device may not end sharing."), _("It has no start key."), _("Call dispatch."))
        sharing.all_clear(person.id, str(activation), reason, device_says(request))
    except (AccessError, ActivationError) as fault:
        return _refused(request, fault, _("NOT DONE"))
    return HttpResponseRedirect(f"/switch/{activation}/")


@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """Whoever has signed in makes this device a switch, so that it asks for no sign-in in the moment."""
    person = getattr(request, "person", None)
    if person is None:
        return HttpResponseRedirect("/sign-in/?next=/switch/")
    response = HttpResponseRedirect("/switch/")
    return give_start_key(response, person.id, device_says(request))


def give_start_key(response: HttpResponse, person_id: str, device: str) -> HttpResponse:
    """Put a fresh start key into this browser: sent to the switch's pages only, unreadable for scripts."""
    secret = people_actions.enrol_start_key(person_id, device)
    response.set_cookie(
        COOKIE, secret, max_age=KEY_DAYS * 86400, path="/switch/", secure=settings.SECURE, httponly=True, samesite="Strict"
    )
    return response


def _shown(request: HttpRequest, activation: uuid.UUID, template: str) -> HttpResponse:
    person = _starter(request)
    ticks = switch.ticks(person.id, str(activation)) if person else None
    if person is None or ticks is None:
        return render(request, "web/switch_unknown.html", {"starter": person}, status=404)
    return render(request, template, {"starter": person, **switch_facts.running(person, ticks)})


def _starter(request: HttpRequest) -> people.PersonCard | None:
    """Whose device this is; else who has signed in."""
    with patience(NOTE_PATIENCE_S):  # that the key was used is noted; nobody waits for that
        owner = people_actions.use_start_key(request.COOKIES.get(COOKIE, ""))
    return people.person(owner) if owner else getattr(request, "person", None)


def _refused(request: HttpRequest, fault: AccessError | ActivationError, heading: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"code": fault.code, "text": str(fault)}, status=409)
    facts: dict[str, Any] = {"fault": fault, "heading": heading, "starter": _starter(request)}
    return render(request, "web/switch_refused.html", facts, status=409)


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
