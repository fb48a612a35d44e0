"""Rounds between the parties: a draft is proposed as the next revision, countered by another one, accepted by all.

Never: a text with a fault, or one whose guarantees do not hold; an acceptance of anything but the newest round.
"""

from __future__ import annotations

from django.db import transaction

from sightpact.agreements import acting, drafting, reads, soundness, suspending
from sightpact.agreements.actions.entries import find_agreement, record
from sightpact.agreements.actions.texts import RESERVED, store_revision
from sightpact.agreements.document import Document
from sightpact.agreements.drafting import DraftCard
from sightpact.agreements.errors import (
    DocumentFaults,
    DraftConflict,
    DraftFault,
    GuaranteesBroken,
    RoundFault,
)
from sightpact.agreements.models import Agreed, Agreement, Draft, Revision, Round
from sightpact.agreements.standing import on_the_table
from sightpact.ledger import clock
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard

MOST_NOTE = 1000  # characters


def propose(draft_id: str, version: int, by: PersonCard, note: str = "") -> int:
    """Put a draft before the other parties as the next revision; returns its number.

    1. `by` must head the draft's party; the draft must be open and stand at this version.
    2. Read it strictly; try every case over the people and cameras as they are stored: outside the transaction, since a
    proposal opens nothing and nobody else need wait.
    3. Take the agreement's place in line: refuse a draft that has not seen the newest revision.
    4. Store the revision, the round, and this party's acceptance; close the draft.
    5. Write `agreement_proposed` or `agreement_countered`; with a single party also `agreement_agreed`.

    Args:
        version: of the draft, as `by` has read it.
        note: a word to the other parties.
    Raises:
        DocumentFaults: what is wrong with it, each with its place. GuaranteesBroken: with a case in plain words.
        DraftConflict: it was saved in the meantime. DraftFault, RoundFault, RevisionFault.
    """
    card = _ready(draft_id, version, by)
    number = (card.newest or 0) + 1
    document = _sound(card, number, by)
    with transaction.atomic():
        draft = _claimed(card, version)
        agreement = Agreement.objects.select_for_update().filter(slug=document.slug).first()
        _refuse_behind(agreement, draft)
        before = Round.objects.filter(revision__agreement__slug=document.slug).order_by("-revision__number")
        latest = before.filter(withdrawn_utc=None).select_related("revision").first()
        countered = latest if latest is not None and not _is_agreed(latest.revision) else None
        stored = store_revision(document, by)
        revision = Revision.objects.select_related("agreement").get(pk=stored)
        if Round.objects.filter(revision=revision).exists():
            raise RoundFault(document.title, "was proposed a moment ago.", "Read that revision.")
        now = clock.now()
        Round.objects.create(
            revision=revision,
            party_id=card.party_id,
            proposed_by_id=by.id,
            proposed_utc=now,
            counters=countered,
            note=note.strip()[:MOST_NOTE],
        )
        Agreed.objects.create(revision=revision, party_id=card.party_id, agreed_by_id=by.id, agreed_utc=now)
        Draft.objects.filter(pk=draft.pk).update(proposed=revision, agreement=revision.agreement)
        kind = "agreement_countered" if _by_another(countered, card) else "agreement_proposed"
        text = f"Revision {number}" + (f": {note.strip()[:MOST_NOTE]}" if note.strip() else "")
        record(kind, revision, by, outcome="proposed", text=text, party=card.party_slug)
        if _is_agreed(revision):
            record("agreement_agreed", revision, by, outcome="by_all", text=text, party=card.party_slug)
    return number


def accept(agreement: str, number: int, by: PersonCard) -> bool:
    """Accept a revision as the text, for a party; False when that party has accepted it already.

    1. `by` must head a party of this agreement. 2. The revision must be the newest one, and have come by a round.
    3. Store the acceptance; write `agreement_agreed`, with outcome `by_all` when it was the last one missing.

    Raises:
        RevisionFault, RoundFault.
    """
    with transaction.atomic():
        row = find_agreement(agreement)
        Agreement.objects.select_for_update().get(pk=row.pk)
        refuse_ended(row)
        here = {str(pk): slug for pk, slug in row.parties.values_list("pk", "slug")}
        mine = sorted(acting.heads_for(by) & set(here))
        if not mine:
            raise _not_head(by, "accept a text")
        revision = on_the_table(row)
        if (
            Round.objects.filter(revision__agreement=row, revision__number=number)
            .exclude(withdrawn_utc=None)
            .exists()
        ):
            raise RoundFault(f"Revision {number}", "was withdrawn.", "Look at the list of rounds.")
        if revision is None or revision.number != number:
            newest = revision.number if revision else 0
            raise RoundFault(
                f"Revision {number}",
                f"is not on the table any more: revision {newest} is.",
                "Read that one, then accept it or answer it.",
            )
        if not Round.objects.filter(revision=revision).exists():
            raise RoundFault(
                f"Revision {number}", "was stored on the server, not proposed.", "Sign it as it is."
            )
        given = {
            str(party): str(person) for party, person in revision.agreed.values_list("party", "agreed_by")
        }
        party = next((each for each in mine if each not in given), None)
        if party is None:
            return False
        if by.id in given.values():
            raise RoundFault(
                by.name,
                "has accepted it for another party.",
                "Nobody agrees with themselves: ask another head.",
            )
        Agreed.objects.create(revision=revision, party_id=party, agreed_by_id=by.id, agreed_utc=clock.now())
        outcome = "by_all" if _is_agreed(revision) else "by_party"
        text = f"Revision {number}"
        record("agreement_agreed", revision, by, outcome=outcome, text=text, party=here[party])
        return True


