"""That somebody read the record stands in the record too. The only writes of this slice."""

from __future__ import annotations

from django.db import transaction

from sightpact.access import emergency_journal
from sightpact.access.errors import UNWRITABLE, LogUnwritable
from sightpact.ledger import actions as ledger
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard
from sightpact.record.reviews import Drawn, Due

FINDINGS = ("fine", "questions")
"""What a reviewer may find: every view has its reason, or some are asked about."""


def sign_review(person: PersonCard, span: Due, drawn: Drawn, finding: str, note: str) -> int:
    """Sign that a drawn sample was looked at. Returns the entry's number; signed already: that one's.

    1. Whoever signs was named by the section, and the sample drawn: the caller looked (`reviews.one`, `reviews.draw`).
    2. Append `review_signed` with the span, the finding, and what anybody needs to draw the sample again.

    Args:
        finding: one of FINDINGS. note: what was found, in the reviewer's words.
    Raises:
        LogUnwritable: the record cannot be written; nothing is signed.
    """
    if finding not in FINDINGS:
        raise ValueError(f"{finding!r} is not a finding")
    if span.signed is not None:
        return span.signed.index
    text = f"{len(drawn.indexes)} of {drawn.views} views, drawn by {drawn.seed} at size {drawn.size}"
    entry = NewEntry(
        "review_signed",
        agreement=span.agreement,
        clause=span.section,
        party=person.party_slug,
        outcome=finding,
        reason_code=span.key,
        secret={"person": people.as_secret(person), "text": Secret("", f"{text}. {note}".strip())},
    )
    try:
        with transaction.atomic():
            (receipt,) = ledger.append([entry])
            return receipt.index
    except UNWRITABLE as fault:
        raise LogUnwritable(
            "This review is not signed.",
            "The record cannot be written now.",
            "Try again when its disk has room.",
        ) from fault


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
