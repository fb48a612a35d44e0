"""The wall's pages: what it shows, and what a dispatcher does there. Facts come from `access`; nothing is decided here.

No picture passes through here: the page gets a ticket and its player talks to the edge.
"""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sightpact.access import actions as access_actions
from sightpact.access import aid, asking, sharing, tickets
from sightpact.access import wall as walls
from sightpact.access import which_school as questions
from sightpact.access.errors import AccessError, LogUnwritable
from sightpact.access.wall import WallState
from sightpact.activation.errors import ActivationError
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.live import page, words
from sightpact.live.device import says as device_says
from sightpact.people.reads import PersonCard, as_secret

_REFUSED = "refusal_noted"  # session: that a person without any agreement asked is written once
_BACK = ("/today/", "/alert/which-school/")  # pages that send the wall's forms, and are come back to
_PUT_AWAY = "put_away"  # session: ended sharings whose notice was read


@never_cache
@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """The wall, whole: it is a readable page also before any script runs."""
    person = _person(request)
    if person is None:
        return redirect(settings.LOGIN_URL)
    state = _state(request, person)
    if state.mode == "nothing" and not state.agreements:
        _note_refusal(request, person)
        return render(request, "live/nothing.html", {"closed_sentence": state.closed_sentence})
    return render(request, "live/wall.html", page.whole(state))


@never_cache
@require_GET
def wall_state(request: HttpRequest) -> HttpResponse:
    """What changes on the wall: mode, cameras, and the server's words for each place of the page."""
    person = _person(request)
    if person is None:
        return JsonResponse({"text": words.signed_out()}, status=401)
    state = _state(request, person)
    return HttpResponse(page.changed(person.id, state, request), content_type="application/json")


@require_POST
def ticket(request: HttpRequest) -> HttpResponse:
    """A single-use ticket for one viewer socket of this page."""
    person = _person(request)
    if person is None or not request.session.session_key:
        return JsonResponse({"text": words.signed_out()}, status=401)
    issued = tickets.issue(person.id, request.session.session_key, device_says(request))
    return JsonResponse({"ticket": issued, "url": settings.SIGHTPACT.viewer_url})


@require_POST
def told(request: HttpRequest) -> HttpResponse:
    """The page has shown it: the third tick at the switch."""
    return _act(request, lambda person, activation: sharing.told(person, activation))


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    return _act(request, lambda person, activation: sharing.take(person, activation, device_says(request)))


@require_POST
def all_clear(request: HttpRequest) -> HttpResponse:
    reason = "mistake" if request.POST.get("reason") == "mistake" else "all_clear"
    device = device_says(request)
    return _act(request, lambda person, activation: sharing.all_clear(person, activation, reason, device))


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """The ends that dispatch alone can say: incident closed, last responder left, hoax."""
    reason, device = request.POST.get("reason", ""), device_says(request)
    return _act(request, lambda person, activation: sharing.close(person, activation, reason, device))


@require_POST
def extend(request: HttpRequest) -> HttpResponse:
    """One step longer, at most to the agreement's cap."""
    return _act(request, lambda person, activation: sharing.extend(person, activation, device_says(request)))


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """What was only reported is so."""
    return _act(request, lambda person, activation: sharing.confirm(person, activation, device_says(request)))


@require_POST
def dispute(request: HttpRequest) -> HttpResponse:
    """It was not this person's word, or it is not so: it ends."""
    return _act(request, lambda person, activation: sharing.dispute(person, activation, device_says(request)))


@require_POST
def keep_open(request: HttpRequest) -> HttpResponse:
    return _act(request, sharing.keep_open)


@require_POST
def end_look(request: HttpRequest) -> HttpResponse:
    """End what is open by invitation, request or event: whoever looks is done."""
    number = request.POST.get("asking", "")
    return _act(request, lambda person, _activation: asking.end(person, number, device_says(request)))


@require_POST
def call_aid(request: HttpRequest) -> HttpResponse:
    """Call a neighbour for aid in a running sharing."""
    party, device = request.POST.get("party", ""), device_says(request)
    return _act(request, lambda person, activation: aid.call(person, activation, party, device))


@require_POST
def which_school(request: HttpRequest) -> HttpResponse:
    """Say which school an alarm is for, and what it is: one tap. Or that it needs no sharing."""
    alarm, device = request.POST.get("alarm", ""), device_says(request)
    school, _colon, kind = request.POST.get("choice", "").partition(":")

    def answer(person: str, _activation: str) -> None:
        if request.POST.get("choice") == "none":
            questions.put_away(person, alarm, device)
        else:
            questions.open_one(person, alarm, school, kind, device)

    return _act(request, answer)


@require_POST
def put_away(request: HttpRequest) -> HttpResponse:
    """This person has read why the last sharing ended."""

    def note(_person: str, activation: str) -> None:
        try:
            uuid.UUID(activation)
        except ValueError:
            return  # no sharing has such a number; nothing else is kept
        request.session[_PUT_AWAY] = [*request.session.get(_PUT_AWAY, [])[-19:], activation]

    return _act(request, note)


def _act(request: HttpRequest, act: Any) -> HttpResponse:
    """Do it, and answer in the asker's form: JSON for the page's script, else back to the wall."""
    wants_json = "application/json" in request.headers.get("Accept", "")
    person = _person(request)
    if person is None:
        return (
            JsonResponse({"text": words.signed_out()}, status=401)
            if wants_json
            else redirect(settings.LOGIN_URL)
        )
    try:
        act(person.id, request.POST.get("activation", ""))
    except (AccessError, ActivationError) as fault:
        if wants_json:
            return JsonResponse({"code": fault.code, "text": str(fault)}, status=409)
        messages.error(request, str(fault))
    back = request.POST.get("back", "")
    return (
        JsonResponse({"ok": True})
        if wants_json
        else HttpResponseRedirect(back if back in _BACK else "/wall/")
    )


def _note_refusal(request: HttpRequest, person: PersonCard) -> None:
    """That somebody with whom nothing is shared asked, once a session."""
    if request.session.get(_REFUSED):
        return
    request.session[_REFUSED] = True
    secret = {
        "person": as_secret(person),
        "device": Secret("", device_says(request)),
        "text": Secret("", "wall"),
    }
    with contextlib.suppress(LogUnwritable):  # nothing was shown, so nothing depends on it
        access_actions.note(
            [
                NewEntry(
                    "refusal",
                    party=person.party_slug,
                    outcome="refused",
                    reason_code="no_agreement",
                    secret=secret,
                )
            ]
        )


def _state(request: HttpRequest, person: PersonCard) -> WallState:
    return walls.state(person.id, tuple(request.session.get(_PUT_AWAY, ())))


def _person(request: HttpRequest) -> PersonCard | None:
    return getattr(request, "person", None)
