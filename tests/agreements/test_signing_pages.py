"""The pages of signing by their answers: who may do what, what is refused in which words, files that are never shown."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sightpact.agreements import actions, key_reads, paper_signing, reads, signing
from sightpact.agreements.document import parse
from sightpact.agreements.models import Agreed, Revision, Round, Signature, SigningKey
from sightpact.ledger import clock
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from sightpact.people.models import Account, Party, Person
from tests import lakeview as whole
from tests.people.authenticator import Device

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
USD, PD = "lakeview-usd", "lakeview-pd"
SIGN = "/agreements/lakeview-mou/sign/"
PDF = b"%PDF-1.7 the signed paper"


@pytest.fixture
def district(db) -> whole.Lakeview:
    built = whole.build()
    changed = whole.text("agreement") | {"revision": 2}
    actions.store_revision(parse(changed))  # not signed yet
    if people.person_by_slug("gail") is None:
        people_actions.add_person(
            people_actions.PersonSpec("gail", "Gail Ortega", "", ""),
            [people_actions.Role(PD, "chief", "chief of police")],
        )
    return built


def client(who: str) -> Client:
    made = Client(headers={"Host": "localhost"})
    made.force_login(Account.objects.get(person__slug=who), backend=BACKEND)
    return made


def passkey(who: str) -> Device:
    """A sign-in passkey of a person."""
    device = Device()
    account = Person.objects.get(slug=who).account
    options = {"publicKey": {"user": {"id": str(account.pk)}, "challenge": "AAAA"}}
    people_actions.store_passkey(people.person_by_slug(who), "Desk", json.loads(device.make(options)))
    return device


def number(who: str) -> str:
    (card,) = people.passkeys(people.person_by_slug(who).id)
    return str(card.id)


def enrol(who: str, party: str, device: Device) -> Client:
    asking = client(who)
    asked = asking.get("/agreements/keys/options/", {"party": party, "device": number(who)})
    assert asked.status_code == 200, asked.content
    sent = {"do": "enrol", "party": party, "device": number(who), "credential": device.answer(asked.json())}
    answer = asking.post("/agreements/keys/", sent)
    assert answer.status_code == 302, answer.content.decode()
    return asking


def first_key(who: str, party: str) -> tuple[Client, Device]:
    """Nobody has signed for the party yet: its first key is this person's passkey."""
    Signature.objects.filter(party__slug=party).delete()
    SigningKey.objects.filter(party__slug=party).delete()
    device = passkey(who)
    return enrol(who, party, device), device


def says(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(text).split())


def test_a_passkey_signs_what_the_page_shows(district):
    asking, device = first_key("sam", USD)
    page = asking.get(SIGN)
    verdict = reads.verdict(_newest())
    for value in verdict.made.hashes.values():
        assert value in page.content.decode()
    assert "Sign with your passkey" in says(page) and "Revision 2" in says(page)
    asked = asking.get(SIGN + "options/", {"party": USD})
    answer = asking.post(SIGN, {"party": USD, "credential": device.answer(asked.json())}, follow=True)
    assert "Signed for Lakeview Unified School District." in says(answer)
    assert "by passkey" in says(answer) and "Sign with your passkey" not in says(answer)
    assert dict(reads.verdict(_newest()).signed_by)[USD] == key_reads.signing_keys()[-1].keyid
    assert "by passkey" in says(asking.get("/agreements/lakeview-mou/sign/"))


def test_what_the_passkey_did_not_sign_is_refused_in_plain_words(district):
    asking, device = first_key("sam", USD)
    asked = asking.get(SIGN + "options/", {"party": USD}).json()
    device.flags = 1
    answer = asking.post(SIGN, {"party": USD, "credential": device.answer(asked)})
    assert answer.status_code == 400 and "without checking who holds the device" in says(answer)
    for credential in ("{}", "[]", "x"):
        answer = asking.post(SIGN, {"party": USD, "credential": credential})
        assert answer.status_code == 400 and "cannot be read" in says(answer)
    assert asking.post(SIGN, {"party": USD}).status_code == 400
    assert asking.post(SIGN, {"party": PD, "credential": "{}"}).status_code == 404
    assert asking.post(SIGN, {"party": "fairmont-pd", "credential": "{}"}).status_code == 404
    assert not Signature.objects.filter(revision_id=_newest()).exists()


