"""The ceremonies over HTTP with a passkey in software; the same in a real browser is
tests/journeys/pages/test_sign_in.py."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from sightpact.people import actions, reads
from sightpact.people.models import Invitation
from tests.people.authenticator import PRESENT, Device

pytestmark = pytest.mark.django_db


def asked(browser: Client, address: str) -> dict[str, Any]:
    """What the page's script fetches at the click."""
    return browser.get(f"{address}options/").json()


def joined(slug: str, device: Device | None = None) -> Device:
    device = device or Device()
    browser = Client()
    address = f"/join/{actions.invite(slug)}/"
    answer = device.make(asked(browser, address))
    reply = browser.post(address, {"credential": answer, "name": "Office computer"})
    assert reply.status_code == 302, reply.content
    return device


def sign_in(browser: Client, device: Device, **more: str) -> Any:
    options = browser.get("/sign-in/options/").json()
    return browser.post("/sign-in/", {"credential": device.answer(options), **more})


def who(browser: Client) -> str:
    request = browser.get("/sign-in/").wsgi_request
    return request.person.slug if request.person else ""


def test_from_invitation_to_signed_in_and_out(cast, recorded) -> None:
    device = joined("omar")
    browser = Client()
    assert who(browser) == ""
    reply = sign_in(browser, device)
    assert (reply.status_code, reply["Location"]) == (302, "/")
    assert who(browser) == "omar"
    key = browser.session.session_key
    assert reads.session_is_live(key)
    assert browser.post("/sign-out/")["Location"] == "/sign-in/"
    assert who(browser) == "" and not reads.session_is_live(key)
    kinds = [kind for kind, _, _ in recorded()]
    assert kinds[-5:] == ["person_change", "key_enrolled", "sign_in", "sign_in", "sign_out"]
    assert reads.passkeys(cast["omar"].id)[0].name == "Office computer"


def test_a_session_ends_at_a_fixed_instant(cast, time) -> None:
    device, browser = joined("omar"), Client()
    sign_in(browser, device)
    first = browser.session.get_expiry_date()
    session = browser.session
    session["touched"] = True
    session.save()
    assert browser.session.get_expiry_date() == first


def test_the_device_of_another_person_signs_in_that_person_only(cast) -> None:
    omar, pia, browser = joined("omar"), joined("pia"), Client()
    pia.user = omar.user
    assert sign_in(browser, pia).status_code == 400
    assert who(browser) == ""


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: setattr(d, "origin", "http://localhost:8000.evil.example"),
        lambda d: setattr(d, "origin", "http://localhost:9999"),
        lambda d: setattr(d, "origin", "https://localhost:8000"),
        lambda d: setattr(d, "rp_id", "evil.example"),
        lambda d: setattr(d, "flags", PRESENT),
        lambda d: setattr(d, "key", Device().key),
        lambda d: setattr(d, "id", b"unknown"),
        lambda d: setattr(d, "user", b"00000000-0000-4000-8000-000000000000"),
        lambda d: setattr(d, "user", b"!"),
    ],
    ids=[
        "evil-host",
        "other-port",
        "other-scheme",
        "other-rp",
        "unverified",
        "wrong-key",
        "unknown-key",
        "unknown-user",
        "no-user",
    ],
)
def test_an_answer_that_does_not_hold_signs_nobody_in(cast, recorded, spoil) -> None:
    device, browser = joined("omar"), Client()
    spoil(device)
    reply = sign_in(browser, device)
    assert reply.status_code == 400 and b"was not accepted" in reply.content
    assert who(browser) == ""
    assert recorded()[-1] == ("sign_in_failed", "", "")


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{}",
        "[]",
        "null",
        "1",
        '"x"',
        "{",
        '{"response":{}}',
        '{"response":{"clientDataJSON":7}}',
        '{"response":{"clientDataJSON":"e30"}}',
        "[" * 5000,
        "x" * 30_000,
    ],
)
def test_garbage_is_refused_not_an_error(cast, credential: str) -> None:
    browser = Client()
    browser.get("/sign-in/options/")
    assert browser.post("/sign-in/", {"credential": credential}).status_code == 400


def test_a_challenge_is_good_once_and_only_in_its_own_session(cast) -> None:
    device, browser = joined("omar"), Client()
    options = browser.get("/sign-in/options/").json()
    answer = device.answer(options)
    assert Client().post("/sign-in/", {"credential": answer}).status_code == 400
    assert browser.post("/sign-in/", {"credential": answer}).status_code == 302
    browser.post("/sign-out/")
    assert browser.post("/sign-in/", {"credential": answer}).status_code == 400


def test_a_person_who_was_taken_out_cannot_come_in(cast, recorded) -> None:
    device = joined("omar")
    actions.deactivate("omar")
    browser = Client()
    assert sign_in(browser, device).status_code == 400
    assert who(browser) == ""


