"""The exhibit of cameras of an agreement: what it lists now. The owner proposes; an addition waits for the other party.

For whoever may change access for the owner or for the party that countersigns; for everybody else there is no such page.
What other parties read are the cameras' short names, as the text has them: what a camera is called may tell a place.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sightpact.access import changes, facts
from sightpact.access.changes import who
from sightpact.access.errors import UNWRITABLE
from sightpact.agreements import reads as agreements
from sightpact.agreements.clauses.scope import CameraExhibit
from sightpact.cameras import reads as cameras
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard
from sightpact.web.pages.changes import told

MOST = 120  # characters of a camera's short name


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exhibit(request: HttpRequest, slug: str) -> HttpResponse:
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect_to_login(request.get_full_path())
    running = next((entry for entry in agreements.running() if entry.slug == slug), None)
    clause = next(iter(running.document.all(CameraExhibit)), None) if running else None
    mine = who.acts_for(facts.snapshot(), person)
    owner = people.party_by_slug(running.document.owner) if running else None
    other = people.party_by_slug(clause.countersigned_by) if clause and clause.countersigned_by else None
    concerned = {party.id for party in (owner, other) if party is not None}
    if running is None or clause is None or owner is None or not mine & concerned:
        raise Http404
    is_owner = owner.id in mine
    if request.method == "POST":
        if not is_owner:
            raise Http404
        return _act(request, slug, person)
    known = {card.slug: card for card in cameras.cameras() if card.owner_id == owner.id} if is_owner else {}
    shown = {
        "slug": slug,
        "title": running.document.title,
        "section": clause.number,
        "other": other,
        "is_owner": is_owner,
        "listed": [(camera, known.get(camera)) for camera in sorted(clause.cameras)],
        "others": [card for card in known.values() if card.slug not in clause.cameras],
    }
    return render(request, "web/exhibit.html", shown)


def _act(request: HttpRequest, slug: str, person: PersonCard) -> HttpResponse:
    camera = request.POST.get("camera", "").strip()[:MOST]
    kind = changes.ListCamera if request.POST.get("act") == "list" else changes.UnlistCamera
    try:
        told(request, changes.propose(kind(slug, camera), person))
    except changes.FAULTS as fault:
        messages.error(request, str(fault))
    except UNWRITABLE:
        messages.error(
            request, _("Nothing was changed: the record cannot be written now. Try again, or tell IT.")
        )
    return HttpResponseRedirect(reverse("exhibit", args=[slug]))
