"""What every template may write: signs, times in the reader's zone, durations, a countdown.

Nothing here queries a database or decides anything. Times come in as aware UTC datetimes.
"""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sightpact.ledger import clock

register = template.Library()
_SYMBOL = re.compile(r'<symbol id="([^"]+)" viewBox="([^"]+)">(.*?)</symbol>', re.S)
_SHAPES = {
    "clock": "H:i:s",
    "minute": "H:i",
    "day": "j F Y",
    "short_day": "j M",
    "weekday": "l j F Y",
    "day_minute": "j F Y, H:i",
}


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    sprite = Path(__file__).parent.parent / "static" / "web" / "icons.svg"
    return {name: (box, body) for name, box, body in _SYMBOL.findall(sprite.read_text())}


@register.simple_tag
def icon(name: str, kind: str = "") -> SafeString:
    """Draw a sign of `static/web/icons.svg`. It is decoration: the word beside it must say the same.

    Args:
        name: a symbol's id. kind: adds the class `i--<kind>` for each word (sq: 11 px, big: 28 px).
    Raises:
        KeyError: no such symbol.
    """
    box, body = _symbols()[name]
    classes = " ".join(["i", f"i--{name}", *(f"i--{word}" for word in kind.split())])
    return mark_safe(  # noqa: S308 - our own file
        f'<svg class="{classes}" viewBox="{box}" aria-hidden="true" focusable="false">{body}</svg>'
    )


def reader_zone(context: template.Context) -> ZoneInfo:
    """The zone in which this page tells times: the page's `zone`, else the reader's own, else UTC."""
    name = context.get("zone") or getattr(context.get("person"), "zone", "") or "UTC"
    return ZoneInfo(str(name))


@register.simple_tag(takes_context=True)
def when(context: template.Context, value: datetime | None, shape: str = "clock") -> SafeString | str:
    """A `<time>` in the reader's zone.

    Args:
        value: aware datetime, or None for nothing. shape: clock, minute, hundredths, day, short_day, weekday, day_minute.
    """
    if value is None:
        return ""
    local = value.astimezone(reader_zone(context))
    if shape == "hundredths":
        text = f"{local:%H:%M:%S}.{local.microsecond // 10_000:02d}"
    elif shape == "tenths":
        text = f"{local:%H:%M:%S}.{local.microsecond // 100_000:d}"
    else:
        text = formats.date_format(local, _SHAPES[shape], use_l10n=False)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(timespec="milliseconds"), text)


@register.simple_tag
def server_now() -> int:
    """UTC milliseconds, for a page whose reader's clock may be wrong."""
    return int(clock.now().timestamp() * 1000)


@register.simple_tag
def countdown(deadline: datetime | None) -> SafeString | str:
    """Time left as m:ss (h:mm:ss above an hour); `age.js` lets it run. An instant that has passed is 0:00."""
    if deadline is None:
        return ""
    left = max(0, math.ceil((deadline - clock.now()).total_seconds()))
    return format_html(
        '<time data-countdown="{}" datetime="{}">{}</time>',
        int(deadline.timestamp() * 1000),
        deadline.isoformat(timespec="seconds"),
        clock_face(left),
    )


def clock_face(seconds: int) -> str:
    """41:20, 1:00:00."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"


@register.filter
def duration(seconds: float | None) -> str:
    """22 min 28 s; 3 h 5 min; 0.4 s. Nothing for None."""
    if seconds is None:
        return ""
    if 0 < seconds < 10 and seconds != int(seconds):
        return _("%(seconds)s s") % {"seconds": f"{seconds:.1f}"}
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": second}
    return _("%(seconds)s s") % {"seconds": second}


_KINDS = (("intruder", "intruder"), ("weapon", "weapon"), ("shooter", "weapon"), ("violen", "weapon"), ("fire", "fire"),
          ("explos", "fire"), ("medical", "medical"), ("missing", "search"))  # fmt: skip


@register.filter
def kind_icon(kind: str) -> str:
    """The sign for a kind of emergency, by what its name in the agreement says."""
    return next((sign for part, sign in _KINDS if part in str(kind)), "danger")


@register.filter
def area_name(kind: str) -> str:
    """An area kind as a parent says it, in the plural."""
    names = {
        "lobby": _("lobbies"), "hallway": _("hallways"), "stairwell": _("stairwells"), "cafeteria": _("cafeterias"),
        "gymnasium": _("gyms"), "library": _("libraries"), "auditorium": _("auditoriums"), "office": _("offices"),
        "exterior": _("outside"), "entrance_outside": _("doors"), "parking": _("parking lots"), "field": _("fields"),
        "bus_loop": _("bus loops"),
    }  # fmt: skip
    return names.get(str(kind), str(kind).replace("_", " "))


@register.filter
def spoken(short_name: str) -> str:
    """ "Lakeview PD" as people say it: "Lakeview police"."""
    return re.sub(r" PD$", " police", str(short_name))


@register.filter
def wordlist(text: str) -> list[str]:
    """The words of a literal, to loop over."""
    return str(text).split()


UNDO_S = 10


@register.filter
def undo_until(stopped: datetime) -> int:
    """UTC milliseconds until which a stop shows as something to undo; 0 when that time is over."""
    until = stopped + timedelta(seconds=UNDO_S)
    return int(until.timestamp() * 1000) if until > clock.now() else 0


@register.filter
def utc_ms(instant: datetime, minutes_before: int = 0) -> int:
    """UTC milliseconds of an instant, or of so many minutes before it: for `data-show-at` and `data-hide-at`."""
    return int((instant - timedelta(minutes=minutes_before)).timestamp() * 1000)


@register.filter
def is_ahead(instant: datetime, minutes_before: int = 0) -> bool:
    """Whether an instant, or so many minutes before it, is still to come."""
    return instant - timedelta(minutes=minutes_before) > clock.now()


@register.filter
def first_name(name: str) -> str:
    """The word that a button needs: "End Omar"."""
    return str(name).split(" ")[0]


@register.filter
def grouped(number: Any) -> str:
    """48,211: digits in groups of three."""
    return f"{int(number):,}" if number is not None else ""
