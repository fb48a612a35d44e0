"""The sentences of the wall that a script puts in their place. All through gettext; the script has no words of its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from sightpact.access.alerts import mark
from sightpact.access.wall import WallState


def player() -> dict[str, Any]:
    """States, ages and reasons for the tiles. Braces hold what the player fills in."""
    return {
        "state": {
            "connecting": _("Opening"),
            "live": _("Live"),
            "slow": _("Slow"),
            "still": _("Still"),
            "stalled": _("Still"),
            "lost": _("Lost"),
            "refused": _("Closed"),
            "ended": _("Ended"),
            "unsupported": _("No picture"),
        },
        "simulated": _("Simulated"),
        "drill": _("DRILL"),
        "none": {
            "connecting": _("Waiting for the first picture"),
            "lost": _("No picture"),
            "refused": _("Closed"),
            "ended": _("This picture has ended"),
            "unsupported": _("This picture cannot be shown here"),
            "live": "",
            "slow": "",
            "still": "",
            "stalled": "",
        },
        "age": _("{age} s"),
        "ago": _("{age} s ago"),
        "stale_title": _("Still picture, {age} s old"),
        "stale_text": _("Nothing newer has come. Trying again."),
        "next_try": _("Next try in {seconds} s."),
        "lapsed": _(
            "No word from the gateway, so the picture was cleared. It comes back when the connection does."
        ),
        "no_connection": _("No connection to the gateway."),
        "unsupported": _(
            "This browser cannot decode this camera's video. Chrome, Edge or Safari on another machine can."
        ),
        "broken": _("This camera's video is damaged. The district's IT should look at it."),
        "where": _("{first} to {last} of {all}"),
    }


def announcement(state: WallState) -> str:
    """What a screen reader is told when the wall changes."""
    if state.questions:
        asked = state.questions[0]
        words = {"source": asked.source_name, "why": asked.why}
        return _("An alarm came from %(source)s. Which school is it? %(why)s") % words
    if state.sharings:
        first = state.sharings[0]
        return _(
            "Emergency: %(label)s, %(schools)s. %(count)d inside cameras are open under section %(clause)s."
        ) % {
            "label": first.label,
            "schools": ", ".join(first.card.school_names),
            "count": first.cameras,
            "clause": first.section or first.card.clause,
        }
    if state.mode == "drill" and state.drill:
        words = {"label": state.drill.label, "schools": ", ".join(state.drill.card.school_names)}
        return _("DRILL: %(label)s, %(schools)s. Simulated pictures only.") % words
    if state.looks:
        look = state.looks[0]
        return _("%(kind)s, %(schools)s. Open under section %(clause)s.") % {
            "kind": look.kind_label,
            "schools": ", ".join(look.card.school_names),
            "clause": look.card.clause,
        }
    if state.ended:
        return _("The emergency sharing ended. %(why)s") % {"why": state.ended.card.end_sentence}
    return ""


def title(state: WallState) -> str:
    """The page's title: it also stands in the browser's tab, where somebody sees it who looks elsewhere."""
    if not state.sharings:
        return _("Wall")
    first = state.sharings[0]
    words = {"label": first.label, "schools": ", ".join(first.card.school_names)}
    if first.card.taken_by is None:
        return _("TAKE: %(label)s, %(schools)s") % words
    return _("%(label)s, %(schools)s") % words


def alerts(state: WallState) -> list[str]:
    """One mark for each sharing and each kind that it came to be: a new mark is told anew. The news has the same ones."""
    return [mark(s.card) for s in state.sharings]


def is_loud(state: WallState) -> bool:
    """Whether what runs deserves more than one tone: not where every kind is a mere notice."""
    return any(s.card.level != "notice" for s in state.sharings)


def ends() -> list[tuple[str, str]]:
    """The ways to end that dispatch alone has, as buttons say them."""
    return [
        ("incident_closed", _("Incident closed")),
        ("last_responder", _("Last responder has left")),
        ("hoax", _("It was a hoax")),
    ]


def signed_out() -> str:
    return _("You are signed out. Load the page again to sign in.")
