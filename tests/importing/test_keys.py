"""A file cannot bring a second key for a party, and with it a text that nobody of that party signed."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from sightpact.agreements import actions, paper_signing, reads, scans, signed_export, signing
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse as parse_document
from sightpact.agreements.models import SigningKey
from sightpact.web.importing.apply import apply
from sightpact.web.importing.faults import ImportFaults
from sightpact.web.importing.known import known
from sightpact.web.importing.parse import parse
from tests.agreements.passkeys import Signer
from tests.importing.conftest import EXAMPLE, KEYS, SIGNED

PD = "lakeview-pd"


def row(key: signing.KeyPair, party: str = PD, vouched: Any = None) -> str:
    text = f'\n[[signing_keys]]\nparty = "{party}"\nholder = "Chief"\npublic_pem = """\n{key.public_pem}"""\n'
    return text if vouched is None else f"{text}vouched = '{json.dumps(vouched)}'\n"


def bring(write: Any, text: str) -> tuple[str, ...]:
    content = Path(write(text)).read_bytes()
    return apply(parse(content, known(settings.SIGHTPACT.camera_networks)), content).changes


def vouched(key: signing.KeyPair, by: signing.KeyPair) -> dict[str, Any]:
    return signing.sign(signing.key_statement(PD, key.public_pem), by.private_pem, kind=signing.KEY_TYPE)


def test_one_person_with_a_file_cannot_sign_for_both_parties(write) -> None:
    bring(write, SIGNED)
    (raw,) = tomllib.loads(EXAMPLE)["agreements"]
    document = parse_document(
        {k: v for k, v in raw.items() if k not in ("named", "adoptions")} | {"revision": 2}
    )
    mine = {party: signing.keygen() for party in KEYS}
    text = EXAMPLE.replace("revision = 1", "revision = 2")
    for party, key in mine.items():
        envelope = json.dumps(signing.sign(signing.payload(document, make(document)), key.private_pem))
        text += f"\n[[agreements.signatures]]\nparty = \"{party}\"\nenvelope = '{envelope}'\n"
    text += "".join(row(key, party) for party, key in mine.items())
    with pytest.raises(ImportFaults) as refused:
        bring(write, text)
    said = " ".join(str(fault) for fault in refused.value.faults)
    assert "further key of 'lakeview-usd'" in said and "further key of 'lakeview-pd'" in said
    assert SigningKey.objects.count() == 2


def test_two_keys_of_a_new_party_in_one_file_need_it_as_well(write) -> None:
    second = signing.keygen()
    with pytest.raises(ImportFaults, match="further key"):
        bring(write, SIGNED + row(second))
    done = bring(write, SIGNED + row(second, vouched=vouched(second, KEYS[PD])))
    assert sum("signing key" in change for change in done) == 3
    assert bring(write, SIGNED + row(second)) == (), "a key that is here needs nothing more"


def test_a_withdrawn_key_is_not_brought_back(write) -> None:
    second = signing.keygen()
    bring(write, SIGNED + row(second, vouched=vouched(second, KEYS[PD])))
    actions.withdraw_signing_key(second.keyid)
    with pytest.raises(ImportFaults, match="withdrawn"):
        bring(write, SIGNED + row(second))
    third = signing.keygen()
    with pytest.raises(ImportFaults, match="not made by a key"):
        bring(write, SIGNED + row(third, vouched=vouched(third, second)))


def test_a_passkeys_signature_and_a_paper_come_by_file_and_go_out_again(write, tmp_path) -> None:
    """The rows that `sightpact agreement signed` writes are the rows that an import takes."""
    (raw,) = tomllib.loads(EXAMPLE)["agreements"]
    document = parse_document({k: v for k, v in raw.items() if k not in ("named", "adoptions")})
    content = signing.payload(document, make(document))
    signer = Signer()
    scan = b"%PDF-1.7 signed by the chief"
    paper = paper_signing.Paper(
        PD, hashlib.sha256(scan).hexdigest(), "Gail Ortega, Chief", "2026-06-30", "Nell Baird"
    )
    stated = paper_signing.statement(content, paper)
    attested = signing.sign(stated, KEYS[PD].private_pem, kind=signing.PAPER_TYPE)
    signatures = {"lakeview-usd": signer.signs(content), PD: paper_signing.envelope(stated, attested)}
    text = EXAMPLE + "".join(
        f"\n[[agreements.signatures]]\nparty = \"{party}\"\nenvelope = '{json.dumps(envelope)}'\n"
        for party, envelope in signatures.items()
    )
    text += f'\n[[signing_keys]]\nparty = "lakeview-usd"\nholder = "Sam"\npublic_pem = \'{signer.public}\'\n'
    text += row(KEYS[PD])
    with pytest.raises(ImportFaults, match="comes without its scan"):
        bring(write, text)
    scans.keep(scan)
    bring(write, text)
    assert len(reads.agreements_for_facts()) == 1
    out = tmp_path / "out"
    signed_export.write(document.slug, 0, out)
    again = EXAMPLE + (out / "signatures.toml").read_text() + (out / "signing-keys.toml").read_text()
    assert bring(write, again) == ()
    swapped = again.replace('party = "lakeview-usd"\nholder', f'party = "{PD}"\nholder')
    with pytest.raises(ImportFaults, match="held by 'lakeview-usd' already"):
        bring(write, swapped)
