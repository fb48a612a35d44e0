"""What stands around a statement after an emergency: what is prefilled, why nothing is owed, what was shown to whom.

Prefilled words are a possible disclosure, for a person to complete; they never say that there was a threat.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from sightpact.agreements.clauses.after import BASES
from sightpact.record.after import Line
from sightpact.record.timeline import Look


@dataclass(frozen=True, slots=True)
class Shown:
    """One person of another party, and what this person was shown."""

    person: str
    party: str  # slug
    cameras: tuple[tuple[str, int], ...]  # camera and place, seconds in all
    seconds: int  # of the longest one: cameras are watched side by side
    running: bool


def shown(looks: Iterable[Look]) -> tuple[Shown, ...]:
    """Looks by person, in the order in which they began."""
    people: dict[str, list[Look]] = {}
    for look in looks:
        people.setdefault(look.key or look.person or f"entry {look.entry}", []).append(look)
    found = []
    for of_one in people.values():
        cameras: dict[str, int] = {}
        for look in of_one:
            cameras[look.camera] = cameras.get(look.camera, 0) + (look.seconds or 0)
        running = any(look.seconds is None for look in of_one)
        first = of_one[0]
        longest = max(cameras.values())
        found.append(
            Shown(
                first.person or _("A name that was erased"),
                first.party,
                tuple(cameras.items()),
                longest,
                running,
            )
        )
    return tuple(found)


def parties(people: Iterable[Shown], owner: str) -> str:
    """To whom it was shown, one a line: people of other parties, with how many cameras for how long."""
    lines = []
    for one in people:
        if one.party != owner:
            said = {"person": one.person, "count": len(one.cameras), "minutes": round(one.seconds / 60)}
            if one.seconds < 60:
                lines.append(_("%(person)s: %(count)d cameras, less than a minute") % said)
            else:
                lines.append(_("%(person)s: %(count)d cameras, %(minutes)d min") % said)
    return "\n".join(lines)[:2400]


def suggested(line: Line) -> str:
    """The first words of a statement that nobody has written yet; a person completes or replaces them."""
    zone = ZoneInfo(line.zone or "UTC")
    day = formats.date_format(line.card.started_utc.astimezone(zone), "j F Y", use_l10n=False)
    said = {"kind": line.kind, "schools": ", ".join(line.card.school_names), "day": day}
    return (
        _(
            "Possible disclosure. On %(day)s an emergency (%(kind)s) was reported at %(schools)s."
            " The threat, as it was known then: "
        )
        % said
    )


def why_nothing(line: Line) -> str:
    """One sentence; "" while something is owed or was signed."""
    if line.state == "running":
        return _("It still runs. What is owed is counted from its end.")
    known = {
        "mistake": _("It was sent by mistake, so no statement is owed."),
        "hoax": _("It was a hoax, so no statement is owed."),
        "disputed": _("The person whose word it was said to be disputed it, so no statement is owed."),
        "unwatched": _("Nobody of another party watched, so no statement is owed."),
        "not_asked": _("The agreement asks for no statement."),
    }
    return known.get(line.why_nothing, "")


def basis_says(basis: str, owner: str) -> str:
    """The sentence of the agreement about the legal basis."""
    return BASES[basis].format(owner=owner) if basis in BASES else ""
