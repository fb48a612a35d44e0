"""The three forms of asking: what they show, and what was typed as a `Wanted`. Pure text and times; nothing is decided."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from sightpact.access.asking_fit import Wanted
from sightpact.access.asking_sections import Option
from sightpact.activation.errors import BadAsking
from sightpact.cameras.reads import CameraCard
from sightpact.decide.facts import EXTERIOR_AREA_KINDS

USUAL_MINUTES = 15
MAX_KEY = 64


class Typed(Protocol):
    """Django's QueryDict, as far as it is asked here."""

    def get(self, name: str, default: str = ..., /) -> str: ...
    def getlist(self, name: str, /) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Place:
    """One school under one agreement, as a form offers it."""

    value: str  # "<agreement id>:<school id>"
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class CameraChoice:
    id: str
    name: str
    place: str
    inside: bool
    chosen: bool


def shown(kind: str, options: Sequence[Option], typed: Typed) -> dict[str, Any]:
    """What a form shows: the places, the chosen one's section and cameras, and what was typed so far."""
    chosen = _chosen(options, typed.get("where", ""))
    several = len({option.section.agreement for option in options}) > 1
    picked = set(typed.getlist("camera"))
    return {
        "kind": kind,
        "places": [
            Place(
                _value(option),
                f"{option.school_name}: {', '.join(option.section.asked)}" if several else option.school_name,
                option is chosen,
            )
            for option in options
        ],
        "option": chosen,
        "cameras": [_camera(c, picked) for c in chosen.cameras] if chosen and kind == "invitation" else [],
        "some": bool(picked),
        "inside": sum(not _outside(c) for c in chosen.cameras) if chosen else 0,
        "minutes": typed.get("minutes", "") or (min(USUAL_MINUTES, chosen.section.minutes) if chosen else ""),
        "hours": chosen.section.minutes // 60 if chosen else 0,
        "typed": {name: typed.get(name, "") for name in ("reason", "incident", "purpose", "opens", "closes")},
        "key": typed.get("key", "")[:MAX_KEY] or str(uuid.uuid4()),
        "zone": chosen.zone if chosen else "",
    }


def wanted(kind: str, typed: Typed, options: Sequence[Option]) -> Wanted:
    """What was asked for.

    Raises:
        BadAsking: no school was chosen, or a number or time cannot be read; says which.
    """
    option = next((o for o in options if _value(o) == typed.get("where", "")), None)
    if option is None:
        raise BadAsking(_("Nothing was asked."), _("No school was chosen."), _("Choose the school."))
    only_some = typed.get("which", "all") == "some"
    cameras = tuple(typed.getlist("camera")) if only_some else ()
    if only_some and not cameras:
        raise BadAsking(
            _("Nothing was asked."), _("No camera was chosen."), _("Choose cameras, or all of them.")
        )
    return Wanted(
        kind=kind,
        agreement=option.section.agreement,
        school=option.school,
        reason=typed.get("reason", ""),
        key=typed.get("key", "")[:MAX_KEY] or str(uuid.uuid4()),
        minutes=_minutes(typed.get("minutes", "")) if kind == "invitation" else 0,
        cameras=cameras,
        purpose=typed.get("purpose", ""),
        incident=typed.get("incident", ""),
        opens_utc=_instant(typed.get("opens", ""), option.zone) if kind == "window" else None,
        closes_utc=_instant(typed.get("closes", ""), option.zone) if kind == "window" else None,
    )


def _chosen(options: Sequence[Option], where: str) -> Option | None:
    """The one that was named, else where the person works, else the only one."""
    named = next((option for option in options if _value(option) == where), None)
    if named is not None:
        return named
    homes = [option for option in options if option.preselected]
    return homes[0] if len(homes) == 1 else options[0] if len(options) == 1 else None


def _value(option: Option) -> str:
    return f"{option.section.agreement}:{option.school}"


def _minutes(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 4:
        return int(text)
    raise BadAsking(
        _("Nothing was asked."),
        _("The minutes are not a whole number."),
        _("Write a number, for instance 15."),
    )


def _instant(text: str, zone: str) -> datetime | None:
    """A local time as a browser sends it ("2026-09-18T18:00"), in the school's zone. None: nothing was filled in.

    Of an hour that comes twice in autumn, the first; an hour that spring leaves out is the one after it.
    """
    if not text:
        return None
    try:
        local = datetime.fromisoformat(text[:16]).replace(tzinfo=ZoneInfo(zone), fold=0)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):  # the last hours of the year 9999 are not there in UTC
        raise BadAsking(
            _("Nothing was asked."),
            _("“%(text)s” is not a day and a time.") % {"text": text[:40]},
            _("Write both times, for instance 2026-09-18 18:00."),
        ) from None


def _camera(card: CameraCard, picked: set[str]) -> CameraChoice:
    return CameraChoice(card.id, card.name, card.place, not _outside(card), card.id in picked)


def _outside(card: CameraCard) -> bool:
    return bool(card.area_kinds) and card.area_kinds <= EXTERIOR_AREA_KINDS
