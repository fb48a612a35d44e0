"""What became of an alarm, in one sentence for pages and the command line."""

from __future__ import annotations

from sightpact.access.alarm_in import Outcome
from sightpact.activation.alarms.states import state_words, why_words


def became(state: str, why: str) -> str:
    """State and reason together: "Test: opened nothing. It would start “Medical” at Lakeview High, …"."""
    key, _blank, detail = why.partition(" ")
    return f"{state_words(state)}. {why_words(key, detail)}".strip()


def outcome_words(outcome: Outcome) -> str:
    return became(outcome.state, outcome.says)
