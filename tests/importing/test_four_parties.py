"""One file with an agreement of four parties: adopted by its bodies, signed by each, named by each, proven, and running."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from sightpact.agreements import reads, signing
from sightpact.agreements.document import parse
from sightpact.demo import toml_out
from sightpact.ledger.models import Entry, Opening
from sightpact.people import reads as people
from sightpact.web.importing.cli import app
from tests import regional
from tests.importing.conftest import KEYS, SIGNED

pytestmark = pytest.mark.django_db

ALL_KEYS = {**KEYS, "northshore-dispatch": signing.keygen(), "fairmont-pd": signing.keygen()}


def run(path: Any) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, [str(path), "--json"])
    return result.exit_code, json.loads(result.stdout)


def file(text: str = "", *, signed_by: dict[str, signing.KeyPair] = ALL_KEYS, bodies: int = 2) -> str:
    """The example of the docs, and the regional agreement beside it."""
    text = text or regional.TEXT.read_text()
    document = parse(regional.tomllib.loads(text)["agreements"][0])
    envelopes = regional.signatures(document, ALL_KEYS)
    parties = [("northshore-dispatch", "Northshore Regional Dispatch"), ("fairmont-pd", "Fairmont Police")]
    votes = [{"body": v.body, "on": v.on, "vote": v.vote} for v in regional.votes()[:bodies]]
    parts = [
        SIGNED,
        toml_out.tables(
            "parties", [{"slug": s, "name": n, "short_name": n, "kind": "agency"} for s, n in parties]
        ),
        toml_out.tables(
            "persons",
            [
                {"slug": slug, "name": name, "roles": [{"party": party, "role": role}]}
                for slug, name, party, role in regional.PEOPLE
            ],
        ),
        toml_out.tables(
            "signing_keys",
            [
                {"party": slug, "holder": "Signatory", "public_pem": ALL_KEYS[slug].public_pem}
                for slug, _name in parties
            ],
        ),
        text,
        toml_out.tables("agreements.adoptions", votes),
        toml_out.tables(
            "agreements.signatures",
            [{"party": party, "envelope": envelopes[party]} for party in signed_by],
        ),
        toml_out.tables("agreements.named", [{"person": p, "position": at} for p, at in regional.NAMED]),
    ]
    return "\n".join(parts)


def test_it_runs_and_its_own_guarantee_stands_in_the_certificate(write: Any) -> None:
    code, answer = run(write(file()))
    assert (code, answer["ok"]) == (0, True), answer
    assert {a.slug for a in reads.agreements_for_facts()} == {"lakeview-mou", "lakeview-regional"}
    ids = {slug: id for id, slug in reads.slugs().items()}
    named = {p for p, agreements in reads.named_persons().items() if ids["lakeview-regional"] in agreements}
    cards = [people.person_by_slug(slug) for slug, _position in regional.NAMED]
    assert named == {card.id for card in cards if card}
    (entry,) = [
        e
        for e in Entry.objects.filter(type="guarantees_proven")
        if json.loads(bytes(e.data))["agreement"] == "lakeview-regional"
    ]
    assert (
        json.loads(Opening.objects.get(index=entry.index, field="text").value)["guarantees"][-1] == "own:3.7"
    )


def test_a_section_against_its_guarantee_undoes_the_whole_import(write: Any) -> None:
    text = regional.TEXT.read_text().replace('area_kinds = ["library"]', 'area_kinds = ["hallway"]')
    code, answer = run(write(file(text)))
    assert code == 1
    (fault,) = answer["faults"]
    assert "when the school invites, by section 3.4" in fault["what"]
    assert "or the guarantee in section 3.7" in fault["remedy"]
    assert people.parties() == () and Entry.objects.count() == 0


def test_without_a_body_or_a_signature_it_is_stored_and_waits(write: Any) -> None:
    three = {k: v for k, v in ALL_KEYS.items() if k != "fairmont-pd"}
    code, answer = run(write(file(signed_by=three, bodies=1)))
    assert (code, answer["ok"]) == (0, True), answer
    assert {a.slug for a in reads.agreements_for_facts()} == {"lakeview-mou"}


def test_a_person_of_a_party_without_annex_is_named_as_a_fault(write: Any) -> None:
    text = file().replace('person = "nora"', 'person = "pia"')
    code, answer = run(write(text))
    assert code == 1
    assert any("which keeps the annex" in f["what"] for f in answer["faults"])
