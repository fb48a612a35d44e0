"""Who may change access for a party: propose, decide, withdraw. One rule for pages, API and actions. Reads only.

For the owner: whom its house policy lets manage, and its superintendent; while no house policy runs, also its IT and security.
For an agency: its head, and whoever holds the role `keeper` there (keeps the annex and its people's roles).
"""

from __future__ import annotations

from sightpact.access.changes.kinds import Concerned
from sightpact.access.facts import Snapshot
from sightpact.agreements.suspending import HEADS
from sightpact.decide.facts import Action, Grant
from sightpact.people.reads import PersonCard

KEEPERS = (*HEADS, "keeper")
BEGINNERS = ("it", "security")
"""At an owner, while no house policy says who manages: somebody must be able to begin."""


def acts_for(snapshot: Snapshot, person: PersonCard) -> frozenset[str]:
    """Ids of the parties for which this person may change access. Empty for somebody who was taken out."""
    known = snapshot.names.persons.get(person.id)
    if known is None or not known.active:
        return frozenset()
    agreements = snapshot.world.inventory.agreements
    ruled = {a.owner for a in agreements if a.is_house}
    found = set()
    for party, role in known.roles:
        card = snapshot.names.parties.get(party)
        if card is None:
            continue
        begins = card.kind == "owner" and role in BEGINNERS and party not in ruled
        heads = role in (HEADS if card.kind == "owner" else KEEPERS)
        if begins or heads or isinstance(snapshot.answer(person.id, Action.MANAGE, party), Grant):
            found.add(party)
    return frozenset(found)


def may_propose(snapshot: Snapshot, person: PersonCard, concerned: Concerned) -> bool:
    """What the agency countersigns, the owner alone proposes."""
    mine = acts_for(snapshot, person)
    return (
        concerned.owner in mine
        if concerned.countersigned
        else bool(mine & {concerned.owner, concerned.agency})
    )


def countersigns(snapshot: Snapshot, person: PersonCard, concerned: Concerned) -> bool:
    return concerned.agency in acts_for(snapshot, person)


def may_decide(
    snapshot: Snapshot, person: PersonCard, owner: str, agency: str | None, by: str | None, about: str | None
) -> bool:
    """A second person: acts for one of the parties concerned, did not propose it, and gains nothing by it. Ids.

    `by` None: it came from the server's command line. Whoever runs the server may well have typed it.
    """
    if person.id in (by, about) or (by is None and runs_the_server(person)):
        return False
    return may_propose(snapshot, person, Concerned(owner, agency))


def runs_the_server(person: PersonCard) -> bool:
    """IT has, or can get, the server's own account."""
    return any(role == "it" for _party, role in person.roles)
