"""Two worlds side by side, before and after a change of people or cameras: what opens, what closes, what was touched.

Every cell of what was touched is looked at, under the agreements that run afterwards or are signed to run later: what a
text opens that all parties signed, their signatures open, not this change. A camera that gets its picture from another
address is another camera.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sightpact.agreements import reads as agreements
from sightpact.agreements import stored_world
from sightpact.agreements.acting import COUNSEL
from sightpact.agreements.clauses.signatories import Signatories
from sightpact.agreements.document import Document
from sightpact.agreements.reads import Running
from sightpact.agreements.signers import CLERKS
from sightpact.agreements.suspending import HEADS
from sightpact.cameras import reads as cameras
from sightpact.decide.authorize import NARROWING
from sightpact.decide.entities import settled
from sightpact.decide.facts import Action, Agreement, Inventory, Person
from sightpact.decide.prove import cube
from sightpact.decide.prove.cube import Touched
from sightpact.decide.prove.table import Bools, Table
from sightpact.decide.world import Resource

POWERS = frozenset({*HEADS, *CLERKS, COUNSEL, "keeper", "it", "security"})
"""Roles with power that no policy tells: they propose, accept, sign, attest, or decide on changes (`who.py`)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a change of access can move."""

    inventory: Inventory
    documents: Mapping[str, Document]  # agreement id -> the text that runs
    addresses: Mapping[str, str] = field(repr=False)  # camera id -> where its picture comes from
    coming: tuple[Running, ...] = ()  # signed texts that take their turn later, or wait for a vote alone


@dataclass(frozen=True, slots=True)
class Difference:
    """`opens`: somebody may do or see what they could not. `closes`: the other way round. Both, neither: possible."""

    touched: Touched
    opens: bool
    closes: bool
    signed: bool  # another text runs afterwards: opened by its parties' signatures
    empowers: bool = False  # somebody gets a role with power that no policy tells; it opens by that

    @property
    def nothing(self) -> bool:
        """No fact that a decision is made from has moved."""
        return not (self.touched.persons or self.touched.things or self.signed)


def facts_now() -> Facts:
    """Read what is stored now; in a transaction, what it would store."""
    running, coming = agreements.running_and_coming()
    stock = stored_world.inventory([entry.facts for entry in running], agreements.named_persons())
    return Facts(stock, {entry.id: entry.document for entry in running}, cameras.addresses(), coming)


def difference(before: Facts, after: Facts) -> Difference:
    """Compare two worlds, cell by cell.

    Where nothing ran before, whatever opens is opened by the texts that begin, which all their parties signed: the first
    import of an empty deployment needs no second person, and there is none yet who could sign in.

    Raises:
        decide.cedar_schema.DecideError: a world cannot be told to the law, or a policy is not known exactly.
    """
    old, new = worlds(before, after)
    touched = touched_by(old, new)
    opens = closes = empowers = False
    if (before.documents or before.coming) and (touched.persons or touched.things):
        opens = empowers = _empowers(old, new, touched, after)
        was = _exhibits(before)
        for agreement in (*new.agreements, *(text.facts for text in after.coming)):
            had = replace(agreement, lists=was.get((agreement.id, agreement.policy_hash), agreement.lists))
            stocks = (under(old, had), under(new, agreement))
            tables = (cube.table(stocks[0]), cube.table(stocks[1]))
            here = touched_by(*stocks)
            for action in Action:
                more, less = _moved(agreement, action, stocks, tables, here)
                opens |= more and action not in NARROWING
                closes |= less
    signed = {(a.id, a.policy_hash) for a in before.inventory.agreements} != {
        (a.id, a.policy_hash) for a in after.inventory.agreements
    }
    return Difference(touched, opens, closes, signed, empowers)


def _empowers(old: Inventory, new: Inventory, touched: Touched, after: Facts) -> bool:
    """Whether somebody gets a role that signs, drafts or decides, here or in a text."""
    documents = [*after.documents.values(), *(text.document for text in after.coming)]
    signs = {(row.party, row.role) for d in documents for c in d.all(Signatories) for row in c.rows}
    for id in touched.persons:
        had, has = (p.roles if (p := s.persons.get(id)) and p.active else frozenset() for s in (old, new))
        for party, role in has - had:
            if role in POWERS or (new.parties[party].slug, role) in signs:
                return True
    return False


def worlds(before: Facts, after: Facts) -> tuple[Inventory, Inventory]:
    """Both under the agreements that run afterwards; a camera with another address is not there before. An exhibit of cameras
    is what it was: it changes while the text stays."""
    moved = {id for id, address in after.addresses.items() if before.addresses.get(id, address) != address}
    kept = {id: c for id, c in before.inventory.cameras.items() if id not in moved}
    listed = _exhibits(before)
    running = tuple(
        replace(a, lists=listed.get((a.id, a.policy_hash), a.lists)) for a in after.inventory.agreements
    )
    old = replace(before.inventory, cameras=kept, agreements=running)
    return settled(old), settled(after.inventory)


def under(stock: Inventory, agreement: Agreement) -> Inventory:
    """The same under one agreement alone. Each camera has the lists of this one: a text that comes later has lists of its own,
    in which no camera stands as long as only those that run are looked at."""
    return settled(replace(stock, agreements=(agreement,)))


def _exhibits(facts: Facts) -> dict[tuple[str, str], tuple[tuple[str, frozenset[str]], ...]]:
    """(agreement id, hash of its policy) -> its lists of cameras, of what runs and of what comes."""
    known = (*(text.facts for text in facts.coming), *facts.inventory.agreements)
    return {(a.id, a.policy_hash): a.lists for a in known}


def touched_by(old: Inventory, new: Inventory) -> Touched:
    """Ids of everything that is not the same in both."""
    things: set[str] = set()
    for name in ("cameras", "schools", "parties"):
        things |= _differing(getattr(old, name), getattr(new, name))
    return Touched(frozenset(_differing(old.persons, new.persons)), frozenset(things))


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> set[str]:
    return {id for id in {*old, *new} if old.get(id) != new.get(id)}


def _moved(
    agreement: Agreement,
    action: Action,
    stocks: tuple[Inventory, Inventory],
    tables: tuple[Table, Table],
    touched: Touched,
) -> tuple[bool, bool]:
    """Whether any cell opened, and whether any closed."""
    persons = list({id for stock in stocks for id in stock.persons})
    things = list({t.id for stock in stocks for t in cube.things_of(stock, action)})
    more = less = False
    for who, what in (
        ([p for p in persons if p in touched.persons], things),
        (persons, [t for t in things if t in touched.things]),
    ):
        if not who or not what:
            continue
        at_once = max(1, cube.CELLS // (len(what) * len(cube.contexts(agreement))))
        for begin in range(0, len(who), at_once):
            part = who[begin : begin + at_once]
            old, new = (
                _allowed(agreement, action, s, t, part, what) for s, t in zip(stocks, tables, strict=True)
            )
            more |= bool((new & ~old).any())
            less |= bool((old & ~new).any())
    return more, less


def _allowed(
    agreement: Agreement,
    action: Action,
    stock: Inventory,
    table: Table,
    persons: Sequence[str],
    things: Sequence[str],
) -> Bools:
    """What the agreement allows on the axes (person, thing, context); whoever and whatever is not here may nothing."""
    told = cube.contexts(agreement)
    here: dict[str, Resource] = {t.id: t for t in cube.things_of(stock, action)}
    who: list[tuple[int, Person]] = [
        (i, stock.persons[id]) for i, id in enumerate(persons) if id in stock.persons
    ]
    what: list[tuple[int, Resource]] = [(i, here[id]) for i, id in enumerate(things) if id in here]
    found = np.zeros((len(persons), len(things), len(told)), dtype=np.bool_)
    if who and what:
        answer = cube.ask(agreement, table, action, [p for _, p in who], [t for _, t in what], told)
        found[np.ix_([i for i, _ in who], [i for i, _ in what])] = answer
    return found