def test_an_offline_signature_is_brought(district):
    key = signing.keygen()
    Signature.objects.filter(party__slug=PD).delete()
    SigningKey.objects.filter(party__slug=PD).delete()
    actions.enrol_signing_key(PD, key.public_pem, "Chief")
    gail = client("gail")
    canonical = gail.get(SIGN + "file/agreement.json")
    assert canonical["Content-Disposition"].startswith("attachment") and canonical["X-Content-Type-Options"]
    content = gail.get(SIGN + "file/payload.json").content
    envelope = json.dumps({"party": PD, **signing.sign(content, key.private_pem)}).encode()
    for bad in (b"{", b"[]", b"{}", b"x" * 200_000, b"[" * 50_000):
        file = SimpleUploadedFile("s.json", bad)
        assert gail.post(SIGN, {"party": PD, "envelope": file}).status_code == 400
    file = SimpleUploadedFile("s.json", envelope)
    answer = gail.post(SIGN, {"party": PD, "envelope": file}, follow=True)
    assert "Signed for Lakeview Police Department." in says(answer) and "by offline key" in says(answer)
    brought = gail.get(SIGN + f"file/signature-{PD}.json").json()
    assert brought == json.loads(envelope)
    assert gail.get(SIGN + f"file/signature-{USD}.json").status_code == 404
    for name in ("nothing", "scan-lakeview-pd", "signature-", "scan-..", "signature-fairmont-pd.json"):
        assert gail.get(SIGN + f"file/{name}").status_code == 404


def test_a_paper_is_attested_by_passkey(district):
    asking, device = first_key("sam", USD)
    url = SIGN + "paper/"
    fields = {"party": USD, "signed_by": "Sam Whitfield, Superintendent", "signed_on": "2026-06-30"}

    def send(**more):
        return asking.post(url, {**fields, "scan": SimpleUploadedFile("s.pdf", PDF), **more})

    assert "compared" in says(send()) and send().status_code == 400
    assert "has not come yet" in says(send(compared="yes", signed_on="2999-01-01"))
    assert "is no date" in says(send(compared="yes", signed_on="soon"))
    assert "is no PDF" in says(send(compared="yes", scan=SimpleUploadedFile("s.pdf", b"<html>")))
    assert "is not said" in says(send(compared="yes", signed_by=" "))
    page = send(compared="yes")
    assert page.status_code == 200 and "Attest with your passkey" in says(page)
    stated = re.search(r'name="statement" value="([^"]+)"', page.content.decode()).group(1)
    asked = asking.get(url + "options/", {"party": USD, "statement": stated})
    assert asking.get(url + "options/", {"party": USD, "statement": "AAAA"}).status_code == 409
    sent = {"party": USD, "statement": stated, "credential": device.answer(asked.json())}
    done = asking.post(url, sent, follow=True)
    assert "on paper, attested by Sam Whitfield" in says(done)
    scan = asking.get(SIGN + f"file/scan-{USD}")
    assert scan.content == PDF and scan["Content-Disposition"].startswith("attachment")
    assert scan["Content-Type"] == "application/pdf" and scan["X-Content-Type-Options"] == "nosniff"
    assert client("omar").get(SIGN + f"file/scan-{USD}").status_code == 200
    assert client("ines").get(SIGN + f"file/scan-{USD}").status_code == 404
    assert signing.how(Signature.objects.get(revision_id=_newest()).envelope)[0] == "paper"


def test_a_statement_in_somebody_elses_name_is_refused(district):
    asking, device = first_key("sam", USD)
    content = asking.get(SIGN + "file/payload.json").content
    other = paper_signing.Paper(USD, "a" * 64, "Sam", "2026-06-30", "Nell Baird, clerk")
    stated = paper_signing.statement(content, other)
    text = paper_signing.b64(stated)
    asked = asking.get(SIGN + "paper/options/", {"party": USD, "statement": text}).json()
    sent = {"party": USD, "statement": text, "credential": device.answer(asked)}
    answer = asking.post(SIGN + "paper/", sent)
    assert answer.status_code == 400 and "names somebody else" in says(answer)


