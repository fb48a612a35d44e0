"""Signatures of all three forms in the store: who may, which key counts, one changed byte, out of one store into another."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from sightpact.agreements import actions, key_reads, paper_signing, reads, scans, signed_export, signing
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse
from sightpact.agreements.errors import AgreementError, SignatureFault
from sightpact.agreements.models import OfferedKey, Signature, SigningKey
from sightpact.ledger import reads as ledger
from sightpact.people import reads as people
from sightpact.people.models import Membership, Party, Person
from tests.people.authenticator import b64

from .conftest import clause, signed_in
from .passkeys import Signer

pytestmark = pytest.mark.django_db
USD, PD = "lakeview-usd", "lakeview-pd"
PDF = b"%PDF-1.7 the signed paper"


@pytest.fixture
def gail(lakeview) -> people.PersonCard:
    """Lakeview's chief."""
    person = Person.objects.create(slug="gail", name="Gail Ortega")
    Membership.objects.create(
        person=person, party=Party.objects.get(slug=PD), role="chief", title="chief of police"
    )
    return people.person_by_slug("gail")


@pytest.fixture
def sam(lakeview) -> people.PersonCard:
    return people.person_by_slug("sam")


def enrolled(lakeview, party: str, person: people.PersonCard) -> Signer:
    """A person's passkey as a further key of a party, vouched for by its offline key."""
    signer = Signer()
    statement = signing.key_statement(party, signer.public)
    vouched = signing.sign(statement, lakeview.keys[party].private_pem, kind=signing.KEY_TYPE)
    actions.enrol_signing_key(party, signer.public, person.name, person, vouched, person)
    return signer


def stored(raw: dict) -> tuple[str, bytes]:
    document = parse(raw)
    return actions.import_agreement(document).revision, signing.payload(document, make(document))


def on_paper(lakeview, content: bytes, party: str = USD, scan: bytes = PDF) -> dict:
    paper = paper_signing.Paper(
        party, scans.keep(scan), "Sam Whitfield, Superintendent", "2026-06-30", "Nell Baird, clerk"
    )
    stated = paper_signing.statement(content, paper)
    attestation = signing.sign(stated, lakeview.keys[party].private_pem, kind=signing.PAPER_TYPE)
    return paper_signing.envelope(stated, attestation)


def scan_file(content: bytes = PDF) -> Path:
    import hashlib

    return Path(settings.SIGHTPACT.data) / "scans" / hashlib.sha256(content).hexdigest()


# what counts ----------------------------------------------------------------------------------------------------


def test_paper_and_passkey_together_bring_it_into_force(lakeview, mou, sam, gail):
    revision, content = stored(mou)
    signer = enrolled(lakeview, PD, gail)
    before = ledger.epoch().world
    assert actions.sign(revision, USD, on_paper(lakeview, content), sam)
    assert reads.agreements_for_facts() == ()
    assert actions.sign(revision, PD, signer.signs(content), gail)
    assert not actions.sign(revision, PD, signer.signs(content), gail)
    assert len(reads.agreements_for_facts()) == 1 and ledger.epoch().world > before
    assert dict(reads.verdict(revision).signed_by)[PD] == signer.keyid
    told = [e.shown("text") for e in ledger.opened(ledger.Query(types=("agreement_signed",)))]
    assert told[0] == f"By passkey, its counter at 1. Key {signer.keyid}"
    assert told[1].startswith("On paper by Sam Whitfield, Superintendent on 2026-06-30, scan ")
    assert "attested by Nell Baird, clerk" in told[1]
    (proven,) = ledger.opened(ledger.Query(types=("guarantees_proven",)))
    assert proven.agreement == "lakeview-mou"


def test_only_who_signs_for_the_party_does(lakeview, mou, sam, gail):
    revision, content = stored(mou)
    signer = enrolled(lakeview, PD, gail)
    good = signer.signs(content)
    for slug in ("omar", "pia", "dana", "sam"):
        with pytest.raises(SignatureFault, match="does not sign this text for Lakeview Police"):
            actions.sign(revision, PD, good, people.person_by_slug(slug))
    with pytest.raises(SignatureFault, match="not a signing key of yours"):
        actions.sign(revision, PD, Signer().signs(content), gail)
    with pytest.raises(SignatureFault, match="does not sign this text for Lakeview Unified"):
        actions.sign(revision, USD, good, gail)
    assert not Signature.objects.exists()
    offline = lakeview.sign(parse(mou), PD)
    assert actions.sign(revision, PD, offline, gail)


