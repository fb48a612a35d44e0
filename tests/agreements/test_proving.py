"""What would run is tried before it does; who is not of the owner reads no name of a camera or person in the refusal."""

from __future__ import annotations

import pytest
from django.db import transaction

from sightpact.agreements import actions, reads, signing
from sightpact.agreements.actions.proving import prove_what_runs
from sightpact.agreements.document import parse
from sightpact.agreements.errors import GuaranteesBroken
from sightpact.agreements.models import SigningKey
from sightpact.ledger import reads as ledger
from sightpact.people import reads as people
from tests import lakeview


@pytest.fixture
def careless(db: None) -> lakeview.Lakeview:
    """A text that opens hallways at all times, stored and signed past every page."""
    district = lakeview.build()
    document = parse(
        lakeview.text("agreement", s3_1={"area_kinds": ["exterior", "hallway"]}) | {"revision": 2}
    )
    revision = actions.store_revision(document)
    made = reads.verdict(revision).made
    assert made is not None
    for party in ("lakeview-usd", "lakeview-pd"):
        SigningKey.objects.filter(party__slug=party).delete()
        key = signing.keygen()
        actions.enrol_signing_key(party, key.public_pem, "signatory")
        actions.add_signature(revision, party, signing.sign(signing.payload(document, made), key.private_pem))
    assert reads.verdict(revision).runs
    return district


def refused(who: str | None) -> str:
    with transaction.atomic(), pytest.raises(GuaranteesBroken) as fault:
        prove_what_runs(people.person_by_slug(who) if who else None)
    return str(fault.value)


def test_the_owner_and_the_server_read_the_case_and_the_other_side_the_promise(careless: lakeview.Lakeview):
    for who in ("sam", None):
        assert "could watch the camera" in refused(who) and "Hallway" in refused(who)
    told = refused("omar")
    assert "Hallway" not in told and "could watch" not in told and "Section 3.1 would break it." in told
    assert not ledger.opened(ledger.Query(types=("guarantees_proven",)))
