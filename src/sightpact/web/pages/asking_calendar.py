"""The calendar of event periods: a month as a table (a list on a phone and in print), and a file for one's own calendar.

Works as plain pages; page news replaces the month. Who has nothing to do with it gets 404, as on the list.
"""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sightpact.access import asked, asking_calendar, asking_sections, facts
from sightpact.access.asking_calendar import FIRST_YEAR, LAST_YEAR, Event
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard
from sightpact.web.pages import calendar_file
from sightpact.web.pages.calendar_file import Entry

MONTH = re.compile(r"(\d{4})-(\d{2})\Z", re.ASCII)


@never_cache
@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """One month: `?month=2026-11`; without, or with anything else, the present one."""
    return _month(request, "web/asking_calendar.html")


@never_cache
@require_GET
def month_state(request: HttpRequest) -> HttpResponse:
    """The inside of the month, asked for when there is news."""
    return _month(request, "web/_asking_calendar.html")


@never_cache
@require_GET
def file(request: HttpRequest) -> HttpResponse:
    """The approved event periods as a calendar file."""
    person = getattr(request, "person", None)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    _or_404(person)
    entries = [_entry(request, event) for event in asking_calendar.approved(person.id)]
    answer = HttpResponse(
        calendar_file.text(entries, _("Event periods")), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="event-periods.ics"'
    return answer


def _month(request: HttpRequest, template: str) -> HttpResponse:
    person = getattr(request, "person", None)
    if person is None:
        return redirect(f"/sign-in/?next={request.path}")
    _or_404(person)
    zone = asking_calendar.zone_of(person.id, getattr(person, "zone", "") or "UTC")
    first_weekday = (
        int(get_format("FIRST_DAY_OF_WEEK")) - 1
    ) % 7  # Django counts from Sunday, Python from Monday
    found = asking_calendar.month(person.id, _first(request.GET.get("month", ""), zone), zone, first_weekday)
    kinds = {option.section.kind for option in asking_sections.options(person.id)}
    shown = {"month": found, "may_ask": "window" in kinds, "zone": zone}
    return render(request, template, shown)


def _or_404(person: PersonCard) -> None:
    snapshot = facts.snapshot()
    if not asked.offered(person.id, snapshot) and not asked.everything(person.id, snapshot).any:
        raise Http404


def _first(text: str, zone: str) -> date:
    """First day of the month that was asked for, else of the present one at the school."""
    found = MONTH.match(text)
    if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR and 1 <= int(found[2]) <= 12:
        return date(int(found[1]), int(found[2]), 1)
    return clock.now().astimezone(ZoneInfo(zone)).date().replace(day=1)


def _entry(request: HttpRequest, event: Event) -> Entry:
    card = event.card
    schools, section = ", ".join(card.school_names), _("section %(clause)s") % {"clause": card.clause}
    url = request.build_absolute_uri(f"/asking/{card.id}/")
    opens = _("The agreement's cameras open and close by themselves, %(section)s.") % {"section": section}
    return Entry(
        id=card.id,
        begins=event.begins,
        ends=event.ends,
        made=card.ended_utc
        if event.state == "off" and card.ended_utc
        else card.decided_utc or card.asked_utc,
        title=_("Event period, %(schools)s: %(why)s") % {"schools": schools, "why": card.reason},
        place=schools,
        says=f"{opens}\n{url}",
        url=url,
        is_off=event.state == "off",
    )
