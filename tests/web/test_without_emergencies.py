"""A district whose agreement knows no emergency: the school invites, or nothing is open. Every page says so, none invents one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import lakeview
from tests.browser import as_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> lakeview.Lakeview:
    real = lakeview.text

    def invited_only(name: str, **changes: Any) -> dict[str, Any]:
        raw = real(name, **changes)
        emergencies = ("emergency_view", "who_may_start", "who_may_end")
        raw["clauses"] = [c for c in raw["clauses"] if c["kind"] not in emergencies]
        return raw

    monkeypatch.setattr(lakeview, "text", invited_only)
    return lakeview.build(24, s3_5=lakeview.ASKING["s3_5"])


def words(who: str, address: str) -> str:
    answer = as_person(who).get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_every_page_says_what_opens_the_inside(district: lakeview.Lakeview) -> None:
    assert "Section 3.5 opens them when the school invites." in words("sam", "/today/")
    assert "Section 3.5 opens them when the school invites you to look." in words("omar", "/wall/")
    assert "When invited or approved, 3.5" in words("dana", "/cameras/")
    told = words("sam", "/who-can-see/")
    assert "When the school invites" in told and "Every case was tried. None was open" in told
    for who, address in (
        ("sam", "/today/"),
        ("sam", "/watching/"),
        ("omar", "/wall/"),
        ("sam", "/who-can-see/"),
    ):
        assert "in an emergency" not in words(who, address), address
        assert "section  " not in words(who, address) and "Section  " not in words(who, address)


def test_nobody_is_led_to_a_switch_that_starts_nothing(district: lakeview.Lakeview) -> None:
    assert as_person("pia").get("/")["Location"] == "/asking/"
    for who, address in (("pia", "/asking/"), ("sam", "/today/")):
        page = as_person(who).get(address).content.decode()
        assert 'href="/switch/"' not in page and "Ask police to look" in page
    assert (
        "may not start emergency sharing at any school" in as_person("pia").get("/switch/").content.decode()
    )
