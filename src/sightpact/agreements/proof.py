"""The proof of an agreement: every guarantee, in every cell of the finite world. Pure: facts and texts in, a certificate out.

What the guarantees are made from (`terms_of`) is read from the clauses' own fields, never from the policy they compile to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sightpact.agreements import scopes
from sightpact.agreements.clauses.aid import MutualAid
from sightpact.agreements.clauses.base import Clause
from sightpact.agreements.clauses.guarantee import Guarantee
from sightpact.agreements.clauses.people import RecordsRead
from sightpact.agreements.clauses.situations import SituationView
from sightpact.agreements.clauses.views import EmergencyView
from sightpact.agreements.document import Document
from sightpact.agreements.neighbours import only_by_aid
from sightpact.decide import facts
from sightpact.decide.entities import settled
from sightpact.decide.prove import cube
from sightpact.decide.prove.guarantees import GUARANTEES, Broken, Readers, Terms, check
from sightpact.decide.prove.own_guarantees import Own, as_guarantee
from sightpact.decide.prove.table import Table
from sightpact.decide.scope import Scope
from sightpact.ledger.entries import NewEntry, Secret

FORM = "sightpact/guarantees/v1"


@dataclass(frozen=True, slots=True)
class Failed:
    """A guarantee that does not hold, with one example and the sections that open it."""

    broken: Broken
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proven:
    """One agreement, tried in every case."""

    agreement: str  # id
    slug: str
    revision: int
    policy: str  # sha256 hex of the Cedar text
    decisions: int
    failed: tuple[Failed, ...]
    own: tuple[str, ...] = ()  # codes of the guarantees that the text itself gives


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was tried, and what held. `world` is the hash of every fact of people, cameras and agreements."""

    world: str
    persons: int
    cameras: int
    situations: int
    agreements: tuple[Proven, ...]
    part: bool = False  # only what a change touched was tried

    @property
    def holds(self) -> bool:
        return not any(proven.failed for proven in self.agreements)

    @property
    def decisions(self) -> int:
        return sum(proven.decisions for proven in self.agreements)

    @property
    def guarantees(self) -> tuple[str, ...]:
        return tuple(g.code for g in GUARANTEES)


def prove(
    inventory: facts.Inventory, documents: Mapping[str, Document], touched: cube.Touched | None = None
) -> Certificate:
    """Try every case of every agreement of an inventory.

    Args:
        inventory: people, cameras, schools, and the agreements that would be in force.
        documents: agreement id -> the text that it runs.
        touched: None for the whole world; else only what changed.

    Raises:
        NotModelled: a policy holds something that the proof does not know exactly.
        decide.entities.WorldError: two parties, schools or agreements go by the same name.
    """
    stock = settled(inventory)
    entities = cube.table(stock)
    proven = []
    for agreement in stock.agreements:
        document = documents[agreement.id]
        terms, decisions = terms_of(document, stock, agreement.id), 0
        own = own_of(document, stock)
        promised = (*GUARANTEES, *map(as_guarantee, own))
        first: dict[str, Broken] = {}
        for block in cube.blocks(stock, agreement, entities, touched):
            decisions += block.allowed.size
            for broken in check(terms, block, promised):
                first.setdefault(broken.guarantee, broken)
        failed = tuple(Failed(b, _sections(stock, agreement, entities, b)) for b in first.values())
        codes, policy = tuple(o.code for o in own), agreement.policy_hash
        proven.append(
            Proven(agreement.id, document.slug, document.revision, policy, decisions, failed, codes)
        )
    return Certificate(
        world=world_hash(stock),
        persons=len(stock.persons),
        cameras=len(stock.cameras),
        situations=len({told for a in stock.agreements for told in cube.contexts(a)}),
        agreements=tuple(proven),
        part=touched is not None,
    )


def _sections(
    inventory: facts.Inventory, agreement: facts.Agreement, entities: Table, broken: Broken
) -> tuple[str, ...]:
    things = {t.id: t for t in cube.things_of(inventory, broken.action)}
    person, thing = inventory.persons[broken.person], things[broken.thing]
    return cube.sections(agreement, entities, broken.action, person, thing, broken.told)


