"""Telling a person on every channel: what goes out, what stands on a locked screen, what becomes of it, and how it fails."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from django.db import connections

from sightpact.access import sharing
from sightpact.access.telling import Teller
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.notices import actions, reads
from sightpact.notices.actions import tell
from sightpact.notices.errors import ChannelFault
from sightpact.notices.outbox import Outbox
from sightpact.notices.senders import push
from sightpact.notices.tokens import delivery_of, token_of
from sightpact.notices.words import Message
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from sightpact.people.actions import PersonSpec
from tests.deployment import free_port, wait_for
from tests.lakeview import Lakeview
from tests.notices import endpoints
from tests.notices.conftest import SECRET
from tests.notices.endpoints import Browser, Mailbox, Service


def message(level: str = "life_safety", **others: Any) -> Message:
    fields: dict[str, Any] = {
        "about": "0b9e6a52-0000-4000-8000-000000000001",
        "event": "started",
        "level": level,
        "title": "An emergency sharing is open",
        "text": "Intruder, Lakeview High",
        "url": "/told/",
        "topic": "s0b9e6a52",
        "ttl_s": 600,
        "acknowledge_s": 1,
    }
    return Message(**{**fields, **others})


@pytest.fixture
def sam(district: Lakeview, pushes: Service) -> Browser:
    """The superintendent's phone; her entry has an e-mail address and a number."""
    people_actions.alter_person(PersonSpec("sam", "Sam Whitfield", "sam@lakeview.example", "+1 555 010 0100"))
    browser = Browser(pushes.url + "/push/sam")
    card = people.person(district.people["sam"])
    assert card is not None
    actions.add_push(card, browser.endpoint, browser.p256dh, browser.auth, "Sam's phone")
    return browser


def states(about: str = message().about) -> dict[str, str]:
    return {each.channel: each.state for each in reads.deliveries(about)}


def test_a_life_safety_notice_goes_out_on_every_channel_and_says_little(
    district: Lakeview,
    sam: Browser,
    outbox: Any,
    pushes: Service,
    phones: Service,
    mailbox: Mailbox,
    config: Any,
) -> None:
    who = district.people["sam"]
    assert tell([who], message(), "k1") and not tell([who], message(), "k1"), "told once"
    got = pushes.next()
    claims = endpoints.check_vapid(got, pushes.url, push.public_key(config.keys))
    assert claims["sub"] == "mailto:it@lakeview.example"
    assert (got.headers["urgency"], got.headers["topic"]) == ("high", "s0b9e6a52")
    assert 590 <= int(got.headers["ttl"]) <= 600
    seen = sam.opened(got.body)
    assert seen["title"] == "An emergency sharing is open" and "Lakeview" not in str(seen), (
        "a locked screen is public"
    )
    to, mail = mailbox.got.get(timeout=10)
    assert to == "sam@lakeview.example" and "Intruder" not in mail
    asked = [endpoints.check_gateway(phones.next(), SECRET) for _ in range(2)]
    assert [each["kind"] for each in asked] == ["sms", "voice"], (
        "nobody answered within its second, so it calls"
    )
    wait_for(lambda: states()["voice"] == "sent")
    assert states() == {
        "page": "queued",
        "push": "delivered",
        "email": "sent",
        "sms": "sent",
        "voice": "sent",
    }
    entries = list(ledger.opened(ledger.Query(types=("notice_sent",), limit=5)))
    assert [e.outcome for e in entries] == ["started"] and "Sam Whitfield" in entries[0].shown("text")
    assert actions.acknowledge(str(delivery_of(seen["token"]))) and not actions.acknowledge(
        str(delivery_of(seen["token"]))
    ), "its token is good once"
    assert "phone acknowledged" in next(
        d.says for d in reads.deliveries(message().about) if d.channel == "push"
    )


def test_who_acknowledges_on_one_channel_is_left_alone_on_the_next(
    district: Lakeview, sam: Browser, config: Any
) -> None:
    who = district.people["sam"]
    tell([who], message(acknowledge_s=300), "k1", on_page=frozenset([who]))
    notice = reads.waiting_for(who, clock.now())
    assert [each.text for each in notice] == ["Intruder, Lakeview High"], (
        "the page says it, after the sign-in"
    )
    assert states()["page"] == "delivered"
    assert actions.acknowledge_notice(notice[0].notice, who)
    assert reads.acknowledged_by("k1") == {who} and reads.waiting_for(who, clock.now()) == ()
    assert states() == {
        "page": "acknowledged",
        "push": "spared",
        "email": "spared",
        "sms": "spared",
        "voice": "spared",
    }


def test_levels_do_not_numb(district: Lakeview, sam: Browser, config: Any) -> None:
    who = district.people["sam"]
    tell([who], message("notice", about="a"), "k1")
    tell([who], message("urgent", about="b"), "k2")
    assert set(states("a")) == {"page"} and set(states("b")) == {"page", "push", "email"}


