""" "What would have happened?": looks of the past, or of a made-up month, decided again under another text.

The people and cameras are those of today; where that alone makes the difference, it says so. Reads; writes nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sightpact.access.facts import situation_of, situations_of_sharing
from sightpact.activation import askings
from sightpact.activation import reads as activation
from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.cedar import emergency_kinds, make, situation_kinds
from sightpact.agreements.document import Document
from sightpact.decide.authorize import authorize
from sightpact.decide.facts import Action, Answer, Grant, Inventory, Situation
from sightpact.decide.world import World
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # the text is asked as if it had always been in force
NOT_THE_TEXT = frozenset({"stopped", "out_of_service", "error", "drill"})
"""Refusals that no text decides, and looks in a drill, which show no school."""


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody asked for a camera. `at`: aware UTC."""

    at: datetime
    person: str  # id
    camera: str  # id
    was_open: bool
    section: str  # that opened it; "" when refused
    situations: tuple[Situation, ...]  # what was true then


@dataclass(frozen=True, slots=True)
class Differs:
    """Looks alike that would have gone otherwise."""

    person: str
    camera: str
    during: tuple[str, ...]  # kinds of emergency or of situation; empty: a normal day
    was_open: bool
    was_section: str
    section: str  # of the other text: that would open it, or that would have to; "" none
    only_since: bool  # today's text would decide so too: people or cameras have changed since
    times: int = 0
    first: datetime = LONG_AGO
    last: datetime = LONG_AGO


@dataclass(frozen=True, slots=True)
class Replayed:
    looks: int
    differs: tuple[Differs, ...]
    unreadable: int = 0  # entries whose names were erased

    @property
    def same(self) -> int:
        return self.looks - sum(each.times for each in self.differs)


def recorded(
    document: Document, stock: Inventory, days: int, most: int | None = None
) -> tuple[list[Look], int]:
    """The looks under an agreement that the record holds, oldest first, and how many of them nobody can read any more.

    Of more than `most`, the newest. Looks of the owner's own people rest on its house policy, and are left out here,
    unless the text is that policy.
    """
    since = clock.now() - timedelta(days=days)
    moments = [*_sharings(since), *_asked(since)]
    ids = {p.slug: p.id for p in stock.parties.values()}
    others = {ids[p.slug] for p in document.parties if p.slug in ids and p.slug != document.owner}
    found: list[Look] = []
    unreadable = 0
    for entry in _entries(since):
        if len(found) == most:
            break
        if entry.agreement not in ("", document.slug) or entry.reason_code in NOT_THE_TEXT:
            continue
        person, camera = entry.key("person"), entry.key("camera")
        if person not in stock.persons or camera not in stock.cameras:
            unreadable += bool(entry.erased)
            continue
        parties = {at for at, _role in stock.persons[person].roles}
        if entry.agreement != document.slug and not parties & others:
            continue
        then = tuple(situation for begin, end, situation in moments if begin <= entry.at < end)
        opened = entry.type == "admission"
        found.append(Look(entry.at, person, camera, opened, entry.clause if opened else "", then))
    return found[::-1], unreadable


def made_up(document: Document, today: World, stock: Inventory, seed: int, count: int) -> list[Look]:
    """A month of looks that nobody made: people of the other parties at random cameras, half of them in a situation.

    Args:
        today: the text that runs now, which says what was open.
        seed: the same seed makes the same month.
    """
    chance = random.Random(seed)  # noqa: S311 - not for secrets: a month to be made again
    ids = {p.slug: p.id for p in stock.parties.values()}
    others = {ids[p.slug] for p in document.parties if p.slug in ids and p.slug != document.owner} or set(
        ids.values()
    )
    people = sorted(p.id for p in stock.persons.values() if p.active and others & {at for at, _ in p.roles})
    cameras = sorted(stock.cameras.values(), key=lambda camera: camera.id)
    if not people or not cameras:
        return []
    agreement = today.inventory.agreements[0].id
    kinds = [("activation", kind) for kind in emergency_kinds(document)]
    kinds += [(kind, "") for kind in situation_kinds(document)]
    begin = clock.now() - timedelta(days=30)
    found = []
    for _number in range(count):
        camera, at = chance.choice(cameras), begin + timedelta(seconds=chance.randrange(30 * 86400))
        then: tuple[Situation, ...] = ()
        if kinds and chance.random() < 0.5:
            kind, emergency = chance.choice(kinds)
            only = "" if kind == "activation" else agreement
            until = at + timedelta(hours=1)
            then = (
                Situation(
                    "made-up", kind, frozenset({camera.school}), emergency, True, until, agreement=only
                ),
            )
        look = Look(at, chance.choice(people), camera.id, False, "", then)
        answer = _ask(today, look)
        if isinstance(answer, Grant):
            look = replace(look, was_open=True, section=answer.clause)
        found.append(look)
    return sorted(found, key=lambda look: look.at)


def replay(
    looks: Iterable[Look],
    draft: World,
    today: World | None = None,
    told: Callable[[int], None] | None = None,
) -> Replayed:
    """Decide each look again.

    Args:
        draft: the world under the other text (`under`).
        today: the same under the text that runs now, to tell apart what people and cameras have changed since.
        told: called with the number of each look; what it raises ends the replay.
    """
    found: dict[Differs, list[Look]] = {}
    count = 0
    for look in looks:
        count += 1
        if told is not None:
            told(count)
        answer = _ask(draft, look)
        if isinstance(answer, Grant) == look.was_open:
            continue
        only_since = today is not None and isinstance(_ask(today, look), Grant) != look.was_open
        during = tuple(sorted({s.emergency or s.kind for s in look.situations}))
        alike = Differs(
            look.person, look.camera, during, look.was_open, look.section, answer.clause or "", only_since
        )
        found.setdefault(alike, []).append(look)
    differs = [
        replace(alike, times=len(same), first=same[0].at, last=same[-1].at) for alike, same in found.items()
    ]
    return Replayed(count, tuple(sorted(differs, key=lambda each: (each.only_since, each.first))))


def under(document: Document, stock: Inventory, id: str) -> World:
    """The world in which this text alone is in force, and always was."""
    ids = {p.slug: p.id for p in stock.parties.values()}
    parties = {p.slug: ids.get(p.slug, p.slug) for p in document.parties}
    return World(
        replace(stock, agreements=(agreement_fact(document, make(document), parties, id, LONG_AGO, None),))
    )


def _ask(world: World, look: Look) -> Answer:
    return authorize(world, look.person, Action.VIEW_LIVE, look.camera, look.situations, (), look.at)


def _entries(since: datetime) -> Iterator[ledger.OpenedEntry]:
    """Newest first."""
    before: int | None = None
    while True:
        query = ledger.Query(("admission", "refusal"), since=since, before=before, limit=1000)
        page = ledger.opened(query)
        yield from page
        if len(page) < 1000:
            return
        before = page[-1].index


Moment = tuple[datetime, datetime, Situation]


def _sharings(since: datetime) -> Sequence[Moment]:
    cards = {card.id: card for card in (*activation.ended_since(since), *activation.live())}
    return [
        (c.started_utc, min(c.ended_utc or s.deadline_utc, s.deadline_utc), s)
        for c in cards.values()
        for s in situations_of_sharing(c)
    ]


def _asked(since: datetime) -> Sequence[Moment]:
    cards = {card.id: card for card in (*askings.ended_since(since), *askings.live())}
    return [
        (c.opened_utc, c.ended_utc or c.deadline_utc, situation_of(c, c.deadline_utc))
        for c in cards.values()
        if c.opened_utc is not None and c.deadline_utc is not None
    ]
