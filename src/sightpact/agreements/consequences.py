"""What a text does to access beside another one, and which guarantees it keeps: counted for one reader. Pure, but for `Desk`.

People and cameras that no policy can tell apart are tried once. No person and no camera is named: an example says what
somebody is and what a camera sees, so that no side learns the other's names from it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, replace

from sightpact.agreements import diff
from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.cedar import make
from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.guarantee import Guarantee
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.diff import Change
from sightpact.agreements.document import Document, canonical
from sightpact.agreements.errors import AgreementError
from sightpact.agreements.proof import as_data, prove, world_hash
from sightpact.agreements.proof_words import promise, told
from sightpact.agreements.scopes import told_apart
from sightpact.decide.cedar_schema import DecideError
from sightpact.decide.facts import Camera, Inventory, Party, Person

KEPT = 64  # answers
WAIT_S = 2.5
"""So long a page waits for an answer before it asks again."""


@dataclass(frozen=True, slots=True)
class Guaranteed:
    """One guarantee, tried in every case. `example` is "" when it holds."""

    code: str
    promise: str
    example: str = ""
    change: str = ""  # the way out, in words
    sections: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.example


@dataclass(frozen=True, slots=True)
class Consequence:
    """`fault` says why there is nothing to tell; then the rest is empty."""

    change: Change | None
    guarantees: tuple[Guaranteed, ...] = ()
    cases: int = 0
    fault: str = ""

    @property
    def broken(self) -> tuple[Guaranteed, ...]:
        return tuple(g for g in self.guarantees if not g.holds)


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that an answer is made from."""

    old: Document | None  # None: the text is new, and without it nothing was open
    new: Document
    stock: Inventory  # what this reader may count
    schools: Mapping[str, str]  # id -> name
    agreement: str  # id, as `named_in` has it; the slug of a new one
    count_inside: bool

    @property
    def key(self) -> tuple[object, ...]:
        old = canonical(self.old) if self.old else b""
        world = world_hash(self.stock), tuple(sorted(self.schools.items()))
        return old, canonical(self.new), *world, self.agreement, self.count_inside


def answer(asked: Asked) -> Consequence:
    """Count the change and try every guarantee; never raises for what an author can write."""
    stock = with_parties(asked.stock, asked.new, asked.agreement)
    asked = replace(asked, stock=stock)
    try:
        change = diff.compare(
            asked.old or without_permits(asked.new),
            asked.new,
            stock,
            asked.schools,
            asked.agreement,
            count_inside=asked.count_inside,
        )
        guarantees, cases = _tried(asked)
    except AgreementError as fault:
        return Consequence(None, fault=f"{fault.what}: {fault.why} {fault.next_step}")
    except DecideError as fault:
        return Consequence(None, fault=f"{fault.what}: {fault.why}. {fault.next_step}.")
    return Consequence(change, guarantees, cases)


def without_permits(document: Document) -> Document:
    """The same text without every section that lets somebody do something: what is open before a first agreement."""
    names = document.names
    return replace(document, clauses=tuple(c for c in document.clauses if not c.compile(names)))


def with_parties(stock: Inventory, document: Document, agreement: str) -> Inventory:
    """The stock with the text's parties that are not in it, each with one person a role, named: nothing is told of them."""
    known = {p.slug for p in stock.parties.values()}
    new = [p for p in document.parties if p.slug not in known]
    parties = {p.slug: Party(p.slug, p.name, p.slug) for p in new}
    persons = {}
    for party in new:
        for role in party.roles:
            held = frozenset({(party.slug, role.role)})
            person = Person(f"{party.slug}.{role.role}", held, frozenset({agreement}), True)
            persons[person.id] = person
    return replace(stock, parties={**stock.parties, **parties}, persons={**stock.persons, **persons})


def _tried(asked: Asked) -> tuple[tuple[Guaranteed, ...], int]:
    document = asked.new
    ids = {p.slug or p.id: p.id for p in asked.stock.parties.values()}
    begins, ends = document.one(Term).in_force()
    fact = agreement_fact(document, make(document), ids, asked.agreement, begins, ends)
    stock = replace(_one_of_each(asked.stock, document), agreements=(fact,))
    certificate = prove(stock, {asked.agreement: document})
    (proven,) = certificate.agreements
    names = _called(asked, stock)
    failed = {f.broken.guarantee: told(f, document, names) for f in proven.failed}
    found = []
    for code in as_data(certificate, proven)["guarantees"]:
        if code in failed:
            f = failed[code]
            found.append(Guaranteed(code, f.promise, f.example, f.change, f.sections))
        else:
            found.append(Guaranteed(code, promise(code, document)))
    return tuple(found), certificate.decisions


