"""Lakeview with a second agreement between four parties (docs/reference/regional-agreement.toml), adopted and signed."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from sightpact.agreements import actions as agreements
from sightpact.agreements import signing
from sightpact.agreements.cedar import make
from sightpact.agreements.document import Document, parse
from sightpact.people import actions as people
from tests import lakeview

TEXT = Path(__file__).parents[1] / "docs/reference/regional-agreement.toml"
PEOPLE = (
    ("nora", "Nora Lind", "northshore-dispatch", "dispatcher"),
    ("felix", "Felix Okafor", "fairmont-pd", "officer"),
    ("fiona", "Fiona Barnes", "fairmont-pd", "chief"),
)
NAMED = (("nora", "dispatcher"), ("felix", "patrol officer"), ("rosa", "school resource officer"))
BODIES = ("Board of Education", "City Council of Lakeview")


def raw() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(TEXT.read_text())["agreements"][0]
    return found


def build(**changes: Any) -> lakeview.Lakeview:
    """Lakeview with both agreements, and the regional one in force: adopted by its bodies, signed by its four parties."""
    put_in_force(add_lakeview(**changes))
    return lakeview.found()


def put_in_force(keys: dict[str, signing.KeyPair]) -> None:
    """Import the regional agreement with everything that it needs."""
    document = parse(raw())
    named = [agreements.Named(*row) for row in NAMED]
    agreements.import_agreement(document, votes=votes(), signatures=signatures(document, keys), named=named)


def add_lakeview(**changes: Any) -> dict[str, signing.KeyPair]:
    """Lakeview, the dispatch center that it does not have, and more people; a key for each of the four parties."""
    keys = {party: signing.keygen() for party in ("lakeview-usd", "lakeview-pd")}
    lakeview.build(keys=keys, **changes)
    return add_parties(keys)


def add_parties(keys: dict[str, signing.KeyPair]) -> dict[str, signing.KeyPair]:
    """What Lakeview lacks, beside the keys of its own two parties."""
    name = "Northshore Regional Dispatch"  # Fairmont's police are there already, without an agreement
    people.add_party(people.PartySpec("northshore-dispatch", name, "Northshore", "agency"))
    for slug, name, party, role in PEOPLE:
        people.add_person(people.PersonSpec(slug, name, "", ""), [people.Role(party, role)])
    for party in ("northshore-dispatch", "fairmont-pd"):
        keys[party] = signing.keygen()
        agreements.enrol_signing_key(party, keys[party].public_pem, "signatory")
    return keys


def signatures(document: Document, keys: dict[str, signing.KeyPair]) -> dict[str, dict[str, Any]]:
    content = signing.payload(document, make(document))
    return {p.slug: signing.sign(content, keys[p.slug].private_pem) for p in document.parties}


def votes() -> list[agreements.Vote]:
    return [agreements.Vote(body, date(2026, 5, 12), "6 to 1") for body in BODIES]
