"""Whose press it is on the switch: who has signed in, else whose start device it is. The other one is named beside.

Never: an entry in the record under the device's owner while somebody else was signed in and could do it under their own name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpRequest

from sightpact.access.patience import patience
from sightpact.live.device import says as device_says
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard

COOKIE = "sightpact_start"
NOTE_PATIENCE_S = 0.2
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Starter:
    person: PersonCard
    device: str  # as the record says it


def owner(request: HttpRequest) -> PersonCard | None:
    """Whose start device this is."""
    if COOKIE not in request.COOKIES:
        return None
    with patience(NOTE_PATIENCE_S):  # that the key was used is noted; nobody waits for that
        found = people_actions.use_start_key(request.COOKIES.get(COOKIE, ""))
    return people.person(found) if found else None


def starters(request: HttpRequest) -> tuple[Starter, ...]:
    """Who may be meant: the person signed in first, then the device's owner. Empty: nobody."""
    signed: PersonCard | None = getattr(request, "person", None)
    mine, device = owner(request), device_says(request)
    if signed is None or mine is None or signed.id == mine.id:
        only = signed or mine
        return (Starter(only, device),) if only else ()
    return (
        Starter(signed, f"{device}, start device of {people.as_secret(mine).value}"),
        Starter(mine, f"{device}, on which {people.as_secret(signed).value} is signed in"),
    )


def first(request: HttpRequest, asked: Callable[[str], F]) -> tuple[Starter | None, F | None]:
    """The first of them for whom `asked(person id)` finds something, with what it found; else the first, with nothing."""
    found = starters(request)
    for starter in found:
        if answer := asked(starter.person.id):
            return starter, answer
    return (found[0] if found else None), None
