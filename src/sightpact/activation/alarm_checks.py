"""What a source of alarms may be: names, addresses, mappings. Reads schools; writes nothing."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

from sightpact.activation.alarms.meaning import ANY
from sightpact.activation.alarms.message import MOST_PLACES, MOST_TEXT
from sightpact.activation.alarms.states import KINDS
from sightpact.activation.errors import ActivationError
from sightpact.cameras import reads as cameras
from sightpact.wire.address import allowed

SCHEMES = {"cap_feed": ("https", "http"), "mqtt": ("mqtts", "mqtt")}


class BadSource(ActivationError):
    """What was said of a source cannot be."""

    code = "bad_source"


class Spec(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def places(self) -> Mapping[str, Sequence[str]]: ...
    @property
    def codes(self) -> Mapping[str, str]: ...
    @property
    def address(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def trust(self) -> str: ...
    @property
    def authority(self) -> str: ...


def check(spec: Spec) -> None:
    """Refuse what cannot be.

    Raises:
        BadSource: naming the field, the reason and the remedy.
    """
    if not 1 <= len(spec.name.strip()) <= 120:
        raise BadSource(
            "The source", "has no name, or a very long one.", "Call it “Panic button, Lakeview High”."
        )
    if spec.kind not in KINDS:
        raise BadSource(
            "The source", f"is of no kind that is known ({spec.kind[:20]}).", f"One of: {', '.join(KINDS)}."
        )
    if spec.trust not in ("signed", "broker"):
        raise BadSource("Its trust", "is neither signed nor broker.", "Choose one.")
    known = {school.slug for school in cameras.schools()}
    if len(spec.places) > MOST_PLACES or len(spec.codes) > MOST_PLACES:
        raise BadSource("The mapping", f"has more than {MOST_PLACES} lines.", "Register a second source.")
    for place, schools in spec.places.items():
        if not place.strip() or len(place) > MOST_TEXT or not schools:
            raise BadSource(
                "The mapping", f"has a place without a name or school (“{place[:40]}”).", "Fill it in."
            )
        if unknown := [slug for slug in schools if slug not in known]:
            raise BadSource(
                f"The place “{place}”", f"leads to a school that is not here ({unknown[0]}).", "Mend it."
            )
    for code, kind in spec.codes.items():
        if not code.strip() or len(code) > MOST_TEXT or not kind.replace("_", "").isalnum() or len(kind) > 50:
            raise BadSource(
                "The mapping", f"has a code without a kind of emergency (“{code[:40]}”).", "Fill it in."
            )
    if spec.kind in SCHEMES:
        check_address(spec.address, SCHEMES[spec.kind])
        check_authority(spec.authority)
    if spec.kind == "mqtt" and (not spec.topic or len(spec.topic) > 200 or spec.topic in (ANY, "#")):
        raise BadSource("The topic", "is missing, or is everything.", "Write one like lakeview/+/panic.")


def check_address(address: str, schemes: Sequence[str]) -> tuple[str, str, int]:
    """Scheme, host and port of a feed or broker, if we may go there at all; at connect the address is checked again.

    Raises:
        BadSource: says why not.
    """
    secure, plain = schemes
    try:
        url = urlsplit(address)
        host, port = url.hostname or "", url.port
    except ValueError:
        host, port, url = "", None, urlsplit("")
    if not host or url.scheme not in schemes or len(address) > 500:
        raise BadSource("Its address", f"does not begin with {secure}:// and a host.", "Copy it again.")
    if url.username or url.password or "@" in url.netloc:
        raise BadSource(
            "Its address", "holds a user name or password.", "Give them as its login; they are sealed."
        )
    if url.scheme == plain and host not in ("localhost", "127.0.0.1", "::1"):
        raise BadSource(
            "Its address",
            "is not encrypted.",
            f"Use {secure}://; without it, anybody between could forge an alarm.",
        )
    if reason := _objection("127.0.0.1" if host == "localhost" else host):
        raise BadSource(
            "Its address", f"cannot be: {reason}.", "Use the product's own, or allow it in alarm_networks."
        )
    default = {"https": 443, "http": 80, "mqtts": 8883, "mqtt": 1883}[url.scheme]
    return url.scheme, host, port or default


def _objection(host: str) -> str | None:
    """Why an address literal may not be gone to. A name is looked up at connect, and checked there."""
    try:
        ip_address(host)
    except ValueError:
        return None
    return allowed(host, settings.SIGHTPACT.alarm_networks)


def check_authority(pem: str) -> None:
    """Refuse what is no certificate of an authority; empty: the system's own."""
    if not pem:
        return
    try:
        ssl.create_default_context(cadata=pem)
    except (ssl.SSLError, ValueError) as fault:
        raise BadSource(
            "The authority", "is no certificate in PEM.", "Paste the file that begins -----BEGIN."
        ) from fault
