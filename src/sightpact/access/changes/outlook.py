"""What a change would do, before anybody makes it: it is made, looked at, and undone in one transaction.

So what is previewed is what the change itself does, never a second reading of it. The thinking happens after the undoing,
so that the one writer's place is held for milliseconds.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

from django.db import transaction

from sightpact.access.changes.compare import Difference, Facts, difference, facts_now, worlds
from sightpact.access.changes.kinds import Change
from sightpact.agreements import access_change, proof, proof_words, stored_world
from sightpact.agreements.access_change import Context
from sightpact.agreements.cedar import policy_text
from sightpact.agreements.document import Document
from sightpact.agreements.opens import Alike, Opens, opens
from sightpact.agreements.proof import Certificate
from sightpact.agreements.proof_words import Counterexample
from sightpact.agreements.scopes import told_apart
from sightpact.cameras import reads as cameras
from sightpact.decide.cedar_schema import DecideError
from sightpact.decide.facts import Inventory
from sightpact.decide.prove.cube import Touched
from sightpact.ledger import actions as ledger
from sightpact.ledger import reads as ledger_reads
from sightpact.people.reads import PersonCard

NOTHING = Difference(Touched(), False, False, False)
EMPOWERS = "Gives somebody a role that may draft, sign or decide for a party."
ON_PAPER = "Gives more on paper. With the people and cameras of today, nobody sees more by it."


@dataclass(frozen=True, slots=True)
class Worked:
    """A change made in the open transaction, with the facts before and after."""

    before: Facts
    after: Facts
    done: tuple[str, ...]
    names: dict[str, str]  # what ids are called afterwards
    schools: dict[str, str]
    world: int  # epoch before


@dataclass(frozen=True, slots=True)
class Judged:
    """`difference` and `certificate` are None when nothing could be worked out; `fault` says why."""

    difference: Difference | None
    certificate: Certificate | None
    examples: tuple[Counterexample, ...]  # of guarantees that would not hold
    slugs: tuple[str, ...]  # the agreement of each example
    fault: str = ""

    @property
    def widens(self) -> bool:
        """Somebody may more afterwards; also where that cannot be known."""
        return self.difference is None or self.difference.opens

    @property
    def opens_anything(self) -> bool:
        """The same, or another text runs afterwards."""
        return self.difference is None or self.difference.opens or self.difference.signed


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence on what opens or closes."""

    opens: bool
    text: str
    outside: str  # for other parties: without counts of inside cameras


@dataclass(frozen=True, slots=True)
class Preview:
    title: str
    done: tuple[str, ...]  # empty: it stands so already
    judged: Judged
    says: tuple[Said, ...]
    world: int  # epoch at which it was worked out

    @property
    def nothing(self) -> bool:
        return not self.done

    @property
    def widens(self) -> bool:
        return self.judged.widens

    @property
    def narrows(self) -> bool:
        found = self.judged.difference
        return found is not None and found.closes

    @property
    def digest(self) -> str:
        """What a person was shown: an approval counts for this and for nothing else."""
        shown = [self.title, *self.done, *(said.text for said in self.says)]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def preview(change: Change, by: PersonCard | None = None) -> Preview:
    """Make the change, look, and undo it.

    Raises:
        the faults of its lower action: it cannot be made at all.
    """
    with transaction.atomic():
        worked = work(change, by)
        transaction.set_rollback(True)
    judged = judge(worked, change.whole)
    return Preview(change.title, worked.done, judged, say(worked, judged), worked.world)


def work(change: Change, by: PersonCard | None) -> Worked:
    """Make the change in the caller's transaction: take the writer's place, read, change, read again."""
    ledger.append([])
    world = ledger_reads.epoch().world
    before = facts_now()
    done = change.carry_out(by)
    after = facts_now() if done else before
    schools = {card.id: card.name for card in cameras.schools()}
    return Worked(before, after, done, stored_world.names(), schools, world)


def judge(worked: Worked, whole: bool = False) -> Judged:
    """What opened, what closed, and whether every guarantee still holds over what was touched, or in the whole world."""
    if not worked.done:
        return Judged(NOTHING, None, (), ())
    try:
        found = difference(worked.before, worked.after)
        if found.nothing and not whole:
            return Judged(found, None, (), ())
        touched = None if whole or found.signed else found.touched
        certificate = proof.prove(worked.after.inventory, worked.after.documents, touched)
    except DecideError as fault:
        return Judged(None, None, (), (), str(fault))
    failed = [(p, f) for p in certificate.agreements for f in p.failed]
    examples = tuple(
        proof_words.told(f, worked.after.documents[p.agreement], worked.names) for p, f in failed
    )
    return Judged(found, certificate, examples, tuple(p.slug for p, _f in failed))


