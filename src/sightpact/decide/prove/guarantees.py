"""What must hold in every cell of the finite world, whatever an agreement's policy says.

Each guarantee is a predicate over facts, terms and the moment: where it is True, nothing may be allowed. It shares no code
with the compiler that makes policies from clauses, nor with the evaluator, so that one fault cannot be in both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sightpact.decide.facts import (
    AREA_KINDS,
    EXTERIOR_AREA_KINDS,
    PRIVATE_AREA_KINDS,
    Action,
    Camera,
    Party,
    Person,
    School,
)
from sightpact.decide.prove.cube import Block
from sightpact.decide.prove.table import Bools
from sightpact.decide.scope import Scope
from sightpact.decide.world import Told


@dataclass(frozen=True, slots=True)
class Readers:
    """Who of another party may read the record about that party's people."""

    party: str  # id
    roles: frozenset[str]  # empty: any
    named_only: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement's words say, read from its clauses as data; ids, not slugs."""

    agreement: str
    owner: str
    parties: frozenset[str]
    house: bool
    schools: frozenset[str] | None  # covered; None: every one of the owner's
    emergencies: Mapping[str, tuple[Scope, ...]]  # kind -> the scopes that a section opens in it
    readers: tuple[Readers, ...] = ()
    situations: Mapping[str, tuple[Scope, ...]] = field(
        default_factory=dict
    )  # the same for an invitation, a request, a window
    aid: Mapping[tuple[str, str], tuple[Scope, ...]] = field(
        default_factory=dict
    )  # the same for (slug of a neighbour that was called, kind of emergency)
    asleep: Mapping[str, str] = field(
        default_factory=dict
    )  # id -> slug of parties to whom a call for aid alone opens anything
    scopes: tuple[Scope, ...] | None = None  # of every section that opens a picture at all; None: not said


_COMMON = AREA_KINDS - PRIVATE_AREA_KINDS  # private and unclassified cameras have guarantees of their own
Rule = Callable[[Terms, Block], Bools]


@dataclass(frozen=True, slots=True)
class Guarantee:
    """`forbids` is True where nothing may be allowed; it broadcasts over (person, thing, context)."""

    code: str
    actions: frozenset[Action]
    forbids: Rule


@dataclass(frozen=True, slots=True)
class Broken:
    """The first cell in which a guarantee fails, and in how many it does."""

    guarantee: str
    agreement: str
    action: Action
    person: str
    thing: str
    told: Told
    cells: int


def check(terms: Terms, block: Block, guarantees: Sequence[Guarantee] = ()) -> list[Broken]:
    """Every guarantee that fails in this block, each with one example."""
    found = []
    for guarantee in guarantees or GUARANTEES:
        if block.action not in guarantee.actions:
            continue
        bad = block.allowed & guarantee.forbids(terms, block)
        if not bad.any():
            continue
        person, thing, moment = (int(i) for i in np.unravel_index(int(bad.argmax()), bad.shape))
        found.append(
            Broken(guarantee.code, terms.agreement, block.action, block.persons[person].id, block.things[thing].id,
                   block.contexts[moment], int(bad.sum()))
        )  # fmt: skip
    return found


# the axes ---------------------------------------------------------------------------------------------------


def _persons(block: Block, fact: Callable[[Person], bool]) -> Bools:
    return np.array([fact(p) for p in block.persons], dtype=np.bool_)[:, None, None]


def _things(block: Block, fact: Callable[[Camera | School | Party], bool]) -> Bools:
    return np.array([fact(t) for t in block.things], dtype=np.bool_)[None, :, None]


def _cameras(block: Block, fact: Callable[[Camera], bool]) -> Bools:
    return _things(block, lambda t: isinstance(t, Camera) and fact(t))


def _moments(block: Block, fact: Callable[[Told], bool]) -> Bools:
    return np.array([fact(t) for t in block.contexts], dtype=np.bool_)[None, None, :]


def _is_of(person: Person, party: str) -> bool:
    return any(at == party for at, _role in person.roles)


# the guarantees ---------------------------------------------------------------------------------------------


def _inside_only_in_a_named_situation(terms: Terms, block: Block) -> Bools:
    """An inside camera opens to another party in a situation that a section names for what it sees, and only then: in an
    emergency of that kind, or when the school invites, a request is approved, or a planned event runs."""
    if terms.house:
        return np.zeros((1, 1, 1), dtype=np.bool_)
    inside = _cameras(block, lambda c: bool(c.area_kinds - EXTERIOR_AREA_KINDS) and c.area_kinds <= _COMMON)
    answer: Bools = np.zeros((1, len(block.things), len(block.contexts)), dtype=np.bool_)
    for index, told in enumerate(block.contexts):
        scopes = terms.emergencies.get(told.emergency, ()) + terms.situations.get(told.situation, ())
        scopes += terms.aid.get((told.aid, told.emergency), ())
        named = _cameras(block, lambda c, scopes=scopes: any(scope.holds(c) for scope in scopes))  # type: ignore[misc]
        answer[:, :, index] = (inside & ~named)[:, :, 0]
    return answer


