"""Lakeview's two texts, as the demonstration ships them, and a district to store them in."""

from __future__ import annotations

import copy
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sightpact.agreements import signing
from sightpact.agreements.document import Document, parse

DEMO = Path(__file__).parents[2] / "src/sightpact/demo"


def raw_text(name: str) -> dict[str, Any]:
    return tomllib.loads((DEMO / f"{name}.toml").read_text())["agreements"][0]


_MOU, _HOUSE = raw_text("agreement"), raw_text("house_policy")


@pytest.fixture
def mou() -> dict[str, Any]:
    """The agreement as a table, to be spoiled by a test."""
    return copy.deepcopy(_MOU)


@pytest.fixture
def house() -> dict[str, Any]:
    return copy.deepcopy(_HOUSE)


def clause(raw: dict[str, Any], number: str) -> dict[str, Any]:
    return next(c for c in raw["clauses"] if c["number"] == number)


@dataclass
class Lakeview:
    """A stored district and department with their keys."""

    keys: dict[str, signing.KeyPair]

    def sign(self, document: Document, party: str, key: signing.KeyPair | None = None) -> dict[str, Any]:
        from sightpact.agreements.cedar import make

        return signing.sign(signing.payload(document, make(document)), (key or self.keys[party]).private_pem)


@pytest.fixture
def lakeview(db: None) -> Lakeview:
    from sightpact.agreements import actions
    from sightpact.cameras.models import School
    from sightpact.ledger import actions as ledger
    from sightpact.people.models import Membership, Party, Person

    ledger.begin()
    usd = Party.objects.create(
        slug="lakeview-usd",
        name="Lakeview Unified School District",
        short_name="Lakeview USD",
        kind="owner",
    )
    pd = Party.objects.create(
        slug="lakeview-pd", name="Lakeview Police Department", short_name="Lakeview PD", kind="agency"
    )
    Party.objects.create(
        slug="fairmont-pd", name="Fairmont Police Department", short_name="Fairmont PD", kind="agency"
    )
    School.objects.create(
        slug="lakeview-high", owner=usd, name="Lakeview High School", zone="America/New_York"
    )
    for slug, name, party, role in (
        ("sam", "Sam Whitfield", usd, "superintendent"),
        ("pia", "Pia Marsh", usd, "principal"),
        ("dana", "Dana", usd, "it"),
        ("omar", "Omar Reyes", pd, "dispatcher"),
        ("rosa", "Rosa Delgado", pd, "sro"),
    ):
        person = Person.objects.create(slug=slug, name=name)
        Membership.objects.create(person=person, party=party, role=role)
    keys = {"lakeview-usd": signing.keygen(), "lakeview-pd": signing.keygen()}
    for slug, key in keys.items():
        actions.enrol_signing_key(slug, key.public_pem, "Signatory")
    return Lakeview(keys)


def signed_in(lakeview: Lakeview, raw: dict[str, Any]) -> Any:
    """Store a text, signed by all its parties."""
    from sightpact.agreements import actions

    document = parse(raw)
    signatures = {p.slug: lakeview.sign(document, p.slug) for p in document.parties}
    return actions.import_agreement(document, signatures=signatures)
