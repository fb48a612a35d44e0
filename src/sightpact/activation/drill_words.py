"""Why a drill ended: a closed list, with the words that people read. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _

ENDS = frozenset({"ended", "deadline", "pre_empted", "stop"})


def end_sentence(reason: str, *, by: str = "", minutes: int = 0) -> str:
    """Say in one plain sentence why the drill is over.

    Args:
        reason: a key of ENDS. by: who ended it; empty when nobody did. minutes: the longest that the section allows.
    """
    match reason:
        case "ended":
            return _("%(by)s ended the drill.") % {"by": by}
        case "stop":
            return _("%(by)s stopped the drill.") % {"by": by}
        case "pre_empted":
            return _("A real emergency was shared there, so the drill gave way to it.")
        case "deadline":
            return _("The %(minutes)d minutes of the drill were over.") % {"minutes": minutes}
        case _:
            return _("The drill ended.")