def test_a_paper_attested_offline_is_brought_with_its_scan(district, tmp_path):
    import hashlib

    key = signing.keygen()
    Signature.objects.filter(party__slug=USD).delete()
    SigningKey.objects.filter(party__slug=USD).delete()
    actions.enrol_signing_key(USD, key.public_pem, "Superintendent")
    sam = client("sam")
    content = sam.get(SIGN + "file/payload.json").content
    digest = hashlib.sha256(PDF + b"2").hexdigest()
    told = paper_signing.Paper(USD, digest, "Sam Whitfield", "2026-06-30", "Nell Baird")
    stated = paper_signing.statement(content, told)
    attestation = signing.sign(stated, key.private_pem, kind=signing.PAPER_TYPE)
    envelope = json.dumps(paper_signing.envelope(stated, attestation)).encode()

    def bring(scan: bytes, what: bytes):
        files = {"scan": SimpleUploadedFile("s.pdf", scan), "envelope": SimpleUploadedFile("e.json", what)}
        return sam.post(SIGN + "paper/", {"party": USD, **files})

    assert "is no attestation" in says(
        bring(PDF, json.dumps(signing.sign(content, key.private_pem)).encode())
    )
    assert "without its scan" in says(bring(PDF + b"3", envelope))
    assert bring(PDF + b"2", envelope).status_code == 302


def test_a_second_passkey_waits_for_the_first_to_vouch(district):
    gail, first = first_key("gail", PD)
    assert "first key, taken on trust" in says(gail.get("/agreements/keys/"))
    people_actions.add_person(
        people_actions.PersonSpec("ruth", "Ruth Amari", "", ""),
        [people_actions.Role(PD, "chief", "deputy chief")],
    )
    second = passkey("ruth")
    ruth = enrol("ruth", PD, second)
    page = says(ruth.get("/agreements/keys/"))
    assert "Waits for a key of the party to vouch" in page
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", ruth.get("/agreements/keys/").content.decode())
    assert headings[0] == "Lakeview Police Department", "one's own party first"
    assert ruth.get(SIGN + "options/", {"party": PD}).status_code == 409
    (offer,) = key_reads.offered_keys(PD)
    assert ruth.get("/agreements/keys/options/", {"offer": offer.id}).status_code == 409
    assert client("sam").get("/agreements/keys/options/", {"offer": offer.id}).status_code == 404
    asked = gail.get("/agreements/keys/options/", {"offer": offer.id}).json()
    wrong = second.answer(asked)
    assert (
        ruth.post("/agreements/keys/", {"do": "vouch", "offer": offer.id, "credential": wrong}).status_code
        == 400
    )
    assert "is not a signing key of yours" in says(
        ruth.post("/agreements/keys/", {"do": "vouch", "offer": offer.id, "credential": first.answer(asked)})
    )
    done = gail.post(
        "/agreements/keys/",
        {"do": "vouch", "offer": offer.id, "credential": first.answer(asked)},
        follow=True,
    )
    assert "counts now" in says(done) and "vouched for by key" in says(done)
    assert ruth.get(SIGN + "options/", {"party": PD}).status_code == 200
    public = gail.get(f"/agreements/keys/{offer.keyid}/")
    assert public["Content-Disposition"].startswith("attachment")
    assert signing.keyid(public.content.decode()) == offer.keyid


def test_a_passkey_is_enrolled_by_itself_alone(district):
    Signature.objects.filter(party__slug=USD).delete()
    SigningKey.objects.filter(party__slug=USD).delete()
    device, other = passkey("sam"), Device()
    sam = client("sam")
    asked = sam.get("/agreements/keys/options/", {"party": USD, "device": number("sam")}).json()
    sent = {"do": "enrol", "party": USD, "device": number("sam")}
    for credential in (other.answer(asked), "{}", "", device.answer({"publicKey": {"challenge": "AAAA"}})):
        assert sam.post("/agreements/keys/", sent | {"credential": credential}).status_code == 400
    assert sam.post("/agreements/keys/", sent | {"device": "999"}).status_code == 404
    assert sam.post("/agreements/keys/", sent | {"party": PD}).status_code == 404
    assert sam.post("/agreements/keys/", {"do": "nothing"}).status_code == 404
    assert not SigningKey.objects.filter(party__slug=USD).exists()


