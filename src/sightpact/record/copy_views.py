"""Where a copy of the record elsewhere reads it and hands its countersignature over. For the holder of a copy's token alone.

Entries hold salted commitments in place of names, so that a copy learns none. Layout: C2SP tlog-tiles.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from sightpact.ledger.copies import actions, reads
from sightpact.ledger.copies.reads import Copy
from sightpact.ledger.errors import LedgerError
from sightpact.ledger.live_source import Live
from sightpact.ledger.notes import MAX_NOTE
from sightpact.ledger.tiles import WIDTH, encode_bundle

_BUNDLE = re.compile(r"^((?:x\d{3}/)*\d{3})(?:\.p/(\d{1,3}))?$")


@never_cache
@require_GET
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed head."""
    if _copy(request) is None:
        return _stranger()
    return _text(_live().checkpoint())


@never_cache
@require_GET
def entries(request: HttpRequest, path: str) -> HttpResponse:
    """One bundle of entries: tile/entries/N, or N.p/W for the first W of an unfinished one."""
    if _copy(request) is None:
        return _stranger()
    found = _BUNDLE.match(path)
    width = int(found[2] or WIDTH) if found else 0
    if found is None or not 0 < width <= WIDTH:
        return _text("There is no such bundle. Its path is NNN or NNN.p/WIDTH.", 404)
    there, _ = _live().bundle(int(found[1].replace("x", "").replace("/", "")), width)
    if len(there) < width:
        return _text("There are not so many entries yet. Fetch the checkpoint again.", 404)
    return HttpResponse(encode_bundle(there), content_type="application/octet-stream")


@csrf_exempt  # no cookie is looked at: the token is in a header that no form can set
@never_cache
@require_POST
def cosigned(request: HttpRequest) -> HttpResponse:
    """Keep a countersigned head."""
    copy = _copy(request)
    if copy is None:
        return _stranger()
    if len(request.body) > MAX_NOTE:
        return _text("It is too large for a head.", 413)
    try:
        actions.keep(copy.id, request.body.decode("utf-8", "replace"))
    except LedgerError as fault:
        return _text(str(fault), 422)
    return _text("Kept.")


def _copy(request: HttpRequest) -> Copy | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return reads.by_token(token) if kind == "Bearer" and token else None


def _live() -> Live:
    return Live(settings.SIGHTPACT.log_origin, settings.SIGHTPACT.keys / "log.key")


def _stranger() -> HttpResponse:
    text = "This is for copies of the record that the owner enrolled."
    answer = JsonResponse({"code": "not_enrolled", "text": text}, status=401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _text(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
