"""One CAP feed, read every few seconds. What it lists and was received before is no news."""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from hashlib import sha256
from http.client import HTTPException
from urllib.parse import urlsplit

from sightpact.access import alarm_in
from sightpact.access.alarm_links.address import Connection, resolve, tls
from sightpact.access.errors import UNWRITABLE
from sightpact.activation import alarm_reads as reads
from sightpact.activation.actions import alarms as actions
from sightpact.activation.alarm_checks import SCHEMES, BadSource, check_address
from sightpact.activation.alarm_reads import SourceCard
from sightpact.activation.alarms import cap
from sightpact.activation.alarms import feed as feeds
from sightpact.activation.alarms.message import MOST_BYTES, BadAlarm, Message
from sightpact.ledger import clock

log = logging.getLogger(__name__)

EVERY_S = 5.0
TIMEOUT_S = 10.0
MOST_LOADED = 20  # alerts behind links, in one look
AGAIN_FOR_S = 15.0  # of one look, for links that failed before


class FeedFault(Exception):
    """It answered with something else, or one of its alerts could not be taken."""


EXPECTED = (OSError, HTTPException, FeedFault, BadAlarm, BadSource, alarm_in.TooOften, ValueError)


def run(source: SourceCard, stop: threading.Event) -> None:
    """Look until told to stop. A fault is noted and looked past: the next look may go well."""
    seen: dict[str, bool] = {}  # links: True, its alert was taken; False, it failed
    while True:
        try:
            look(reads.source(source.id) or source, seen)  # as it is mapped now
            fault = ""
        except EXPECTED as trouble:
            fault = str(trouble)[:300] or type(trouble).__name__
        except UNWRITABLE:
            log.exception("a feed was read and could not be kept; it is read again")
            fault = ""
        except Exception as trouble:
            log.exception("reading a feed failed; it is read again")
            fault = str(trouble)[:300] or type(trouble).__name__
        note(source.id, fault)
        if stop.wait(EVERY_S):
            return


def look(source: SourceCard, seen: dict[str, bool]) -> int:
    """Read the feed once; returns how many alerts were new.

    1. Take what stands inside, each by itself; what cannot be read becomes a question. 2. Load each link and take its alert
    at once; what changes or ends another one comes after those. One that fails keeps none of the others, and is tried again.

    Raises:
        OSError, FeedFault, BadSource, BadAlarm: it cannot be reached or read; or one alert of it, after all others were taken.
    """
    body, dated = _load(source, source.address, feeds.MOST_BYTES)
    received = clock.now()
    off = received - dated if dated else None
    index = feeds.parse(body, source.address)
    this = _Look(source, received, off)
    for fault, element in index.bad:
        this.tried(partial(this.ask, fault, element))
    for alert in sorted(index.alerts, key=this.when):
        this.tried(partial(this.take, alert))
    began, order = clock.monotonic(), {link: at for at, link in enumerate(seen)}
    fresh = sorted((link for link in index.links if not seen.get(link)), key=lambda link: order.get(link, -1))
    changes: list[tuple[str, Message]] = []
    for link in fresh[:MOST_LOADED]:
        if link in seen and clock.monotonic() - began > AGAIN_FOR_S:
            break
        seen.pop(link, None)  # what fails goes to the end, and bars no other
        seen[link] = this.tried(partial(this.load, link, changes))
    for link, alert in sorted(changes, key=lambda each: this.when(each[1])):
        seen[link] = this.tried(partial(this.take, alert))
    for link in list(seen)[: max(0, len(seen) - 1000)]:
        del seen[link]
    if not this.new:
        actions.heard(source.id, received, int(off.total_seconds() * 1000) if off is not None else None)
    if this.faults:
        raise FeedFault(f"{len(this.faults)} of its alerts could not be taken: {this.faults[0]}")
    return this.new


@dataclass
class _Look:
    """One look at a feed: each alert by itself, and what went wrong with which."""

    source: SourceCard
    received: datetime
    off: timedelta | None
    new: int = 0
    faults: list[str] = field(default_factory=list)

    def tried(self, act: Callable[[], None]) -> bool:
        """Whether it went through; a fault is kept for the page, and is no other alert's."""
        try:
            act()
        except Exception as fault:
            if not isinstance(fault, EXPECTED):
                log.exception("an alert of the feed of %s could not be taken", self.source.name)
            self.faults.append(str(fault)[:200] or type(fault).__name__)
            return False
        return True

    def load(self, link: str, changes: list[tuple[str, Message]]) -> None:
        """Load one alert and take it; one that changes or ends another waits in `changes` until the others are taken."""
        body = _load(self.source, link, MOST_BYTES)[0]
        try:
            alert = cap.parse(body)
        except BadAlarm as fault:
            self.ask(fault, link.encode())
            return
        if alert.says == "alert":
            self.take(alert)
        else:
            changes.append((link, alert))

    def take(self, alert: Message) -> None:
        """Take it in, unless it came before."""
        if (alert.number, alert.digest) in reads.known_numbers(self.source.id, [alert.number]):
            return
        alarm_in.act(self.source, alert, self.received, clock_off=self.off)
        self.new += 1

    def ask(self, fault: BadAlarm, body: bytes) -> None:
        """A person is asked once, however long the feed lists it."""
        alarm_in.unreadable(self.source, fault, self.received, sha256(body).hexdigest(), body)

    def when(self, alert: Message) -> datetime:
        return alert.sent_utc or self.received


def note(source_id: str, fault: str) -> None:
    """What a page says of it; never a reason to stop."""
    try:
        actions.trouble(source_id, fault)
    except UNWRITABLE:
        log.warning("could not note how a feed or broker is")


def _load(source: SourceCard, address: str, most: int) -> tuple[bytes, datetime | None]:
    """Body and date of an answer. Redirects are not followed."""
    scheme, host, port = check_address(address, SCHEMES["cap_feed"])
    context = tls(source.authority) if scheme == "https" else None
    link = Connection(resolve(host, port), host, port, context, TIMEOUT_S)
    url = urlsplit(address)
    try:
        link.request(
            "GET", (url.path or "/") + (f"?{url.query}" if url.query else ""), headers=_headers(source)
        )
        answer = link.getresponse()
        if answer.status != 200:
            raise FeedFault(f"The feed answered {answer.status} {answer.reason[:40]}.")
        body = answer.read(most + 1)
        dated = parsedate_to_datetime(answer.headers["Date"]) if answer.headers.get("Date") else None
    finally:
        link.close()
    if len(body) > most:
        raise FeedFault(f"The feed answered with more than {most // 1024} KiB.")
    return body, dated.astimezone(UTC) if dated and dated.tzinfo else None


def _headers(source: SourceCard) -> dict[str, str]:
    found = {
        "Accept": "application/cap+xml, application/atom+xml, application/xml",
        "User-Agent": "Sightpact",
    }
    login = reads.secrets_of(source.id)
    if login.user or login.password:
        found["Authorization"] = (
            "Basic " + base64.b64encode(f"{login.user}:{login.password}".encode()).decode()
        )
    return found