def terms_of(document: Document, inventory: facts.Inventory, agreement: str) -> Terms:
    """What the words say, in ids. A school that the text names and that is not here covers nothing."""
    parties = {(p.slug or p.id): p.id for p in inventory.parties.values()}
    schools = {(s.slug or s.id): s.id for s in inventory.schools.values()}
    listed = document.names.schools
    emergencies: dict[str, tuple[Scope, ...]] = {}
    aid: dict[tuple[str, str], tuple[Scope, ...]] = {}
    for call in document.all(MutualAid):
        for kind in call.emergencies:
            aid[call.party, kind] = (*aid.get((call.party, kind), ()), *_scope(call, document))
    for view in document.all(EmergencyView):
        for emergency in view.emergencies:
            held = emergencies.get(emergency.kind, ())
            emergencies[emergency.kind] = (*held, *_scope(view, document))
    situations: dict[str, tuple[Scope, ...]] = {}
    for clause in document.clauses:
        if isinstance(clause, SituationView):
            held = situations.get(clause.situation, ())
            situations[clause.situation] = (*held, *_scope(clause, document))
    readers = [
        Readers(parties[who.party], frozenset(who.roles), who.named_only)
        for section in document.all(RecordsRead)
        for who in section.who
    ]
    return Terms(
        agreement=agreement,
        owner=parties[document.owner],
        parties=frozenset(parties[p.slug] for p in document.parties),
        house=document.house,
        schools=None if listed is None else frozenset(schools[s] for s in listed if s in schools),
        emergencies=emergencies,
        situations=situations,
        aid=aid,
        asleep={parties[slug]: slug for slug in only_by_aid(document)},
        readers=tuple(readers),
        scopes=scopes.scopes(document),
    )


def _scope(clause: Clause, document: Document) -> tuple[Scope, ...]:
    found = scopes.scope_of(clause, document)
    return () if found is None else (found,)


def own_of(document: Document, inventory: facts.Inventory) -> tuple[Own, ...]:
    """The text's own guarantees, in ids."""
    parties = {(p.slug or p.id): p.id for p in inventory.parties.values()}
    schools = {(s.slug or s.id): s.id for s in inventory.schools.values()}
    found = []
    for clause in document.all(Guarantee):
        here = frozenset(schools[s] for s in clause.schools if s in schools)
        found.append(
            Own(
                code=clause.code,
                who=tuple((parties[w.party], frozenset(w.roles)) for w in clause.who),
                area_kinds=frozenset(clause.area_kinds or ()),
                schools=here,
                tags=frozenset(clause.tags),
                in_emergencies=clause.in_emergencies,
                emergencies=frozenset(clause.emergencies),
                situations=frozenset(clause.situations),
                nowhere=bool(clause.schools) and not here,
            )
        )
    return tuple(found)


def world_hash(inventory: facts.Inventory) -> str:
    """SHA-256 of every fact that the proof stands on, in one canonical form. Ids are random: it tells no number."""
    world = {
        "form": FORM,
        "parties": sorted([p.id, p.slug] for p in inventory.parties.values()),
        "persons": sorted(
            [p.id, sorted(map(list, p.roles)), sorted(p.named_in), p.active]
            for p in inventory.persons.values()
        ),
        "schools": sorted([s.id, s.owner, s.slug] for s in inventory.schools.values()),
        "cameras": sorted(
            [
                *[
                    c.id,
                    c.owner,
                    c.school,
                    sorted(c.area_kinds),
                    sorted(c.tags),
                    c.in_service,
                    c.drill_source,
                ],
                *([sorted(c.lists)] if c.lists else []),
            ]
            for c in inventory.cameras.values()
        ),
        "agreements": sorted(
            [a.id, a.slug, a.owner, sorted(a.parties), a.policy_hash] for a in inventory.agreements
        ),
    }
    text = json.dumps(world, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def entries(certificate: Certificate, owners: Mapping[str, str]) -> list[NewEntry]:
    """What goes into the record: one entry for each agreement. How many cameras there are stays in the hidden text.

    Args:
        owners: slug of the owner by agreement id.
    """
    found = []
    for proven in certificate.agreements:
        text = json.dumps(as_data(certificate, proven), separators=(",", ":"), sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        found.append(
            NewEntry(
                "guarantees_proven",
                agreement=proven.slug,
                policy=proven.policy,
                party=owners.get(proven.agreement, ""),
                outcome="broken" if proven.failed else "hold",
                reason_code=certificate.world,
                secret={"text": Secret(digest, text)},
            )
        )
    return found


def as_data(certificate: Certificate, proven: Proven) -> dict[str, Any]:
    """The certificate of one agreement, as it is stored in the record and given out."""
    return {
        "form": FORM,
        "agreement": proven.slug,
        "revision": proven.revision,
        "policy": proven.policy,
        "world": certificate.world,
        "persons": certificate.persons,
        "cameras": certificate.cameras,
        "situations": certificate.situations,
        "decisions": proven.decisions,
        "guarantees": [*certificate.guarantees, *proven.own],
        "failed": [f.broken.guarantee for f in proven.failed],
        **({"tried": "what a change touched"} if certificate.part else {}),
    }
