"""The only writer of agreements: revisions, keys, signatures, adoptions, named persons, suspension.

Each action is one transaction with its ledger entry, and can be asked for twice without harm.
`by` is who acts; None is the command line of the server. Whether they may is asked above (`access`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from sightpact.agreements import reads, signing
from sightpact.agreements.cedar import make
from sightpact.agreements.clauses.people import NamedPersons
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.document import Document
from sightpact.agreements.errors import DocumentFaults, RevisionFault, SignatureFault
from sightpact.agreements.models import Adoption, Agreement, NamedPerson, Revision, Signature, SigningKey
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads as people
from sightpact.people.models import Party


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
class Named:
    person: str  # person slug
    position: str


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
    _record(
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


def enrol_signing_key(party: str, public_pem: str, holder: str, by: people.PersonCard | None = None) -> str:
    """Enrol a party's public key; returns its keyid.

    1. Read the key. 2. Refuse one that another party holds. 3. Store it; write `key_enrolled`.

    Args:
        party: slug.
        holder: who keeps the private half, by office: "Superintendent".
    Raises:
        SignatureFault.
    """
    with transaction.atomic():
        name = signing.keyid(public_pem)
        card = people.party_by_slug(party)
        if card is None:
            raise SignatureFault("This key", f"is for '{party}', which is no party here.", "Name a party.")
        known = SigningKey.objects.filter(keyid=name).select_related("party").first()
        if known is not None:
            if str(known.party_id) != card.id:
                raise SignatureFault(
                    "This key",
                    f"is enrolled for {known.party.name} already.",
                    "Each party needs its own key.",
                )
            return name
        SigningKey.objects.create(party_id=card.id, keyid=name, public_pem=public_pem, holder=holder)
        secret = {
            "person": people.as_secret(by),
            "text": Secret("", f"Signing key of {card.name}, held by {holder}"),
        }
        ledger.append(
            [NewEntry(type="key_enrolled", party=party, outcome="enrolled", reason_code=name, secret=secret)],
            bump="world",
        )
        return name


def add_signature(
    revision_id: str, party: str, envelope: Mapping[str, Any], by: people.PersonCard | None = None
) -> bool:
    """Add one party's signature; False when it was there already.

    1. Find the revision; the party must be one of its own.
    2. Verify the envelope with this party's enrolled keys, over exactly this revision.
    3. Store it; write `agreement_signed`, and `agreement_in_force` when it was the last one.
    4. Bump the world: what is signed may open something.

    Raises:
        SignatureFault: nothing is stored.
        RevisionFault: there is no such revision.
    """
    with transaction.atomic():
        revision = _revision(revision_id)
        before = reads.verdict(revision_id)
        if before.document is None or before.made is None:
            raise SignatureFault("This revision", before.says, "Restore it from the signed text.")
        owner = revision.agreement.parties.filter(slug=party).first()
        if owner is None:
            raise SignatureFault(f"'{party}'", "is not a party of this agreement.", "Sign as a party of it.")
        keys = SigningKey.objects.filter(party=owner).values_list("public_pem", flat=True)
        content = signing.payload(before.document, before.made)
        used = signing.verify_party(envelope, content, keys)
        if party in dict(before.signed_by):
            return False
        Signature.objects.update_or_create(
            revision=revision, party=owner, defaults={"envelope": dict(envelope), "signed_utc": clock.now()}
        )
        _record(
            "agreement_signed", revision, by, outcome="signed", party=party, text=f"Key {used}", bump=True
        )
        if reads.verdict(revision_id).runs:
            _record(
                "agreement_in_force",
                revision,
                by,
                outcome="signed_by_all",
                text=f"Revision {revision.number}",
            )
        return True


def add_adoption(revision_id: str, vote: Vote, by: people.PersonCard | None = None) -> bool:
    """Record a body's vote; False when it was there already.

    1. A vote on another text than the stored one is kept as such: the revision then does not run, and says so.
    2. Store it; write `agreement_adopted`; bump the world.
    """
    with transaction.atomic():
        revision = _revision(revision_id)
        _row, created = Adoption.objects.get_or_create(
            revision=revision,
            body=vote.body,
            defaults={
                "on": vote.on,
                "vote": vote.vote,
                "resolution": vote.resolution,
                "minutes_url": vote.minutes_url,
                "canonical_hash": vote.canonical_hash or revision.canonical_hash,
            },
        )
        if created:
            text = f"{vote.body}, {vote.on.isoformat()}, {vote.vote} {vote.resolution}".strip()
            _record("agreement_adopted", revision, by, outcome="adopted", text=text, bump=True)
        return created


def name_person(agreement: str, person: str, position: str, by: people.PersonCard | None = None) -> bool:
    """Enter a person in the annex; False when the name stands there already.

    1. The agreement must have an annex; the person must belong to the party that keeps it.
    2. Store it; write `person_change`; bump the world.

    Args:
        agreement: slug.
        person: slug.
    Raises:
        RevisionFault.
    """
    with transaction.atomic():
        row = _agreement(agreement)
        card = people.person_by_slug(person)
        keeper = _annex_keeper(row)
        if card is None or not any(party == keeper.id for party, _role in card.roles):
            raise RevisionFault(
                f"'{person}'",
                f"is not one of the people of {keeper.name}.",
                "Add the person and the role there first.",
            )
        known = NamedPerson.objects.filter(agreement=row, person_id=card.id, removed_utc=None)
        if known.exists():
            return False
        NamedPerson.objects.create(agreement=row, person_id=card.id, position=position, added_utc=clock.now())
        _record_person(row, "named", card, position, keeper.slug, by)
        return True


def remove_person(agreement: str, person: str, by: people.PersonCard | None = None) -> bool:
    """Take a person out of the annex: what was open to them through it closes. False when they were not in it.

    1. Claim the row. 2. Write `person_change`; bump the world, so that the gate cuts.
    """
    with transaction.atomic():
        row = _agreement(agreement)
        card = people.person_by_slug(person)
        if card is None:
            return False
        gone = NamedPerson.objects.filter(agreement=row, person_id=card.id, removed_utc=None).update(
            removed_utc=clock.now()
        )
        if gone:
            _record_person(row, "unnamed", card, "", _annex_keeper(row).slug, by)
        return bool(gone)


def suspend(agreement: str, by: people.PersonCard, reason: str = "") -> bool:
    """Suspend an agreement at once; False when it is suspended already.

    1. `by` must be one of the people of a party. 2. Claim it.
    3. Write `agreement_suspended`; bump the world, so that the gate cuts every picture under it.

    Raises:
        RevisionFault: `by` belongs to no party of it.
    """
    with transaction.atomic():
        row = _agreement(agreement)
        party = _party_of(row, by)
        claimed = Agreement.objects.filter(pk=row.pk, suspended_utc=None).update(
            suspended_utc=clock.now(), suspended_by_id=by.id, suspended_party_id=party.id
        )
        if claimed:
            _record_state(row, "agreement_suspended", "suspended", party.slug, by, reason)
        return bool(claimed)


def resume(agreement: str, by: people.PersonCard, reason: str = "") -> bool:
    """Take a suspension back; False when it is not suspended. Only the party that suspended it may.

    1. Claim it for that party. 2. Write `agreement_resumed`; bump the world.
    """
    with transaction.atomic():
        row = _agreement(agreement)
        if row.suspended_utc is None:
            return False
        party = row.suspended_party
        if party is None or not any(mine == str(party.pk) for mine, _role in by.roles):
            raise RevisionFault(
                row.title,
                f"was suspended by {party.name if party else 'nobody known'}.",
                "Only the party that suspended it can resume it.",
            )
        claimed = Agreement.objects.filter(pk=row.pk, suspended_party=party).update(
            suspended_utc=None, suspended_by=None, suspended_party=None
        )
        if claimed:
            _record_state(row, "agreement_resumed", "resumed", party.slug, by, reason)
        return bool(claimed)


def _agreement(slug: str) -> Agreement:
    row = Agreement.objects.filter(slug=slug).first()
    if row is None:
        raise RevisionFault(f"Agreement '{slug}'", "is not here.", "Look at the list of agreements.")
    return row


def _revision(revision_id: str) -> Revision:
    row = Revision.objects.select_related("agreement").filter(pk=revision_id).first()
    if row is None:
        raise RevisionFault("This revision", "is not here.", "Look at the list of agreements.")
    return row


def _annex_keeper(row: Agreement) -> people.PartyCard:
    """The party that keeps the annex, as the newest text says."""
    document = reads.newest_document(str(row.pk))
    annex = document.all(NamedPersons) if document else ()
    if not annex:
        raise RevisionFault(
            row.title, "has no annex of named persons.", "Name people in an agreement that has one."
        )
    keeper = people.party_by_slug(annex[0].kept_by)
    assert keeper is not None  # it is a party of the stored agreement
    return keeper


def _party_of(row: Agreement, by: people.PersonCard) -> people.PartyCard:
    mine = {party for party, _role in by.roles}
    here = {str(pk) for pk in row.parties.values_list("pk", flat=True)}
    for card in people.parties():
        if card.id in mine & here:
            return card
    raise RevisionFault(f"{by.name}", "belongs to no party of this agreement.", "Ask somebody of a party.")


def _record(
    kind: str,
    revision: Revision,
    by: people.PersonCard | None,
    *,
    outcome: str,
    text: str,
    party: str = "",
    bump: bool = False,
) -> None:
    entry = NewEntry(
        type=kind,
        agreement=revision.agreement.slug,
        policy=revision.cedar_hash,
        party=party or (by.party_slug if by else ""),
        outcome=outcome,
        reason_code=revision.canonical_hash,
        secret={"person": people.as_secret(by), "text": Secret("", text)},
    )
    ledger.append([entry], bump="world" if bump else None)


def _record_person(
    row: Agreement,
    outcome: str,
    card: people.PersonCard,
    position: str,
    party: str,
    by: people.PersonCard | None,
) -> None:
    who = f" by {people.as_secret(by).value}"
    secret = {"person": people.as_secret(card), "text": Secret("", f"{position or 'taken out'}{who}")}
    entry = NewEntry(type="person_change", agreement=row.slug, party=party, outcome=outcome, secret=secret)
    ledger.append([entry], bump="world")


def _record_state(
    row: Agreement, kind: str, outcome: str, party: str, by: people.PersonCard, reason: str
) -> None:
    secret = {"person": people.as_secret(by)} | ({"text": Secret("", reason)} if reason else {})
    entry = NewEntry(type=kind, agreement=row.slug, party=party, outcome=outcome, secret=secret)
    ledger.append([entry], bump="world")
