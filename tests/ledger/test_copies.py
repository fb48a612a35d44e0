"""What the record takes from a copy elsewhere, and what it gives it: bad keys, tokens, heads and paths."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.test import Client
from sightpact_cosign import record as theirs
from sightpact_cosign.keep import About, begin

from sightpact.ledger import actions as ledger
from sightpact.ledger import reads
from sightpact.ledger.copies import actions
from sightpact.ledger.copies.reads import copies
from sightpact.ledger.entries import NewEntry
from sightpact.ledger.errors import LedgerError

pytestmark = pytest.mark.django_db
NAME = "lakeview-pd.example/copy"


@pytest.fixture
def key() -> Ed25519PrivateKey:
    with transaction.atomic():
        ledger.append([NewEntry(type="alarm", outcome="alarm") for _ in range(300)])
    return Ed25519PrivateKey.generate()


@pytest.fixture
def token(key) -> str:
    return actions.enrol(theirs.vkey_of(NAME, key), "lakeview-pd")


def head() -> theirs.Head:
    found = reads.head()
    return theirs.read_head(found.checkpoint, found.vkey)


def client(token: str) -> Client:
    return Client(headers={"authorization": f"Bearer {token}"})


def test_what_is_given_makes_the_signed_root(token):
    tree, page = theirs.Tree(), client(token)
    for path in ("000", "001.p/46"):
        for entry in theirs.entries_of(page.get(f"/log/tile/entries/{path}").content):
            tree.add(entry)
    found = head()
    assert (tree.size, tree.root()) == (found.size, found.root)
    assert page.get("/log/checkpoint").content.decode() == found.note


@pytest.mark.parametrize("path", ["001", "x001/000", "000.p/0", "000.p/257", "../000", "abc", "002.p/1"])
def test_no_other_path_gives_anything(token, path):
    assert client(token).get(f"/log/tile/entries/{path}").status_code == 404


def test_a_countersigned_head_is_kept_and_never_an_older_one(key, token):
    first = head()
    with transaction.atomic():
        ledger.append([NewEntry(type="alarm", outcome="alarm")])
    page, newest = client(token), head()
    for signed in (newest, first):
        note = theirs.countersign(signed, NAME, key, 1_800_000_000)
        assert page.post("/log/cosigned", note, content_type="text/plain").status_code == 200
    assert copies()[0].size == newest.size


def test_what_is_not_kept(key, token):
    found, page = head(), client(token)
    good = theirs.countersign(found, NAME, key, 1_800_000_000)
    other = Ed25519PrivateKey.generate()
    for note in (
        found.note,  # not countersigned
        good.replace(f"\n{found.size}\n", f"\n{found.size + 1}\n"),
        theirs.countersign(found, NAME, other, 1_800_000_000),
        theirs.countersign(found, "somebody.else", key, 1_800_000_000),
        good[:-20],
        "",
        "\0" * 100,
    ):
        assert page.post("/log/cosigned", note, content_type="text/plain").status_code == 422
    assert copies()[0].size == 0
    assert client("no" + token).post("/log/cosigned", good, content_type="text/plain").status_code == 401


def test_a_token_ends_with_its_copy_and_a_removed_key_never_comes_back(key, token):
    with pytest.raises(LedgerError, match="enrolled already"):
        actions.enrol(theirs.vkey_of(NAME, key), "")
    assert actions.withdraw(NAME) and not actions.withdraw(NAME)
    assert client(token).get("/log/checkpoint").status_code == 401
    with pytest.raises(LedgerError, match="never comes back"):
        actions.enrol(theirs.vkey_of(NAME, key), "")


@pytest.mark.parametrize("vkey", ["", "a+b", "a b+00000000+AAAA", f"{NAME}+00000000+BAAA"])
def test_what_is_no_key_of_a_copy(vkey):
    with pytest.raises(LedgerError):
        actions.enrol(vkey, "")


def test_a_copy_keeps_the_first_and_the_newest_of_what_it_refused(tmp_path):
    mine = begin(tmp_path / "copy", About("https://x.example", "v", NAME))
    for now, note in enumerate(("one\n", "one\n", "two\n", "three\n"), start=1_800_000_000):
        mine.refuse(note, "it has fewer entries", now)
    assert [path.read_text() for path in mine.refusals()] == ["one\n", "three\n"]
    assert len(list((mine.folder / "refused").iterdir())) == 4, "each with its reason"
