"""A text with a `second_copy` section, signed by all: it opens nothing before that copy has countersigned the record."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sightpact_cosign import record as theirs

from sightpact.access import facts
from sightpact.agreements import life, life_words
from sightpact.agreements.clauses.copies import COPY_KEY
from sightpact.agreements.errors import ClauseFault
from sightpact.ledger import reads as ledger
from sightpact.ledger.copies import actions as copies
from sightpact.ledger.copies.reads import by_token
from tests import lakeview

pytestmark = pytest.mark.django_db
NAME = "clerk.lakeview.example/copy"
KEY = Ed25519PrivateKey.generate()
SECTION = {
    "kind": "second_copy",
    "heading": "A second copy",
    "keeper": "the City Clerk",
    "copy": theirs.vkey_of(NAME, KEY),
    "hours": 24,
}


def test_nothing_runs_before_the_copy_has_countersigned():
    it = lakeview.build(s6_4=SECTION)
    mou = it.agreements["lakeview-mou"]

    def runs() -> bool:
        return mou in facts.snapshot().names.running

    def state() -> tuple[str, list[str], str]:
        found = life.state_of("lakeview-mou")
        return found.state, [side.slug for side in found.desk], life_words.next_step(found)

    assert not runs()
    told = state()
    assert told[:2] == ("signed", ["lakeview-usd"]) and "the City Clerk" in told[2]
    other = Ed25519PrivateKey.generate()
    countersign(copies.enrol(theirs.vkey_of(NAME, other), ""), other)
    assert not runs(), "another machine may have the clerk's name, and not the clerk's key"
    copies.withdraw(NAME)
    token = copies.enrol(theirs.vkey_of(NAME, KEY), "")
    assert token and not runs(), "enrolled is not countersigned"
    countersign(token, KEY)
    assert runs() and state()[0] == "in_force"
    assert copies.withdraw(NAME) and runs(), "a copy that is removed later cuts nothing"


def countersign(token: str, key: Ed25519PrivateKey) -> None:
    head = ledger.head()
    note = theirs.countersign(theirs.read_head(head.checkpoint, head.vkey), NAME, key, 1_800_000_000)
    copies.keep(by_token(token).id, note)


def test_a_key_with_a_wrong_character_is_said():
    key = theirs.vkey_of(NAME, KEY)
    for wrong, said in ((NAME, "plain name"), (key[:-1] + ("A" if key[-1] != "A" else "B"), "character")):
        faults: list[ClauseFault] = []
        COPY_KEY.read(wrong, "copy", faults)
        assert said in str(faults[0])
