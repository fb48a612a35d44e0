"""Single-use tickets: a signed-in page asks for one, its viewer socket presents it to the edge, once, within seconds.

In memory only: a restart voids them all, and the page asks again. Never in a URL, never in a log; kept as a hash.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass

from sightpact.access import limits
from sightpact.ledger import clock

LIFE_S = 15.0


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose page asked: the socket that redeems the ticket is this person's viewer."""

    person: str
    session: str  # Django session key: when it ends, the viewer ends
    device: str  # what the browser calls itself, for the record


_lock = threading.Lock()
_open: dict[bytes, tuple[float, Bearer]] = {}


def issue(person: str, session: str, device: str) -> str:
    """Make a ticket for one socket. Returns 43 url-safe characters."""
    ticket = secrets.token_urlsafe(32)
    with _lock:
        now = clock.monotonic()
        for old in [key for key, (until, _b) in _open.items() if until < now]:
            del _open[old]
        mine = [key for key, (_until, bearer) in _open.items() if bearer.person == person]
        for old in mine[: max(0, len(mine) - limits.TICKETS + 1)]:
            del _open[old]  # a person's own oldest goes, never another's
        _open[_digest(ticket)] = (now + LIFE_S, Bearer(person, session, device[:200]))
    return ticket


def redeem(ticket: str) -> Bearer | None:
    """Who holds it; None when it is unknown, used, or too old. Whatever the answer, it is used now."""
    with _lock:
        until, bearer = _open.pop(_digest(ticket), (0.0, None))
    return bearer if bearer is not None and until >= clock.monotonic() else None


def _digest(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode()).digest()
