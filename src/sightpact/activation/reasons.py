"""Why an emergency sharing ended: a closed list, with the words that people read. Pure."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

ENDS = frozenset(
    [
        "all_clear",
        "stop",
        "deadline",
        "mistake",
        "unanswered",
        "last_responder",
        "incident_closed",
        "hoax",
        "disputed",
    ]
)
BY_DISPATCH = frozenset({"last_responder", "incident_closed", "hoax"})
"""Ends that dispatch alone can say."""


def sentence(reason: str, *, by: str = "", minutes: int = 0) -> str:
    """Say in one plain sentence why the pictures are gone.

    Args:
        reason: a key of ENDS.
        by: who ended it, as people are named on pages; empty when nobody did.
        minutes: the length that the agreement gives this kind of emergency.
    """
    match reason:
        case "all_clear":
            return _("All clear, said by %(by)s.") % {"by": by}
        case "stop":
            return _("%(by)s stopped the sharing.") % {"by": by}
        case "mistake":
            return _("Sent by mistake, says %(by)s. There is no emergency.") % {"by": by}
        case "deadline":
            return _("The %(minutes)d minutes that the agreement allows are over.") % {"minutes": minutes}
        case "unanswered":
            return _("All clear was proposed and dispatch did not answer in time.")
        case "last_responder":
            return _("The last responder has left, says %(by)s.") % {"by": by}
        case "incident_closed":
            return _("The incident was closed by %(by)s.") % {"by": by}
        case "hoax":
            return _("It was a hoax, says %(by)s. There is no emergency.") % {"by": by}
        case "disputed":
            return _("%(by)s says: this was not my word. There is no emergency.") % {"by": by}
        case _:
            return _("The emergency sharing ended.")


def whole_minutes(start: datetime, end: datetime) -> int:
    return max(1, round((end - start).total_seconds() / 60))
