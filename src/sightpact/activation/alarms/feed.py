"""A feed of CAP alerts: an alert itself, an Atom or RSS index with links, or an Atom feed with the alerts inside. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, tostring

from sightpact.activation.alarms import cap
from sightpact.activation.alarms.message import BadAlarm, Message

MOST_BYTES = 1024 * 1024  # of an index
MOST_LINKS = 50  # the newest; an index lists these first
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True, slots=True)
class Index:
    alerts: tuple[Message, ...]  # found inside
    bad: tuple[tuple[BadAlarm, bytes], ...]  # found inside and not readable: why, and the element
    links: tuple[str, ...]  # absolute; of the index's own scheme and host alone


def parse(body: bytes, address: str) -> Index:
    """Read what a feed answered.

    Args:
        address: where it came from; links are taken relative to it, and those to other hosts are left out.
    Raises:
        BadAlarm: the whole is neither a feed nor an alert.
    """
    found = cap.root(body, MOST_BYTES)
    if found.tag == f"{{{cap.NAMESPACE}}}alert":
        return _inside([found])
    if found.tag == f"{ATOM}feed":
        entries = found.findall(f"{ATOM}entry")
        inside = [alert for entry in entries for alert in entry.iter(f"{{{cap.NAMESPACE}}}alert")]
        if inside:
            return _inside(inside[:MOST_LINKS])
        links = [_link(entry) for entry in entries]
    elif found.tag == "rss":
        links = [(item.findtext("link") or "").strip() for item in found.iter("item")]
    else:
        why = "it is neither a CAP alert nor an Atom or RSS index."
        raise BadAlarm("The feed cannot be read:", why, "Look at its address.")
    return Index((), (), tuple(_absolute([link for link in links if link], address)))


def _inside(elements: list[Element]) -> Index:
    """Each alert by itself: one that cannot be read is told, and keeps none of the others."""
    alerts, bad = [], []
    for element in elements:
        try:
            alerts.append(cap.of(element))
        except BadAlarm as fault:
            bad.append((fault, tostring(element)))
    return Index(tuple(alerts), tuple(bad), ())


def _link(entry: Element) -> str:
    """The link to the alert: the one of CAP's type where it says so, else the first."""
    links = entry.findall(f"{ATOM}link")
    said = [link for link in links if "cap" in link.get("type", "")] or links
    return (said[0].get("href") or "").strip() if said else ""


def _absolute(links: list[str], address: str) -> list[str]:
    here = urlsplit(address)
    found = []
    for link in dict.fromkeys(links):
        try:
            whole = urljoin(address, link)
            there = urlsplit(whole)
        except ValueError:
            continue
        if (there.scheme, there.netloc) == (here.scheme, here.netloc):
            found.append(whole)
    return found[:MOST_LINKS]
