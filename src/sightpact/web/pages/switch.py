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
from sightpact.activation.errors import ActivationError
from sightpact.live.device import says as device_says
from sightpact.people import actions as people_actions
from sightpact.web.pages import switch_facts
from sightpact.web.pages.starter import COOKIE, first, owner, starters

KEY_DAYS = 365
_ANSWERS = {"confirm": sharing.confirm, "dispute": sharing.dispute}


@never_cache
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Screen 1: school and kind. Screen 2, with a kind chosen: the sentence and the one button."""
    starter, running = first(request, switch.running)
    if starter is None:
        return render(request, "web/switch_unknown.html", status=403)
    if running is not None and "another" not in request.GET:
        return HttpResponseRedirect(f"/switch/{running.id}/")
    starter, options = first(request, switch.options)
    person = starter.person if starter else None
    if not options:
        return render(request, "web/switch_unknown.html", {"starter": person}, status=403)
    wanted = request.GET.get("school", "")
    chosen = switch_facts.choose(options, wanted) if wanted else switch_facts.preselected(options)
    near = switch.near(person.id) if person else ()
    around = {
        "starter": person,
        "options": options,
        "chosen": chosen,
        "near": near,
        "has_key": _is_own(request),
    }
    kinds = chosen.emergencies if chosen else ()
    kind = next((each for each in kinds if each.kind == request.GET.get("emergency")), None)
    if kind is None:
        return render(request, "web/switch_choose.html", around)
    agency = switch_facts.agency(kind.grant_agreement)
    return render(
        request, "web/switch_confirm.html", {**around, "kind": kind, "agency": agency, "key": uuid.uuid4()}
    )


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """The second tap. The same key again is the same start. A school that is not exactly known starts nothing anywhere."""
    starter, may = first(request, switch.may_start)
    if starter is None:
        fault = NotFound(_("This device may not start sharing."), _("It has no start key."), _("Call 911."))
        return _refused(request, fault, _("NOT SENT"))
    wanted = request.POST.get("school", "")
    schools = (
        (may or ()) if wanted == switch_facts.WHOLE_DISTRICT else (wanted,) if wanted in (may or ()) else ()
    )
    try:
        if not schools:
            here = _("This page names a school that is not known here.")
            raise NotFound(_("No school was chosen."), here, _("Choose the school and send again. Call 911."))
        card = sharing.start(
            starter.person.id,
            schools,
            request.POST.get("emergency", ""),
            key=request.POST.get("key", "")[:64] or str(uuid.uuid4()),
            device=starter.device,
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
    starter, _ticks = first(request, lambda person: switch.ticks(person, str(activation)))
    reason = "mistake" if request.POST.get("reason") == "mistake" else "all_clear"
    try:
        if starter is None:
            raise NotFound(
                _("This device may not end sharing."), _("It has no start key."), _("Call dispatch.")
            )
        sharing.all_clear(starter.person.id, str(activation), reason, starter.device)
    except (AccessError, ActivationError) as fault:
        return _refused(request, fault, _("NOT DONE"))
    return HttpResponseRedirect(f"/switch/{activation}/")


@require_POST
def answer(request: HttpRequest, activation: uuid.UUID) -> HttpResponse:
    """Dispatch reports this person's word, or a 911 call: it is so, or it was not."""
    starter, _ticks = first(request, lambda person: switch.ticks(person, str(activation)))
    act = _ANSWERS.get(request.POST.get("answer", ""))
    try:
        if starter is None:
            raise NotFound(_("This device may not answer."), _("It has no start key."), _("Call dispatch."))
        if act is None:
            here = _("This page sent an answer that is not known here.")
            raise NotFound(
                _("Nothing was answered."),
                here,
                _("Go back, load the page again, and answer. Or call dispatch."),
            )
        act(starter.person.id, str(activation), starter.device)
    except (AccessError, ActivationError) as fault:
        return _refused(request, fault, _("NOT DONE"))
    return HttpResponseRedirect(f"/switch/{activation}/")


@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """Whoever has signed in makes this device a switch. One that is somebody else's is taken over only when that is confirmed."""
    person = getattr(request, "person", None)
    if person is None:
        return HttpResponseRedirect("/sign-in/?next=/switch/")
    before = owner(request)
    if before is not None and before.id != person.id and "instead" not in request.POST:
        return render(request, "web/switch_taken.html", {"starter": person, "before": before}, status=409)
    if before is not None:
        people_actions.give_up_start_key(request.COOKIES[COOKIE], person)
    return give_start_key(HttpResponseRedirect("/switch/"), person.id, device_says(request))


def give_start_key(response: HttpResponse, person_id: str, device: str) -> HttpResponse:
    """Put a fresh start key into this browser: sent to the switch's pages only, unreadable for scripts."""
    secret = people_actions.enrol_start_key(person_id, device)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=KEY_DAYS * 86400,
        path="/switch/",
        secure=settings.SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def _shown(request: HttpRequest, activation: uuid.UUID, template: str) -> HttpResponse:
    starter, ticks = first(request, lambda person: switch.ticks(person, str(activation)))
    if starter is None or ticks is None:
        person = starter.person if starter else None
        return render(request, "web/switch_unknown.html", {"starter": person}, status=404)
    return render(
        request, template, {"starter": starter.person, **switch_facts.running(starter.person, ticks)}
    )


def _is_own(request: HttpRequest) -> bool:
    """Is there nothing that the link "Let this device share without a sign-in" could do?"""
    signed, mine = getattr(request, "person", None), owner(request)
    return signed is None or (mine is not None and mine.id == signed.id)


def _refused(request: HttpRequest, fault: AccessError | ActivationError, heading: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"code": fault.code, "text": str(fault)}, status=409)
    starter = next((each.person for each in starters(request)), None)
    facts: dict[str, Any] = {"fault": fault, "heading": heading, "starter": starter}
    return render(request, "web/switch_refused.html", facts, status=409)


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
