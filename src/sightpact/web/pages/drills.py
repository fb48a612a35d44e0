"""Drills: the list with what is owed, the form to start one, one drill as it runs and as it was, its paper for the board.

Works as plain pages and forms; page news replaces the inside. `access` decides and writes. Who has nothing to do with
drills gets 404. Never: a way from here into a real emergency but the switch itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sightpact.access import drill_sections, drilled, drills, exercises, facts
from sightpact.access.drill_sections import Option
from sightpact.access.errors import AccessError, NotFound
from sightpact.activation.errors import ActivationError, UnknownDrill
from sightpact.agreements.errors import AgreementError
from sightpact.agreements.papers.pace import Pace
from sightpact.ledger import clock
from sightpact.live.device import says as device_says
from sightpact.people.reads import PersonCard
from sightpact.web.pages import drill_report

MAX_KEY = 64
_pace = Pace()


@never_cache
@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """What runs, what is owed, what was held."""
    return _list(request, "web/drills.html")


@never_cache
@require_GET
def everything_state(request: HttpRequest) -> HttpResponse:
    """The inside of the list."""
    return _list(request, "web/_drills_list.html")


@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose school and what is practised; started by POST. The same key again is the same drill."""
    person = _person(request)
    if person is None:
        return redirect("/sign-in/?next=/drills/start/")
    options = drill_sections.options(person.id)
    if not options:
        raise Http404
    fault: AccessError | ActivationError | None = None
    typed = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(options, typed.get("where", ""))
    if request.method == "POST" and chosen is not None:
        try:
            card = drills.start(
                person.id,
                (chosen.school,),
                request.POST.get("emergency", ""),
                request.POST.get("key", "")[:MAX_KEY] or str(uuid.uuid4()),
                device_says(request),
                chosen.agreement,
            )
            return HttpResponseRedirect(f"/drills/{card.id}/")
        except (AccessError, ActivationError) as found:
            fault = found
    shown = {"options": options, "chosen": chosen, "fault": fault, "key": uuid.uuid4()}
    return render(request, "web/drill_start.html", shown, status=409 if fault else 200)


@never_cache
@require_GET
def one(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """One drill: the seconds of each step, the real cameras, and the buttons; afterwards its report."""
    return _one(request, number, "web/drill.html")


@never_cache
@require_GET
def one_state(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The inside of that page."""
    return _one(request, number, "web/_drill.html")


@never_cache
@require_GET
def paper(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The report as a PDF for the board. Made by a process of its own."""
    person = _person(request)
    if person is None:
        return redirect(f"/sign-in/?next=/drills/{number}/")
    found = _found(person, number)
    if found.card.is_live:
        messages.warning(request, _("The report is ready when the drill has ended."))
        return HttpResponseRedirect(f"/drills/{number}/")
    if not _pace.may(person.id, clock.monotonic()):
        messages.error(request, _("Too many papers in a short time. Wait a minute, then ask again."))
        return HttpResponseRedirect(f"/drills/{number}/")
    try:
        content = drill_report.pdf(found)
    except AgreementError as fault:
        messages.error(request, str(fault))
        return HttpResponseRedirect(f"/drills/{number}/")
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{drill_report.filename(found)}"'
    return answer


@require_POST
def exercise(request: HttpRequest) -> HttpResponse:
    """Start the drill that an exercise alarm asks for, or put it away: one tap."""
    person = _person(request)
    if person is None:
        return redirect("/sign-in/?next=/drills/")
    alarm, choice, device = (
        request.POST.get("alarm", ""),
        request.POST.get("choice", ""),
        device_says(request),
    )
    agreement, _colon, rest = choice.partition(":")
    school, _colon, kind = rest.partition(":")
    try:
        if choice != "none":
            card = exercises.start(person.id, alarm, agreement, school, kind, device)
            return HttpResponseRedirect(f"/drills/{card.id}/")
        exercises.put_away(person.id, alarm, device)
    except NotFound as nothing:
        if not drill_sections.options(person.id):
            raise Http404(str(nothing)) from nothing
        messages.error(request, str(nothing))
    except (AccessError, ActivationError) as fault:
        messages.error(request, str(fault))
    return HttpResponseRedirect("/drills/")


@require_POST
def take(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    return _act(request, number, lambda who: drills.take(who, str(number), device_says(request)))


@require_POST
def end(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    return _act(request, number, lambda who: drills.end(who, str(number), device_says(request)))


@require_POST
def told(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """A wall has shown it."""
    return _act(request, number, lambda who: drills.told(who, str(number)))


@require_POST
def pictured(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """A wall has drawn its first simulated picture."""
    return _act(request, number, lambda who: drills.pictured(who, str(number)))


def _list(request: HttpRequest, template: str) -> HttpResponse:
    person = _person(request)
    if person is None:
        return redirect("/sign-in/?next=/drills/")
    snapshot = facts.snapshot()
    every = drilled.everything(person.id, snapshot)
    if not drill_sections.offered(person.id, snapshot) and not (every.running or every.held):
        raise Http404
    may_start = bool(drill_sections.options(person.id, snapshot))
    shown = {
        "every": every,
        "may_start": may_start,
        "exercises": exercises.waiting(snapshot, person.id) if may_start else (),
        "today": clock.now().date(),
    }
    return render(request, template, shown)


def _one(request: HttpRequest, number: uuid.UUID, template: str) -> HttpResponse:
    person = _person(request)
    if person is None:
        return redirect(f"/sign-in/?next=/drills/{number}/")
    found = _found(person, number)
    return render(request, template, {"drilled": found, "zone": found.zone})


def _found(person: PersonCard, number: uuid.UUID) -> drilled.Drilled:
    try:
        return drilled.one(person.id, str(number))
    except UnknownDrill as nothing:
        raise Http404(str(nothing)) from nothing


def _act(request: HttpRequest, number: uuid.UUID, act: Callable[[str], object]) -> HttpResponse:
    """Do it, and answer in the asker's form: JSON for the wall's script, else back to the drill's page."""
    wants_json = "application/json" in request.headers.get("Accept", "")
    person = _person(request)
    if person is None:
        return JsonResponse({"text": ""}, status=401) if wants_json else redirect("/sign-in/?next=/drills/")
    try:
        act(person.id)
    except (UnknownDrill, NotFound) as nothing:
        raise Http404(str(nothing)) from nothing
    except (AccessError, ActivationError) as fault:
        if wants_json:
            return JsonResponse({"code": fault.code, "text": str(fault)}, status=409)
        messages.error(request, str(fault))
    return JsonResponse({"ok": True}) if wants_json else HttpResponseRedirect(f"/drills/{number}/")


def _chosen(options: tuple[Option, ...], where: str) -> Option | None:
    """The one that was named, else where the person works, else the only one. A name that is not known: none."""
    if where:
        return next((o for o in options if where in (o.school, f"{o.agreement}:{o.school}")), None)
    homes = [o for o in options if o.preselected]
    return homes[0] if homes else options[0] if len(options) == 1 else None


def _person(request: HttpRequest) -> PersonCard | None:
    return getattr(request, "person", None)
