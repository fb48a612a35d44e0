"""The first page, the help page, and the state line that staff pages ask for again."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sightpact.web import nav
from sightpact.web.pages import state_line


@never_cache
@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """To the page that this person's day begins with."""
    person = getattr(request, "person", None)
    if person is None and settings.SIGHTPACT.demo:
        return redirect("/who/")
    return redirect(nav.home(person))


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "web/help.html")


@require_GET
def principals(request: HttpRequest) -> HttpResponse:
    """One page for whoever may start a sharing, made to be printed and hung up."""
    return render(request, "web/help_principals.html")


@never_cache
@require_GET
def line(request: HttpRequest) -> HttpResponse:
    """The inside of the state line."""
    person = getattr(request, "person", None)
    if person is None:
        return HttpResponse(status=401)
    return render(request, "web/_state_line.html", {"state_line": state_line.of(person)})
