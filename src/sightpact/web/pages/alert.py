"""Where an alert on a phone leads: what it is about, and one touch to the pictures. Says nothing before the sign-in."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sightpact.access import wall
from sightpact.people.reads import PersonCard
from sightpact.web.pages import switch_facts


@never_cache
@require_GET
def alert(request: HttpRequest, activation: uuid.UUID) -> HttpResponse:
    """One emergency, for whoever it concerns. Without a session: to the sign-in, one touch with a passkey, and to the wall."""
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect("/sign-in/?next=/wall/")
    found = wall.one(person.id, str(activation))
    if found is None:
        raise Http404("no such emergency for this person")
    if found.offers.is_my_word:
        return redirect(f"/switch/{activation}/")  # it is said to be this person's word: that is asked there
    shown = {
        "sharing": found,
        "card": found.card,
        "zone": found.zone,
        "agency": switch_facts.agency(found.card.agreement),
    }
    return render(request, "web/alert.html", shown)
