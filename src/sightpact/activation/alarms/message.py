"""One message of an alarm product, whichever way it came, and what can be wrong with one. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sightpact.activation.errors import ActivationError

MOST_BYTES = 64 * 1024  # of one message
MOST_TEXT = 200  # characters of a number, place or code
MOST_PLACES = 200

STATUSES = ("actual", "test", "drill", "heartbeat", "draft")
SAYS = ("alert", "update", "cancel", "closed")


class BadAlarm(ActivationError):
    """It came from a known source and cannot be read. It is shown to a person all the same."""

    code = "bad_alarm"


class Forged(ActivationError):
    """It cannot be shown to come from a known source. Counted; the sender learns nothing."""

    code = "forged"


@dataclass(frozen=True, slots=True)
class Message:
    """What the sender says. All texts are the sender's own and may be anything: shown as text, looked up, never run."""

    number: str  # the sender's own number of this message
    status: str  # of STATUSES
    says: str  # of SAYS
    places: tuple[str, ...]
    codes: tuple[str, ...]  # the most exact first
    sent_utc: datetime | None  # by the sender's clock
    about: tuple[str, ...] = ()  # numbers of the messages that it updates, cancels or closes
    expires_utc: datetime | None = None
    words: str = ""  # headline or disposition

    @property
    def digest(self) -> str:
        """The same for the same message sent twice, however late: not over its time."""
        kept = [self.number, self.status, self.says, self.places, self.codes, self.about]
        return hashlib.sha256(json.dumps(kept).encode()).hexdigest()


def plain(value: object, name: str, *, most: int = MOST_TEXT) -> str:
    """A text field, with its blanks collapsed.

    Raises:
        BadAlarm: not a text or number, or too long.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadAlarm("The alarm cannot be read:", f"its “{name}” is not a text.", "Send it as a string.")
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    if len(text) > most:
        raise BadAlarm(
            "The alarm cannot be read:", f"its “{name}” is longer than {most} characters.", "Shorten it."
        )
    return text


def instant(text: str, name: str) -> datetime:
    """An instant of ISO 8601 that says its zone, in UTC.

    Raises:
        BadAlarm: any other form.
    """
    try:
        said = datetime.fromisoformat(text.strip())
        found = said.astimezone(UTC) if said.tzinfo else None
    except (ValueError, OverflowError):  # the last hours of the year 9999, further west
        found = None
    if found is None:
        why = f"its “{name}” is no instant with a zone."
        raise BadAlarm("The alarm cannot be read:", why, "Write it like 2026-09-14T09:30:00-05:00.")
    return found


def same(text: str) -> str:
    """How places and codes are compared: blanks and upper case do not matter."""
    return " ".join(text.split()).casefold()
