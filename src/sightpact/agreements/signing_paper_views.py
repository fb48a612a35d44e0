"""A paper that was signed by hand: its scan is kept, and the party attests what it compared.

First the scan and who signed it; then the statement, to be signed by the passkey of whoever compared. Or, with an offline
key: the scan and the attestation that `sightpact agreement attest` made.
"""

from __future__ import annotations

from datetime import date

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sightpact.agreements import actions, paper_signing, passkey_signing, scans, signing, signing_page
from sightpact.agreements.errors import AgreementError, SignatureFault
from sightpact.agreements.papers.pace import Pace
from sightpact.agreements.signing_views import (
    mine_or_404,
    no_passkey,
    page_or_404,
    person_of,
    signed,
    uploaded,
)
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard

_pace = Pace(at_once=8, within_s=600)  # a scan is kept for good: nobody fills the disk with them


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """Upload the scan; then attest it. `?party=` says for whom."""
    person = person_of(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    found = page_or_404(slug, person)
    mine = mine_or_404(found, request.POST.get("party", "") or request.GET.get("party", ""))
    shown = {"page": found, "mine": mine, "given": request.POST, "today": clock.now().date().isoformat()}
    if request.method != "POST":
        return render(request, "agreements/sign_paper.html", shown)
    try:
        if answer := request.POST.get("credential", ""):
            stated, told = _stated(request.POST.get("statement", ""), found, mine.slug)
            if told.attested_by != _called(person):
                raise SignatureFault("This statement", "names somebody else.", "Begin again.")
            attestation = passkey_signing.envelope(answer, stated, signing.PAPER_TYPE)
            envelope = paper_signing.envelope(stated, attestation)
        elif "envelope" in request.FILES:
            envelope = uploaded(request, "envelope")
            if signing.form_of(envelope) != paper_signing.TYPE:
                raise SignatureFault(
                    "This file",
                    "is no attestation of a paper.",
                    "Make one: sightpact agreement attest. A signature by key goes on the page for signing.",
                )
            _kept(request)
        else:
            told = _paper_of(request, mine, person)
            stated = paper_signing.statement(found.content, told)
            told_page = {"page": found, "mine": mine, "paper": told, "statement": passkey_signing.b64(stated)}
            return render(request, "agreements/sign_paper_attest.html", told_page)
        new = actions.sign(found.revision_id, mine.slug, envelope, person)
    except AgreementError as fault:
        return render(request, "agreements/sign_paper.html", {**shown, "fault": fault}, status=400)
    return signed(request, slug, mine.name, new)


@never_cache
@require_safe
def options(request: HttpRequest, slug: str) -> HttpResponse:
    """What the browser asks the passkey to sign: `?party=&statement=`, as the page before made it."""
    person = person_of(request)
    if person is None:
        return JsonResponse({"error": _("You are not signed in any more. Load the page again.")}, status=401)
    found = page_or_404(slug, person)
    mine = mine_or_404(found, request.GET.get("party", ""))
    keys = signing_page.own_passkeys(person, mine.slug)
    if not keys:
        return no_passkey()
    try:
        stated, _paper = _stated(request.GET.get("statement", ""), found, mine.slug)
    except SignatureFault as fault:
        return JsonResponse({"error": str(fault)}, status=409)
    return JsonResponse(passkey_signing.options(stated, signing.PAPER_TYPE, keys))


def _stated(text: str, found: signing_page.SignPage, party: str) -> tuple[bytes, paper_signing.Paper]:
    """The statement that comes back from the page: checked again against the text."""
    told = {"type": paper_signing.TYPE, "statement": text, "attestation": {}}
    stated, _attestation = paper_signing.read(told, found.content, party)
    paper = paper_signing.paper_of(told)
    assert paper is not None
    return stated, paper


def _kept(request: HttpRequest) -> str:
    """The sha256 of the uploaded scan, which is stored."""
    person, given = person_of(request), request.FILES.get("scan")
    if person is None or not _pace.may(person.id, clock.monotonic()):
        raise SignatureFault(
            "Too many scans", "were brought in the last minutes.", "Wait ten minutes; one scan is enough."
        )
    if given is None:
        raise SignatureFault("No scan", "was chosen.", "Choose the scan of the signed paper.")
    if (given.size or 0) > scans.MOST:
        raise scans.too_large()
    return scans.keep(given.read())


def _paper_of(request: HttpRequest, mine: signing_page.Mine, person: PersonCard) -> paper_signing.Paper:
    if request.POST.get("compared") != "yes":
        raise SignatureFault(
            "The printed hashes",
            "are not said to be compared.",
            "Compare them with those on this page, then tick the box.",
        )
    on = request.POST.get("signed_on", "").strip()
    try:
        late = date.fromisoformat(on) > clock.now().date()
    except ValueError:
        late = False  # said by the statement itself
    if late:
        raise SignatureFault(
            "The day on the paper", "has not come yet.", "Write the day on which it was signed."
        )
    return paper_signing.Paper(
        party=mine.slug,
        scan=_kept(request),
        signed_by=" ".join(request.POST.get("signed_by", "").split()),
        signed_on=on,
        attested_by=_called(person),
    )


def _called(person: PersonCard) -> str:
    return ", ".join(part for part in (person.name, person.title) if part)
