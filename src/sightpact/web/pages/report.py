"""Dispatch reports a 911 call, or somebody's word: two taps. The law is asked by `access`, each time."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sightpact.access import reporting, sharing
from sightpact.access.errors import AccessError
from sightpact.activation.errors import ActivationError
from sightpact.live.device import says as device_says
from sightpact.people.reads import PersonCard

CALL = "call_911"


@never_cache
@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """First tap: school and kind. Second tap: a 911 call, or whose word it is; that one sends."""
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect("/sign-in/?next=/report/")
    options = reporting.options(person.id)
    if not options:
        raise Http404("nothing to report")
    wanted = request.GET.get("school", "")
    school = next((each for each in options if each.id == wanted), None)
    if school is None and len(options) == 1:
        school = options[0]
    kinds = school.kinds if school else ()
    kind = next((each for each in kinds if each.kind == request.GET.get("emergency")), None)
    shown = {"options": options, "school": school, "kind": kind, "key": uuid.uuid4()}
    if school and kind:
        shown["words"] = reporting.words(person.id, school.id, kind.kind)
    return render(request, "web/report.html", shown)


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Open it, unverified, on a 911 call or on this person's word. The same key again is the same report."""
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect("/sign-in/?next=/report/")
    on = request.POST.get("on", "")
    try:
        sharing.report(
            person.id,
            (request.POST.get("school", ""),),
            request.POST.get("emergency", ""),
            key=request.POST.get("key", "")[:64] or str(uuid.uuid4()),
            why=CALL if on == CALL else "word",
            word_of="" if on == CALL else on,
            device=device_says(request),
        )
    except (AccessError, ActivationError) as fault:
        messages.error(request, str(fault))
        return HttpResponseRedirect("/report/")
    return HttpResponseRedirect("/wall/")
