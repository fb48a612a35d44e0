"""What became of an alarm, and why it is a question: closed lists, with the words that people read. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _

STATES = frozenset(
    {
        "started",
        "joined",
        "widened",
        "which_school",  # a person is asked
        "answered",  # a person opened a sharing for it
        "dismissed",  # a person said that it needs none
        "end_proposed",
        "ended",
        "nothing_to_end",
        "tested",
        "drill",  # an exercise for which nobody could begin a drill
        "drill_started",
        "drill_waits",  # a person is asked whether to begin the drill
        "heartbeat",
        "draft",
        "too_old",
    }
)
OPEN = "which_school"
EXERCISE = "drill_waits"


def state_words(state: str) -> str:
    """What became of it, for a list."""
    return {
        "started": _("Sharing started"),
        "joined": _("Joined a running sharing"),
        "widened": _("Widened a running sharing"),
        "ended": _("Ended the sharing that it had started"),
        "which_school": _("Waits for an answer: which school"),
        "answered": _("Answered by a person"),
        "dismissed": _("Put away by a person"),
        "end_proposed": _("End proposed"),
        "nothing_to_end": _("Nothing to end"),
        "tested": _("Test: opened nothing"),
        "drill": _("Exercise: opened nothing"),
        "drill_started": _("Exercise: started a drill"),
        "drill_waits": _("Exercise: waits for somebody to start the drill"),
        "heartbeat": _("Sign of life"),
        "draft": _("Draft: left alone"),
        "too_old": _("Over a day old, or expired"),
    }.get(state, state)


def why_words(why: str, detail: str = "") -> str:
    """Why a person is asked, or what is to be known of it.

    Args:
        why: the first word is a key; what the law or the reader said comes as `detail`.
    """
    known = {
        "place": _("No school is set for this place."),
        "code": _("No kind of emergency is set for this code."),
        "stale": _("It came more than 5 minutes after it was sent."),
        "ahead": _("Its clock is more than 5 minutes ahead."),
        "no_alert": _("It changes an alarm that never came here."),
        "ended": _("It changes an alarm whose sharing has ended."),
        "repeated": _("An alarm with this number came before, and its sharing has ended."),
        "unreadable": _("It could not be read."),
        "refused": _("The agreement does not let it start by itself."),
        "failed": _("Starting failed."),
        "would": _("It would start"),
        "not_named": _("The agreement does not let it start a drill by itself."),
        "no_drill": _("No drill was started."),
        "late_end": _("It says that an emergency is over, and came more than 5 minutes off its time."),
        "which_end": _("It says that an emergency is over, and not which one of several."),
    }
    said = known.get(why, "")
    return " ".join(part for part in (said, detail) if part)


KINDS = ("webhook", "cap", "cap_feed", "mqtt")


def kind_words(kind: str) -> str:
    return {
        "webhook": _("Signed webhook"),
        "cap": _("CAP 1.2, sent to us"),
        "cap_feed": _("CAP 1.2, a feed that we read"),
        "mqtt": _("MQTT topic"),
    }.get(kind, kind)