def test_an_offer_is_turned_down(district):
    passkey_of_sam = passkey("sam")
    sam = enrol("sam", USD, passkey_of_sam)
    (offer,) = key_reads.offered_keys(USD)
    assert client("omar").post("/agreements/keys/", {"do": "turn_down", "offer": offer.id}).status_code == 404
    done = sam.post("/agreements/keys/", {"do": "turn_down", "offer": offer.id}, follow=True)
    assert "is turned down" in says(done) and key_reads.offered_keys(USD) == ()


def test_members_read_and_are_told_that_they_do_not_sign(district):
    page = client("omar").get(SIGN)
    assert page.status_code == 200 and "you do not sign for a party" in says(page)
    assert "Sign with your passkey" not in says(page) and "How many there are is told to the owner's" in says(
        page
    )
    keys = client("omar").get("/agreements/keys/")
    assert keys.status_code == 200 and "Make it a signing key" not in says(keys)


def test_an_older_text_is_read_with_its_signatures_and_not_signed(district):
    sam = client("sam")
    old = sam.get(SIGN, {"revision": 1})
    assert "There is a newer revision." in says(old) and "by offline key" in says(old)
    assert "Sign for" not in says(old)
    assert sam.get(SIGN + f"file/signature-{PD}.json", {"revision": 1}).status_code == 200
    assert sam.get(SIGN + f"file/signature-{PD}.json").status_code == 404
    for wrong in ("7", "0", "x", "-1", "9" * 40):
        assert sam.get(SIGN, {"revision": wrong}).status_code == (404 if wrong in "70" else 200)


def test_what_is_not_agreed_is_not_signed(district):
    asking, device = first_key("sam", USD)
    sam = Person.objects.get(slug="sam")
    owner, now = Party.objects.get(slug=USD), clock.now()
    Round.objects.create(revision_id=_newest(), party=owner, proposed_by=sam, proposed_utc=now)
    Agreed.objects.create(revision_id=_newest(), party=owner, agreed_by=sam, agreed_utc=now)
    page = asking.get(SIGN)
    assert "is not agreed yet by all parties" in says(page) and "Sign with your passkey" not in says(page)
    asked = asking.get(SIGN + "options/", {"party": USD}).json()
    answer = asking.post(SIGN, {"party": USD, "credential": device.answer(asked)})
    assert answer.status_code == 400 and "Revision 2 is not agreed yet" in says(answer)
    gail = Person.objects.get(slug="gail")
    Agreed.objects.create(
        revision_id=_newest(), party=Party.objects.get(slug=PD), agreed_by=gail, agreed_utc=now
    )
    assert asking.post(SIGN, {"party": USD, "credential": device.answer(asked)}).status_code == 302


def test_a_last_signature_that_would_break_a_guarantee_is_undone(district):
    """The last one brings it into force, so every case is tried first; hallways at all times are no standing view."""
    careless = whole.text("agreement", s3_1={"area_kinds": ["exterior", "parking", "hallway"]})
    actions.store_revision(parse(careless | {"revision": 3}))
    asking, device = first_key("sam", USD)
    key = signing.keygen()
    Signature.objects.filter(party__slug=PD).delete()
    SigningKey.objects.filter(party__slug=PD).delete()
    actions.enrol_signing_key(PD, key.public_pem, "Chief")
    revision = str(Revision.objects.get(agreement__slug="lakeview-mou", number=3).pk)
    content = asking.get(SIGN + "file/payload.json").content
    actions.add_signature(revision, PD, signing.sign(content, key.private_pem))
    asked = asking.get(SIGN + "options/", {"party": USD}).json()
    answer = asking.post(SIGN, {"party": USD, "credential": device.answer(asked)})
    assert answer.status_code == 400 and "a guarantee would not hold" in says(answer), says(answer)
    assert "section 3.1" in says(answer)
    assert not Signature.objects.filter(revision_id=revision, party__slug=USD).exists()
    assert not reads.verdict(revision).runs


def _newest() -> str:
    return str(Revision.objects.get(agreement__slug="lakeview-mou", number=2).pk)
