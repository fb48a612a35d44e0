"""That somebody read the record stands in the record too. The only writes of this slice."""

from __future__ import annotations

from django.db import transaction

from sightpact.ledger import actions as ledger
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard


def note_read(person: PersonCard, question: str) -> int:
    """Write down who read what.

    1. Append `record_read` with the question asked. Returns the number of that entry.

    Args:
        question: the filters, as text.
    """
    with transaction.atomic():
        secret = {"person": people.as_secret(person), "text": Secret("", question)}
        (receipt,) = ledger.append([NewEntry("record_read", party=person.party_slug, outcome="read", secret=secret)])
        return receipt.index
