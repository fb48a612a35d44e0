"""From a text to the facts that decisions are made from. Pure.

Everything comes from the text; from outside only ids, the instants between which it counts, and a suspension.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sightpact.agreements.cedar import (
    Made,
    aid_parties,
    emergency_kinds,
    further_acts,
    hours_of,
    situation_kinds,
)
from sightpact.agreements.clauses.limits import Limited
from sightpact.agreements.clauses.people import NamedPersons
from sightpact.agreements.clauses.terms import Leases, LogUnwritable
from sightpact.agreements.document import Document
from sightpact.agreements.scopes import camera_lists
from sightpact.decide import facts


def agreement_fact(
    document: Document,
    made: Made,
    party_ids: Mapping[str, str],
    id: str,
    in_force_from: datetime,
    in_force_until: datetime | None,
    suspended: bool = False,
) -> facts.Agreement:
    """The agreement as `decide` knows it.

    Args:
        party_ids: id of each of the text's parties, by slug.
        id: of the agreement.
        in_force_from, in_force_until: aware UTC.
    """
    leases = document.one(Leases)
    return facts.Agreement(
        id=id,
        owner=party_ids[document.owner],
        parties=frozenset(party_ids[p.slug] for p in document.parties),
        in_force_from=in_force_from,
        in_force_until=in_force_until,
        suspended=suspended,
        cedar=made.cedar,
        schema=made.schema,
        policy_hash=made.cedar_hash,
        emergencies=emergency_kinds(document),
        standing_lease_s=float(leases.standing_s),
        emergency_lease_s=float(leases.emergency_s),
        log_unwritable=document.one(LogUnwritable).then,
        is_house=document.house,
        slug=document.slug,
        situations=situation_kinds(document),
        hours=hours_of(document),
        viewers=viewers_of(document),
        aid=aid_parties(document),
        lists=camera_lists(document),
        acts=further_acts(document),
    )


def viewers_of(document: Document) -> tuple[tuple[str, int], ...]:
    """(section, most people at once under it), for the sections that have such a limit."""
    return tuple(
        (c.number, c.viewers) for c in document.clauses if isinstance(c, Limited) and c.viewers is not None
    )


def all_named(stock: facts.Inventory, document: Document, agreement: str) -> facts.Inventory:
    """A world in which everybody of the party that keeps the annex is named: the most that a text without one could open."""
    ids = {p.slug: p.id for p in stock.parties.values()}
    keepers = {ids.get(clause.kept_by) for clause in document.all(NamedPersons)}
    persons = {
        p.id: replace(p, named_in=p.named_in | {agreement}) if keepers & {at for at, _ in p.roles} else p
        for p in stock.persons.values()
    }
    return replace(stock, persons=persons)
