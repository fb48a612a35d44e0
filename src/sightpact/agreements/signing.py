"""Signatures over an agreement: by offline key (DSSE), by passkey (WebAuthn), or on paper with an attestation.

Pure: keys and envelopes are arguments. Each party is verified by itself with its own keys: a threshold counts keys, not
parties. A public key is a text: PEM, or of a passkey its record as JSON. `sightpact agreement verify` needs no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sightpact.agreements import dsse, paper_signing, passkey_signing, signed_bytes
from sightpact.agreements.dsse import KeyPair, keygen, public_of, sign
from sightpact.agreements.errors import SignatureFault
from sightpact.agreements.signed_bytes import KEY_TYPE, PAPER_TYPE, PAYLOAD_TYPE, payload

__all__ = [
    "KEY_TYPE",
    "PAPER_TYPE",
    "PAYLOAD_TYPE",
    "KeyPair",
    "form_of",
    "how",
    "key_statement",
    "keygen",
    "keyid",
    "payload",
    "public_of",
    "scan_of",
    "sign",
    "verify_all",
    "verify_party",
    "verify_vouched",
]


@lru_cache(maxsize=1024)
def keyid(public: str) -> str:
    """The name of a public key: sha256 hex of its raw bytes (Ed25519), or of its COSE form (passkey).

    Raises:
        SignatureFault: it is neither.
    """
    if passkey_signing.is_passkey(public):
        return passkey_signing.read_key(public).keyid
    return dsse.keyid(public)


def key_statement(party: str, public: str) -> bytes:
    """The bytes with which a party vouches for a further key of its own (RFC 8785).

    Args:
        party: slug.
    """
    return signed_bytes.key_statement(party, keyid(public))


def verify_vouched(
    envelope: Mapping[str, Any] | None, party: str, public: str, publics: Iterable[str]
) -> str:
    """Check that a party itself vouches for a further key.

    Args:
        publics: the keys that it has already, without those withdrawn.
    Returns:
        the keyid that vouches.
    Raises:
        SignatureFault: it does not.
    """
    if envelope is None:
        raise SignatureFault(
            "This key",
            f"is a further key of '{party}', and no key that '{party}' has already vouches for it.",
            f"Have {party} run: sightpact agreement vouch NEW.pub --key OLD.pem --party {party}",
        )
    return _by_key(envelope, key_statement(party, public), publics, KEY_TYPE)


def verify_party(
    envelope: Mapping[str, Any],
    content: bytes,
    publics: Iterable[str],
    kind: str = PAYLOAD_TYPE,
    party: str = "",
) -> str:
    """Check one party's signature against what it must have signed.

    Args:
        envelope: DSSE, passkey signature or paper with attestation, as JSON values.
        content: `payload(...)` of the revision in question.
        publics: the keys enrolled for this party, and no others.
        party: slug; a paper must be this party's.
    Returns:
        the keyid that signed.
    Raises:
        SignatureFault: malformed, over something else (says what differs), or not by one of these keys.
    """
    if form_of(envelope) == paper_signing.TYPE and kind == PAYLOAD_TYPE:
        stated, attestation = paper_signing.read(envelope, content, party)
        return _by_key(attestation, stated, publics, PAPER_TYPE)
    return _by_key(envelope, content, publics, kind)


def form_of(envelope: Mapping[str, Any]) -> str:
    """How it was signed: "dsse", "webauthn" or "paper"."""
    return str(envelope.get("type", "dsse")) if isinstance(envelope, Mapping) else "dsse"


def scan_of(envelope: Mapping[str, Any]) -> str:
    """sha256 hex of the scan that a signature on paper names; "" for the other forms, and for what cannot be read."""
    paper = _paper(envelope)
    return paper.scan if paper else ""


def how(envelope: Mapping[str, Any]) -> tuple[str, str]:
    """(form, who attested the paper or "") of a stored signature, for showing."""
    paper = _paper(envelope)
    return form_of(envelope), paper.attested_by if paper else ""


def _paper(envelope: Mapping[str, Any]) -> paper_signing.Paper | None:
    try:
        return paper_signing.paper_of(envelope)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def verify_all(
    parties: Iterable[str],
    envelopes: Mapping[str, Mapping[str, Any]],
    keys: Mapping[str, Iterable[str]],
    content: bytes,
) -> dict[str, str]:
    """Every party signed, each with a key of its own.

    Args:
        parties: slugs of all parties.
        envelopes: one signature a party.
        keys: public keys a party.
        content: `payload(...)`.
    Returns:
        keyid by party.
    Raises:
        SignatureFault: names the party.
    """
    keys = {party: tuple(publics) for party, publics in keys.items()}
    used: dict[str, str] = {}
    for party in parties:
        if party not in envelopes:
            raise SignatureFault(f"Party '{party}'", "has not signed.", "Have it sign this revision.")
        try:
            signer = verify_party(envelopes[party], content, keys.get(party, ()), party=party)
        except SignatureFault as fault:
            raise SignatureFault(f"Party '{party}': {fault.what}", fault.why, fault.next_step) from None
        for other, publics in keys.items():
            if other != party and signer in {keyid(public) for public in publics}:
                raise SignatureFault(
                    f"Party '{party}'",
                    f"signed with a key that '{other}' holds as well.",
                    "Each party needs its own key.",
                )
        used[party] = signer
    return used


def _by_key(envelope: Mapping[str, Any], content: bytes, publics: Iterable[str], kind: str) -> str:
    known = tuple(publics)
    if not known:
        raise SignatureFault(
            "This signature", "has no key to be checked with.", "Enrol the party's key first."
        )
    if form_of(envelope) == passkey_signing.TYPE:
        mine = [public for public in known if passkey_signing.is_passkey(public)]
        return passkey_signing.verify(envelope, content, mine, kind)
    mine = [public for public in known if not passkey_signing.is_passkey(public)]
    return dsse.verify(envelope, content, mine, kind)