def test_another_persons_passkey_of_the_same_party_is_not_mine(lakeview, mou, gail):
    revision, content = stored(mou)
    signer = enrolled(lakeview, PD, people.person_by_slug("omar"))
    with pytest.raises(SignatureFault, match="not a signing key of yours"):
        actions.sign(revision, PD, signer.signs(content), gail)


def test_the_text_names_who_signs(lakeview, mou, gail):
    rows = [{"party": USD, "title": "Principal", "role": "principal"}]
    rows.append({"party": PD, "title": "Chief of Police", "role": "chief"})
    head = clause(mou, "7.1")
    mou["clauses"].insert(
        mou["clauses"].index(head),
        {"number": "6.9", "heading": "Who signs", "kind": "signatories", "rows": rows},
    )
    revision, _content = stored(mou)
    document = parse(mou)
    pia, sam = people.person_by_slug("pia"), people.person_by_slug("sam")
    with pytest.raises(SignatureFault, match="Ask its principal"):
        actions.sign(revision, USD, lakeview.sign(document, USD), sam)
    assert actions.sign(revision, USD, lakeview.sign(document, USD), pia)


def test_a_clerk_attests_paper_and_signs_nothing_else(lakeview, mou):
    person = Person.objects.create(slug="nell", name="Nell Baird")
    Membership.objects.create(person=person, party=Party.objects.get(slug=USD), role="clerk")
    nell = people.person_by_slug("nell")
    revision, content = stored(mou)
    with pytest.raises(SignatureFault, match="does not sign this text"):
        actions.sign(revision, USD, lakeview.sign(parse(mou), USD), nell)
    assert actions.sign(revision, USD, on_paper(lakeview, content), nell)


def test_a_paper_without_its_scan_is_not_stored(lakeview, mou, sam):
    revision, content = stored(mou)
    envelope = on_paper(lakeview, content, scan=b"%PDF-1.7 another scan")
    scan_file(b"%PDF-1.7 another scan").unlink()
    with pytest.raises(SignatureFault, match="without its scan"):
        actions.sign(revision, USD, envelope, sam)
    assert not Signature.objects.exists()


# one changed byte -------------------------------------------------------------------------------------------------


def test_one_changed_byte_of_the_scan_stops_it_and_is_named(lakeview, mou, sam):
    revision, content = stored(mou)
    actions.add_signature(revision, PD, lakeview.sign(parse(mou), PD))
    actions.sign(revision, USD, on_paper(lakeview, content), sam)
    assert len(reads.agreements_for_facts()) == 1
    file = scan_file()
    assert file.stat().st_mode & 0o777 == 0o600 and file.parent.stat().st_mode & 0o777 == 0o700
    whole = file.read_bytes()
    try:
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert reads.agreements_for_facts() == ()
        assert "the scan of its signed paper is missing or was changed" in reads.verdict(revision).says
        with pytest.raises(SignatureFault, match="missing or was changed"):
            scans.read(signing.scan_of(Signature.objects.get(party__slug=USD).envelope))
        file.unlink()
        assert reads.agreements_for_facts() == ()
    finally:
        file.write_bytes(whole)
    assert len(reads.agreements_for_facts()) == 1


@pytest.mark.parametrize(
    "member", ["payload", "credential_id", "authenticator_data", "client_data_json", "signature"]
)
def test_one_changed_byte_of_a_passkeys_signature_stops_it(member, lakeview, mou, gail):
    revision, content = stored(mou)
    signer = enrolled(lakeview, PD, gail)
    actions.add_signature(revision, USD, lakeview.sign(parse(mou), USD))
    actions.sign(revision, PD, signer.signs(content), gail)
    assert len(reads.agreements_for_facts()) == 1
    row = Signature.objects.get(party__slug=PD)
    text = row.envelope[member]
    changed = ("A" if text[10] != "A" else "B").join((text[:10], text[11:]))
    Signature.objects.filter(pk=row.pk).update(envelope=row.envelope | {member: changed})
    assert reads.agreements_for_facts() == ()
    assert "The signature of 'lakeview-pd' does not count" in reads.verdict(revision).says


