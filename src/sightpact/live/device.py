"""How the record names the device in front of somebody: browser, system, address. What a browser says of itself may be untrue."""

from __future__ import annotations

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest

_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
            ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def says(request: HttpRequest) -> str:
    """ "Chrome on Windows at 10.1.2.3". The address is the one that the rate limits see, also behind a proxy."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "Browser")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " ".join(
        part for part in (browser, f"on {system}" if system else "", f"at {get_ip(request)}") if part
    )
