"""The pages of agreements: list, reader, changes. Members of a party read its agreements; for others there is none."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sightpact.agreements import acting, life, life_page, reader, redline_page, suspending
from sightpact.people.reads import PersonCard


@never_cache
@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    """Every agreement of the parties that the person belongs to."""
    person = _person(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    return render(request, "agreements/list.html", {"page": life_page.listed(person)})


@never_cache
@require_safe
def agreement_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One agreement, `?revision=2` one of its texts; 404 for everybody who is of none of its parties, as if there were none."""
    person = _person(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    wanted = request.GET.get("revision", "")
    found = reader.page(slug, person, (life.number_of(slug, wanted) or 0) if wanted else None)
    if found is None:
        raise Http404
    told = {
        "page": found,
        "may": suspending.may(slug, person),
        "life": life_page.bar(slug, person, found.revision if wanted else None),
        "may_end": bool(acting.heads_for(person) & set(life.party_ids(slug))),
        "may_replay": bool(acting.record_readers(person) & set(life.party_ids(slug))),
    }
    return render(request, "agreements/reader.html", told)


@never_cache
@require_safe
def agreement_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Two texts beside each other, ?from=1&to=2 (&all=1, &view=side); 404 for everybody who is of none of its parties."""
    person = _person(request)
    if person is None:
        return redirect_to_login(request.get_full_path())
    old, new = request.GET.get("from", ""), request.GET.get("to", "")
    ways = request.GET.get("all") == "1", request.GET.get("view") == "side"
    found = redline_page.page(slug, person, old, new, *ways)
    if found is None:
        raise Http404
    return render(request, "agreements/changes.html", {"page": found})


def _person(request: HttpRequest) -> PersonCard | None:
    person: PersonCard | None = getattr(request, "person", None)
    return person
