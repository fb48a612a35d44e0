"""What the switch needs to open without a network: its service worker, and the page that says NOT SENT.

The page names nobody but whom to call; it is kept on the device, so it holds no camera, school or person.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sightpact.access import switch
from sightpact.people.reads import PartyCard
from sightpact.web.pages import switch_facts
from sightpact.web.pages.starter import first

STATIC = Path(__file__).parent.parent / "static" / "web"


@cache
def _worker() -> str:
    """The two parts as one script: a service worker in parts would need all of them at each start."""
    return "\n".join((STATIC / name).read_text() for name in ("sw.js", "sw-push.js"))


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """`/switch/sw.js`. The same for everybody; its place in the path is what bounds it to the switch's pages."""
    return HttpResponse(
        _worker(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@never_cache
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Shown when a page of the switch cannot be had. With `running`: of a sharing that may still run."""
    starter, options = first(request, switch.options)
    agencies: dict[str, PartyCard] = {}
    for school in options or () if starter else ():
        for kind in school.emergencies:
            agency = switch_facts.agency(kind.grant_agreement)
            if agency is not None and agency.phone:
                agencies[agency.id] = agency
    facts_shown = {"agencies": list(agencies.values()), "running": "running" in request.GET}
    return render(request, "web/switch_offline.html", facts_shown)
