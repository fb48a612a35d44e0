"""Suspending an agreement, at once and by either party, and taking that back."""

from __future__ import annotations

from django.db import transaction

from sightpact.agreements import suspending
from sightpact.agreements.actions.entries import find_agreement
from sightpact.agreements.errors import RevisionFault
from sightpact.agreements.models import Agreement
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads as people


def suspend(agreement: str, by: people.PersonCard, reason: str = "", at_server: bool = False) -> bool:
    """Suspend an agreement at once; False when it is suspended already.

    1. `by` must be somebody who may act for a party in this (`agreements/suspending.py`). 2. Claim it.
    3. Write `agreement_suspended`; bump the world, so that the gate cuts every picture under it.

    Args:
        at_server: the command line acts for this person; the record says so.
    Raises:
        RevisionFault: there is no such agreement, or `by` may not.
    """
    with transaction.atomic():
        row = find_agreement(agreement)
        party = _party_of(row, by)
        claimed = Agreement.objects.filter(pk=row.pk, suspended_utc=None).update(
            suspended_utc=clock.now(), suspended_by_id=by.id, suspended_party_id=party.id
        )
        if claimed:
            _record(row, "agreement_suspended", "suspended", party.slug, by, reason, at_server)
        return bool(claimed)


def resume(agreement: str, by: people.PersonCard, reason: str = "", at_server: bool = False) -> bool:
    """Take a suspension back; False when it is not suspended. Only the party that suspended it may.

    1. `by` must act for that party. 2. Claim it. 3. Write `agreement_resumed`; bump the world.

    Raises:
        RevisionFault: as `suspend`, or another party suspended it.
    """
    with transaction.atomic():
        row = find_agreement(agreement)
        _party_of(row, by)
        if row.suspended_utc is None:
            return False
        party = row.suspended_party
        if party is None or str(party.pk) not in suspending.acts_for(by):
            raise RevisionFault(
                row.title,
                f"was suspended by {party.name if party else 'nobody known'}.",
                "Only the party that suspended it can resume it.",
            )
        claimed = Agreement.objects.filter(pk=row.pk, suspended_party=party).update(
            suspended_utc=None, suspended_by=None, suspended_party=None
        )
        if claimed:
            _record(row, "agreement_resumed", "resumed", party.slug, by, reason, at_server)
        return bool(claimed)


def _party_of(row: Agreement, by: people.PersonCard) -> people.PartyCard:
    """The party for which `by` suspends or resumes."""
    here = {str(pk) for pk in row.parties.values_list("pk", flat=True)}
    if not any(party in here for party, _role in by.roles):
        raise RevisionFault(
            f"{by.name}", "belongs to no party of this agreement.", "Ask somebody of a party."
        )
    for card in people.parties():
        if card.id in suspending.acts_for(by) & here:
            return card
    raise RevisionFault(
        f"{by.name}",
        "does not act for a party in this.",
        f"Ask a {' or a '.join(suspending.HEADS)} of a party.",
    )


def _record(
    row: Agreement,
    kind: str,
    outcome: str,
    party: str,
    by: people.PersonCard,
    reason: str,
    at_server: bool,
) -> None:
    who = people.as_secret(by)
    if at_server:
        who = Secret(who.key, f"{people.as_secret(None).value}, for {who.value}")
    secret = {"person": who} | ({"text": Secret("", reason)} if reason else {})
    entry = NewEntry(type=kind, agreement=row.slug, party=party, outcome=outcome, secret=secret)
    ledger.append([entry], bump="world")
