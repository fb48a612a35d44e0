"""What the actions on agreements share: finding a row, and its entry in the ledger."""

from __future__ import annotations

from sightpact.agreements.errors import RevisionFault
from sightpact.agreements.models import Agreement, Revision
from sightpact.ledger import actions as ledger
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads as people


def find_agreement(slug: str) -> Agreement:
    row = Agreement.objects.filter(slug=slug).first()
    if row is None:
        raise RevisionFault(f"Agreement '{slug}'", "is not here.", "Look at the list of agreements.")
    return row


def find_revision(revision_id: str) -> Revision:
    row = Revision.objects.select_related("agreement").filter(pk=revision_id).first()
    if row is None:
        raise RevisionFault("This revision", "is not here.", "Look at the list of agreements.")
    return row


def record(
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
