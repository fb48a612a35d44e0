"""Exactly which bytes are signed, of which type, and what is said when a signature is over others.

Pure. Each type is a world of its own: what was signed as one is never taken for another.
"""

from __future__ import annotations

import json

import rfc8785

from sightpact.agreements.cedar import Made
from sightpact.agreements.document import SCHEMA_VERSION, Document
from sightpact.agreements.errors import SignatureFault

PAYLOAD_TYPE = "application/vnd.sightpact.agreement+json"
KEY_TYPE = "application/vnd.sightpact.signing-key+json"
PAPER_TYPE = "application/vnd.sightpact.paper-signature+json"

HASHES = {
    "canonical_hash": "the text as data",
    "text_hash": "the words",
    "cedar_hash": "the policy",
    "schema_hash": "the policy's schema",
}
"""The four hashes that are signed, and what each is of."""
WHAT = {
    "schema_version": "the form",
    "agreement": "the agreement",
    "revision": "the revision",
    **HASHES,
    "party": "the party",
    "keyid": "the key",
}
_AGAIN = {
    PAYLOAD_TYPE: "Sign this revision.",
    KEY_TYPE: "Vouch for this key.",
    PAPER_TYPE: "Attest the paper of this revision.",
}


def payload(document: Document, made: Made) -> bytes:
    """The bytes that a party signs (RFC 8785): which agreement, which revision, and the four hashes."""
    return rfc8785.dumps(
        {
            "schema_version": SCHEMA_VERSION,
            "agreement": document.slug,
            "revision": document.revision,
            **made.hashes,
        }
    )


def key_statement(party: str, keyid: str) -> bytes:
    """The bytes with which a party vouches for a further key of its own (RFC 8785).

    Args:
        party: slug.
    """
    return rfc8785.dumps({"schema_version": SCHEMA_VERSION, "party": party, "keyid": keyid})


def same_kind(found: object, wanted: str) -> None:
    """Raises:
    SignatureFault: the signature is of another type.
    """
    if found != wanted:
        raise SignatureFault("This signature", f"is over {found!r}.", f"Sign {wanted!r}.")


def same_content(found: bytes, wanted: bytes, kind: str) -> None:
    """Raises:
    SignatureFault: the signature is over other bytes; says what differs.
    """
    if found != wanted:
        why = f"is over another text: {difference(found, wanted)}."
        raise SignatureFault("This signature", why, _AGAIN.get(kind, "Sign again."))


def not_by_a_key() -> SignatureFault:
    """What is said of a signature by nobody of the party."""
    return SignatureFault(
        "This signature",
        "was not made by a key of this party.",
        "Sign with the enrolled key, or enrol this one.",
    )


def difference(signed: bytes, wanted: bytes) -> str:
    """Which of the things that are signed differ, in words."""
    try:
        one, two = json.loads(signed), json.loads(wanted)
        names = [WHAT[key] for key in WHAT if one.get(key) != two.get(key)]
    except (ValueError, AttributeError, RecursionError):
        return "what was signed cannot be read"
    return (", ".join(names) + " differ" + ("s" if len(names) == 1 else "")) if names else "its form differs"
