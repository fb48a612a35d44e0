"""A party takes its proposal off the table, while nobody else has accepted it. What was on the table before is on it again.

Never: a text that another party has accepted, votes on or signed; a revision itself is never removed.
"""

from __future__ import annotations

from django.db import transaction

from sightpact.agreements import acting, suspending
from sightpact.agreements.actions.entries import find_agreement, record
from sightpact.agreements.actions.rounds import refuse_ended
from sightpact.agreements.errors import RoundFault
from sightpact.agreements.models import Agreement, Round
from sightpact.agreements.standing import on_the_table
from sightpact.ledger import clock
from sightpact.people.reads import PersonCard

MOST_REASON = 400  # characters


def withdraw(agreement: str, number: int, by: PersonCard, reason: str = "") -> bool:
    """Withdraw the proposal that is on the table; False when it was withdrawn already.

    1. Take the agreement's place in line. 2. `by` must head the party that proposed this revision.
    3. It must be on the table, and nobody but that party may have accepted it.
    4. Mark the round; write `agreement_withdrawn`. The round before, if one is open, is on the table again.

    Args:
        agreement: slug. number: of the revision.
        reason: a word to the other parties.
    Raises:
        RevisionFault, RoundFault: says what stands in the way, and what can be done instead.
    """
    what = f"Revision {number}"
    with transaction.atomic():
        row = find_agreement(agreement)
        Agreement.objects.select_for_update().get(pk=row.pk)
        refuse_ended(row)
        turn = (
            Round.objects.select_related("revision", "party")
            .filter(revision__agreement=row, revision__number=number)
            .first()
        )
        if turn is None:
            raise RoundFault(what, "was not proposed here.", "Look at the list of rounds.")
        if str(turn.party_id) not in acting.heads_for(by):
            heads = " or a ".join(suspending.HEADS)
            raise RoundFault(
                by.name, f"may not withdraw what {turn.party.name} proposed.", f"Ask a {heads} of that party."
            )
        if turn.withdrawn_utc is not None:
            return False
        _refuse_accepted(what, row, turn)
        Round.objects.filter(pk=turn.pk, withdrawn_utc=None).update(
            withdrawn_utc=clock.now(), withdrawn_by_id=by.id
        )
        why = reason.strip()[:MOST_REASON]
        text = what + (f": {why}" if why else "")
        party = turn.party.slug
        record("agreement_withdrawn", turn.revision, by, outcome="withdrawn", text=text, party=party)
        return True


def _refuse_accepted(what: str, row: Agreement, turn: Round) -> None:
    newest = on_the_table(row)
    if newest is None or newest.pk != turn.revision_id:
        at = newest.number if newest else 0
        raise RoundFault(
            what, f"is not on the table any more: revision {at} is.", "There is nothing to withdraw."
        )
    others = turn.revision.agreed.exclude(party_id=turn.party_id).select_related("party").first()
    if others is not None:
        raise RoundFault(
            what, f"was accepted by {others.party.name}.", "Propose a changed text, or end the agreement."
        )
    if turn.revision.agreement.parties.count() == 1:
        raise RoundFault(what, "is your own and agreed already.", "Propose a changed text.")
