"""The annex of an agreement: whom it names, kept by the agency. Adding waits for a second person; taking out holds at once.

For whoever may change access for the party that keeps it or for the owner; for everybody else there is no such page.
"""

from __future__ import annotations

import secrets
from typing import Any

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
from sightpact.access.changes.kinds import keeper_of
from sightpact.access.errors import UNWRITABLE
from sightpact.agreements import reads as agreements
from sightpact.agreements.document import Document
from sightpact.people import reads as people
from sightpact.people.actions import Role
from sightpact.people.reads import PartyCard, PersonCard
from sightpact.web.pages.changes import told

MOST = {"person": 50, "position": 120, "name": 200, "email": 254, "phone": 40, "role": 50}  # characters


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def annex(request: HttpRequest, slug: str) -> HttpResponse:
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect_to_login(request.get_full_path())
    snapshot = facts.snapshot()
    keeper, document = _found(slug)
    if keeper is None or document is None:
        raise Http404
    owner = people.party_by_slug(document.owner)
    mine = who.acts_for(snapshot, person)
    if not mine & {keeper.id, owner.id if owner else ""}:
        raise Http404
    if request.method == "POST":
        return _act(request, slug, keeper, person)
    named = {row.person: row for row in agreements.annex(slug)}
    members = people.members(keeper.id)
    shown: dict[str, Any] = {
        "slug": slug,
        "title": document.title,
        "keeper": keeper,
        "named": [(card, named[card.id]) for card in members if card.id in named],
        "others": [card for card in members if card.id not in named],
        "roles": _roles(document, keeper),
    }
    return render(request, "web/annex.html", shown)


def _found(slug: str) -> tuple[PartyCard | None, Document | None]:
    ids = {slug: id for id, slug in agreements.slugs().items()}
    if slug not in ids:
        return None, None
    return keeper_of(slug), agreements.governing_document(ids[slug])


def _roles(document: Document, keeper: PartyCard) -> list[tuple[str, str]]:
    return [(r.role, r.called) for p in document.parties if p.slug == keeper.slug for r in p.roles]


def _act(request: HttpRequest, slug: str, keeper: PartyCard, person: PersonCard) -> HttpResponse:
    sent = {name: request.POST.get(name, "").strip()[:most] for name, most in MOST.items()}
    try:
        told(request, changes.propose(_wanted(request.POST.get("act", ""), slug, keeper, sent), person))
    except changes.FAULTS as fault:
        messages.error(request, str(fault))
    except UNWRITABLE:
        messages.error(
            request, _("Nothing was changed: the record cannot be written now. Try again, or tell IT.")
        )
    return HttpResponseRedirect(reverse("annex", args=[slug]))


def _wanted(act: str, slug: str, keeper: PartyCard, sent: dict[str, str]) -> changes.Change:
    if act == "unname":
        return changes.UnnamePerson(slug, sent["person"])
    if act == "name" and sent["person"] and sent["position"]:
        return changes.NamePerson(slug, sent["person"], sent["position"])
    if act == "add" and sent["name"] and sent["role"]:
        short = f"{slugify(sent['name'])[:40] or 'person'}-{secrets.token_hex(3)}"
        role = Role(keeper.slug, slugify(sent["role"]).replace("-", "_"), sent["position"])
        return changes.AddPerson(short, sent["name"], sent["email"], sent["phone"], (role,))
    raise ChangeRefused(_("The form"), _("is not filled in."), _("Choose a person and write the position."))
