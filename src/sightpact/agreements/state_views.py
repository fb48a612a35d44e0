"""Suspending an agreement and taking that back: a page that says what will happen, with one button.

Never: a trace of these pages for somebody who may not.
"""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sightpact.agreements import actions, reader, suspending
from sightpact.people.reads import PersonCard

MOST_REASON = 500  # characters


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then close everything under this agreement at once."""
    return _change(request, slug, "suspend")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then let it be in force again."""
    return _change(request, slug, "resume")


def _change(request: HttpRequest, slug: str, wanted: str) -> HttpResponse:
    """A second tap finds it done already and leads back to the agreement, which says so."""
    person: PersonCard | None = getattr(request, "person", None)
    if person is None:
        return redirect_to_login(request.get_full_path())
    may = suspending.may(slug, person)
    if not may:
        raise Http404
    back = HttpResponseRedirect(reverse("agreement_page", args=[slug]))
    if may != wanted:
        return back
    if request.method == "POST":
        act = actions.suspend if wanted == "suspend" else actions.resume
        act(slug, person, request.POST.get("reason", "").strip()[:MOST_REASON])
        return back
    found = reader.page(slug, person)
    if found is None:
        raise Http404
    return render(request, "agreements/change_state.html", {"page": found, "wanted": wanted})
