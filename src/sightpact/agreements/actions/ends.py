"""Ending an agreement for good: a party's head says from when. Until that instant the same party can take it back.

Never: an end in the past; an ended agreement that comes back (a new one is a new agreement).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sightpact.agreements import acting, reads, suspending
from sightpact.agreements.actions.entries import find_agreement
from sightpact.agreements.errors import RoundFault
from sightpact.agreements.models import Agreement, Termination
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret, stamp
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard


def terminate(agreement: str, by: PersonCard, reason: str, from_utc: datetime | None = None) -> datetime:
    """End an agreement, now or from an instant on; returns the instant. It cuts then, also a running emergency.

    1. `by` must head a party of it; a reason is needed. 2. Refuse where it has ended, and where this party has said so
    already. 3. Store it; write `agreement_terminated`; bump the world, so that the gate cuts, or sets its timer.

    Args:
        from_utc: aware; None: now.
    Raises:
        RevisionFault, RoundFault.
    """
    with transaction.atomic():
        row = find_agreement(agreement)
        Agreement.objects.select_for_update().get(pk=row.pk)
        party = _party_of(row, by)
        now = clock.now()
        at = now if from_utc is None else from_utc
        if not reason.strip():
            raise RoundFault(row.title, "no reason is given.", "Say why it ends, for the record.")
        if at < now:
            raise RoundFault(
                row.title, "that day has begun or is over.", "Choose a later one, or end it now."
            )
        ended = reads.terminated_from(row)
        if ended is not None and ended <= now:
            raise RoundFault(row.title, "has ended already.", "Nothing more is to be done.")
        if row.terminations.filter(party_id=party.id, withdrawn_utc=None).exists():
            raise RoundFault(
                row.title,
                "your side has said from when it ends.",
                "To name another day, take that back first.",
            )
        Termination.objects.create(
            agreement=row,
            party_id=party.id,
            given_by_id=by.id,
            given_utc=now,
            from_utc=at,
            reason=reason.strip()[:500],
        )
        _record(
            row,
            "now" if from_utc is None else "from_a_day",
            party,
            by,
            f"{stamp(at)}: {reason.strip()[:500]}",
        )
        return at


def withdraw_termination(agreement: str, by: PersonCard) -> bool:
    """Take back that it ends, before it does; False when this party has said no such thing.

    1. `by` must head the party that said it. 2. Refuse once it has ended. 3. Claim it; write `agreement_terminated` with
    outcome `withdrawn`; bump the world.

    Raises:
        RevisionFault, RoundFault.
    """
    with transaction.atomic():
        row = find_agreement(agreement)
        party = _party_of(row, by)
        now = clock.now()
        mine = row.terminations.filter(party_id=party.id, withdrawn_utc=None)
        if mine.filter(from_utc__lte=now).exists():
            raise RoundFault(row.title, "has ended.", "Make a new agreement; begin the draft from this one.")
        if not mine.update(withdrawn_utc=now, withdrawn_by_id=by.id):
            return False
        _record(row, "withdrawn", party, by, "")
        return True


def _party_of(row: Agreement, by: PersonCard) -> people.PartyCard:
    here = {str(pk) for pk in row.parties.values_list("pk", flat=True)}
    mine = acting.heads_for(by) & here
    for card in people.parties():
        if card.id in mine:
            return card
    raise RoundFault(by.name, "may not end this for a party.", f"Ask a {' or a '.join(suspending.HEADS)}.")


def _record(row: Agreement, outcome: str, party: people.PartyCard, by: PersonCard, text: str) -> None:
    secret = {"person": people.as_secret(by)} | ({"text": Secret("", text)} if text else {})
    entry = NewEntry(
        "agreement_terminated", agreement=row.slug, party=party.slug, outcome=outcome, secret=secret
    )
    ledger.append([entry], bump="world")
