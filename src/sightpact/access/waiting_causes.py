"""What would take somebody's access away by routine, and waits for the end of a running emergency. Reads only.

A training date that lapses, a term that ends: neither cuts an incident (`changes.lapse`, `decide.authorize`). Explicit removal,
narrowing and suspension do not wait. An import that would cut is refused with its reason, so it is not in this list.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sightpact.access.facts import Snapshot
from sightpact.agreements import reads as agreements
from sightpact.decide.authorize import is_over_by_its_term
from sightpact.ledger import clock


@dataclass(frozen=True, slots=True)
class WaitingCause:
    """One line for the owner's overseers and for the side that keeps the annex."""

    cause: str  # training, term
    agreement: str  # id
    text: str


def waiting_causes(snapshot: Snapshot) -> tuple[WaitingCause, ...]:
    """What comes true when the running emergencies end; () when none runs."""
    if not snapshot.live:
        return ()
    now = clock.now()
    under = {card.agreement for card in snapshot.live}
    found = [
        WaitingCause(
            "term",
            law.id,
            _("The term of “%(title)s” is over. It counts for the running emergency, until that ends.")
            % {"title": snapshot.names.running[law.id].title},
        )
        for law in snapshot.world.inventory.agreements
        if law.id in under and is_over_by_its_term(law, now)
    ]
    ids = {slug: id for id, slug in snapshot.names.agreement_slugs.items()}
    persons = {card.slug: card.name for card in snapshot.names.persons.values()}
    for slug, person, until in agreements.lapsed():
        text = _(
            "The training of %(name)s counted until %(until)s. The name is taken out when the emergency ends."
        )
        says = text % {"name": persons.get(person, person), "until": until.isoformat()}
        found.append(WaitingCause("training", ids.get(slug, ""), says))
    return tuple(found)
