"""The page of one's channels: what waits, tests, removal, who is reached by nothing; links that answer; the gateway's report."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

import pytest
from django.test import Client

from sightpact.access import facts, sharing
from sightpact.access.telling import Teller
from sightpact.ledger import clock
from sightpact.notices import reads
from sightpact.notices.models import Delivery
from sightpact.notices.senders.gateway import signature
from sightpact.notices.tokens import token_of
from sightpact.people.models import Person
from tests import lakeview
from tests.lakeview import Lakeview
from tests.notices.endpoints import Browser

SECRET = "a secret that only the gateway and we know"


@pytest.fixture
def district(transactional_db: None, settings: Any) -> Lakeview:
    settings.SIGHTPACT = dataclasses.replace(
        settings.SIGHTPACT, sms_gateway_url="https://bridge.lakeview.example/", sms_gateway_secret=SECRET
    )
    facts._latest = None
    return lakeview.build()


def client(slug: str) -> Client:
    made = Client()
    account = Person.objects.get(slug=slug).account
    assert account is not None
    made.force_login(account, "allauth.account.auth_backends.AuthenticationBackend")
    return made


def started(district: Lakeview) -> str:
    schools = (district.schools["lakeview-high"],)
    about = sharing.start(district.people["pia"], schools, "intruder", "k").id
    Teller().look()
    return about


def test_a_person_sees_what_waits_and_answers_it(district: Lakeview) -> None:
    started(district)
    sam = client("sam")
    page = sam.get("/told/").content.decode()
    assert "An emergency sharing is open" in page and "Lakeview High" in page
    (see,) = re.findall(r'<a href="(/alert/[^"]+)">See it', page)
    assert sam.get(see).status_code == 200
    (notice,) = re.findall(r'name="notice" value="([^"]+)"', page)
    assert sam.post("/told/acknowledge/", {"notice": notice}).status_code == 302
    assert 'name="notice"' not in sam.get("/told/").content.decode()
    assert client("omar").post("/told/acknowledge/", {"notice": notice}).status_code == 302
    assert reads.waiting_for(district.people["omar"], clock.now()) == ()


def test_overseers_alone_see_who_is_reached_by_nothing_and_what_became_of_it(district: Lakeview) -> None:
    started(district)
    Person.objects.filter(slug="pia").update(phone="")
    page = client("sam").get("/told/").content.decode()
    assert "reached by nothing but an open page" in page and "Pia Marsh" in page
    assert "Sam Whitfield" in page and "text message" in page
    other = client("omar").get("/told/").content.decode()
    assert "reached by" not in other and "Pia Marsh" not in other


def test_a_browser_is_added_tested_and_removed(district: Lakeview) -> None:
    sam, phone = client("sam"), Browser("https://push.example.net/x")
    fields = {"endpoint": phone.endpoint, "p256dh": phone.p256dh, "auth": phone.auth}
    assert "will be told" in sam.post("/told/add/", fields, follow=True).content.decode()
    assert "cannot be told" in sam.post("/told/add/", {**fields, "auth": "x"}, follow=True).content.decode()
    (push, *_rest) = reads.channels(district.people["sam"])
    assert (
        "on its way"
        in sam.post("/told/test/", {"kind": "push", "channel": push.id}, follow=True).content.decode()
    )
    assert (
        "no such channel"
        in client("omar")
        .post("/told/test/", {"kind": "push", "channel": push.id}, follow=True)
        .content.decode()
    ), "another person's"
    client("omar").post("/told/remove/", {"channel": push.id})
    assert reads.channels(district.people["sam"])[0].kind == "push"
    test = Delivery.objects.get(notice__event="test")
    nobody = Client(enforce_csrf_checks=True)
    link = f"/told/seen/{token_of(str(test.pk))}/"
    assert nobody.get(link).status_code == 200
    assert Delivery.objects.get(pk=test.pk).state == "queued", (
        "a mail program that opens links answers nothing"
    )
    assert "you have seen it" in nobody.post(link).content.decode()
    assert "answered before" in nobody.post(link).content.decode()
    assert reads.channels(district.people["sam"])[0].proven_utc is not None
    sam.post("/told/remove/", {"channel": push.id})
    assert [c.kind for c in reads.channels(district.people["sam"])] == ["sms", "voice"]


def test_the_gateway_alone_reports(district: Lakeview) -> None:
    started(district)
    row = Delivery.objects.filter(kind="sms").first()
    assert row is not None
    Delivery.objects.filter(pk=row.pk).update(state="sent")
    stamp, post = str(int(clock.now().timestamp())), Client(enforce_csrf_checks=True).post

    def say(body: bytes, at: str = stamp, secret: str = SECRET) -> int:
        headers = {"Sightpact-Time": at, "Sightpact-Signature": signature(secret, at, body)}
        return post("/told/gateway/", body, content_type="application/json", headers=headers).status_code

    body = json.dumps({"id": str(row.pk), "state": "delivered"}).encode()
    assert say(body, secret="another") == 401 and say(body, str(int(stamp) - 900)) == 401
    assert (
        say(b"[]") == 400
        and say(json.dumps({"id": str(row.notice_id), "state": "delivered"}).encode()) == 404
    )
    assert say(body) == 204 and Delivery.objects.get(pk=row.pk).state == "delivered"
    failed = json.dumps({"id": str(row.pk), "state": "failed", "why": "no such number"}).encode()
    assert say(failed) == 204
    assert any("no such number" in c.why for c in reads.channels(str(row.person_id)))


def test_words_for_families_are_approved_by_name_and_never_sent(district: Lakeview) -> None:
    about = started(district)
    sam, page = client("sam"), f"/told/words/{about}/?which=families&language=es"
    assert "pidió ayuda" in sam.get(page).content.decode()
    refused = sam.post(page, {"text": "Hola [diga]", "do": "approve"}, follow=True).content.decode()
    assert "Not approved" in refused
    approved = sam.post(page, {"text": "Todos están a salvo.", "do": "approve"}, follow=True).content.decode()
    assert "Approved by Sam Whitfield" in approved
    assert sam.get(page + "&file").content.decode() == "Todos están a salvo."
    sam.post(page, {"text": "Otra cosa.", "do": "keep"})
    assert "Approved by" not in sam.get(page).content.decode(), "another text is not approved"
    assert client("omar").get(page).status_code == 404