def _ready(draft_id: str, version: int, by: PersonCard) -> DraftCard:
    card = drafting.load(draft_id, by)
    if card is None:
        raise DraftFault("This draft", "is not here.", "Look at the list of your side's drafts.")
    if card.party_id not in acting.heads_for(by):
        raise _not_head(by, "propose a text")
    if card.proposed is not None:
        raise DraftFault(card.title, f"was proposed as revision {card.proposed}.", "Read that revision.")
    if card.discarded_utc is not None:
        raise DraftFault(card.title, "is discarded.", "Take it back first.")
    if card.version != version:
        raise DraftConflict(card.title, card.version, card.saved_by, card.saved_utc)
    return card


def _sound(card: DraftCard, number: int, by: PersonCard) -> Document:
    document, faults = drafting.checked(card.document, number)
    if document is None or faults:
        raise DocumentFaults(card.slug, faults)
    if card.agreement and document.slug != card.agreement:
        raise RoundFault(
            card.title,
            f"calls itself '{document.slug}', and the agreement is '{card.agreement}'.",
            f"Write {card.agreement} as its short name.",
        )
    if document.slug in RESERVED:
        raise RoundFault(
            card.title, f"cannot be called '{document.slug}'.", "Choose another short name for it."
        )
    if card.party_slug not in [p.slug for p in document.parties]:
        raise RoundFault(
            card.title,
            f"does not name {card.party_name} as a party.",
            "Add it in the section on the parties.",
        )
    owner = next((c for c in people.parties() if c.slug == document.owner and c.kind == "owner"), None)
    of_owner = owner is not None and any(party == owner.id for party, _role in by.roles)
    if examples := soundness.broken(document, for_owner=of_owner):
        raise GuaranteesBroken(document.title, examples)
    return document


def _claimed(card: DraftCard, version: int) -> Draft:
    row = Draft.objects.select_for_update().select_related(None).get(pk=card.id)
    if row.version != version or row.proposed_id is not None or row.discarded_utc is not None:
        raise DraftConflict(card.title, row.version, row.saved_by.name, row.saved_utc)
    return row


def _refuse_behind(agreement: Agreement | None, draft: Draft) -> None:
    if agreement is not None and draft.agreement_id is not None:
        refuse_ended(agreement)
    newest = agreement.revisions.order_by("-number").first() if agreement else None
    if newest is None or newest.pk == draft.base_id:
        return
    if draft.agreement_id is None:
        raise RoundFault(
            draft.title,
            f"would be called '{newest.agreement.slug}', and that short name is taken.",
            "Choose another one. To change an agreement, begin the draft from it.",
        )
    raise RoundFault(
        draft.title,
        f"has not seen revision {newest.number}, which came in the meantime.",
        "Compare the two, take over what you want, then propose again.",
    )


def refuse_ended(agreement: Agreement) -> None:
    """Nothing more is agreed under an agreement that a party has ended."""
    ended = reads.terminated_from(agreement)
    if ended is not None and ended <= clock.now():
        raise RoundFault(
            agreement.title, "has ended for good.", "Make a new agreement of it, under another short name."
        )


def _is_agreed(revision: Revision) -> bool:
    """Have all its parties accepted it?"""
    parties = set(revision.agreement.parties.values_list("pk", flat=True))
    return parties <= set(revision.agreed.values_list("party_id", flat=True))


def _by_another(countered: Round | None, card: DraftCard) -> bool:
    return countered is not None and str(countered.party_id) != card.party_id


def _not_head(by: PersonCard, what: str) -> RoundFault:
    return RoundFault(
        by.name, f"may not {what} for a party of this.", f"Ask a {' or a '.join(suspending.HEADS)}."
    )
