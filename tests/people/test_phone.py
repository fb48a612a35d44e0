"""Telephone numbers: such as a gateway can call, or a word that says how to write it; no "deliverable" that is a lie."""

from __future__ import annotations

import dataclasses
from typing import Any

from sightpact.notices import reads
from sightpact.people import actions, phone
from sightpact.people.actions import PersonSpec
from sightpact.web.importing.rows import Phone
from tests import lakeview

GOOD = {
    "+1 312 555 0142": "+13125550142",
    "+1 (312) 555-0142": "+13125550142",
    "+49.30/901820": "+4930901820",
    "+13125550142": "+13125550142",
}
BAD = {
    "555-0142": "no country code",
    "(312) 555 0142": "no country code",
    "0011 312 555 0142": "begins with 00",
    "+0 312 555 0142": "no country code",
    "+1 312 555 0142 ext. 9": "no telephone number",
    "+1 312": "too short or too long",
    "+1234567890123456": "too short or too long",
    "+1 \u0663\u0661\u0662 \u0665\u0665\u0665 \u0660\u0661\u0664\u0662": "no telephone number",
}


def test_numbers() -> None:
    assert {text: phone.e164(text) for text in GOOD} == GOOD
    assert not any(phone.fault(text) for text in (*GOOD, "", "  "))
    for text, why in BAD.items():
        assert phone.e164(text) == "" and why in phone.fault(text), text
        faults: list[Any] = []
        Phone().read(text, "persons[0].phone", faults)
        assert len(faults) == 1 and "+1 312 555 0142" in str(faults[0]), "an import says how to write it"


def test_a_number_that_nobody_can_call_is_no_channel(transactional_db: None, settings: Any) -> None:
    settings.SIGHTPACT = dataclasses.replace(
        settings.SIGHTPACT, sms_gateway_url="https://bridge.lakeview.example/", sms_gateway_secret="s" * 32
    )
    who = lakeview.build().people["pia"]
    assert reads.unreachable([who]) == ()
    actions.alter_person(PersonSpec("pia", "Pia Marsh", "", "555-0143"))  # as an older entry may have it
    (found,) = reads.unreachable([who])
    assert "no country code" in found.why
    assert {(card.kind, card.works) for card in reads.channels(who)} == {("sms", False), ("voice", False)}
