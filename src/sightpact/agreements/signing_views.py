"""The pages for signing an agreement: by passkey, by offline key, and the files that are signed or were signed.

Never: a trace of them for somebody of no party; a signature for somebody who may not sign. Paper: `paper_views.py`.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sightpact.agreements import actions, passkey_signing, scans, signing, signing_page
from sightpact.agreements.errors import AgreementError, SignatureFault
from sightpact.people.reads import PersonCard

MOST_ENVELOPE = 100_000  # bytes of an uploaded signature


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """What is signed, who signed, `?revision=` of which text; and the answer of a passkey, or the signature of an offline key."""
    person = person_of(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    if request.method != "POST":
        return render(request, "agreements/sign.html", {"page": page_or_404(slug, person, _wanted(request))})
    found = page_or_404(slug, person)
    mine = mine_or_404(found, request.POST.get("party", ""))
    try:
        if answer := request.POST.get("credential", ""):
            envelope = passkey_signing.envelope(answer, found.content, signing.PAYLOAD_TYPE)
        else:
            envelope = uploaded(request, "envelope")
        new = actions.sign(found.revision_id, mine.slug, envelope, person)
    except AgreementError as fault:
        return render(request, "agreements/sign.html", {"page": found, "fault": fault}, status=400)
    return signed(request, slug, mine.name, new)


@never_cache
@require_safe
def options(request: HttpRequest, slug: str) -> HttpResponse:
    """What the browser asks the passkey to sign: `?party=`."""
    person = person_of(request)
    if person is None:
        return JsonResponse({"error": _("You are not signed in any more. Load the page again.")}, status=401)
    found = page_or_404(slug, person)
    mine = mine_or_404(found, request.GET.get("party", ""))
    keys = signing_page.own_passkeys(person, mine.slug)
    if not keys:
        return no_passkey()
    return JsonResponse(passkey_signing.options(found.content, signing.PAYLOAD_TYPE, keys))


@never_cache
@require_safe
def file(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """What is signed, or what was: agreement.json, payload.json, signature-PARTY.json, scan-PARTY. As files, never shown."""
    person = person_of(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    found = page_or_404(slug, person, _wanted(request))
    if name == "agreement.json":
        return attached(found.canonical, f"{slug}-{found.revision}.json", "application/json")
    if name == "payload.json":
        return attached(found.content, f"{slug}-{found.revision}-payload.json", "application/json")
    what, _dash, party = name.partition("-")
    envelope = signing_page.envelope_of(found, party.removesuffix(".json"))
    if envelope is None:
        raise Http404
    if what == "signature" and party.endswith(".json"):
        party = party.removesuffix(".json")
        content = json.dumps({"party": party, **envelope}, indent=2).encode() + b"\n"
        return attached(content, f"{slug}-{found.revision}-{party}.json", "application/json")
    scan = signing.scan_of(envelope)
    if what != "scan" or not scan:
        raise Http404
    try:
        content = scans.read(scan)
        kind = scans.kind_of(content)
    except SignatureFault as fault:
        return render(request, "agreements/sign.html", {"page": found, "fault": fault}, status=410)
    types = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}
    return attached(content, f"{slug}-{found.revision}-{party}-signed.{kind}", types[kind])


def person_of(request: HttpRequest) -> PersonCard | None:
    """Who is signed in."""
    person: PersonCard | None = getattr(request, "person", None)
    return person


def _wanted(request: HttpRequest) -> int | None:
    """`?revision=2`: to be read; signed is the newest alone."""
    wanted = request.GET.get("revision", "")
    return int(wanted) if wanted.isdecimal() and len(wanted) < 9 else None


def page_or_404(slug: str, person: PersonCard, number: int | None = None) -> signing_page.SignPage:
    found = signing_page.page(slug, person, number)
    if found is None:
        raise Http404
    return found


def mine_or_404(found: signing_page.SignPage, party: str) -> signing_page.Mine:
    """The party for which this person acts here."""
    mine = next((each for each in found.mine if each.slug == party), None)
    if mine is None:
        raise Http404
    return mine


def no_passkey() -> JsonResponse:
    return JsonResponse(
        {"error": _("You have no signing passkey here yet. Enrol one on the page of signing keys.")},
        status=409,
    )


def uploaded(request: HttpRequest, name: str) -> dict[str, Any]:
    """A signature that was uploaded as JSON, without the party that the command writes beside it.

    Raises:
        SignatureFault: nothing was chosen, or it is no signature.
    """
    given = request.FILES.get(name)
    if given is None:
        raise SignatureFault("No file", "was chosen.", "Choose the signature that the command wrote.")
    try:
        if (given.size or 0) > MOST_ENVELOPE:
            raise ValueError("too large")
        raw = json.loads(given.read())
        return {key: value for key, value in raw.items() if key != "party"}
    except (ValueError, AttributeError, RecursionError) as fault:
        raise SignatureFault(
            "This file", f"is no signature ({fault}).", "Make one: sightpact agreement sign."
        ) from None


def signed(request: HttpRequest, slug: str, party: str, new: bool) -> HttpResponse:
    """Back to the page, which says who signed."""
    text = _("Signed for %(party)s.") if new else _("It was signed with that key already, for %(party)s.")
    messages.success(request, text % {"party": party})
    return HttpResponseRedirect(reverse("agreement_sign", args=[slug]))


def attached(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep. The browser must neither show it nor guess what it is."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
