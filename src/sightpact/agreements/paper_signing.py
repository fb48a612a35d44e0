"""Signatures on paper: the text is printed with its four hashes and signed by hand; the party attests the scan.

Pure. The attestation is a statement signed with a key of that party; the scan itself is told by its hash.
Never: a paper that counts without the party's own key, or without its scan.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import rfc8785

from sightpact.agreements import signed_bytes
from sightpact.agreements.errors import SignatureFault
from sightpact.agreements.passkey_signing import b64, from_b64

TYPE = "paper"
COMPARED = (
    "I compared the four hashes printed on the signed paper with those in this statement. They are the same."
)
MOST = 200  # characters of a name
_HEX = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Paper:
    """What the attestation says beside the agreement, its revision and its four hashes."""

    party: str  # slug
    scan: str  # sha256 hex of the file
    signed_by: str  # as it stands under the signature: "Sam Whitfield, Superintendent"
    signed_on: str  # ISO date on the paper
    attested_by: str  # who compared: "Nell Baird, District Clerk"
    says: str = COMPARED


def statement(content: bytes, paper: Paper) -> bytes:
    """The bytes that the party's key signs (RFC 8785): what would be signed without paper, and the paper.

    Args:
        content: `signed_bytes.payload(...)`.
    Raises:
        SignatureFault: a name or the date is missing or has another form.
    """
    _check(paper)
    return rfc8785.dumps({**json.loads(content), **asdict(paper)})


def envelope(stated: bytes, attestation: Mapping[str, Any]) -> dict[str, Any]:
    """The signature on paper as plain JSON values.

    Args:
        attestation: DSSE or passkey envelope over `stated`, of type PAPER_TYPE.
    """
    return {"type": TYPE, "statement": b64(stated), "attestation": dict(attestation)}


def read(envelope: Mapping[str, Any], content: bytes, party: str = "") -> tuple[bytes, Mapping[str, Any]]:
    """What was stated, and what signs it; the statement is checked against the text, the signature is not.

    Args:
        content: `signed_bytes.payload(...)` of the revision in question.
        party: slug of the party whose signature it must be; "" when not known.
    Raises:
        SignatureFault: malformed, over another text (says what differs), or of another party.
    """
    try:
        stated = from_b64(envelope["statement"])
        attestation = envelope["attestation"]
        said = json.loads(stated)
        paper = Paper(**{name: said[name] for name in Paper.__slots__})
        _check(paper)
        if not isinstance(attestation, Mapping) or attestation.get("type") == TYPE:
            raise ValueError("no attestation")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise SignatureFault(
            "This attestation of a paper", f"cannot be read ({fault}).", "Attest it again."
        ) from None
    wanted = statement(content, paper)
    signed_bytes.same_content(stated, wanted, signed_bytes.PAPER_TYPE)
    if party and paper.party != party:
        raise SignatureFault(
            "This attestation of a paper", f"is of '{paper.party}'.", f"Attest the paper of '{party}'."
        )
    return stated, attestation


def paper_of(envelope: Mapping[str, Any]) -> Paper | None:
    """What a signature says about its paper; None when it is none on paper. For one that was verified."""
    if envelope.get("type") != TYPE:
        return None
    said = json.loads(from_b64(envelope["statement"]))
    return Paper(**{name: said[name] for name in Paper.__slots__})


def _check(paper: Paper) -> None:
    for what, text in (("Who signed", paper.signed_by), ("Who attests it", paper.attested_by)):
        if not isinstance(text, str) or not 0 < len(text.strip()) <= MOST or not text.isprintable():
            raise SignatureFault(what, "is not said.", f"Write a name of at most {MOST} characters.")
    if not isinstance(paper.scan, str) or not _HEX.match(paper.scan):
        raise SignatureFault("The scan", "is not named by its hash.", "Attest it again.")
    try:
        date.fromisoformat(paper.signed_on)
    except (ValueError, TypeError):
        raise SignatureFault("The day on the paper", "is no date.", "Write it as 2026-06-30.") from None
    if paper.says != COMPARED:
        raise SignatureFault("This attestation", "says something else.", "Attest it again.")
