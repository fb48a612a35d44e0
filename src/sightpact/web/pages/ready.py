"""Is it ready? What would fail if an emergency began now, school by school, each line with its remedy. Made to be printed, too.

For the owner's people who see who watches or who manage; addresses of cameras only for those who manage. Opens no picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sightpact.access import facts, visible
from sightpact.access.news import listening_persons
from sightpact.access.ready import reads
from sightpact.access.ready.checks import FAILS, SOON, WELL, Check, Ready, Report, worst_first
from sightpact.decide.facts import Action
from sightpact.live import readiness


@dataclass(frozen=True, slots=True)
class Line:
    place: str  # the school or schools; empty: what all of them share
    check: Check


@dataclass(frozen=True, slots=True)
class SchoolLine:
    ready: Ready
    well: int
    of: int
    checks: tuple[Check, ...]
    state: str


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The page."""
    person = getattr(request, "person", None)
    if person is None:
        return HttpResponseRedirect("/sign-in/?next=/ready/")
    return render(request, "web/ready.html", _facts(person.id))


@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """The inside of the page, asked for when the cameras have been asked."""
    person = getattr(request, "person", None)
    if person is None:
        return HttpResponseRedirect("/sign-in/?next=/ready/")
    return render(request, "web/_ready.html", _facts(person.id))


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Ask each camera for one frame now. For those who manage the cameras."""
    person = getattr(request, "person", None)
    if person is None:
        return HttpResponseRedirect("/sign-in/?next=/ready/")
    owners = visible.owners_where(person.id, Action.MANAGE)
    if not owners:
        raise Http404
    if not readiness.ask_beside(owners[0]):
        messages.info(request, _("The cameras are being asked already."))
    return HttpResponseRedirect("/ready/")


def _facts(person: str) -> dict[str, Any]:
    snapshot = facts.snapshot()
    manages = visible.owners_where(person, Action.MANAGE, snapshot)
    owners = visible.owners_where(person, Action.SEE_WATCHERS, snapshot) or manages
    if not owners:
        raise Http404
    report = reads.report(owners[0], listening_persons(), snapshot)
    lines = _lines(report)
    return {
        "report": report,
        "zone": report.zone,
        "fails": [line for line in lines if line.check.state == FAILS],
        "soon": [line for line in lines if line.check.state == SOON],
        "schools": [_school(report, school) for school in report.schools],
        "shared": worst_first(report.shared.checks),
        "can_manage": bool(manages),
        "asking": readiness.is_asking(),
    }


def _lines(report: Report) -> list[Line]:
    """One line for each check that is not well; one for several schools where all of it is the same."""
    same: dict[tuple[str, str, str], list[tuple[str, Check]]] = {}
    for each in report.all:
        for check in each.checks:
            if check.state != WELL:
                found = same.setdefault((check.slug, check.text, check.remedy), [])
                found.append((each.name if each.id else "", check))
    return [
        Line(_places([name for name, _check in found if name], len(report.schools)), found[0][1])
        for found in same.values()
    ]


def _places(here: list[str], schools: int) -> str:
    """Which schools, in few words."""
    if len(here) > 1 and len(here) == schools:
        return _("Each school")
    if len(here) > 2:
        return _("%(name)s and %(n)d more") % {"name": here[0], "n": len(here) - 1}
    return ", ".join(here)


def _school(report: Report, school: Ready) -> SchoolLine:
    well, of = report.score(school)
    return SchoolLine(school, well, of, worst_first(school.checks), school.state)