def test_one_changed_byte_of_the_enrolled_key_stops_it(lakeview, mou, gail):
    revision, content = stored(mou)
    signer = enrolled(lakeview, PD, gail)
    actions.add_signature(revision, USD, lakeview.sign(parse(mou), USD))
    actions.sign(revision, PD, signer.signs(content), gail)
    row = SigningKey.objects.get(keyid=signer.keyid)
    told = json.loads(row.public_pem)
    told["public_key"] = told["public_key"][:-1] + ("A" if told["public_key"][-1] != "A" else "E")
    SigningKey.objects.filter(pk=row.pk).update(public_pem=json.dumps(told))
    assert reads.agreements_for_facts() == ()


# keys and the record -------------------------------------------------------------------------------------------------


def test_a_key_put_into_the_table_alone_counts_for_nothing(lakeview, mou):
    revision, content = stored(mou)
    actions.add_signature(revision, USD, lakeview.sign(parse(mou), USD))
    thief, party = signing.keygen(), Party.objects.get(slug=PD)
    SigningKey.objects.create(party=party, keyid=thief.keyid, public_pem=thief.public_pem, holder="Chief")
    forged = signing.sign(content, thief.private_pem)
    Signature.objects.create(
        revision_id=revision, party=party, envelope=forged, signed_utc="2026-07-01T00:00:00Z"
    )
    assert reads.agreements_for_facts() == ()
    assert reads.verdict(revision).unsigned == (PD,)
    (bad,) = [key for key in key_reads.signing_keys() if not key.counts]
    assert bad.keyid == thief.keyid and "knows no enrolment" in bad.fault
    with pytest.raises(SignatureFault, match="not made by a key"):
        actions.add_signature(revision, PD, forged)
    again = signing.keygen()
    vouched = signing.sign(
        signing.key_statement(PD, again.public_pem), thief.private_pem, kind=signing.KEY_TYPE
    )
    with pytest.raises(SignatureFault, match="not made by a key"):
        actions.enrol_signing_key(PD, again.public_pem, "Chief", vouched=vouched)


def test_a_key_exchanged_under_its_name_or_brought_back_counts_for_nothing(lakeview, mou):
    signed_in(lakeview, mou)
    old = SigningKey.objects.get(party__slug=PD)
    SigningKey.objects.filter(pk=old.pk).update(public_pem=signing.keygen().public_pem)
    assert reads.agreements_for_facts() == ()
    assert any("another one than its name" in key.fault for key in key_reads.signing_keys())
    SigningKey.objects.filter(pk=old.pk).update(public_pem=old.public_pem)
    assert len(reads.agreements_for_facts()) == 1
    new = signing.keygen()
    vouched = signing.sign(
        signing.key_statement(PD, new.public_pem), lakeview.keys[PD].private_pem, kind=signing.KEY_TYPE
    )
    actions.enrol_signing_key(PD, new.public_pem, "Chief", vouched=vouched)
    actions.withdraw_signing_key(old.keyid)
    SigningKey.objects.filter(pk=old.pk).update(withdrawn_utc=None)
    assert reads.agreements_for_facts() == ()
    assert any("was withdrawn" in key.fault for key in key_reads.signing_keys())
    SigningKey.objects.filter(keyid=new.keyid).delete()
    assert key_reads.missing_keys() == ((PD, new.keyid),)


