"""The pages of alarm sources and the address they send to: from registering by two persons to one tap at dispatch."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from sightpact.access import alarm_pace, facts
from sightpact.activation import alarm_reads as reads
from sightpact.activation import reads as activation
from tests.access import alarming
from tests.access.alarming import Source
from tests.browser import as_person
from tests.lakeview import Lakeview

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {
    "name": "Panic button, Lakeview High",
    "form": "webhook",
    "places": "Office button = lakeview-high",
    "codes": "PANIC = intruder\nMED = medical",
}


@pytest.fixture
def it(transactional_db: None) -> Lakeview:
    facts._latest = None
    alarm_pace.forget()
    return alarming.build()


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def post(source: Source, body: bytes, **headers: str) -> Any:
    signed = headers or source.sign(body)
    return Client().post(f"/alarms/in/{source.id}/", body, content_type="application/json", headers=signed)


def test_two_persons_register_a_source_and_one_makes_its_key(it: Lakeview) -> None:
    dana, sam = as_person("dana"), as_person("sam")
    wrong = dana.post("/alarms/", {**FORM, "places": "Office button = nowhere"})
    assert wrong.status_code == 422
    assert "a school that is not here (nowhere)" in text(wrong)
    assert dana.post("/alarms/", FORM).status_code == 302
    assert reads.sources() == (), "it waits"
    page = sam.get("/changes/")
    assert "Let the alarm source “Panic button, Lakeview High” start sharing: Lakeview High" in text(page)
    change, seen = (
        re.search(rf'name="{name}" value="([^"]+)"', page.content.decode()) for name in ("change", "seen")
    )
    assert change and seen
    sam.post("/changes/decide/", {"change": change[1], "seen": seen[1], "decision": "approve"})
    (card,) = reads.sources()
    assert "It has no key yet" in text(dana.get("/alarms/"))
    made = dana.post(f"/alarms/{card.id}/", {"do": "key", "version": str(card.version)})
    key = re.search(r"whsec_[A-Za-z0-9+/=]+", made.content.decode())
    assert key
    again = dana.post(f"/alarms/{card.id}/", {"do": "key", "version": str(card.version)})  # loaded again
    assert again.status_code == 302
    assert key[0] not in dana.get(f"/alarms/{card.id}/").content.decode(), "shown once"
    dana.post(f"/alarms/{card.id}/", {"do": "test"})
    assert "It would start “Medical” at Lakeview High" in text(dana.get(f"/alarms/{card.id}/"))
    source = Source(card.id, key[0])
    body = json.dumps({"id": "1", "place": "Office button", "code": "MED"}).encode()
    answer = post(source, body)
    assert (answer.status_code, answer.json()["state"]) == (200, "started")
    assert activation.live()[0].emergency == "medical"
    dana.post(f"/alarms/{card.id}/", {"do": "revoke"})
    assert post(source, body).status_code == 401


def test_what_a_sender_is_told(it: Lakeview) -> None:
    source = alarming.source()
    body = b'{"id": "1", "place": "Office button", "code": "PANIC"}'
    headers = source.sign(body)
    assert post(source, body, **headers).status_code == 200
    replay = post(source, body, **headers)
    assert (replay.status_code, replay.json()["state"]) == (409, "started")
    forged = post(source, body + b" ", **headers)
    unknown = post(Source("00000000-0000-4000-8000-000000000000", source.key), body)
    assert forged.status_code == unknown.status_code == 401
    assert forged.content == unknown.content
    assert post(source, b"{").status_code == 400
    assert post(source, b" " * (64 * 1024 + 1)).status_code == 413
    assert Client().get(f"/alarms/in/{source.id}/").status_code == 405
    assert len(activation.live()) == 1


def test_one_tap_at_dispatch_answers_an_alarm_without_a_place(it: Lakeview) -> None:
    source = alarming.source()
    source.send(place="Bus depot", text="<b>south</b> gate")
    omar = as_person("omar")
    wall = omar.get("/wall/")
    assert "Which school?" in text(wall)
    for words in ("Panic button, Lakeview High", "Place: “Bus depot”", "No school is set for this place."):
        assert words in text(wall)
    assert "&lt;b&gt;south" in wall.content.decode(), "a sender's words are text"
    pia = as_person("pia")
    shown = pia.get("/wall/").content.decode()
    alarm = re.search(r'name="alarm" value="([^"]+)"', shown)
    choice = re.search(rf'value="({it.schools["lakeview-high"]}:intruder)"', shown)
    assert alarm and choice
    sent = {"alarm": alarm[1], "choice": choice[1]}
    ines = as_person("ines")
    assert ines.post("/wall/which-school/", sent, HTTP_ACCEPT="application/json").status_code == 409
    assert pia.post("/wall/which-school/", sent, HTTP_ACCEPT="application/json").json() == {"ok": True}
    (card,) = activation.live()
    assert card.school_names == ("Lakeview High",)
    kept = reads.alarm(alarm[1])
    assert kept is not None
    assert (kept.state, kept.answered_by_name, kept.activation) == ("answered", "Pia Marsh", card.id)
    assert "Which school?" not in text(omar.get("/wall/"))
    source.send(id="2", place="Bus depot")
    asked = omar.get("/api/v1/alarms").json()
    assert ([q["place"] for q in asked["questions"]], asked["sources"], asked["came"]) == (
        ["Bus depot"],
        [],
        [],
    )
    told = as_person("dana").get("/api/v1/alarms").json()
    assert ([each["name"] for each in told["sources"]], len(told["came"])) == (
        ["Panic button, Lakeview High"],
        2,
    )
    assert as_person("ines").get("/api/v1/alarms").json() == {"questions": [], "sources": [], "came": []}
    again = re.search(r'name="alarm" value="([^"]+)"', omar.get("/wall/").content.decode())
    assert again
    omar.post("/wall/which-school/", {"alarm": again[1], "choice": "none"})
    assert reads.alarm(again[1]).state == "dismissed"  # type: ignore[union-attr]