def _one_of_each(stock: Inventory, document: Document) -> Inventory:
    """One of the people and of the cameras that no policy can tell apart. Drill sources and leavers stay in."""
    listed = document.names.schools
    promised = {slug for clause in document.all(Guarantee) for slug in clause.schools}
    schools = {
        s.id: (s.owner, listed is None or s.slug in listed, s.slug if s.slug in promised else "")
        for s in stock.schools.values()
    }
    persons: dict[object, Person] = {}
    cameras: dict[object, Camera] = {}
    for p in stock.persons.values():
        persons.setdefault((p.roles, p.named_in, p.active), p)
    for c in stock.cameras.values():
        place = c.owner, schools.get(c.school)
        seen = c.area_kinds, c.tags, c.in_service, c.drill_source
        cameras.setdefault((*place, *seen, told_apart(c, document)), c)
    return replace(
        stock,
        persons={p.id: p for p in persons.values()},
        cameras={c.id: c for c in cameras.values()},
    )


def _called(asked: Asked, stock: Inventory) -> dict[str, str]:
    """What to call people and things in an example: by what they are."""
    parties = {p.slug: p for p in asked.new.parties}
    slugs = {p.id: p.slug for p in stock.parties.values()}
    names = {id: parties[slug].called for id, slug in slugs.items() if slug in parties} | dict(asked.schools)
    for person in stock.persons.values():
        held = [(slugs.get(party, ""), role) for party, role in sorted(person.roles)]
        mine = next((parties[slug] for slug, _role in held if slug in parties), None)
        if mine is None:
            names[person.id] = "somebody of no party to this text"
            continue
        roles = [r.called.removeprefix("the ") for r in mine.roles if (mine.slug, r.role) in held]
        who = f"one of the {words.listed(roles) or 'people'} of {mine.called}"
        how = "named in the annex" if asked.agreement in person.named_in else "not named in the annex"
        names[person.id] = f"{who}, {how if person.active else 'who has left'},"
    for camera in stock.cameras.values():
        sees = (
            f"that sees {words.areas(camera.area_kinds)}" if camera.area_kinds else "that is not classified"
        )
        at = asked.schools.get(camera.school, "a school")
        names[camera.id] = f"a camera {sees}{', simulated' if camera.drill_source else ''}, at {at},"
    return names


class Desk:
    """One worker and a memory of answers: authors who type fast cannot slow the rest of the server down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: ThreadPoolExecutor | None = None
        self._answers: OrderedDict[tuple[object, ...], Consequence] = OrderedDict()
        self._under_way: dict[tuple[object, ...], Future[Consequence | None]] = {}
        self._wanted: dict[str, tuple[object, ...]] = {}  # reader -> what that reader waits for now

    def ask(self, reader: str, asked: Asked, wait_s: float = WAIT_S) -> Consequence | None:
        """The answer, or None when it is not there yet: ask again.

        Args:
            reader: who asks; only the newest question of a reader is worked on.
            wait_s: longest wait, in seconds.
        """
        key = asked.key
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
            self._wanted[reader] = key
            if key not in self._under_way:
                self._worker = self._worker or ThreadPoolExecutor(1, "consequences")
                self._under_way[key] = self._worker.submit(self._work, key, asked)
            coming = self._under_way[key]
        try:
            return coming.result(wait_s)
        except NotYet:
            return None

    def _work(self, key: tuple[object, ...], asked: Asked) -> Consequence | None:
        with self._lock:
            wanted = key in self._wanted.values()
        try:
            found = answer(asked) if wanted else None
        finally:
            with self._lock:
                del self._under_way[key]
                self._wanted = {r: k for r, k in self._wanted.items() if k != key}
        if found is not None:
            with self._lock:
                self._answers[key] = found
                while len(self._answers) > KEPT:
                    self._answers.popitem(last=False)
        return found


DESK = Desk()
