"""How a refusal or error is told over the API: the slices' error trees as {code, what, why, next_step} with a status.

Never: a stack trace, or a word that the page would not have said.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from sightpact.access.errors import AccessError
from sightpact.access.facts import Unsettled
from sightpact.activation.errors import ActivationError
from sightpact.agreements.errors import AgreementError
from sightpact.ledger.errors import LedgerError
from sightpact.people.errors import PeopleError

log = logging.getLogger("sightpact.api")

STATUS = {
    # class of an error, or of one above it: the status that says the same
    "NotFound": 404,
    "UnknownActivation": 404,
    "UnknownAsking": 404,
    "UnknownDrill": 404,
    "NoSuch": 404,
    "Refused": 403,
    "NotActive": 403,
    "LogUnwritable": 503,
    "LedgerError": 503,
}
ELSE = 409
TREES = (AccessError, ActivationError, AgreementError, LedgerError, PeopleError)


class Fault(Schema):
    """What was not done, why, and what to do next."""

    code: str
    what: str
    why: str
    next_step: str


def answers(good: Any, *codes: int) -> dict[int, Any]:
    """What an operation may answer, for its schema. 401 always may be; writes add 403 and 429."""
    return {200: good, **dict.fromkeys((401, *codes), Fault)}


def told(status: int, code: str, what: str, why: str, next_step: str) -> HttpResponse:
    return JsonResponse({"code": code, "what": what, "why": why, "next_step": next_step}, status=status)


def unknown_address() -> HttpResponse:
    where = _("See /api/v1/openapi.json for what is here.")
    return told(
        404, "not_found", _("There is nothing at this address."), _("The API does not know it."), where
    )


def signed_out() -> HttpResponse:
    why, then = _("The API answers people who have signed in."), _("Sign in at /sign-in/.")
    return told(401, "signed_out", _("You are not signed in."), why, then)


def other_method(allowed: str) -> HttpResponse:
    why = _("It takes %(methods)s.") % {"methods": allowed}
    return told(405, "method", _("This address is not asked that way."), why, _("See /api/v1/openapi.json."))


def register(api: NinjaAPI) -> None:
    """Give every way to fail its answer."""
    for tree in TREES:
        api.add_exception_handler(tree, _of_a_tree)
    api.add_exception_handler(Http404, lambda request, fault: unknown_address())
    api.add_exception_handler(ValidationError, _not_understood)
    api.add_exception_handler(HttpError, _of_http)
    api.add_exception_handler(Unsettled, _away)
    api.add_exception_handler(Error, _away)
    api.add_exception_handler(Exception, _unforeseen)


def _of_a_tree(_request: HttpRequest, fault: Any) -> HttpResponse:
    names = [cls.__name__ for cls in type(fault).__mro__]
    status = next((STATUS[name] for name in names if name in STATUS), ELSE)
    code = getattr(fault, "code", "") or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", names[0]).lower()
    return told(status, code, fault.what, fault.why, fault.next_step)


def _not_understood(_request: HttpRequest, fault: Any) -> HttpResponse:
    """Names the fields that do not fit; what was sent is not repeated."""
    why = " ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}." for each in fault.errors)
    return told(422, "not_understood", _("This was not understood."), why, _("Correct it and send it again."))


def _of_http(_request: HttpRequest, fault: Any) -> HttpResponse:
    """What the API itself refuses, before any handler: sign-in, cross-site, too often, malformed JSON."""
    if fault.status_code == 401:
        return signed_out()
    if fault.status_code == 403:
        why = _("Its CSRF token is missing or is not this session's.")
        return told(
            403, "csrf", _("This was not taken."), why, _("Send X-CSRFToken: GET /api/v1/me has one.")
        )
    if fault.status_code == 429:
        return told(429, "too_often", _("This was not done."), _("You ask too often."), _("Wait a minute."))
    return told(
        fault.status_code, "not_understood", _("This was not understood."), str(fault), _("Send JSON.")
    )


def _away(_request: HttpRequest, fault: Any) -> HttpResponse:
    log.error("the database could not answer the API: %s", fault)
    why = _("The database cannot answer at the moment.")
    return told(
        503, "away", _("This was not done."), why, _("Try again in a few seconds. Call 911 in an emergency.")
    )


def _unforeseen(_request: HttpRequest, fault: Any) -> HttpResponse:
    log.error("the API failed", exc_info=fault)
    return told(
        500,
        "error",
        _("This was not done."),
        _("A fault of Sightpact; it is in the log."),
        _("Tell the district's IT."),
    )
