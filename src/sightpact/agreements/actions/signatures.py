"""What the parties sign: a signature is verified before it is stored, whatever its form.

Never: one that does not count, one by a person who may not sign, or a text in force whose guarantees do not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from sightpact.agreements import (
    life,
    paper_signing,
    passkey_signing,
    reads,
    scans,
    signers,
    signing,
)
from sightpact.agreements.actions.entries import find_revision, record
from sightpact.agreements.actions.keys import own_passkey
from sightpact.agreements.actions.proving import prove_what_runs
from sightpact.agreements.errors import GuaranteesBroken, SignatureFault
from sightpact.agreements.models import Signature, SigningKey
from sightpact.ledger import clock
from sightpact.people import reads as people


def add_signature(
    revision_id: str, party: str, envelope: Mapping[str, Any], by: people.PersonCard | None = None
) -> bool:
    """Add one party's signature, or put one by another of its keys in its place; False when it was there already.

    1. Find the revision; the party must be one of its own.
    2. Verify the envelope with this party's enrolled keys, over exactly this revision; of a paper the scan must be here.
    3. Store it; write `agreement_signed`, and `agreement_in_force` when it was the last one.
    4. Bump the world: what is signed may open something.

    Args:
        envelope: DSSE, passkey signature, or paper with its attestation.
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
        used = signing.verify_party(envelope, content, reads.active_keys(party), party=party)
        scan = signing.scan_of(envelope)
        if scan and not scans.is_whole(scan):
            raise SignatureFault(
                "This signature on paper",
                "comes without its scan, or with another one.",
                "Bring the scan first: sightpact agreement put-scan FILE.",
            )
        if dict(before.signed_by).get(party) == used:
            return False
        Signature.objects.update_or_create(
            revision=revision, party=owner, defaults={"envelope": dict(envelope), "signed_utc": clock.now()}
        )
        text = _told(envelope, used)
        record("agreement_signed", revision, by, outcome="signed", party=party, text=text, bump=True)
        if reads.verdict(revision_id).runs:
            record(
                "agreement_in_force",
                revision,
                by,
                outcome="signed_by_all",
                text=f"Revision {revision.number}",
            )
        return True


def sign(revision_id: str, party: str, envelope: Mapping[str, Any], by: people.PersonCard) -> bool:
    """Sign for a party on its page; False when it was signed with that key already.

    1. The text must be agreed by all its parties. 2. `by` must be one who signs it for the party, or attests its paper.
    3. A passkey must be this person's own, and nobody signs for two parties.
    4. Add the signature. 5. When it was the last one: try every case of what runs then, and write the certificates; a
    guarantee that does not hold undoes it.

    Args:
        by: who is signed in.
    Raises:
        SignatureFault, RevisionFault: nothing is stored.
    """
    with transaction.atomic():
        verdict = reads.verdict(str(find_revision(revision_id).pk))
        card = people.party_by_slug(party)
        if verdict.document is None or card is None:
            raise SignatureFault("This revision", verdict.says, "Restore it from the signed text.")
        if not life.is_agreed(revision_id):
            raise SignatureFault(
                f"Revision {verdict.document.revision}",
                "is not agreed yet by all parties.",
                "Accept it, or answer it, on the page of the agreement.",
            )
        on_paper = signing.form_of(envelope) == paper_signing.TYPE
        may = signers.may_attest if on_paper else signers.may_sign
        if not may(by, card.id, party, verdict.document):
            roles = " or ".join(signers.roles_that_sign(verdict.document, party)).replace("_", " ")
            raise SignatureFault(by.name, f"does not sign this text for {card.name}.", f"Ask its {roles}.")
        own_passkey(envelope.get("attestation", {}) if on_paper else envelope, party, by)
        others = [key for slug, key in verdict.signed_by if slug != party]
        if SigningKey.objects.filter(keyid__in=others, person_id=by.id).exists():
            raise SignatureFault(
                by.name,
                "has signed this text for another party already.",
                f"Have somebody else sign for {card.name}.",
            )
        if not add_signature(revision_id, party, envelope, by):
            return False
        if reads.verdict(revision_id).runs:
            _prove(by)
        return True


def _prove(by: people.PersonCard) -> None:
    """Every guarantee of what would run now."""
    try:
        prove_what_runs(by)
    except GuaranteesBroken as fault:
        raise SignatureFault(
            "It is not signed", f"a guarantee would not hold: {fault.why}", fault.next_step
        ) from None


def _told(envelope: Mapping[str, Any], keyid: str) -> str:
    """How it was signed, for the record."""
    paper = paper_signing.paper_of(envelope)
    if paper is not None:
        return (
            f"On paper by {paper.signed_by} on {paper.signed_on}, scan {paper.scan},"
            f" attested by {paper.attested_by}. Key {keyid}"
        )
    if signing.form_of(envelope) == passkey_signing.TYPE:
        return f"By passkey, its counter at {passkey_signing.sign_count(envelope)}. Key {keyid}"
    return f"Key {keyid}"
