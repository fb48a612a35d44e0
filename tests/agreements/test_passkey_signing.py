"""A passkey's signature, checked without a server: it is over this text, made here, by this party's own key, by a person."""

from __future__ import annotations

import json

import pytest

from sightpact.agreements import passkey_signing, signing
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse
from sightpact.agreements.errors import SignatureFault
from tests.people.authenticator import PRESENT, VERIFIED, b64

from .passkeys import RsaSigner, Signer, cose, record


@pytest.fixture
def content(mou) -> bytes:
    document = parse(mou)
    return signing.payload(document, make(document))


@pytest.mark.parametrize("sort", [Signer, RsaSigner])
def test_it_counts_for_exactly_this_text(sort, content):
    signer = sort()
    envelope = json.loads(json.dumps(signer.signs(content)))
    assert signing.form_of(envelope) == "webauthn"
    assert signing.verify_party(envelope, content, [signer.public]) == signer.keyid
    offline = signing.keygen()
    assert signing.verify_party(envelope, content, [offline.public_pem, signer.public]) == signer.keyid


def test_the_counter_of_the_device_is_read(content):
    signer = Signer()
    signer.count = 41
    assert passkey_signing.sign_count(signer.signs(content)) == 42


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"origin": "https://evil.example"}, "on another page"),
        ({"origin": "http://localhost:8001"}, "on another page"),
        ({"origin": "http://localhost:8000/"}, "on another page"),
        ({"rp_id": "evil.example"}, "for another name"),
        ({"flags": PRESENT}, "without checking who holds"),
        ({"flags": VERIFIED}, "without checking who holds"),
        ({"kind": "webauthn.create"}, "another use"),
        ({"extra": {"crossOrigin": True}}, "on another page"),
        ({"extra": {"crossOrigin": "no"}}, "on another page"),
        ({"extra": {"topOrigin": "https://frame.example"}}, "on another page"),
    ],
)
def test_what_was_made_elsewhere_or_by_nobody_does_not_count(change, why, content):
    signer = Signer()
    public = signer.public
    for name, value in change.items():
        setattr(signer, name, value)
    with pytest.raises(SignatureFault, match=why):
        signing.verify_party(signer.signs(content), content, [public])


def test_it_is_no_signature_of_another_revision_or_agreement(mou, content):
    signer = Signer()
    envelope = signer.signs(content)
    for change, says in (({"revision": 2}, "the revision"), ({"slug": "other-mou"}, "the agreement")):
        other = parse(mou | change)
        wanted = signing.payload(other, make(other))
        with pytest.raises(SignatureFault, match=says):
            signing.verify_party(envelope, wanted, [signer.public])
        with pytest.raises(SignatureFault, match="over another text than the one beside it"):
            swapped = envelope | {"payload": b64(wanted)}
            signing.verify_party(swapped, wanted, [signer.public])


def test_an_answer_to_a_sign_in_is_no_signature(content):
    signer = Signer()
    answer = signer.answer({"publicKey": {"challenge": b64(b"x" * 32)}})
    envelope = passkey_signing.envelope(answer, content, signing.PAYLOAD_TYPE)
    with pytest.raises(SignatureFault, match="another text than the one beside it"):
        signing.verify_party(envelope, content, [signer.public])


def test_one_type_is_never_taken_for_another(content):
    signer = Signer()
    as_key = signer.signs(content, signing.KEY_TYPE)
    with pytest.raises(SignatureFault, match="is over"):
        signing.verify_party(as_key, content, [signer.public])
    with pytest.raises(SignatureFault, match="another text than the one beside it"):
        signing.verify_party(as_key | {"payloadType": signing.PAYLOAD_TYPE}, content, [signer.public])


def test_another_key_does_not_sign_for_it(content):
    signer, other = Signer(), Signer()
    with pytest.raises(SignatureFault, match="not made by a key of this party"):
        signing.verify_party(signer.signs(content), content, [other.public])
    with pytest.raises(SignatureFault, match="no key to be checked with"):
        signing.verify_party(signer.signs(content), content, [])
    with pytest.raises(SignatureFault, match="not made by a key of this party"):
        signing.verify_party(signer.signs(content), content, [signing.keygen().public_pem])
    posed = signer.signs(content) | {"credential_id": b64(other.id)}
    with pytest.raises(SignatureFault, match="does not hold"):
        signing.verify_party(posed, content, [other.public])


