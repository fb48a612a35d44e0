"""No invitation's secret reaches the log, whichever way a request with it fails."""

from __future__ import annotations

import logging
import sys

import pytest
from django.test import Client

from sightpact.notices.tokens import token_of
from sightpact.web.logs import JsonLines

SECRET = (
    "CdnlAqTv6gtYCLNUdKy8X0TqoD-bjx6jOOPclFBVwpw"  # one for all test processes, which name their tests by it
)


@pytest.mark.django_db
@pytest.mark.parametrize("path", [f"/join/{SECRET}/", f"/join/{SECRET}/options/", f"/join/{SECRET}/nowhere/"])
def test_refused_requests(path: str, caplog: pytest.LogCaptureFixture) -> None:
    client = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.DEBUG):
        assert client.post(path).status_code >= 400
        client.get(path)
    said = [JsonLines().format(record) for record in caplog.records]
    assert any("/join/" in line for line in said), "nothing was logged that could have held it"
    assert not [line for line in said if SECRET in line]


@pytest.mark.django_db
def test_the_link_that_says_seen(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged with its address when the record cannot be written, or when it is of another server."""
    token = token_of("00000000-0000-4000-8000-000000000000")
    with caplog.at_level(logging.DEBUG):
        assert Client().get(f"/told/seen/x{token}/").status_code == 410
    said = [JsonLines().format(record) for record in caplog.records]
    assert any("/told/seen/..." in line for line in said)
    assert not [line for line in said if token.rpartition(":")[2] in line]


def test_traces_and_other_spellings() -> None:
    try:
        raise LookupError(f"no such thing: http://localhost:8000/join/{SECRET}/")
    except LookupError:
        record = logging.LogRecord(
            "x", logging.ERROR, "", 0, "%r at %s", (f"/join/{SECRET}/", f"/JOIN%2F{SECRET}"), sys.exc_info()
        )
    line = JsonLines().format(record)
    assert SECRET not in line and "LookupError" in line
