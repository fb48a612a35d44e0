"""The words and numbers of notices: levels, channels, states. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as lazy

LEVELS = ("notice", "urgent", "life_safety")
"""Rising. A daily medical call is a `notice`: it shows on open pages and numbs nobody."""

AT_ONCE: dict[str, tuple[str, ...]] = {
    "notice": ("page",),
    "urgent": ("page", "push", "email"),
    "life_safety": ("page", "push", "email", "sms"),
}
"""Channels that a level uses at once. Voice comes when a life-safety notice is not acknowledged in its time."""

LATER: dict[str, tuple[str, ...]] = {"notice": (), "urgent": (), "life_safety": ("voice",)}

KINDS: dict[str, Any] = {
    "page": lazy("open page"),
    "push": lazy("phone"),
    "email": lazy("e-mail"),
    "sms": lazy("text message"),
    "voice": lazy("call"),
}

STATES: dict[str, Any] = {
    "queued": lazy("waiting"),
    "sending": lazy("being sent"),
    "sent": lazy("sent"),
    "delivered": lazy("delivered"),
    "acknowledged": lazy("acknowledged"),
    "failed": lazy("failed"),
    "spared": lazy("not needed"),
}

OPEN_STATES = ("queued", "sending")
GOT_THROUGH = ("sent", "delivered", "acknowledged")


def at_least(level: str, least: str) -> bool:
    """Whether `level` is as high as `least`, or higher. An unknown level counts as the highest: it is louder, not quieter."""
    return (LEVELS.index(level) if level in LEVELS else len(LEVELS)) >= LEVELS.index(least)


@dataclass(frozen=True, slots=True)
class Message:
    """What is told. `title` is bare, since it stands on a locked screen; `text` is for after the sign-in."""

    about: str  # id of the sharing, or ""
    event: str
    level: str  # of LEVELS
    title: str
    text: str
    url: str  # path on this site
    topic: str  # at most 32 characters of base64url: a later one replaces it on a phone
    ttl_s: int  # nothing is sent or shown later than this
    acknowledge_s: int = 0  # life-safety: voice follows after so many seconds without an acknowledgement
    by: tuple[str, ...] = ()  # channels used at once, where they are others than those of the level

    def channels(self) -> tuple[str, ...]:
        """The channels used at once."""
        return self.by or AT_ONCE[self.level]


@dataclass(frozen=True, slots=True)
class Job:
    """One delivery, claimed by a sender."""

    delivery: str
    kind: str
    address: str
    p256dh: str
    auth: str
    title: str
    url: str
    topic: str
    level: str
    event: str
    ttl_s: int  # what is left of it
    tries: int
    token: str  # acknowledges it, once


class SendFault(Exception):
    """It could not be sent.

    Args:
        why: in plain words. again: whether a later attempt may help. gone: the channel is no more.
    """

    def __init__(self, why: str, *, again: bool = True, gone: bool = False) -> None:
        super().__init__(why)
        self.why, self.again, self.gone = why, again, gone
