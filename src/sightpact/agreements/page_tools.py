"""What the pages of an agreement's life share: who asks, 404 for strangers, and a refusal told on the page.

Never: a different answer for an agreement that is not there and one that is not for this person.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sightpact.agreements import acting
from sightpact.agreements.models import Agreement
from sightpact.people.reads import PersonCard

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, PersonCard, P], HttpResponse]


def for_people(*methods: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """A page for somebody who has signed in: the view gets the person; others are led to the sign-in."""

    def wrap(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @never_cache
        @require_http_methods(list(methods))
        @wraps(view)
        def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            person: PersonCard | None = getattr(request, "person", None)
            if person is None:
                return redirect_to_login(request.get_full_path())
            return view(request, person, *args, **kwargs)

        return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], asked)

    return wrap


READ = ("GET", "HEAD")
ASK = ("GET", "HEAD", "POST")


def parties_of(slug: str, person: PersonCard) -> frozenset[str]:
    """Ids of the parties of this agreement to which the person belongs; 404 for everybody else."""
    row = Agreement.objects.filter(slug=slug).first()
    here = {str(pk) for pk in row.parties.values_list("pk", flat=True)} if row else set()
    mine = here & {party for party, _role in person.roles}
    if not mine:
        raise Http404
    return frozenset(mine)


def writers_of(slug: str, person: PersonCard) -> frozenset[str]:
    """Those of the parties for which the person drafts; 404 for everybody else."""
    mine = parties_of(slug, person) & acting.drafts_for(person)
    if not mine:
        raise Http404
    return mine


def heads_of(slug: str, person: PersonCard) -> frozenset[str]:
    """Those of the parties that the person heads; 404 for everybody else."""
    mine = parties_of(slug, person) & acting.heads_for(person)
    if not mine:
        raise Http404
    return mine


def form_text(request: HttpRequest, name: str, most: int = 2000) -> str:
    """A field of a posted form, without what stands around it."""
    value: Any = request.POST.get(name, "")
    return str(value).strip()[:most]
