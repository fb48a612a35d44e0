"""Signing in with a passkey, making one from an invitation, signing out. There is no other way in.

Who may see what is never decided here: these views only find out who somebody is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.models import Login
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import flows
from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sightpact.ledger import clock
from sightpact.people import actions, passkey, reads
from sightpact.people.errors import PasskeyRefused, PeopleError
from sightpact.people.models import Account
from sightpact.people.tokens import digest

_LIMITS = {"options": "120/m/ip", "join": "60/m/ip"}  # a school sits behind one address, so asking is cheap


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page, and the passkey's answer."""
    after = _after(request)
    if _person(request) is not None:
        return HttpResponseRedirect(after)
    if request.method != "POST":
        return render(request, "people/sign_in.html", {"next": after})
    used = ratelimit.consume(request, app="allauth.mfa", action="webauthn_login")
    if not used:
        return _too_often(request)
    try:
        key = passkey.finish_sign_in(request.POST.get("credential", ""), settings.SIGHTPACT.url)
    except PasskeyRefused as fault:
        return _not_in(request, fault, "bad_passkey", after)
    card = reads.person_of_account(key.user_id)
    if card is None:
        left = PasskeyRefused(
            _("This passkey was not accepted"), _("its person is no longer here"), _("Ask your district's IT")
        )
        return _not_in(request, left, "not_active", after)
    used.rollback()  # only failures count towards the limit
    with transaction.atomic():
        actions.record_sign_in(card, _device(request))
        return _begin_session(request, key, after)


@never_cache
@require_GET
def sign_in_options(request: HttpRequest) -> HttpResponse:
    """What the browser is asked to sign; its challenge is good for one answer."""
    if _over(request, "options"):
        return JsonResponse({"error": _("Too many tries. Wait a minute.")}, status=429)
    return JsonResponse(passkey.begin_sign_in())


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session, on the record, and with it every picture that it has open."""
    _leave(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """An invitation link: looking at it uses nothing up (mail filters look too); making the passkey does."""
    if _over(request, "join"):
        return _too_often(request)
    card = reads.invited(digest(secret))
    if card is None:
        return render(request, "people/join_closed.html", status=410)
    if request.method != "POST":
        return render(request, "people/join.html", {"invited": card})
    try:
        credential = passkey.finish_registration(request.POST.get("credential", ""), settings.SIGHTPACT.url)
        name = request.POST.get("name", "").strip() or _("My device")
        _leave(request)
        with transaction.atomic():
            invited = actions.accept_invitation(secret)
            key = actions.store_passkey(invited, name, credential)
            actions.record_sign_in(invited, _device(request), how="invitation")
            return _begin_session(request, key, settings.LOGIN_REDIRECT_URL)
    except PeopleError as fault:
        return render(request, "people/join.html", {"invited": card, "fault": fault}, status=400)


@never_cache
@require_GET
def join_options(request: HttpRequest, secret: str) -> HttpResponse:
    """What the browser is asked to make, fetched at the click: a page that was loaded twice still works."""
    card = None if _over(request, "join") else reads.invited(digest(secret))
    if card is None:
        return JsonResponse({"error": _("This link is closed. Load the page again.")}, status=410)
    return JsonResponse(passkey.begin_registration(Account.objects.get(person__id=card.id)))


def _begin_session(request: HttpRequest, key: Authenticator, after: str) -> HttpResponse:
    """Give the session its person. It ends at a fixed instant, however busy it is: AAL2 asks for a new
    sign-in."""
    response: HttpResponse = flows.perform_passwordless_login(
        request, key, Login(user=key.user, redirect_url=after)
    )
    request.session.set_expiry(clock.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    return response


def _leave(request: HttpRequest) -> None:
    card = _person(request)
    if card is not None and request.session.session_key:
        actions.sign_out(card, request.session.session_key, _device(request))
    logout(request)


def _not_in(request: HttpRequest, fault: PeopleError, reason: str, after: str) -> HttpResponse:
    actions.record_failed_sign_in(_device(request), reason)
    return render(request, "people/sign_in.html", {"next": after, "fault": fault}, status=400)


def _too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "people/too_often.html", status=429)


def _over(request: HttpRequest, action: str) -> bool:
    return not ratelimit.consume(
        request, app="sightpact.people", action=action, config=_LIMITS, limit_get=True
    )


def _after(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return str(settings.LOGIN_REDIRECT_URL)


def _person(request: HttpRequest) -> reads.PersonCard | None:
    card: Any = getattr(request, "person", None)
    return card if isinstance(card, reads.PersonCard) else None


def _device(request: HttpRequest) -> str:
    """How the record names the device: what the browser calls itself, and from which address it came."""
    browser = request.META.get("HTTP_USER_AGENT", "")[:200] or "unnamed browser"
    return f"{browser} at {ratelimit.get_ip(request)}"
