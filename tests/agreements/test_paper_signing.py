"""A signature on paper: the attestation is over this text, this scan, this party, by this party's key."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sightpact.agreements import paper_signing, signing
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse
from sightpact.agreements.errors import SignatureFault
from sightpact.agreements.paper_signing import Paper
from tests.people.authenticator import b64

from .passkeys import Signer

PAPER = Paper("lakeview-usd", "a" * 64, "Sam Whitfield, Superintendent", "2026-06-30", "Nell Baird, clerk")


@pytest.fixture
def content(mou) -> bytes:
    document = parse(mou)
    return signing.payload(document, make(document))


def attested(content: bytes, key: signing.KeyPair, paper: Paper = PAPER) -> dict:
    stated = paper_signing.statement(content, paper)
    attestation = signing.sign(stated, key.private_pem, kind=signing.PAPER_TYPE)
    return json.loads(json.dumps(paper_signing.envelope(stated, attestation)))


def test_it_counts_by_offline_key_and_by_passkey(content):
    key, signer = signing.keygen(), Signer()
    envelope = attested(content, key)
    assert signing.verify_party(envelope, content, [key.public_pem], party="lakeview-usd") == key.keyid
    stated = paper_signing.statement(content, PAPER)
    envelope = paper_signing.envelope(stated, signer.signs(stated, signing.PAPER_TYPE))
    assert signing.verify_party(envelope, content, [signer.public], party="lakeview-usd") == signer.keyid
    assert signing.how(envelope) == ("paper", "Nell Baird, clerk") and signing.scan_of(envelope) == "a" * 64


def test_it_is_of_this_text_and_of_this_party(mou, content):
    key = signing.keygen()
    envelope = attested(content, key)
    other = parse(mou | {"revision": 2})
    with pytest.raises(SignatureFault, match="the revision"):
        signing.verify_party(envelope, signing.payload(other, make(other)), [key.public_pem])
    with pytest.raises(SignatureFault, match="is of 'lakeview-usd'"):
        signing.verify_party(envelope, content, [key.public_pem], party="lakeview-pd")
    with pytest.raises(SignatureFault, match="not made by a key of this party"):
        signing.verify_party(envelope, content, [signing.keygen().public_pem])


def test_a_signature_is_no_attestation_and_the_other_way_round(content):
    key = signing.keygen()
    stated = paper_signing.statement(content, PAPER)
    plain = signing.sign(stated, key.private_pem)
    with pytest.raises(SignatureFault, match="is over"):
        signing.verify_party(paper_signing.envelope(stated, plain), content, [key.public_pem])
    attestation = attested(content, key)["attestation"]
    with pytest.raises(SignatureFault, match="is over"):
        signing.verify_party(attestation, content, [key.public_pem])


@pytest.mark.parametrize("at", range(0, 690, 7))
def test_one_changed_byte_of_the_statement_is_refused(at, content):
    key = signing.keygen()
    envelope = attested(content, key)
    data = bytearray(paper_signing.statement(content, PAPER))
    assert len(data) > 690
    data[at] ^= 1
    with pytest.raises(SignatureFault):
        changed = envelope | {"statement": b64(bytes(data))}
        signing.verify_party(changed, content, [key.public_pem], party="lakeview-usd")


@pytest.mark.parametrize(
    "change",
    [
        {"signed_by": ""},
        {"signed_by": " "},
        {"signed_by": "x" * 201},
        {"signed_by": "Sam\u202eWhitfield"},
        {"attested_by": ""},
        {"signed_on": "30 June"},
        {"scan": "A" * 64},
        {"scan": "../../keys/server.age"},
        {"says": "I compared nothing."},
    ],
)
def test_a_statement_says_who_when_and_what(change, content):
    with pytest.raises(SignatureFault):
        paper_signing.statement(content, replace(PAPER, **change))


@pytest.mark.parametrize(
    "change",
    [
        {"statement": 1},
        {"statement": ""},
        {"statement": b64(b"{}")},
        {"statement": b64(b"[1]")},
        {"attestation": None},
        {"attestation": {"type": "paper"}},
        {"attestation": []},
        {"attestation": {}},
    ],
)
def test_what_cannot_be_read_is_refused(change, content):
    key = signing.keygen()
    with pytest.raises(SignatureFault):
        signing.verify_party(attested(content, key) | change, content, [key.public_pem])
