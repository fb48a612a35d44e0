"""Signing keys of the parties, and what they sign.

A party's first key is taken on trust; each further one is vouched for by the party itself.
Never: a key withdrawn that leaves its party without one, or a withdrawn key that counts again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from sightpact.agreements import reads, signing
from sightpact.agreements.actions.entries import find_revision, record
from sightpact.agreements.errors import SignatureFault
from sightpact.agreements.models import Signature, SigningKey
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads as people


def enrol_signing_key(
    party: str,
    public_pem: str,
    holder: str,
    by: people.PersonCard | None = None,
    vouched: Mapping[str, Any] | None = None,
) -> str:
    """Enrol a party's public key; returns its keyid.

    1. Read the key. 2. Refuse one that another party holds, and one that was withdrawn.
    3. Where the party has a key already: refuse a further one that no key of the party vouches for.
    4. Store it; write `key_enrolled`.

    Args:
        party: slug.
        holder: who keeps the private half, by office: "Superintendent".
        vouched: DSSE envelope over `signing.key_statement`, by a key that the party has already.
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
            if known.withdrawn_utc is not None:
                raise SignatureFault("This key", "was withdrawn, for good.", "Make a new one.")
            return name
        voucher = ""
        if SigningKey.objects.filter(party_id=card.id).exists():
            voucher = signing.verify_vouched(vouched, party, public_pem, reads.active_keys(party))
        SigningKey.objects.create(
            party_id=card.id, keyid=name, public_pem=public_pem, holder=holder, vouched_by=voucher
        )
        how = f", vouched for by key {voucher}" if voucher else ", the first of this party"
        secret = {
            "person": people.as_secret(by),
            "text": Secret("", f"Signing key of {card.name}, held by {holder}{how}"),
        }
        ledger.append(
            [NewEntry(type="key_enrolled", party=party, outcome="enrolled", reason_code=name, secret=secret)],
            bump="world",
        )
        return name


def withdraw_signing_key(name: str, by: people.PersonCard | None = None, reason: str = "") -> bool:
    """A key counts no more, and no signature by it: a text signed with it stops running until it is signed again.

    1. Find it. 2. Refuse to withdraw the last one of its party: nobody could vouch for the next.
    3. Claim it. 4. Write `key_withdrawn`; bump the world, so that the gate cuts what hung on it.

    Args:
        name: keyid, or its beginning (at least eight characters).
    Returns:
        False when it was withdrawn already.
    Raises:
        SignatureFault.
    """
    with transaction.atomic():
        rows = list(SigningKey.objects.filter(keyid__startswith=name).select_related("party")[:2])
        if len(name) < 8 or len(rows) != 1:
            why = "is not here." if len(name) >= 8 and not rows else "is not told clearly enough."
            raise SignatureFault(f"Key '{name}'", why, "List them: sightpact agreement keys.")
        row = rows[0]
        if row.withdrawn_utc is not None:
            return False
        if not SigningKey.objects.filter(party=row.party, withdrawn_utc=None).exclude(pk=row.pk).exists():
            raise SignatureFault(
                f"Key '{row.keyid[:16]}'",
                f"is the only one of {row.party.name}.",
                "Enrol the next one first (sightpact agreement vouch), sign again with it, then withdraw this one."
                " To close at once: sightpact agreement suspend.",
            )
        if not SigningKey.objects.filter(pk=row.pk, withdrawn_utc=None).update(withdrawn_utc=clock.now()):
            return False
        text = f"Signing key of {row.party.name}, held by {row.holder}" + (f": {reason}" if reason else "")
        secret = {"person": people.as_secret(by), "text": Secret("", text)}
        entry = NewEntry(
            type="key_withdrawn",
            party=row.party.slug,
            outcome="withdrawn",
            reason_code=row.keyid,
            secret=secret,
        )
        ledger.append([entry], bump="world")
        return True


def add_signature(
    revision_id: str, party: str, envelope: Mapping[str, Any], by: people.PersonCard | None = None
) -> bool:
    """Add one party's signature, or put one by another of its keys in its place; False when it was there already.

    1. Find the revision; the party must be one of its own.
    2. Verify the envelope with this party's enrolled keys, over exactly this revision.
    3. Store it; write `agreement_signed`, and `agreement_in_force` when it was the last one.
    4. Bump the world: what is signed may open something.

    Raises:
        SignatureFault: nothing is stored.
        RevisionFault: there is no such revision.
    """
    with transaction.atomic():
        revision = find_revision(revision_id)
        before = reads.verdict(revision_id)
        if before.document is None or before.made is None:
            raise SignatureFault("This revision", before.says, "Restore it from the signed text.")
        owner = revision.agreement.parties.filter(slug=party).first()
        if owner is None:
            raise SignatureFault(f"'{party}'", "is not a party of this agreement.", "Sign as a party of it.")
        content = signing.payload(before.document, before.made)
        used = signing.verify_party(envelope, content, reads.active_keys(party))
        if dict(before.signed_by).get(party) == used:
            return False
        Signature.objects.update_or_create(
            revision=revision, party=owner, defaults={"envelope": dict(envelope), "signed_utc": clock.now()}
        )
        record("agreement_signed", revision, by, outcome="signed", party=party, text=f"Key {used}", bump=True)
        if reads.verdict(revision_id).runs:
            record(
                "agreement_in_force",
                revision,
                by,
                outcome="signed_by_all",
                text=f"Revision {revision.number}",
            )
        return True