def say(worked: Worked, judged: Judged) -> tuple[Said, ...]:
    """Every change of access in plain numbers, what opens first."""
    found = judged.difference
    if found is None:
        unknown = "What it changes cannot be worked out."
        return (Said(True, f"{unknown} {judged.fault}", unknown),)
    if not (found.opens or found.closes):
        return ()
    old, new = worlds(worked.before, worked.after)
    coming = tuple(text.document for text in worked.after.coming)
    some, rest = _groups(old, new, found, coming)
    said: list[Said] = []
    for agreement in new.agreements:
        document = worked.after.documents[agreement.id]
        before = worked.before.documents.get(agreement.id, document)
        said += _under((before, document), agreement.id, old, new, some, rest, worked.schools)
    for text in worked.after.coming:
        later = f", from {text.facts.in_force_from:%Y-%m-%d}"
        known = {(s.opens, s.text.partition(" (Section")[0]) for s in said}
        told = _under((text.document, text.document), text.id, old, new, some, rest, worked.schools, later)
        said += [s for s in told if (s.opens, s.text.partition(" (Section")[0]) not in known]
    said = list(dict.fromkeys(said))
    if found.empowers:
        said.append(Said(True, EMPOWERS, EMPOWERS))
    if found.opens and not any(s.opens for s in said):
        said.append(Said(True, ON_PAPER, ON_PAPER))
    return tuple(sorted(said, key=lambda s: not s.opens))


def _under(
    texts: tuple[Document, Document],
    id: str,
    old: Inventory,
    new: Inventory,
    some: Alike,
    rest: Alike,
    schools: dict[str, str],
    later: str = "",  # ", from 2027-07-01" for a text that takes its turn then
) -> list[Said]:
    """The sentences under one agreement. `some`: touched people and all cameras; `rest`: the others, touched cameras.

    Args:
        texts: before and after; the same policy, since else it is not people and cameras that moved, but for its exhibit.
    """
    document = texts[1]
    was_text = texts[0] if policy_text(texts[0]) == policy_text(document) else document
    groups = Alike(some.people + rest.people, some.cameras)
    was, now = (
        _both(opens(text, stock, id, _here(some, stock)), opens(text, stock, id, _here(rest, stock)))
        for text, stock in ((was_text, old), (document, new))
    )
    said = []
    for line in access_change.lines(was, now, groups, new):
        stock = new if line.opens else old
        words = Context(stock, schools, document, document, id)
        told = [access_change.sentence(line, replace(words, count_inside=inside)) for inside in (True, False)]
        said.append(
            Said(line.opens, *(f"{text} (Section {line.section}, {document.title}{later}.)" for text in told))
        )
    return said


def _groups(
    old: Inventory, new: Inventory, found: Difference, coming: tuple[Document, ...]
) -> tuple[Alike, Alike]:
    """People and cameras alike both before and after, also to the lists of texts to come: one of each is asked for all."""
    people: dict[object, list[str]] = {}
    for id in {**new.persons, **old.persons}:
        shapes = [(p.roles, p.named_in, p.active) if (p := s.persons.get(id)) else None for s in (old, new)]
        if any(shape and shape[2] for shape in shapes):
            people.setdefault((id in found.touched.persons, *shapes), []).append(id)
    cameras: dict[object, list[str]] = {}
    for id in {**new.cameras, **old.cameras}:
        kept = [s.cameras.get(id) for s in (old, new)]
        if any(c and not c.drill_source for c in kept):
            looks = [
                (c.owner, c.school, c.area_kinds, c.tags, c.in_service, c.drill_source, c.lists)
                if c
                else None
                for c in kept
            ]
            listed = next(told_apart(c, *coming) for c in kept if c)
            cameras.setdefault((id in found.touched.things, *looks, listed), []).append(id)
    rows = [(key, (ids[0], tuple(ids))) for key, ids in people.items()]
    every = [(key, (ids[0], tuple(ids))) for key, ids in cameras.items()]
    some = Alike(tuple(row for key, row in rows if _touched(key)), tuple(row for _key, row in every))
    rest = Alike(
        tuple(row for key, row in rows if not _touched(key)),
        tuple(row for key, row in every if _touched(key)),
    )
    return some, rest


def _touched(key: object) -> bool:
    return isinstance(key, tuple) and key[0] is True


def _here(groups: Alike, stock: Inventory) -> Alike:
    return Alike(
        tuple(row for row in groups.people if row[0] in stock.persons),
        tuple(row for row in groups.cameras if row[0] in stock.cameras),
    )


def _both(one: Opens, other: Opens) -> Opens:
    return Opens({**one.views, **other.views}, {**one.duties, **other.duties})