def _neighbours_when_called(terms: Terms, block: Block) -> Bools:
    """Whoever is of a neighbour alone sees nothing before that neighbour is called in an emergency."""
    answer: Bools = np.zeros((len(block.persons), 1, len(block.contexts)), dtype=np.bool_)
    for party, slug in terms.asleep.items():
        alone = _persons(block, lambda p, party=party: {at for at, _ in p.roles} & terms.parties == {party})  # type: ignore[misc]
        answer = answer | (
            alone & _moments(block, lambda t, slug=slug: not t.emergency or t.aid != slug)  # type: ignore[misc]
        )
    return answer


def _private_never(terms: Terms, block: Block) -> Bools:
    private = _cameras(block, lambda c: bool(c.area_kinds & PRIVATE_AREA_KINDS))
    if terms.house:
        return private & _persons(block, lambda p: not _is_of(p, terms.owner))
    return private


def _unclassified_never(_terms: Terms, block: Block) -> Bools:
    return _cameras(block, lambda c: not c.area_kinds or not c.area_kinds <= AREA_KINDS)


def _covered_only(terms: Terms, block: Block) -> Bools:
    def outside(camera: Camera) -> bool:
        if camera.owner != terms.owner:
            return True
        if terms.schools is not None and camera.school not in terms.schools:
            return True
        return (
            terms.scopes is not None
            and camera.area_kinds <= _COMMON
            and not any(scope.holds(camera) for scope in terms.scopes)
        )

    return _cameras(block, outside)


def _named_only(terms: Terms, block: Block) -> Bools:
    if terms.house:
        return _persons(block, lambda p: not _is_of(p, terms.owner))
    return _persons(block, lambda p: terms.agreement not in p.named_in)


def _parties_only(terms: Terms, block: Block) -> Bools:
    return _persons(block, lambda p: not p.active or not any(_is_of(p, party) for party in terms.parties))


def _drill_opens_nothing_real(_terms: Terms, block: Block) -> Bools:
    return _cameras(block, lambda c: not c.drill_source) & _moments(block, lambda t: t.drill)


def _nothing_out_of_force(_terms: Terms, block: Block) -> Bools:
    return _moments(block, lambda t: not t.in_force)


def _stopped_sees_nothing(_terms: Terms, block: Block) -> Bools:
    return _moments(block, lambda t: t.stopped)


def _owner_alone_runs_it(terms: Terms, block: Block) -> Bools:
    mine = _things(block, lambda t: t.id == terms.owner)
    return ~(mine & _persons(block, lambda p: _is_of(p, terms.owner)))


def _owner_alone_opens(terms: Terms, block: Block) -> Bools:
    mine = _things(block, lambda t: isinstance(t, School) and t.owner == terms.owner)
    return ~(mine & _persons(block, lambda p: _is_of(p, terms.owner)))


def _record_as_said(terms: Terms, block: Block) -> Bools:
    """The owner's record for the owner's people; another party's part for those whom a section lets read it."""
    answer: Bools = _owner_alone_runs_it(terms, block) & np.ones((len(block.persons), 1, 1), dtype=np.bool_)
    for readers in terms.readers:

        def reads(p: Person, readers: Readers = readers) -> bool:
            held = {role for at, role in p.roles if at == readers.party}
            named = not readers.named_only or terms.agreement in p.named_in
            return named and bool(held & readers.roles if readers.roles else held)

        answer = answer & ~(
            _persons(block, reads) & _things(block, lambda t, readers=readers: t.id == readers.party)  # type: ignore[misc]
        )
    return answer


_VIEW = frozenset({Action.VIEW_LIVE})
_ALL = frozenset(Action)
_CLOSING = frozenset({Action.END_SHARING, Action.STOP_SHARING})

GUARANTEES = (
    Guarantee("inside_only_in_a_named_situation", _VIEW, _inside_only_in_a_named_situation),
    Guarantee("neighbours_when_called", _VIEW, _neighbours_when_called),
    Guarantee("private_never", _VIEW, _private_never),
    Guarantee("unclassified_never", _VIEW, _unclassified_never),
    Guarantee("covered_only", _VIEW, _covered_only),
    Guarantee("named_only", _VIEW, _named_only),
    Guarantee("drill_opens_nothing_real", _VIEW, _drill_opens_nothing_real),
    Guarantee("stopped_sees_nothing", _VIEW, _stopped_sees_nothing),
    Guarantee("nothing_out_of_force", _ALL - _CLOSING, _nothing_out_of_force),
    Guarantee("parties_only", _ALL, _parties_only),
    Guarantee(
        "owner_alone_runs_it",
        frozenset({Action.STOP_SHARING, Action.SEE_WATCHERS, Action.MANAGE}),
        _owner_alone_runs_it,
    ),
    Guarantee(
        "owner_alone_opens",
        frozenset({Action.INVITE, Action.APPROVE, Action.APPROVE_ESCALATED}),
        _owner_alone_opens,
    ),
    Guarantee("record_as_said", frozenset({Action.READ_RECORD}), _record_as_said),
)
"""The built-in ones, in the order in which a page lists them. Their words stand in `agreements/proof_words.py`."""
