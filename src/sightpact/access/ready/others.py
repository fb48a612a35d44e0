"""Checks that other parts answer for: alarm paths, channels on which people are told, drills owed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sightpact.access import alarm_health, drill_sections
from sightpact.access.alarm_health import SourceHealth
from sightpact.access.drill_sections import Owed
from sightpact.access.facts import Snapshot
from sightpact.access.ready.checks import FAILS, SOON, WELL, Check
from sightpact.access.ready.school import names
from sightpact.notices import reads as notices


def channels(persons: list[str]) -> Check:
    """Whether those who start, take or stop can be reached by something other than an open page.

    Args:
        persons: ids of people whom a sharing concerns.
    """
    name = _("People can be told")
    lost = notices.unreachable(persons)
    if not persons or not lost:
        return Check("channels", name, WELL, _("Each who has to be told has a channel that works."))
    text = _("Only an open page reaches %(names)s.") % {"names": names([each.name for each in lost])}
    remedy = _("Each opens “How you are told” once and tries a channel there.")
    if len(lost) == len(persons):
        text = _("Nobody has a phone or an address that works: only open pages are told.")
        return Check("channels", name, FAILS, text, remedy, "/told/")
    return Check("channels", name, SOON, text, remedy, "/told/")


def unplaced(sources: tuple[SourceHealth, ...]) -> tuple[Check, ...]:
    """Alarm sources that can start nothing anywhere, as one check; none when there are none."""
    lost = [source for source in sources if not source.schools]
    if not lost:
        return ()
    text = f"{names([source.name for source in lost])}: {' '.join(lost[0].faults)}"
    remedy = _("Say which place means which school.")
    return (Check("unplaced", _("Alarms without a school"), SOON, text, remedy, "/alarms/"),)


def alarms(school: str, sources: tuple[SourceHealth, ...]) -> tuple[Check, ...]:
    """The alarm sources of one school; none where none is registered: then people start by hand."""
    here = [source for source in sources if school in source.schools]
    if not here:
        return ()
    name, broken = _("Alarm paths"), [source for source in here if source.faults]
    if broken:
        text = " ".join(f"{source.name}: {' '.join(source.faults)}" for source in broken)
        return (Check("alarms", name, FAILS, text, _("Mend it, then press its test button."), "/alarms/"),)
    advised = [source for source in here if source.advice]
    if advised:
        text = " ".join(f"{source.name}: {' '.join(source.advice)}" for source in advised)
        return (Check("alarms", name, SOON, text, _("Press its test button."), "/alarms/"),)
    text = ngettext("%(n)d heard lately: %(names)s.", "%(n)d heard lately: %(names)s.", len(here))
    said = {"n": len(here), "names": names([source.name for source in here])}
    return (Check("alarms", name, WELL, text % said),)


def drills(school: str, owed: tuple[Owed, ...], now: datetime, zone: str) -> tuple[Check, ...]:
    """The drills of one school; none where no agreement asks for any."""
    here = [each for each in owed if each.school == school]
    if not here:
        return ()
    name, today = _("Drills held"), now.astimezone(ZoneInfo(zone)).date()
    late = [each for each in here if not each.done and each.due < today]
    first = (late or here)[0]
    said = {"held": first.held, "all": first.per_year, "day": date_format(first.due, "j F Y")}
    if late:
        text = _("%(held)d of %(all)d this year; one was due on %(day)s.") % said
        return (Check("drills", name, SOON, text, _("Plan one with dispatch."), "/drills/"),)
    if all(each.done for each in here):
        return (Check("drills", name, WELL, _("%(held)d of %(all)d this year.") % said),)
    text = _("%(held)d of %(all)d this year; the next is due by %(day)s.") % said
    return (Check("drills", name, WELL, text),)


def shared(
    snapshot: Snapshot, owner: str, takers: dict[str, list[str]], starters: dict[str, list[str]]
) -> tuple[Check, ...]:
    """What all schools share.

    Args:
        takers: who may take an incident, by party. starters: who may start, by school.
    """
    persons = [p for group in (*takers.values(), *starters.values()) for p in group]
    return (channels(list(dict.fromkeys(persons))), *unplaced(alarm_health.health(snapshot)))


def of_schools(snapshot: Snapshot, owner: str, now: datetime, zone: str) -> dict[str, tuple[Check, ...]]:
    """What concerns one school, by school (id)."""
    sources, owed = alarm_health.health(snapshot), drill_sections.owed(snapshot, owner)
    schools = [s.id for s in snapshot.names.schools.values() if s.owner_id == owner]
    return {s: (*alarms(s, sources), *drills(s, owed, now, zone)) for s in schools}
