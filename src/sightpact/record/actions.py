"""That somebody read the record stands in the record too. The only writes of this slice."""

from __future__ import annotations

from django.db import transaction

from sightpact.access import emergency_journal
from sightpact.access.errors import UNWRITABLE, LogUnwritable
from sightpact.ledger import actions as ledger
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard


def note_read(person: PersonCard, question: str) -> int | None:
    """Write down who read what.

    1. Append `record_read` with the question asked. Returns the number of that entry.
    2. If the record cannot be written: the reserved journal takes it, and there is no number yet (None).

    Args:
        question: the filters, as text.
    Raises:
        LogUnwritable: that it was read can be written nowhere, so it is not shown.
    """
    secret = {"person": people.as_secret(person), "text": Secret("", question)}
    entry = NewEntry("record_read", party=person.party_slug, outcome="read", secret=secret)
    try:
        with transaction.atomic():
            (receipt,) = ledger.append([entry])
            return receipt.index
    except UNWRITABLE as fault:
        if emergency_journal.keep_entries([entry], keep_free=emergency_journal.FOR_PICTURES):
            return None
        raise LogUnwritable(
            "The record is not shown now.",
            "That it was read cannot be written.",
            "Free space on the server's disk.",
        ) from fault
