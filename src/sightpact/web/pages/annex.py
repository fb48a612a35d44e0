"""The annex of an agreement: whom it names, kept by the agency. Adding waits for a second person; taking out holds at once.

For whoever may change access for the party that keeps it or for the owner; for everybody else there is no such page.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sightpact.access import changes, facts
from sightpact.access.changes import who
from sightpact.access.changes.errors import ChangeRefused
from sightpact.access.changes.kinds import day, keepers_of
from sightpact.access.errors import UNWRITABLE
from sightpact.agreements import reads as agreements
from sightpact.agreements.actions import Particulars, alter_particulars
from sightpact.agreements.document import Document
from sightpact.people import phone
from sightpact.people import reads as people
from sightpact.people.actions import Role
from sightpact.people.reads import PartyCard, PersonCard
from sightpact.web.pages.changes import told

MOST = {
    "person": 50, "position": 120, "name": 200, "email": 254, "phone": 40, "role": 50, "party": 50,
    "employer": 120, "supervisor": 120, "trained_until": 10, "checked_on": 10,
}  # fmt: skip
"""Characters that a field takes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The annex of one party's people."""

    keeper: PartyCard
    named: tuple[tuple[PersonCard, agreements.Entered], ...]
    others: tuple[PersonCard, ...]
    roles: tuple[tuple[str, str], ...]
    is_mine: bool  # the reader acts for that party: sees what it knows of its people


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def annex(request: HttpRequest, slug: str) -> HttpResponse:
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect_to_login(request.get_full_path())
    ids = {slug: id for id, slug in agreements.slugs().items()}
    document = agreements.governing_document(ids[slug]) if slug in ids else None
    keepers = keepers_of(slug) if document else ()
    mine = who.acts_for(facts.snapshot(), person)
    owner = people.party_by_slug(document.owner) if document else None
    if owner is None or owner.id not in mine:
        keepers = tuple(keeper for keeper in keepers if keeper.id in mine)
    if document is None or not keepers:
        raise Http404
    if request.method == "POST":
        return _act(request, slug, keepers, person)
    shown = {
        "slug": slug,
        "title": document.title,
        "kept": [_kept(slug, document, keeper, keeper.id in mine) for keeper in keepers],
    }
    return render(request, "web/annex.html", shown)


def _kept(slug: str, document: Document, keeper: PartyCard, is_mine: bool) -> Kept:
    rows = {row.person: row for row in agreements.annex(slug)}
    members = people.members(keeper.id)
    return Kept(
        keeper=keeper,
        named=tuple((card, rows[card.id]) for card in members if card.id in rows),
        others=tuple(card for card in members if card.id not in rows),
        roles=tuple((r.role, r.called) for p in document.parties if p.slug == keeper.slug for r in p.roles),
        is_mine=is_mine,
    )


def _act(request: HttpRequest, slug: str, keepers: tuple[PartyCard, ...], person: PersonCard) -> HttpResponse:
    sent = {name: request.POST.get(name, "").strip()[:most] for name, most in MOST.items()}
    keeper = next((k for k in keepers if k.slug == sent["party"]), keepers[0])
    try:
        if request.POST.get("act") == "know":
            return _know(request, slug, keeper, sent, person)
        told(request, changes.propose(_wanted(request.POST.get("act", ""), slug, keeper, sent), person))
    except changes.FAULTS as fault:
        messages.error(request, str(fault))
    except UNWRITABLE:
        messages.error(
            request, _("Nothing was changed: the record cannot be written now. Try again, or tell IT.")
        )
    return HttpResponseRedirect(reverse("annex", args=[slug]))


def _know(
    request: HttpRequest, slug: str, keeper: PartyCard, sent: dict[str, str], person: PersonCard
) -> HttpResponse:
    """Correct what the keeper knows of a named person. The keeper's own people alone; nobody's access moves by it."""
    if keeper.id not in who.acts_for(facts.snapshot(), person):
        raise Http404
    card = people.person_by_slug(sent["person"])
    if card is None or not any(party == keeper.id for party, _role in card.roles):
        raise Http404
    known = Particulars(
        sent["employer"], sent["supervisor"], day(sent["trained_until"]), day(sent["checked_on"])
    )
    if alter_particulars(slug, sent["person"], known, person):
        messages.success(request, _("Kept."))
    return HttpResponseRedirect(reverse("annex", args=[slug]))


def _wanted(act: str, slug: str, keeper: PartyCard, sent: dict[str, str]) -> changes.Change:
    if act == "unname":
        return changes.UnnamePerson(slug, sent["person"])
    if act == "name" and sent["person"] and sent["position"]:
        known = (sent[name] for name in ("employer", "supervisor", "trained_until", "checked_on"))
        return changes.NamePerson(slug, sent["person"], sent["position"], *known)
    if act == "add" and (why := phone.fault(sent["phone"])):
        says, _dot, remedy = why.partition(". ")
        raise ChangeRefused(_("The telephone number"), says, remedy)
    if act == "add" and sent["name"] and sent["role"]:
        short = f"{slugify(sent['name'])[:40] or 'person'}-{secrets.token_hex(3)}"
        role = Role(keeper.slug, slugify(sent["role"]).replace("-", "_"), sent["position"])
        return changes.AddPerson(short, sent["name"], sent["email"], sent["phone"], (role,))
    raise ChangeRefused(_("The form"), _("is not filled in."), _("Choose a person and write the position."))