def test_a_revoked_passkey_ends_sessions_and_opens_nothing(cast) -> None:
    device, browser = joined("omar"), Client()
    sign_in(browser, device)
    actions.revoke_passkey("omar", reads.passkeys(cast["omar"].id)[0].id)
    assert who(browser) == ""
    assert sign_in(Client(), device).status_code == 400


def test_where_one_goes_after_is_only_here(cast) -> None:
    device = joined("omar")
    for wanted, got in (("/wall/", "/wall/"), ("https://evil.example/", "/"), ("//evil.example", "/")):
        assert sign_in(Client(), device, next=wanted)["Location"] == got


def test_too_many_failures_from_one_address_are_held_back(cast) -> None:
    browser = Client()
    codes = [browser.post("/sign-in/", {"credential": "x"}).status_code for _ in range(12)]
    assert codes[:10] == [400] * 10 and codes[10:] == [429] * 2


def test_success_does_not_use_up_the_limit(cast) -> None:
    device = joined("omar")
    assert [sign_in(Client(), device).status_code for _ in range(12)] == [302] * 12


def test_looking_at_a_link_does_not_use_it_but_a_passkey_does(cast) -> None:
    address = f"/join/{actions.invite('omar')}/"
    for _ in range(3):
        assert Client().get(address).status_code == 200
    browser, device = Client(), Device()
    answer = device.make(asked(browser, address))
    assert browser.post(address, {"credential": answer, "name": ""}).status_code == 302
    assert who(browser) == "omar"
    again = Client().get(address)
    assert again.status_code == 410 and b"Omar" not in again.content


def test_a_bad_ceremony_does_not_use_the_link_up(cast) -> None:
    address = f"/join/{actions.invite('omar')}/"
    browser, device = Client(), Device()
    device.flags = PRESENT
    reply = browser.post(address, {"credential": device.make(asked(browser, address)), "name": "x"})
    assert reply.status_code == 400 and reads.passkeys(cast["omar"].id) == ()
    device.flags |= 4
    assert (
        browser.post(address, {"credential": device.make(asked(browser, address)), "name": "x"}).status_code
        == 302
    )


def test_links_close_by_time_by_a_newer_one_and_when_the_person_goes(cast, time) -> None:
    first = actions.invite("omar")
    second = actions.invite("omar")
    assert Client().get(f"/join/{first}/").status_code == 410
    assert Client().get(f"/join/{second}/").status_code == 200
    time.advance(24 * 3600)
    assert Client().get(f"/join/{second}/").status_code == 410
    third = actions.invite("omar")
    actions.deactivate("omar")
    assert Client().get(f"/join/{third}/").status_code == 410
    assert third not in str(list(Invitation.objects.values()))


def test_a_link_opened_by_somebody_signed_in_signs_them_out_on_the_record(cast, recorded) -> None:
    browser = Client()
    sign_in(browser, joined("pia"))
    address = f"/join/{actions.invite('omar')}/"
    browser.post(address, {"credential": Device().make(asked(browser, address)), "name": "x"})
    assert who(browser) == "omar"
    assert [(k, w.split(",")[0]) for k, _, w in recorded()[-3:]] == [
        ("sign_out", "Pia Marsh"),
        ("key_enrolled", "Omar Reyes"),
        ("sign_in", "Omar Reyes"),
    ]


def test_no_other_way_in_is_mounted() -> None:
    for name in (
        "account_signup",
        "account_login",
        "account_email",
        "account_change_password",
        "account_reset_password",
        "mfa_index",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "usersessions_list",
    ):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    mounted = {p.callback.__module__ for p in _patterns(get_resolver().url_patterns)}
    assert not [
        m for m in mounted if m.startswith(("allauth", "django.contrib.auth", "django.contrib.admin"))
    ]


def _patterns(found: list[Any]) -> list[Any]:
    return [p for f in found for p in (_patterns(f.url_patterns) if hasattr(f, "url_patterns") else [f])]


def test_pages_hold_no_inline_script_or_style(cast) -> None:
    for address in ("/sign-in/", f"/join/{actions.invite('omar')}/", "/join/nothing/"):
        page = Client().get(address).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", page)
        assert not re.search(r"\sstyle=|\son[a-z]+=", page)


def test_options_of_a_closed_link_are_none(cast) -> None:
    reply = Client().get("/join/nothing/options/")
    assert reply.status_code == 410 and "closed" in reply.json()["error"]


def test_a_page_loaded_twice_still_works(cast) -> None:
    address = f"/join/{actions.invite('omar')}/"
    browser = Client()
    options = asked(browser, address)
    browser.get(address)
    assert browser.post(address, {"credential": Device().make(options), "name": "x"}).status_code == 302