def test_an_offered_key_counts_when_the_party_vouches(lakeview, mou, gail):
    revision, content = stored(mou)
    signer = Signer()
    name = actions.offer_key(PD, signer.public, "Gail Ortega, chief of police", gail)
    assert actions.offer_key(PD, signer.public, "again", gail) == name == signer.keyid
    with pytest.raises(SignatureFault, match="offered to Lakeview Police"):
        actions.offer_key(USD, signer.public, "Sam", people.person_by_slug("sam"))
    (offer,) = key_reads.offered_keys(PD)
    with pytest.raises(SignatureFault, match="not made by a key"):
        actions.add_signature(revision, PD, signer.signs(content))
    statement = signing.key_statement(PD, signer.public)
    with pytest.raises(SignatureFault, match="not a signing key of yours"):
        actions.enrol_offered(offer.id, signer.signs(statement, signing.KEY_TYPE), gail)
    vouched = signing.sign(statement, lakeview.keys[PD].private_pem, kind=signing.KEY_TYPE)
    assert actions.enrol_offered(offer.id, vouched, gail) == signer.keyid
    assert key_reads.offered_keys(PD) == () and OfferedKey.objects.get().closed_utc is not None
    assert actions.sign(revision, PD, signer.signs(content), gail)
    with pytest.raises(SignatureFault, match="is closed"):
        actions.enrol_offered(offer.id, vouched, gail)
    with pytest.raises(SignatureFault, match="is enrolled"):
        actions.offer_key(PD, signer.public, "Gail", gail)
    with pytest.raises(SignatureFault, match="enrolled for Lakeview Police"):
        actions.enrol_signing_key(USD, signer.public, "Sam")


def test_an_offer_can_be_turned_down(lakeview, gail):
    actions.offer_key(PD, Signer().public, "Gail", gail)
    (offer,) = key_reads.offered_keys(PD)
    assert actions.turn_down_key(offer.id, gail) and not actions.turn_down_key(offer.id, gail)
    kinds = [e.outcome for e in ledger.opened(ledger.Query(types=("key_offered",)))]
    assert kinds == ["turned_down", "offered"]


# out and in again -------------------------------------------------------------------------------------------------


def test_all_forms_travel_and_are_checked_without_a_server(lakeview, house, mou, gail, sam, tmp_path):
    from sightpact.agreements.cli import app
    from tests.agreements.test_cli import run

    revision, content = stored(mou)
    signer = enrolled(lakeview, PD, gail)
    actions.sign(revision, USD, on_paper(lakeview, content), sam)
    actions.sign(revision, PD, signer.signs(content), gail)
    names = signed_export.write("lakeview-mou", 0, tmp_path / "out")
    readme = (tmp_path / "out" / "README.md").read_text()
    command = next(line for line in readme.splitlines() if line.startswith("sightpact agreement verify"))
    words = [
        str(tmp_path / "out" / word) if word in names else
        "=".join((word.split("=")[0], str(tmp_path / "out" / word.split("=")[1]))) if "=" in word else word
        for word in command.split()[2:]
    ]  # fmt: skip
    found = run(app, words)
    assert found.exit_code == 0, found.output
    assert "lakeview-pd signed by passkey" in found.output and "scan compared" in found.output
    kept = next(tmp_path.glob("out/scan-*"))
    kept.write_bytes(kept.read_bytes() + b" ")
    assert run(app, words).exit_code == 1
    with pytest.raises(AgreementError, match="not empty"):
        signed_export.write("lakeview-mou", 0, tmp_path / "out")
    keys = tomllib.loads((tmp_path / "out" / "signing-keys.toml").read_text())["signing_keys"]
    envelopes = tomllib.loads("[[agreements]]\n" + (tmp_path / "out" / "signatures.toml").read_text())
    rows = envelopes["agreements"][0]["signatures"]
    Signature.objects.all().delete()
    SigningKey.objects.all().delete()
    for key in keys:
        vouched = json.loads(key["vouched"]) if "vouched" in key else None
        actions.enrol_signing_key(key["party"], key["public_pem"], key["holder"], vouched=vouched)
    done = actions.import_agreement(
        parse(mou), signatures={row["party"]: json.loads(row["envelope"]) for row in rows}
    )
    assert done.changes == ("signed by lakeview-pd", "signed by lakeview-usd")
    assert len(reads.agreements_for_facts()) == 1


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"MZ", b"%PDF", b"GIF89a", b"\x89PNG\r\n\x1a", b64(PDF).encode()]
)
def test_a_scan_is_what_its_content_says(content, lakeview):
    with pytest.raises(SignatureFault, match="no PDF, PNG or JPEG"):
        scans.keep(content)


def test_a_scan_is_not_larger_than_it_may_be(lakeview):
    with pytest.raises(SignatureFault, match="larger than 15 MB"):
        scans.keep(b"%PDF-" + bytes(scans.MOST))
