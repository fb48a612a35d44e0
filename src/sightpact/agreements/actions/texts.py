"""Texts and votes: an immutable revision with all that is made from it, and the bodies that adopted it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from sightpact.agreements import reads
from sightpact.agreements.actions.annex import Named, name_person
from sightpact.agreements.actions.entries import find_revision, record
from sightpact.agreements.actions.signatures import add_signature
from sightpact.agreements.cedar import make
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.document import Document
from sightpact.agreements.errors import DocumentFaults, RevisionFault
from sightpact.agreements.models import Adoption, Agreement, Revision
from sightpact.ledger import clock
from sightpact.people import reads as people
from sightpact.people.models import Party

RESERVED = frozenset({"new", "preview", "keys", "drafts"})
"""Words of this site's own addresses: no agreement is called so, its page would stand behind that one."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A body's adoption. `canonical_hash` empty: it voted on the text as stored."""

    body: str
    on: date
    vote: str = ""
    resolution: str = ""
    minutes_url: str = ""
    canonical_hash: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    agreement: str  # id
    revision: str  # id
    changes: tuple[str, ...]  # what was done, in words; empty when everything stood already


def import_agreement(
    document: Document,
    *,
    votes: Sequence[Vote] = (),
    signatures: Mapping[str, Mapping[str, Any]] | None = None,
    named: Sequence[Named] = (),
    by: people.PersonCard | None = None,
) -> Imported:
    """Make the store hold this revision with its votes, signatures and named persons. Idempotent, all or nothing.

    1. Store the revision, unless it is there byte for byte.
    2. Add votes and signatures that are not there yet.
    3. Add named persons that are not there yet; nobody is taken out by an import.

    Args:
        document: parsed text; parties and schools must exist already.
        signatures: DSSE envelope by party slug.
    Raises:
        DocumentFaults, RevisionFault, SignatureFault: nothing is stored.
    """
    with transaction.atomic():
        revision, created = _store(document, by)
        changes = [f"revision {document.revision} stored"] if created else []
        for vote in votes:
            if add_adoption(str(revision.pk), vote, by):
                changes.append(f"adopted by {vote.body}")
        for party, envelope in (signatures or {}).items():
            if add_signature(str(revision.pk), party, envelope, by):
                changes.append(f"signed by {party}")
        for entry in named:
            if name_person(document.slug, entry.person, entry.position, by):
                changes.append(f"{entry.person} named")
        return Imported(str(revision.agreement_id), str(revision.pk), tuple(changes))


def store_revision(document: Document, by: people.PersonCard | None = None) -> str:
    """Store one immutable revision; returns its id.

    1. Refuse parties and schools that do not exist, or that the text calls by another name.
    2. Create the agreement with the first revision; a later one keeps owner, parties and form.
    3. The same number again must be the same bytes.
    4. Make text, policy, schema and hashes; store them; write `agreement_stored`.

    Raises:
        DocumentFaults, RevisionFault.
    """
    with transaction.atomic():
        return str(_store(document, by)[0].pk)


def _store(document: Document, by: people.PersonCard | None) -> tuple[Revision, bool]:
    faults = reads.unknown_names(document)
    if faults:
        raise DocumentFaults(document.slug, faults)
    if document.slug in RESERVED:
        raise RevisionFault(
            f"Agreement '{document.slug}'",
            "cannot be called so: that is the address of a page.",
            "Give it another short name (slug).",
        )
    made = make(document)
    slugs = [p.slug for p in document.parties]
    ids = {card.slug: card.id for card in people.parties() if card.slug in slugs}
    agreement, created = Agreement.objects.get_or_create(
        slug=document.slug,
        defaults={"title": document.title, "owner_id": ids[document.owner], "is_house": document.house},
    )
    if created:
        agreement.parties.add(*Party.objects.filter(slug__in=slugs))
    elif (str(agreement.owner_id), agreement.is_house) != (ids[document.owner], document.house) or set(
        agreement.parties.values_list("slug", flat=True)
    ) != set(slugs):
        raise RevisionFault(
            f"Agreement '{document.slug}'",
            "is stored with other parties or another owner.",
            "Other parties are another agreement: give it another slug.",
        )
    known = Revision.objects.filter(agreement=agreement, number=document.revision).first()
    if known is not None:
        if bytes(known.canonical) != made.canonical:
            raise RevisionFault(
                f"Revision {document.revision} of '{document.slug}'",
                "is stored with another text, and a stored text never changes.",
                f"Give the changed text revision = {_next_number(agreement)}, and have it signed.",
            )
        return known, False
    begins, ends = document.one(Term).in_force()
    revision = Revision.objects.create(
        agreement=agreement,
        number=document.revision,
        canonical=made.canonical,
        text=made.text,
        cedar=made.cedar,
        schema=made.schema,
        **made.hashes,
        in_force_from=begins,
        in_force_until=ends,
        stored_utc=clock.now(),
    )
    Agreement.objects.filter(pk=agreement.pk).update(title=document.title)
    record(
        "agreement_stored",
        revision,
        by,
        outcome="stored",
        text=f"Revision {document.revision}: {document.title}",
    )
    return revision, True


def _next_number(agreement: Agreement) -> int:
    last = (
        Revision.objects.filter(agreement=agreement)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return (last or 0) + 1


def add_adoption(revision_id: str, vote: Vote, by: people.PersonCard | None = None) -> bool:
    """Record a body's vote; False when it was there already.

    1. A vote on another text than the stored one is kept as such: the revision then does not run, and says so.
    2. Store it; write `agreement_adopted`; bump the world.
    """
    with transaction.atomic():
        revision = find_revision(revision_id)
        _row, created = Adoption.objects.get_or_create(
            revision=revision,
            body=vote.body,
            serial=1,  # a correction on a page (`adoption.py`) comes after it
            defaults={
                "on": vote.on,
                "vote": vote.vote,
                "resolution": vote.resolution,
                "minutes_url": vote.minutes_url,
                "canonical_hash": vote.canonical_hash or revision.canonical_hash,
                "recorded_by_id": by.id if by else None,
                "recorded_utc": clock.now(),
            },
        )
        if created:
            text = f"{vote.body}, {vote.on.isoformat()}, {vote.vote} {vote.resolution}".strip()
            record("agreement_adopted", revision, by, outcome="adopted", text=text, bump=True)
        return created
