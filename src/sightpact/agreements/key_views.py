"""The page of signing keys: a sign-in passkey becomes a signing key of its party; another key of the party vouches.

Never: a key enrolled by a click alone. Each enrolment and each vouching is itself signed by the key in question.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sightpact.agreements import actions, key_page, passkey_signing, signing, signing_page
from sightpact.agreements.errors import AgreementError
from sightpact.agreements.key_page import PartyKeys
from sightpact.agreements.key_reads import OfferCard
from sightpact.agreements.signing_views import attached, no_passkey, person_of, uploaded
from sightpact.people.reads import PersonCard


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The list; and `do`: enrol (a passkey of one's own), vouch (for an offered key), turn_down."""
    person = person_of(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    found = _page_or_404(person)
    if request.method != "POST":
        return render(request, "agreements/keys.html", {"parties": found})
    act = {"enrol": _enrol, "vouch": _vouch, "turn_down": _turn_down}.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    try:
        messages.success(request, act(request, person, found))
    except AgreementError as fault:
        return render(request, "agreements/keys.html", {"parties": found, "fault": fault}, status=400)
    return HttpResponseRedirect(reverse("signing_keys"))


@never_cache
@require_safe
def options(request: HttpRequest) -> HttpResponse:
    """What the browser asks a passkey to sign: `?party=&device=` to enrol it, `?offer=` to vouch for another."""
    person = person_of(request)
    if person is None:
        return JsonResponse({"error": _("You are not signed in any more. Load the page again.")}, status=401)
    found = _page_or_404(person)
    try:
        if request.GET.get("offer"):
            offer = _offer_or_404(found, request.GET["offer"])
            mine = signing_page.own_passkeys(person, offer.party_slug)
            if not mine:
                return no_passkey()
            content = signing.key_statement(offer.party_slug, offer.public_pem)
            return JsonResponse(passkey_signing.options(content, signing.KEY_TYPE, mine))
        party = _own_or_404(found, request.GET.get("party", ""))
        record = key_page.device(person, request.GET.get("device", ""))
        if record is None:
            raise Http404
        content = signing.key_statement(party.slug, record.text)
        return JsonResponse(passkey_signing.options(content, signing.KEY_TYPE, [record]))
    except AgreementError as fault:
        return JsonResponse({"error": str(fault)}, status=409)


@never_cache
@require_safe
def public(request: HttpRequest, keyid: str) -> HttpResponse:
    """The public half of a key, for checking signatures without a server."""
    person = person_of(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    for party in _page_or_404(person):
        known = {key.keyid: key.public_pem for key in party.keys}
        known |= {offer.keyid: offer.public_pem for offer in party.offers}
        if keyid in known:
            is_passkey = passkey_signing.is_passkey(known[keyid])
            name = f"{party.slug}-{keyid[:16]}.{'json' if is_passkey else 'pub'}"
            kind = "application/json" if is_passkey else "application/x-pem-file"
            return attached(known[keyid].encode(), name, kind)
    raise Http404


def _enrol(request: HttpRequest, person: PersonCard, found: tuple[PartyKeys, ...]) -> str:
    """1. The passkey signs that it is a key of this party. 2. The first one counts at once; a further one is offered."""
    party = _own_or_404(found, request.POST.get("party", ""))
    record = key_page.device(person, request.POST.get("device", ""))
    if record is None:
        raise Http404
    statement = signing.key_statement(party.slug, record.text)
    proof = passkey_signing.envelope(request.POST.get("credential", ""), statement, signing.KEY_TYPE)
    passkey_signing.verify(proof, statement, [record.text], signing.KEY_TYPE)
    holder = ", ".join(part for part in (person.name, person.title) if part)
    if not party.keys:
        actions.enrol_signing_key(party.slug, record.text, holder, person, person=person)
        return _("Your passkey is the first signing key of %(party)s.") % {"party": party.name}
    actions.offer_key(party.slug, record.text, holder, person)
    return _("Your passkey is offered. It counts as soon as a key of %(party)s vouches for it.") % {
        "party": party.name
    }


def _vouch(request: HttpRequest, person: PersonCard, found: tuple[PartyKeys, ...]) -> str:
    offer = _offer_or_404(found, request.POST.get("offer", ""))
    if answer := request.POST.get("credential", ""):
        statement = signing.key_statement(offer.party_slug, offer.public_pem)
        vouched = passkey_signing.envelope(answer, statement, signing.KEY_TYPE)
    else:
        vouched = uploaded(request, "envelope")
    actions.enrol_offered(offer.id, vouched, person)
    return _("The key of %(holder)s counts now.") % {"holder": offer.holder}


def _turn_down(request: HttpRequest, person: PersonCard, found: tuple[PartyKeys, ...]) -> str:
    offer = _offer_or_404(found, request.POST.get("offer", ""))
    actions.turn_down_key(offer.id, person)
    return _("The offer of %(holder)s is turned down.") % {"holder": offer.holder}


def _page_or_404(person: PersonCard) -> tuple[PartyKeys, ...]:
    found = key_page.page(person)
    if not found:
        raise Http404
    return found


def _own_or_404(found: tuple[PartyKeys, ...], slug: str) -> PartyKeys:
    party = next((each for each in found if each.slug == slug and each.may_hold), None)
    if party is None:
        raise Http404
    return party


def _offer_or_404(found: tuple[PartyKeys, ...], offer_id: str) -> OfferCard:
    """An open offer of a party whose keys this person may hold."""
    for party in found:
        for offer in party.offers:
            if party.may_hold and offer.id == offer_id:
                return offer
    raise Http404