def test_a_browser_that_took_its_agreement_back_is_forgotten_and_a_server_in_trouble_is_asked_again(
    district: Lakeview, sam: Browser, outbox: Any, pushes: Service, mailbox: Mailbox, config: Any
) -> None:
    who = district.people["sam"]
    mailbox.refuses.add("sam@lakeview.example")
    pushes.answers = 503
    tell([who], message("urgent"), "k1")
    pushes.next()
    wait_for(lambda: any("503" in d.why for d in reads.deliveries(message().about)))
    pushes.answers = 410
    pushes.next()
    wait_for(lambda: states() == {"page": "queued", "push": "failed", "email": "failed"})
    shown = reads.channels(who)
    assert [c.kind for c in shown] == ["email", "sms", "voice"] and "refuses this address" in shown[0].why


def test_a_slow_gateway_holds_up_no_phone_and_a_dead_process_loses_nothing(
    district: Lakeview, sam: Browser, outbox: Any, pushes: Service, phones: Service, config: Any
) -> None:
    phones.hold.clear()
    tell([district.people["sam"]], message(acknowledge_s=300), "k1")
    pushes.next()
    wait_for(lambda: states()["sms"] == "sending")
    assert actions.recover() == 1, "what was being sent when a process died"
    phones.hold.set()
    assert len({endpoints.check_gateway(phones.next(), SECRET)["id"] for _ in range(2)}) == 1, "is sent again"


def test_mail_down_push_refused_gateway_slow_an_emergency_waits_for_none_of_them(
    district: Lakeview, sam: Browser, pushes: Service, phones: Service, config: Any, settings: Any
) -> None:
    settings.SIGHTPACT = broken = dataclasses.replace(config, smtp_port=free_port())
    pushes.answers = 403
    phones.hold.clear()
    outbox = Outbox(broken)
    outbox.start()
    teller = Teller()
    try:
        high = (district.schools["lakeview-high"],)
        about = sharing.start(district.people["pia"], high, "intruder", "k").id
        teller.look()
        wait_for(lambda: "does not answer" in found(about, "email").why)
        wait_for(lambda: "refuses it (403)" in found(about, "push").why)
        wait_for(lambda: found(about, "sms").state == "sending")
        assert sharing.take(district.people["omar"], about).taken_by_name == "Omar Reyes"
        assert found(about, "email").state != "failed", "it is tried again until its time is over"
        assert not sharing.all_clear(district.people["omar"], about).is_live
    finally:
        phones.hold.set()
        outbox.stop()
        connections.close_all()


def found(about: str, channel: str) -> reads.Delivery:
    return next(d for d in reads.deliveries(about) if d.channel == channel and d.name == "Sam Whitfield")


def test_who_has_no_channel_is_said_before_it_matters(
    district: Lakeview, sam: Browser, settings: Any
) -> None:
    cast = [district.people[slug] for slug in ("sam", "pia")]
    people_actions.alter_person(PersonSpec("pia", "Pia Marsh", "", ""))
    assert [(u.name, u.why) for u in reads.unreachable(cast)] == [
        ("Pia Marsh", "no phone, no e-mail address")
    ]
    people_actions.alter_person(PersonSpec("pia", "Pia Marsh", "pia@lakeview.example", ""))
    (pia,) = reads.unreachable(cast)
    assert "smtp_host" in pia.why, "an address alone reaches nobody without a mail server"


@pytest.mark.parametrize(
    ("endpoint", "why"),
    [
        ("ftp://push.example/x", "https"),
        ("https://a b/", "characters"),
        ("https://u@push.example/", "push service"),
    ],
)
def test_a_browser_cannot_make_the_gateway_ask_elsewhere(district: Lakeview, endpoint: str, why: str) -> None:
    good = Browser(endpoint)
    card = people.person(district.people["sam"])
    assert card is not None
    with pytest.raises(ChannelFault, match=re.escape(why)):
        actions.add_push(card, endpoint, good.p256dh, good.auth, "")
    with pytest.raises(ChannelFault, match="keys"):
        actions.add_push(card, "https://push.example/x", "AAAA", good.auth, "")


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9", "https://10.0.0.8/", "https://169.254.169.254/latest"]
)
def test_nothing_inside_is_ever_asked_for_a_push(address: str) -> None:
    from sightpact.notices.senders import web
    from sightpact.notices.words import SendFault

    with pytest.raises(SendFault, match="not sent to"):
        web.post(address, b"", {}, ())


def test_a_token_is_this_servers_own() -> None:
    real = "0b9e6a52-0000-4000-8000-000000000001"
    assert delivery_of(token_of(real)) == real
    assert delivery_of(token_of(real)[:-2] + "xx") is None and delivery_of("nonsense") is None
