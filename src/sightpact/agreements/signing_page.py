"""What the page for signing shows: exactly what is signed, what it opens in numbers, who signed and how. Writes nothing.

Members of a party see it; who signs for which party is `signers.py`. Signed is the newest revision, once it is agreed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sightpact.agreements import document as documents
from sightpact.agreements import key_reads, life, passkey_signing, reader, reads, signers, signing
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.models import Agreement, Revision, Signature
from sightpact.agreements.running import Verdict
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard


@dataclass(frozen=True, slots=True)
class Signed:
    """One party's line on the page."""

    slug: str
    name: str
    form: str  # dsse, webauthn, paper; "" while it has not signed
    holder: str  # who holds the key
    attested_by: str  # of a paper
    keyid: str  # spoken, in groups of four
    signed_utc: datetime | None
    counts: bool
    has_scan: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """A party for which the reader may sign, or attest its paper."""

    slug: str
    name: str
    may_sign: bool
    may_attest: bool
    has_passkey: bool  # the reader has one that counts for this party
    signed: bool
    roles: str  # who signs for it, in words


@dataclass(frozen=True, slots=True)
class SignPage:
    slug: str
    title: str
    revision: int
    revision_id: str
    between: str
    begins: date
    ends: date | None  # the last day
    is_house: bool
    hashes: tuple[tuple[str, str], ...]  # (what it is of, hex)
    numbers: tuple[reader.Number, ...]
    signed: tuple[Signed, ...]
    mine: tuple[Mine, ...]
    is_newest: bool
    is_agreed: bool
    unadopted: tuple[str, ...]
    differs: tuple[str, ...]
    runs: bool
    says: str
    content: bytes  # what is signed
    canonical: bytes

    @property
    def waits_for_me(self) -> bool:
        return self.is_newest and self.is_agreed and any(not each.signed for each in self.mine)


def page(slug: str, person: PersonCard, number: int | None = None) -> SignPage | None:
    """A revision as this person may sign or read it; None when there is none, or it is not for this person.

    Args:
        number: of the revision; None for the newest, which alone is signed here.
    """
    mine = [UUID(party) for party, _role in person.roles]
    row = Agreement.objects.select_related("owner").filter(slug=slug, parties__in=mine).distinct().first()
    stored = list(row.revisions.order_by("number")) if row else []
    wanted = [r for r in stored if number is None or r.number == number]
    revision = wanted[-1] if wanted else None
    if row is None or revision is None:
        return None
    verdict = reads.verdict(str(revision.pk))
    document, made = verdict.document, verdict.made
    if document is None or made is None:
        return None
    term = document.one(Term)
    words = {"canonical_hash": "Text as data", "text_hash": "Words", "cedar_hash": "Policy"}
    words["schema_hash"] = "Policy's schema"
    return SignPage(
        slug=row.slug,
        title=document.title,
        revision=document.revision,
        revision_id=str(revision.pk),
        between=documents.between(document),
        begins=term.begins,
        ends=term.ends,
        is_house=document.house,
        hashes=tuple((words[name], value) for name, value in made.hashes.items()),
        numbers=reader.numbers(row, document, row.owner_id in mine),
        signed=tuple(_signed(revision, verdict)),
        mine=tuple(_mine(person, verdict)),
        is_newest=revision.number == stored[-1].number,
        is_agreed=life.is_agreed(str(revision.pk)),
        unadopted=verdict.unadopted,
        differs=verdict.differs,
        runs=verdict.runs,
        says=verdict.says,
        content=signing.payload(document, made),
        canonical=made.canonical,
    )


def own_passkeys(person: PersonCard, party: str) -> tuple[passkey_signing.Passkey, ...]:
    """The passkeys with which this person can sign for a party, by slug."""
    return tuple(
        passkey_signing.read_key(key.public_pem)
        for key in key_reads.signing_keys()
        if key.counts and key.is_passkey and key.party_slug == party and key.person_id == person.id
    )


def envelope_of(page: SignPage, party: str) -> Mapping[str, Any] | None:
    """The signature of a party as it is stored, or None."""
    row = Signature.objects.filter(revision_id=page.revision_id, party__slug=party).first()
    return dict(row.envelope) if row else None


def _signed(revision: Revision, verdict: Verdict) -> list[Signed]:
    keys = {key.keyid: key for key in key_reads.signing_keys()}
    names = {card.slug: card.name for card in people.parties()}
    stored = {s.party.slug: s for s in revision.signatures.select_related("party")}
    used = dict(verdict.signed_by)
    assert verdict.document is not None
    found = []
    for party in verdict.document.parties:
        row, key = stored.get(party.slug), keys.get(used.get(party.slug, ""))
        form, attested = signing.how(row.envelope) if row else ("", "")
        found.append(
            Signed(
                slug=party.slug,
                name=names.get(party.slug, party.name),
                form=form,
                holder=key.holder if key else "",
                attested_by=attested,
                keyid=key.spoken if key else "",
                signed_utc=row.signed_utc if row else None,
                counts=party.slug in used,
                has_scan=bool(row and signing.scan_of(row.envelope)),
            )
        )
    return found


def _mine(person: PersonCard, verdict: Verdict) -> list[Mine]:
    assert verdict.document is not None
    cards = {card.slug: card for card in people.parties()}
    used = dict(verdict.signed_by)
    found = []
    for party in verdict.document.parties:
        card = cards.get(party.slug)
        if card is None:
            continue
        sign = signers.may_sign(person, card.id, card.slug, verdict.document)
        attest = signers.may_attest(person, card.id, card.slug, verdict.document)
        if sign or attest:
            roles = signers.roles_that_sign(verdict.document, card.slug)
            found.append(
                Mine(
                    slug=card.slug,
                    name=card.name,
                    may_sign=sign,
                    may_attest=attest,
                    has_passkey=bool(own_passkeys(person, card.slug)),
                    signed=card.slug in used,
                    roles=" or ".join(roles).replace("_", " "),
                )
            )
    return found
