"""How you are told: my channels and their tests, what waits for my acknowledgement; for overseers, who has no channel that works.

The acknowledgement by a link needs no sign-in: whoever holds the notice's own token says "seen", and learns nothing.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sightpact.access import facts, telling_who, visible
from sightpact.access.errors import UNWRITABLE
from sightpact.decide.facts import Action
from sightpact.ledger import clock
from sightpact.live.device import says as device_says
from sightpact.notices import actions, reads
from sightpact.notices.errors import ChannelFault
from sightpact.notices.senders import gateway, push
from sightpact.notices.tokens import delivery_of
from sightpact.people.reads import PersonCard

MOST_REPORT = 8 * 1024  # bytes of a gateway's report


@never_cache
@require_GET
def told(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    if person is None:
        return redirect("/sign-in/?next=/told/")
    snapshot = facts.snapshot()
    owners = visible.owners_where(person.id, Action.SEE_WATCHERS, snapshot)
    concerned = dict.fromkeys(p for owner in owners for p in telling_who.everybody(snapshot, owner))
    cards = reads.channels(person.id)
    lately, over = (*snapshot.live, *reversed(snapshot.ended)), {card.id for card in snapshot.ended}
    shown = {
        "channels": cards,
        "works": any(card.works for card in cards),
        "waiting": [each for each in reads.waiting_for(person.id, clock.now()) if each.about not in over],
        "push_key": push.public_key(settings.SIGHTPACT.keys),
        "oversees": bool(owners),
        "concerned": len(concerned),
        "unreachable": reads.unreachable(concerned),
        "sharings": [(card, reads.by_person(card.id)) for card in lately if card.owner in owners],
    }
    return render(request, "web/told.html", shown)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """A browser agreed to be told."""

    def write(person: PersonCard) -> str:
        given = (request.POST.get(name, "")[:1100] for name in ("endpoint", "p256dh", "auth"))
        actions.add_push(person, *given, device_says(request))
        return _("This device will be told. Send a test, and answer it.")

    return _button(request, write)


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """A phone or browser is told nothing more."""

    def write(person: PersonCard) -> str:
        removed = actions.remove(person, _id(request.POST.get("channel", "")))
        return _("It is told nothing more.") if removed else ""

    return _button(request, write)


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send a test that must be answered."""

    def write(person: PersonCard) -> str:
        channel = request.POST.get("channel", "")
        actions.test_channel(person, request.POST.get("kind", ""), _id(channel) if channel else "")
        return _("The test is on its way. It counts once you answer it.")

    return _button(request, write)


@require_POST
def acknowledge(request: HttpRequest) -> HttpResponse:
    """A signed-in person has seen a notice on this page."""

    def write(person: PersonCard) -> str:
        noted = actions.acknowledge_notice(_id(request.POST.get("notice", "")), person.id)
        return _("Noted: you have seen it.") if noted else ""

    return _button(request, write)


def _button(request: HttpRequest, write: Callable[[PersonCard], str]) -> HttpResponse:
    """A button of this page: do it for whoever is signed in, say in one line what became of it, and lead back.

    Args:
        write: does it, and returns the line to say; "" where there was nothing to do.
    """
    person = _person(request)
    if person is None:
        return redirect("/sign-in/?next=/told/")
    try:
        if said := write(person):
            messages.success(request, said)
    except ChannelFault as fault:
        messages.error(request, str(fault))
    except UNWRITABLE:
        messages.error(request, _unwritten())
    return HttpResponseRedirect("/told/")


@csrf_exempt  # the token is what allows it; a link in an e-mail and a tap on a phone carry no cookie
@never_cache
@require_http_methods(["GET", "POST"])
def seen(request: HttpRequest, token: str) -> HttpResponse:
    """One button: "I have seen this". By GET nothing happens, since mail programs open links by themselves."""
    delivery = delivery_of(token)
    if delivery is None:
        return render(request, "web/told_seen.html", {"state": "unknown"}, status=410)
    if request.method == "GET":
        return render(request, "web/told_seen.html", {"state": "ask"})
    try:
        good = actions.acknowledge(delivery)
    except UNWRITABLE:
        return render(request, "web/told_seen.html", {"state": "unwritten"}, status=503)
    return render(request, "web/told_seen.html", {"state": "seen" if good else "before"})


@csrf_exempt  # signed with the gateway's secret
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """The gateway says what became of a message or a call. JSON, signed; 401 for anybody else."""
    body = request.body[: MOST_REPORT + 1]
    stamp = request.headers.get("Sightpact-Time", "")
    said = request.headers.get("Sightpact-Signature", "")
    secret = settings.SIGHTPACT.sms_gateway_secret
    if len(body) > MOST_REPORT or not gateway.is_authentic(secret, stamp, said, body):
        return _answer(401, "Not signed by the gateway, or too old. Check the secret and the clock.")
    try:
        told_us = json.loads(body)
        delivery, state = _id(str(told_us["id"])), str(told_us["state"])
        why = str(told_us.get("why", ""))[:300]
    except (ValueError, KeyError, TypeError, AttributeError):
        return _answer(400, 'Write {"id": ..., "state": ...}.')
    if not actions.gateway_says(delivery, state, why):
        return _answer(404, "There is no such message. It may be of another Sightpact.")
    return HttpResponse(status=204)


def _answer(status: int, says: str) -> JsonResponse:
    return JsonResponse({"error": says}, status=status)


def _person(request: HttpRequest) -> PersonCard | None:
    person: PersonCard | None = getattr(request, "person", None)
    return person


def _id(text: str) -> str:
    """A UUID as text; for anything else 404."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise Http404 from None


def _unwritten() -> str:
    return _("This was not kept: the record cannot be written now. Try again, or tell IT.")
