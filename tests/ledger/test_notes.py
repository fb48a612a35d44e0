"""Signed notes: the published example, and everything that must not pass."""

from __future__ import annotations

import base64

import pytest

from sightpact.ledger import notes
from sightpact.ledger.errors import BadNote

# The example of Go's golang.org/x/mod/sumdb/note (documentation and tests), an independent implementation.
PETER_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
KEY = notes.signer("lakeview.example/log", bytes(range(32)))
OTHER = notes.signer("lakeview.example/log", bytes(32))
TEXT = notes.checkpoint_text("lakeview.example/log", 7, bytes(32))


def known(*keys: notes.Signer) -> list[notes.Verifier]:
    return [notes.parse_vkey(key.vkey) for key in keys]


def test_the_published_example() -> None:
    peter = notes.parse_vkey(PETER_VKEY)
    text, signed = notes.open_note(PETER_NOTE, [peter])
    assert signed == ["PeterNeumann"] and text.endswith("your problem is.\n")
    key = notes.parse_signer(PETER_SKEY)
    assert key.vkey == PETER_VKEY and notes.sign(text, [key]) == PETER_NOTE
    assert notes.encode_signer(key) == PETER_SKEY


def test_signing_and_opening() -> None:
    assert notes.open_note(notes.sign(TEXT, [KEY]), known(KEY)) == (TEXT, [KEY.name])
    body = notes.parse_checkpoint(TEXT)
    assert (body.origin, body.size, body.root) == ("lakeview.example/log", 7, bytes(32))


def test_unknown_signatures_are_ignored_but_one_known_must_hold() -> None:
    both = notes.sign(TEXT, [OTHER, KEY])
    assert notes.open_note(both, known(KEY))[1] == [KEY.name]
    with pytest.raises(BadNote, match="none of the known"):
        notes.open_note(notes.sign(TEXT, [OTHER]), known(KEY))


def test_a_known_key_that_fails_rejects_the_note() -> None:
    forged = base64.b64encode(KEY.key_id + bytes(64)).decode()
    note = notes.sign(TEXT, [KEY]) + f"\u2014 {KEY.name} {forged}\n"
    with pytest.raises(BadNote, match="does not hold"):
        notes.open_note(note, known(KEY))


@pytest.mark.parametrize(
    "note",
    [
        "",
        TEXT,
        TEXT + "\n",
        notes.sign(TEXT, [KEY])[:-1],
        notes.sign(TEXT, [KEY]).replace("\u2014", "-"),
        notes.sign(TEXT, [KEY]).replace("\n7\n", "\n8\n"),
        notes.sign(TEXT, [KEY]) + "more\n",
        notes.sign(TEXT, [KEY]).replace("lakeview", "lake\x01view"),
        notes.sign(TEXT, [KEY] * 33),
        "x" * 70_000,
        TEXT + "\n\u2014 lakeview.example/log !!!\n",
        TEXT + "\n\u2014 lakeview.example/log AAAA\n",
    ],
)
def test_malformed_notes(note: str) -> None:
    with pytest.raises(BadNote):
        notes.open_note(note, known(KEY))


@pytest.mark.parametrize(
    "text", ["", "a\n1\n", "a\n01\nAAAA\n", "a\n-1\n" + "A" * 44, "a\nx\nAAAA\n", TEXT + "extra\n"]
)
def test_malformed_checkpoints(text: str) -> None:
    with pytest.raises(BadNote):
        notes.parse_checkpoint(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b"])
def test_names(name: str) -> None:
    with pytest.raises(BadNote):
        notes.signer(name, bytes(32))


@pytest.mark.parametrize(
    "vkey", ["", "a+b", KEY.vkey.replace("+", "+0", 1), "a+00000000+AAAA", KEY.vkey[:-4]]
)
def test_malformed_keys(vkey: str) -> None:
    with pytest.raises(BadNote):
        notes.parse_vkey(vkey)
    with pytest.raises(BadNote):
        notes.parse_signer(vkey)


def test_a_text_that_cannot_be_signed() -> None:
    for text in ("no newline", "a\x00\n"):
        with pytest.raises(BadNote):
            notes.sign(text, [KEY])
