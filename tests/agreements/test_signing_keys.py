"""Whose key counts: one person cannot sign for both parties, a stolen key can be taken back, a text can be signed again."""

from __future__ import annotations

import pytest

from sightpact.agreements import actions, reads, signing
from sightpact.agreements.document import parse
from sightpact.agreements.errors import SignatureFault
from sightpact.agreements.models import SigningKey
from sightpact.ledger import reads as ledger
from sightpact.people import reads as people

from .conftest import signed_in

pytestmark = pytest.mark.django_db
PD = "lakeview-pd"


def vouched(lakeview, new: signing.KeyPair, by: signing.KeyPair | None = None, party: str = PD) -> dict:
    statement = signing.key_statement(party, new.public_pem)
    return signing.sign(statement, (by or lakeview.keys[PD]).private_pem, kind=signing.KEY_TYPE)


def test_a_further_key_counts_only_when_the_party_itself_vouches(lakeview, mou):
    new, thief = signing.keygen(), signing.keygen()
    document = parse(mou)
    over_a_text = signing.sign(signing.payload(document, _made(document)), lakeview.keys[PD].private_pem)
    for envelope, why in (
        (None, "no key that 'lakeview-pd' has already vouches"),
        (vouched(lakeview, new, by=new), "not made by a key"),
        (vouched(lakeview, new, by=lakeview.keys["lakeview-usd"]), "not made by a key"),
        (vouched(lakeview, thief), "the key"),
        (vouched(lakeview, new, party="lakeview-usd"), "the party"),
        (over_a_text, "is over"),
    ):
        with pytest.raises(SignatureFault, match=why):
            actions.enrol_signing_key(PD, new.public_pem, "Chief", vouched=envelope)
    assert SigningKey.objects.count() == 2
    name = actions.enrol_signing_key(PD, new.public_pem, "Chief", vouched=vouched(lakeview, new))
    (entry,) = [e for e in ledger.opened(ledger.Query(types=("key_enrolled",))) if e.reason_code == name]
    assert "vouched for by key" in entry.shown("text")
    third = signing.keygen()
    actions.enrol_signing_key(PD, third.public_pem, "Chief", vouched=vouched(lakeview, third, by=new))


def test_a_vouching_is_not_a_signature_of_a_text(lakeview, mou):
    stored = actions.import_agreement(parse(mou))
    with pytest.raises(SignatureFault, match="is over"):
        actions.add_signature(stored.revision, PD, vouched(lakeview, signing.keygen()))


def test_a_stolen_key_is_taken_back_and_the_text_signed_again_without_a_gap(lakeview, mou):
    stored = signed_in(lakeview, mou)
    old, new, other = lakeview.keys[PD], signing.keygen(), signing.keygen()
    with pytest.raises(SignatureFault, match="the only one of Lakeview Police"):
        actions.withdraw_signing_key(old.keyid)
    actions.enrol_signing_key(PD, new.public_pem, "Chief", vouched=vouched(lakeview, new))
    document = parse(mou)
    again = lakeview.sign(document, PD, new)
    assert actions.add_signature(stored.revision, PD, again)
    assert not actions.add_signature(stored.revision, PD, again)
    assert dict(reads.verdict(stored.revision).signed_by)[PD] == new.keyid
    before = ledger.epoch().world
    assert actions.withdraw_signing_key(old.keyid[:16], reason="the laptop is gone")
    assert not actions.withdraw_signing_key(old.keyid)
    assert len(reads.agreements_for_facts()) == 1 and ledger.epoch().world == before + 1
    (entry,) = ledger.opened(ledger.Query(types=("key_withdrawn",)))
    assert entry.reason_code == old.keyid and "the laptop is gone" in entry.shown("text")
    with pytest.raises(SignatureFault, match="not made by a key"):
        actions.add_signature(stored.revision, PD, lakeview.sign(document, PD))
    with pytest.raises(SignatureFault, match="withdrawn"):
        actions.enrol_signing_key(PD, old.public_pem, "Chief", vouched=vouched(lakeview, old, by=new))
    with pytest.raises(SignatureFault, match="not made by a key"):
        actions.enrol_signing_key(PD, other.public_pem, "Chief", vouched=vouched(lakeview, other, by=old))


def test_what_a_withdrawn_key_signed_opens_nothing(lakeview, mou):
    stored = signed_in(lakeview, mou)
    new = signing.keygen()
    actions.enrol_signing_key(PD, new.public_pem, "Chief", vouched=vouched(lakeview, new))
    actions.withdraw_signing_key(lakeview.keys[PD].keyid)
    assert reads.agreements_for_facts() == ()
    assert reads.verdict(stored.revision).unsigned == (PD,)
    assert actions.add_signature(stored.revision, PD, lakeview.sign(parse(mou), PD, new))
    assert len(reads.agreements_for_facts()) == 1


def test_a_key_is_named_clearly(lakeview):
    for name in ("", lakeview.keys[PD].keyid[:7], "0" * 64):
        with pytest.raises(SignatureFault):
            actions.withdraw_signing_key(name, people.person_by_slug("sam"))


def _made(document):
    from sightpact.agreements.cedar import make

    return make(document)
