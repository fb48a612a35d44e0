"""Adopted = signed = running, or it does not run and says which differ.

Pure. Everything is made anew from the canonical bytes and compared with what is stored, signed and adopted.
The same inputs are judged once (a world epoch asks for all agreements): the memo's key is all of the inputs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sightpact.agreements.cedar import Made, make
from sightpact.agreements.clauses.copies import SecondCopy
from sightpact.agreements.clauses.signatories import Signatories
from sightpact.agreements.document import Document, from_canonical
from sightpact.agreements.errors import AgreementError
from sightpact.agreements.signing import keyid, payload, scan_of, verify_party
from sightpact.decide.cedar_schema import DecideError


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that speaks for or against one stored revision. Hashable: envelopes are JSON texts."""

    canonical: bytes
    text: str
    cedar: str
    schema: str
    hashes: tuple[tuple[str, str], ...]  # the four stored hashes by name
    envelopes: tuple[tuple[str, str], ...]  # (party slug, signature as JSON text: DSSE, passkey or paper)
    keys: tuple[tuple[str, str], ...]  # (party slug, public key as text), those that count
    adopted: tuple[tuple[str, str], ...]  # (body, canonical hash of what it adopted)
    slug: str  # of the agreement row it stands under
    number: int  # of the revision row
    parties: frozenset[str]  # slugs of the row's parties
    owner: str
    house: bool
    copies: frozenset[str] = frozenset()  # keys of copies of the record that ever countersigned it
    scans: frozenset[str] = frozenset()  # sha256 of the scans of signed papers that are here, byte for byte


@dataclass(frozen=True, slots=True)
class Verdict:
    """`differs`, `unsigned` and `unadopted` are empty exactly when it runs."""

    document: Document | None  # None: the stored text cannot be read
    made: Made | None
    signed_by: tuple[tuple[str, str], ...]  # (party slug, keyid)
    unsigned: tuple[str, ...]  # parties without a signature that counts
    differs: tuple[str, ...]  # each in a sentence
    unadopted: tuple[str, ...] = ()  # bodies that the text names and whose adoption is not recorded
    uncopied: tuple[
        str, ...
    ] = ()  # keepers of second copies that the text names, and that have not countersigned yet

    @property
    def runs(self) -> bool:
        return self.made is not None and not self.unsigned and not self.differs and not self.waits_for

    @property
    def waits_for_votes(self) -> bool:
        """Signed by all as it stands; only a vote is missing, or a copy of the record, which one side alone brings about."""
        signed = self.made is not None and not self.unsigned and not self.differs
        return signed and bool(self.waits_for)

    @property
    def waits_for(self) -> tuple[str, ...]:
        return (*self.unadopted, *self.uncopied)

    @property
    def says(self) -> str:
        if self.runs:
            return "The text that was signed is the text that runs."
        waiting = [f"It waits for the adoption by: {', '.join(self.unadopted)}."] if self.unadopted else []
        if self.uncopied:
            waiting.append(f"It waits for the copy of the record of: {', '.join(self.uncopied)}.")
        if self.unsigned:
            waiting.append(f"It waits for the signature of: {', '.join(self.unsigned)}.")
        return " ".join((*self.differs, *waiting)) + " Until then it opens nothing."


@lru_cache(maxsize=256)
def judge(evidence: Evidence) -> Verdict:
    """Whether this revision may run. Never raises: what cannot be read differs."""
    try:
        document = from_canonical(evidence.canonical)
        made = make(document)
    except (AgreementError, DecideError) as fault:
        return Verdict(
            None, None, (), tuple(sorted(evidence.parties)), (f"The stored text was changed: {fault}",)
        )
    differs = [*_against_store(evidence, document, made), *_against_adoption(evidence, made)]
    content = payload(document, made)
    signed, unsigned = [], []
    for party in (p.slug for p in document.parties):
        used, faults = _signature_of(party, evidence, content)
        if used:
            signed.append((party, used))
        else:
            unsigned.append(party)
            differs += faults
    waiting = tuple(_not_adopted(evidence, document))
    copies = [c.keeper for c in document.all(SecondCopy) if c.copy not in evidence.copies]
    return Verdict(document, made, tuple(signed), tuple(unsigned), tuple(differs), waiting, tuple(copies))


def _against_store(evidence: Evidence, document: Document, made: Made) -> list[str]:
    stored, found = dict(evidence.hashes), []
    pairs = (
        ("canonical_hash", evidence.canonical, made.canonical, "The text as data"),
        ("text_hash", evidence.text, made.text, "The stored words"),
        ("cedar_hash", evidence.cedar, made.cedar, "The stored policy"),
        ("schema_hash", evidence.schema, made.schema, "The stored policy's schema"),
    )
    for name, content, again, what in pairs:
        if content != again:
            found.append(f"{what} is not what the signed text makes.".replace("words is", "words are"))
        elif stored.get(name) != made.hashes[name]:
            found.append(f"{what}: the hash that was stored for it is another.")
    says = (document.slug, document.revision, document.house, document.owner)
    if says != (
        evidence.slug,
        evidence.number,
        evidence.house,
        evidence.owner,
    ) or evidence.parties != frozenset(p.slug for p in document.parties):
        found.append(
            "The text names another agreement, revision, owner or parties than those it is stored under."
        )
    return found


def _against_adoption(evidence: Evidence, made: Made) -> list[str]:
    return [
        f"{body} adopted another text."
        for body, adopted in evidence.adopted
        if adopted != made.canonical_hash
    ]


def _not_adopted(evidence: Evidence, document: Document) -> list[str]:
    """The bodies of a `signatories` section without a recorded vote. One on another text is told by `_against_adoption`."""
    voted = {plain_body(body) for body, _hash in evidence.adopted}
    named = [body for clause in document.all(Signatories) for body in clause.bodies()]
    return [body for body in named if plain_body(body) not in voted]


def plain_body(body: str) -> str:
    """One name of a body, however it is written: case, spaces and a leading "the" make no other body."""
    return " ".join(body.casefold().removeprefix("the ").split())


def _signature_of(party: str, evidence: Evidence, content: bytes) -> tuple[str, list[str]]:
    """The keyid by which a party signed, or "" with what is wrong with the signatures it gave."""
    mine = [pem for owner, pem in evidence.keys if owner == party]
    others = {keyid(pem) for owner, pem in evidence.keys if owner != party}
    faults = []
    for owner, text in evidence.envelopes:
        if owner != party:
            continue
        try:
            envelope: dict[str, Any] = json.loads(text)
            used = verify_party(envelope, content, mine, party=party)
        except (AgreementError, ValueError) as fault:
            why = fault.why if isinstance(fault, AgreementError) else "it cannot be read."
            faults.append(f"The signature of '{party}' does not count: it {why.removeprefix('it ')}")
            continue
        if used in others:
            faults.append(f"The signature of '{party}' was made with a key of another party.")
            continue
        if (scan := scan_of(envelope)) and scan not in evidence.scans:
            faults.append(
                f"The signature of '{party}' does not count: the scan of its signed paper is missing or was changed."
            )
            continue
        return used, []
    return "", faults
