"""Who may suspend an agreement and take that back: one rule, asked by the action, the page and the command.

The section on the term says that each party can. Who acts for a party in this: the heads who sign for it. Reads only.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from sightpact.agreements.models import Agreement
from sightpact.people.reads import PersonCard

HEADS = ("superintendent", "chief", "director")
"""Roles that sign for a party. No section names anybody else for suspending."""


def acts_for(person: PersonCard) -> frozenset[str]:
    """Ids of the parties that this person heads."""
    return frozenset(party for party, role in person.roles if role in HEADS) if person.active else frozenset()


def may(slug: str, person: PersonCard) -> Literal["suspend", "resume", ""]:
    """What this person may do to an agreement now; "" also where there is none that they may know of."""
    mine = acts_for(person)
    row = Agreement.objects.filter(slug=slug, parties__in=[UUID(party) for party in mine]).distinct().first()
    if row is None:
        return ""
    if row.suspended_utc is None:
        return "suspend"
    return "resume" if str(row.suspended_party_id) in mine else ""
