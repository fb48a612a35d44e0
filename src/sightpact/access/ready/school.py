"""Checks of one school: its cameras, who can start sharing there, and from which devices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sightpact.access.facts import Snapshot
from sightpact.access.ready.checks import FAILS, SOON, WELL, Check
from sightpact.cameras.reads import CameraCard, SchoolCard

OLD = timedelta(hours=36)  # a look at the cameras that is older says little about now
MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class Frame:
    """What is stored of the last frame that a camera was asked for."""

    ok: bool
    since_utc: datetime
    looked_utc: datetime
    why: str
    detail: str
    one_colour: bool


def names(found: Sequence[str]) -> str:
    """At most four names, and how many more."""
    if len(found) <= MOST_NAMES:
        return ", ".join(found)
    more = {"names": ", ".join(found[:MOST_NAMES]), "n": len(found) - MOST_NAMES}
    return _("%(names)s and %(n)d more") % more


def cameras(here: Sequence[CameraCard], frames: dict[str, Frame], now: datetime) -> Check:
    """Whether each camera showed a picture when it was last asked for one."""
    name = _("Cameras show a picture")
    if not here:
        text = _("No camera is in service here.")
        return Check("cameras", name, FAILS, text, _("Enter or import this school's cameras."), "/cameras/")
    asked = [c for c in here if c.id in frames]
    if not asked:
        text = ngettext("%(n)d camera was never asked.", "%(n)d cameras were never asked.", len(here))
        remedy = _("Press “Check the cameras now”.")
        return Check("cameras", name, FAILS, text % {"n": len(here)}, remedy, "/ready/")
    dark = [c for c in asked if not frames[c.id].ok]
    blank = [c for c in asked if frames[c.id].ok and frames[c.id].one_colour]
    never = len(here) - len(asked)
    said = {"ok": len(asked) - len(dark), "all": len(here)}
    text = _("%(ok)d of %(all)d would show.") % said
    detail = "\n".join(f"{c.name}: {frames[c.id].detail or frames[c.id].why}" for c in dark)
    if dark:
        text += " " + _("No picture: %(names)s.") % {"names": names([c.name for c in dark])}
        remedy = _("%(why)s Look at the camera, its cable and its password.") % {
            "why": frames[dark[0].id].why
        }
        state = FAILS if 2 * len(dark) >= len(asked) else SOON
        return Check("cameras", name, state, text, remedy, "/cameras/", detail=detail)
    if never:
        text += " " + ngettext("%(n)d was never asked.", "%(n)d were never asked.", never) % {"n": never}
        return Check("cameras", name, SOON, text, _("Press “Check the cameras now”."), "/ready/")
    oldest = min(frames[c.id].looked_utc for c in asked)
    if now - oldest > OLD:
        text += " " + _("That was more than a day and a half ago.")
        remedy = _("Press “Check the cameras now”. The nightly check did not run: is the server on at night?")
        return Check("cameras", name, SOON, text, remedy, "/ready/")
    if blank:
        text += " " + _("One plain color only: %(names)s.") % {"names": names([c.name for c in blank])}
        return Check("cameras", name, SOON, text, _("Look whether the lens is covered."), "/cameras/")
    return Check("cameras", name, WELL, text)


def classified(here: Sequence[CameraCard]) -> Check:
    """Whether somebody has said what each camera sees."""
    name, open_ones = _("Cameras are classified"), [c.name for c in here if not c.classified]
    if not open_ones:
        return Check("classified", name, WELL, _("Somebody has said of each camera what it sees."))
    text = _("Not classified, so closed in any emergency: %(names)s.") % {"names": names(open_ones)}
    return Check("classified", name, SOON, text, _("Say which area each of them sees."), "/cameras/")


def starters(persons: Sequence[str], devices: dict[str, int], snapshot: Snapshot) -> tuple[Check, Check]:
    """Who may start sharing here, and whether they can do it without signing in.

    Args:
        persons: ids of those to whom the law grants it for this school.
        devices: person id to how many devices hold a start key.
    """
    name = _("People who can share")
    called = [snapshot.names.persons[p].name for p in persons if p in snapshot.names.persons]
    if not called:
        text = _("No agreement lets anybody at this school share its cameras.")
        remedy = _("Give a role that the agreement names to at least two people, or amend the agreement.")
        return Check("starters", name, FAILS, text, remedy, "/people/"), _device_check((), ())
    if len(called) == 1:
        text, remedy = _("%(name)s alone.") % {"name": called[0]}, _("Name a second person for the days off.")
        first = Check("starters", name, SOON, text, remedy, "/people/")
    else:
        text = ngettext("%(n)d person: %(names)s.", "%(n)d people: %(names)s.", len(called))
        first = Check("starters", name, WELL, text % {"n": len(called), "names": names(called)})
    armed = [
        snapshot.names.persons[p].name for p in persons if devices.get(p) and p in snapshot.names.persons
    ]
    return first, _device_check(called, armed)


def _device_check(called: Sequence[str], armed: Sequence[str]) -> Check:
    name = _("Devices that share without a sign-in")
    remedy = _("Sign in once on the phone that is always there, open the switch, and let this device share.")
    if not armed:
        text = _("None. Whoever starts would have to sign in first.")
        return Check("devices", name, FAILS, text, remedy, "/switch/")
    text = _("Of %(names)s.") % {"names": names(armed)}
    if len(armed) == 1 and len(called) > 1:
        return Check("devices", name, SOON, text + " " + _("Nobody else's."), remedy, "/switch/")
    return Check("devices", name, WELL, text)


def of(
    school: SchoolCard,
    snapshot: Snapshot,
    frames: dict[str, Frame],
    persons: Sequence[str],
    devices: dict[str, int],
    now: datetime,
) -> tuple[Check, ...]:
    """All checks of one school."""
    here = [
        c
        for c in snapshot.names.cameras.values()
        if c.school_id == school.id and c.in_service and not c.drill_source
    ]
    return (cameras(here, frames, now), classified(here), *starters(persons, devices, snapshot))
