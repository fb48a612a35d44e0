"""One CAP feed, read every few seconds. What it lists and was received before is no news."""

from __future__ import annotations

import base64
import logging
import threading
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
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


class FeedFault(Exception):
    """It answered with something else."""


def run(source: SourceCard, stop: threading.Event) -> None:
    """Look until told to stop. A fault is noted and looked past: the next look may go well."""
    seen: dict[str, None] = {}  # links whose alert was read
    while True:
        try:
            look(reads.source(source.id) or source, seen)  # as it is mapped now
            fault = ""
        except (OSError, FeedFault, BadAlarm, BadSource, ValueError) as trouble:
            fault = str(trouble)[:300] or type(trouble).__name__
        except UNWRITABLE:
            log.exception("a feed was read and could not be kept; it is read again")
            fault = ""
        note(source.id, fault)
        if stop.wait(EVERY_S):
            return


def look(source: SourceCard, seen: dict[str, None]) -> int:
    """Read the feed once; returns how many alerts were new.

    Raises:
        OSError, FeedFault, BadSource, BadAlarm: it cannot be reached or read.
    """
    body, dated = _load(source, source.address, feeds.MOST_BYTES)
    received = clock.now()
    off = received - dated if dated else None
    index = feeds.parse(body, source.address)
    alerts = list(index.alerts)
    fresh = [link for link in index.links if link not in seen][:MOST_LOADED]
    for link in fresh:
        try:
            alerts.append(cap.parse(_load(source, link, MOST_BYTES)[0]))
        except BadAlarm as fault:
            alarm_in.unreadable(source, fault, received, None, link.encode())
        seen[link] = None
    for link in list(seen)[: max(0, len(seen) - 1000)]:
        del seen[link]
    known = reads.known_numbers(source.id, [alert.number for alert in alerts])
    new = [alert for alert in alerts if (alert.number, alert.digest) not in known]
    for alert in sorted(new, key=lambda alert: alert.sent_utc or received):
        _take(source, alert, received, off)
    if not new:
        actions.heard(source.id, received, int(off.total_seconds() * 1000) if off is not None else None)
    return len(new)


def note(source_id: str, fault: str) -> None:
    """What a page says of it; never a reason to stop."""
    try:
        actions.trouble(source_id, fault)
    except UNWRITABLE:
        log.warning("could not note how a feed or broker is")


def _take(source: SourceCard, alert: Message, received: datetime, off: timedelta | None) -> None:
    try:
        alarm_in.act(source, alert, received, clock_off=off)
    except alarm_in.TooOften as fault:
        log.warning("%s: %s", source.name, fault)


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
