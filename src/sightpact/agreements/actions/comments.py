"""Comments on a section of a revision, shared with the other parties or internal to one; each resolved by name.

A remark opens nothing and is nobody's promise, so it is not in the record. Never: an internal comment answered or resolved
by another party, or shown to it.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from sightpact.agreements import acting, reads
from sightpact.agreements.errors import RoundFault
from sightpact.agreements.models import Agreement, Comment, Revision
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard

MOST_TEXT = 2000  # characters
MOST_OPEN = 500  # unresolved comments of one party on one revision


def write(
    agreement: str,
    number: int,
    section: str,
    text: str,
    is_internal: bool,
    by: PersonCard,
    answers: str = "",
) -> str:
    """Write a comment; returns its id.

    1. `by` must comment for a party of this agreement. 2. The section must stand in the revision ("" is the whole text).
    3. An answer goes to a comment that `by` may read, and is as internal as that one. 4. Store it.

    Args:
        number: of the revision.
        answers: id of the comment that it answers; "": none.
    Raises:
        RoundFault.
    """
    plain = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if not plain or len(plain) > MOST_TEXT or "\0" in plain:
        raise RoundFault("This comment", "is empty or too long.", f"Write 1 to {MOST_TEXT} letters.")
    with transaction.atomic():
        row = Agreement.objects.filter(slug=agreement).first()
        party = _party(row, by)
        revision = Revision.objects.filter(agreement=row, number=number).first()
        document = reads.verdict(str(revision.pk)).document if revision else None
        known = {""} | {c.number for c in document.clauses} if document else {""}
        if revision is None or section not in known:
            raise RoundFault(
                f"Section {section}", f"is not in revision {number}.", "Choose one of its sections."
            )
        parent = _readable(answers, party) if answers else None
        if parent is not None and parent.revision_id != revision.pk:
            raise RoundFault("That comment", "is on another revision.", "Answer it there.")
        if Comment.objects.filter(revision=revision, party_id=party, resolved_utc=None).count() >= MOST_OPEN:
            raise RoundFault(
                "Your side", f"has {MOST_OPEN} open comments here.", "Resolve some of them first."
            )
        created = Comment.objects.create(
            revision=revision,
            section=parent.section if parent else section,
            party_id=party,
            is_internal=parent.is_internal if parent else is_internal,
            text=plain,
            answers=parent,
            written_by_id=by.id,
            written_utc=clock.now(),
        )
        return str(created.pk)


def resolve(comment_id: str, by: PersonCard) -> bool:
    """Say that a comment is settled; False when it was already. Either side may, for a shared one.

    1. `by` must be one who may read it. 2. Claim it; their name stands beside it.

    Raises:
        RoundFault.
    """
    with transaction.atomic():
        row = _readable(comment_id, *_parties_of(comment_id, by))
        found = Comment.objects.filter(pk=row.pk, resolved_utc=None)
        return bool(found.update(resolved_utc=clock.now(), resolved_by_id=by.id))


def reopen(comment_id: str, by: PersonCard) -> bool:
    """Take back that a comment is settled; False when it was not.

    1. `by` must be one who may read it. 2. Claim it.
    """
    with transaction.atomic():
        row = _readable(comment_id, *_parties_of(comment_id, by))
        found = Comment.objects.filter(pk=row.pk).exclude(resolved_utc=None)
        return bool(found.update(resolved_utc=None, resolved_by=None))


def _party(row: Agreement | None, by: PersonCard) -> str:
    """The party for which `by` comments on this agreement."""
    here = {str(pk) for pk in row.parties.values_list("pk", flat=True)} if row else set()
    mine = sorted(acting.drafts_for(by) & here)
    if not mine:
        raise RoundFault(by.name, "does not comment for a party of this.", "Ask your head or your counsel.")
    return mine[0]


def _parties_of(comment_id: str, by: PersonCard) -> tuple[str, ...]:
    key = _key(comment_id)
    row = Comment.objects.select_related("revision__agreement").filter(pk=key).first() if key else None
    here = {str(pk) for pk in row.revision.agreement.parties.values_list("pk", flat=True)} if row else set()
    return tuple(sorted(acting.drafts_for(by) & here))


def _readable(comment_id: str, *parties: str) -> Comment:
    """The comment, if one of these parties may read it; for others there is none."""
    key = _key(comment_id)
    row = Comment.objects.filter(pk=key).first() if key and parties else None
    if row is None or (row.is_internal and str(row.party_id) not in parties):
        raise RoundFault("That comment", "is not here.", "Look at the list of comments.")
    return row


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
