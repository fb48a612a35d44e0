"""Kinds, states and ends of what is asked for: closed lists, with the words that people read. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _

KINDS = ("invitation", "request", "window")
STATES = ("asked", "coming", "open", "ended")

ENDS = frozenset(
    {"deadline", "ended", "stop", "refused", "unanswered", "called_off", "missed", "not_in_force"}
)


def kind(name: str) -> str:
    """As pages say it."""
    return {
        "invitation": _("Invitation to look"),
        "request": _("Request to look"),
        "window": _("Event period"),
    }[name]


def state(name: str) -> str:
    return {
        "asked": _("Waits for an answer"),
        "coming": _("Approved, comes by itself"),
        "open": _("Open"),
        "ended": _("Ended"),
    }[name]


def end_sentence(reason: str, *, by: str = "", minutes: int = 0) -> str:
    """Say in one plain sentence why nothing is open by it any more.

    Args:
        reason: a key of ENDS.
        by: who ended it, as people are named on pages; empty when a time did.
        minutes: for how long it was to be open.
    """
    match reason:
        case "deadline":
            return _("Its time, %(minutes)d minutes, is over.") % {"minutes": minutes}
        case "ended":
            return _("%(by)s ended it.") % {"by": by}
        case "stop":
            return _("%(by)s stopped it for the district.") % {"by": by}
        case "refused":
            return _("%(by)s refused it.") % {"by": by}
        case "unanswered":
            return _("Nobody answered in time. The agreement says that it then stays closed.")
        case "called_off":
            return _("%(by)s called it off before it opened.") % {"by": by}
        case "missed":
            return _("Its time passed while the gateway did not run. Nothing was opened.")
        case "not_in_force":
            return _("The agreement was not in force at its time. Nothing was opened.")
        case _:
            return _("It ended.")