@pytest.mark.parametrize(
    "member", ["payload", "credential_id", "authenticator_data", "client_data_json", "signature"]
)
def test_one_changed_byte_of_any_member_is_refused(member, content):
    signer = Signer()
    envelope = signer.signs(content)
    data = passkey_signing.from_b64(envelope[member])
    for at in range(0, len(data), max(1, len(data) // 24)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(SignatureFault):
            signing.verify_party(envelope | {member: b64(changed)}, content, [signer.public])


@pytest.mark.parametrize("value", ["", "=", "a", "a b", "ü", 7, None, [], "A" * 400_000])
@pytest.mark.parametrize("member", ["credential_id", "authenticator_data", "client_data_json", "signature"])
def test_what_cannot_be_read_is_refused(member, value, content):
    signer = Signer()
    with pytest.raises(SignatureFault):
        signing.verify_party(signer.signs(content) | {member: value}, content, [signer.public])


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[]", "null", '{"rawId": 1}', '{"rawId": "", "response": []}', "[" * 9000, "x" * 30_000],
)
def test_what_no_browser_says_is_refused(answer, content):
    with pytest.raises(SignatureFault, match="cannot be read"):
        passkey_signing.envelope(answer, content, signing.PAYLOAD_TYPE)


def test_one_key_has_one_name():
    """Else it could be enrolled for two parties."""
    public = Signer().public
    told = json.loads(public)
    for other in (
        cose(public, **{"3": -9}),  # the same point under another algorithm's name
        cose(public, **{"4": b"x"}),
        cose(public, **{"-2": b"\0" + bytes(32)}),
        cose(public, **{"1": True}),
        record(public, public_key=told["public_key"] + "AA"),
        record(public, sign_count=True),
        record(public, origin="http://localhost:8000/"),
        record(public, origin="localhost"),
        public.replace('"sign_count":0', '"sign_count":Infinity'),
        public.replace('"sign_count":0', '"sign_count":' + "9" * 5000),
        record(public, more=1),
        json.dumps(told, indent=1),
        "{",
        "{}",
        "[1]",
        "{" * 5000,
    ):
        with pytest.raises(SignatureFault):
            signing.keyid(other)
    rsa = RsaSigner().public
    padded = passkey_signing.from_b64(json.loads(rsa)["public_key"])
    assert signing.keyid(rsa) and padded
    with pytest.raises(SignatureFault):
        signing.keyid(cose(rsa, **{"-2": b"\0\1\0\1"}))


def test_a_key_of_another_address_stays_that_one(content):
    """The record says where it was enrolled: a signature made here does not count for a record of elsewhere."""
    signer = Signer()
    elsewhere = record(signer.public, rp_id="other.example", origin="https://other.example")
    with pytest.raises(SignatureFault, match="on another page"):
        signing.verify_party(signer.signs(content), content, [elsewhere])


def test_passkey_and_offline_key_vouch_for_each_other(content):
    signer, offline = Signer(), signing.keygen()
    statement = signing.key_statement("lakeview-pd", offline.public_pem)
    by_passkey = signer.signs(statement, signing.KEY_TYPE)
    found = signing.verify_vouched(by_passkey, "lakeview-pd", offline.public_pem, [signer.public])
    assert found == signer.keyid
    statement = signing.key_statement("lakeview-pd", signer.public)
    by_key = signing.sign(statement, offline.private_pem, kind=signing.KEY_TYPE)
    found = signing.verify_vouched(by_key, "lakeview-pd", signer.public, [offline.public_pem])
    assert found == offline.keyid
    with pytest.raises(SignatureFault, match="the party"):
        signing.verify_vouched(by_key, "lakeview-usd", signer.public, [offline.public_pem])


def test_each_party_by_itself(content):
    usd, pd = Signer(), signing.keygen()
    envelopes = {"a": usd.signs(content), "b": signing.sign(content, pd.private_pem)}
    keys = {"a": [usd.public], "b": [pd.public_pem]}
    assert signing.verify_all(["a", "b"], envelopes, keys, content) == {"a": usd.keyid, "b": pd.keyid}
    with pytest.raises(SignatureFault, match="holds as well"):
        signing.verify_all(
            ["a", "b"], envelopes, {"a": [usd.public], "b": [pd.public_pem, usd.public]}, content
        )
    with pytest.raises(SignatureFault, match="'b'"):
        signing.verify_all(["a", "b"], envelopes | {"b": envelopes["a"]}, keys, content)
