"""Adopted, signed, running: one byte of any stored form stops the agreement, and what it says names the form.

And whatever stands in the place of a signature: judging refuses it and never fails, since all agreements are judged together.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightpact.agreements import actions, paper_signing, reads, scans, signing
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse
from sightpact.agreements.errors import SignatureFault
from sightpact.agreements.models import Adoption, Revision, Signature
from tests.agreements.conftest import raw_text

from .conftest import signed_in
from .passkeys import Signer

USD, PD = "lakeview-usd", "lakeview-pd"
FORMS = ("canonical", "text", "cedar", "schema")


def flipped(text: str, at: int) -> str:
    other = "A" if text[at] != "A" else "B"
    return text[:at] + other + text[at + 1 :]


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0.0, 0.2, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("column", FORMS)
def test_a_byte_of_what_runs(column: str, place: float, lakeview: Any, mou: Any) -> None:
    stored = signed_in(lakeview, mou)
    value = getattr(Revision.objects.get(pk=stored.revision), column)
    if column == "canonical":
        data = bytearray(value)
        data[round(place * (len(data) - 1))] ^= 1
        changed: Any = bytes(data)
    else:
        changed = flipped(value, round(place * (len(value) - 1)))
    Revision.objects.filter(pk=stored.revision).update(**{column: changed})
    assert reads.agreements_for_facts() == ()
    says = {
        "canonical": "text",
        "text": "stored words",
        "cedar": "stored policy",
        "schema": "policy's schema",
    }
    assert says[column] in reads.verdict(stored.revision).says.lower()


@pytest.mark.django_db
def test_a_byte_of_what_was_adopted(lakeview: Any, mou: Any) -> None:
    stored = signed_in(lakeview, mou)
    actions.add_adoption(stored.revision, actions.Vote("Board of Education", date(2026, 6, 8)))
    assert len(reads.agreements_for_facts()) == 1
    row = Adoption.objects.get()
    other = ("0" if row.canonical_hash[0] != "0" else "1") + row.canonical_hash[1:]
    Adoption.objects.update(canonical_hash=other)
    assert reads.agreements_for_facts() == ()
    assert "Board of Education adopted another text" in reads.verdict(stored.revision).says


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("member", ["payload", "payloadType", "sig"])
def test_a_byte_of_what_was_signed_offline(member: str, place: float, lakeview: Any, mou: Any) -> None:
    stored = signed_in(lakeview, mou)
    row = Signature.objects.get(party__slug=PD)
    envelope = json.loads(json.dumps(row.envelope))
    at = envelope["signatures"][0] if member == "sig" else envelope
    at[member] = flipped(at[member], round(place * (len(at[member]) - 4)))
    Signature.objects.filter(pk=row.pk).update(envelope=envelope)
    assert reads.agreements_for_facts() == ()
    assert "The signature of 'lakeview-pd' does not count" in reads.verdict(stored.revision).says


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("member", ["statement", "payload", "sig"])
def test_a_byte_of_what_was_attested(member: str, place: float, lakeview: Any, mou: Any) -> None:
    document = parse(mou)
    revision = actions.import_agreement(document).revision
    content = signing.payload(document, make(document))
    paper = paper_signing.Paper(USD, scans.keep(b"%PDF-1.7 one"), "Sam Whitfield", "2026-06-30", "Nell Baird")
    stated = paper_signing.statement(content, paper)
    attestation = signing.sign(stated, lakeview.keys[USD].private_pem, kind=signing.PAPER_TYPE)
    actions.add_signature(revision, USD, paper_signing.envelope(stated, attestation))
    actions.add_signature(revision, PD, lakeview.sign(document, PD))
    assert len(reads.agreements_for_facts()) == 1
    row = Signature.objects.get(party__slug=USD)
    envelope = json.loads(json.dumps(row.envelope))
    at = {"statement": envelope, "payload": envelope["attestation"]}.get(member)
    at = envelope["attestation"]["signatures"][0] if at is None else at
    at[member] = flipped(at[member], round(place * (len(at[member]) - 4)))
    Signature.objects.filter(pk=row.pk).update(envelope=envelope)
    assert reads.agreements_for_facts() == ()
    assert "The signature of 'lakeview-usd' does not count" in reads.verdict(revision).says


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
DOCUMENT = parse(raw_text("agreement"))
CONTENT = signing.payload(DOCUMENT, make(DOCUMENT))
SIGNER, KEY = Signer(), signing.keygen()
_STATED = paper_signing.statement(CONTENT, paper_signing.Paper(USD, "a" * 64, "Sam", "2026-06-30", "Nell"))
GOOD = (
    signing.sign(CONTENT, KEY.private_pem),
    SIGNER.signs(CONTENT),
    paper_signing.envelope(_STATED, SIGNER.signs(_STATED, signing.PAPER_TYPE)),
    paper_signing.envelope(_STATED, signing.sign(_STATED, KEY.private_pem, kind=signing.PAPER_TYPE)),
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_stands_there_is_refused_and_nothing_else(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from(GOOD))
    assert signing.verify_party(good, CONTENT, [KEY.public_pem, SIGNER.public], party=USD)
    envelope: Any = json.loads(json.dumps(good))
    at = envelope
    if isinstance(envelope.get("attestation"), dict) and data.draw(st.booleans()):
        at = envelope["attestation"]
    name = data.draw(st.sampled_from(sorted(at)))
    before = json.dumps(envelope, sort_keys=True)
    if data.draw(st.booleans()):
        at[name] = data.draw(JSON)
    else:
        del at[name]
    if name == "keyid" or json.dumps(envelope, sort_keys=True) == before:
        return
    for wrong in (envelope, data.draw(JSON)):
        with pytest.raises(SignatureFault):
            signing.verify_party(wrong, CONTENT, [KEY.public_pem, SIGNER.public], party=USD)
        signing.scan_of(wrong)
        signing.how(wrong)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60) | JSON.map(json.dumps) | st.binary(max_size=60).map(lambda b: b.decode("latin-1"))
)
def test_whatever_stands_for_a_key_has_no_name(text: str) -> None:
    with pytest.raises(SignatureFault):
        signing.keyid(text)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(json.loads(SIGNER.public))), JSON)
def test_a_member_of_a_passkeys_record_is_what_it_is(member: str, value: Any) -> None:
    told = json.loads(SIGNER.public)
    if told[member] == value:
        return
    changed = json.dumps({**told, member: value}, sort_keys=True, separators=(",", ":"))
    try:
        name = signing.keyid(changed)
    except SignatureFault:
        return
    assert name == SIGNER.keyid and member in ("rp_id", "sign_count", "credential_id")
