"""One snapshot of everything a decision needs, of one epoch. Read here and nowhere else.

The slow part (people, cameras, agreements) is cached by the world epoch, the quick part (sharings, stops) by the
situation epoch. A snapshot is consistent: the epoch is read before and after, and must not have moved.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from sightpact.access.models import StoppedPerson
from sightpact.activation import askings, drills
from sightpact.activation import reads as activation
from sightpact.activation.askings import AskingCard
from sightpact.activation.drills import DrillCard
from sightpact.activation.reads import ActivationCard
from sightpact.agreements import reads as agreements
from sightpact.agreements import stored_world
from sightpact.agreements.reads import EmergencyKind, Limits, Running
from sightpact.cameras import reads as cameras
from sightpact.cameras.reads import CameraCard, SchoolCard
from sightpact.decide.authorize import NOWHERE, Ground, authorize
from sightpact.decide.facts import Action, Answer, Situation, Stop
from sightpact.decide.world import World
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.ledger.epoch import EpochValue
from sightpact.people import reads as people

REMEMBER_ENDED = timedelta(hours=12)  # how long a page can still say why a sharing ended


@dataclass(frozen=True, slots=True)
class Snapshot:
    epoch: EpochValue
    world: World
    names: Names
    live: tuple[ActivationCard, ...]
    ended: tuple[ActivationCard, ...]  # newest last
    stops: tuple[Stop, ...]
    situations: tuple[Situation, ...]
    journal_version: int = 0
    askings: tuple[
        AskingCard, ...
    ] = ()  # invitations, requests, event periods without an end: asked, coming, open
    past_askings: tuple[AskingCard, ...] = ()  # ended lately
    drills: tuple[DrillCard, ...] = ()  # without an end; one whose school has a real emergency opens nothing
    past_drills: tuple[DrillCard, ...] = ()  # ended lately

    @property
    def version(self) -> tuple[int, int, int, int]:
        """Two snapshots with one version hold the same facts, in the same term and at the same hours."""
        turn = int(self.names.reread_utc.timestamp()) if self.names.reread_utc else 0
        return self.epoch.world, self.epoch.situation, self.journal_version, turn

    def overdue(self) -> bool:
        """An agreement's term, or the hours of a section, began or ended since these facts were read."""
        reread = self.names.reread_utc
        return reread is not None and clock.now() >= reread

    def answer(
        self,
        person: str,
        action: Action,
        resource: str,
        emergency: str | None = None,
        situation: str | None = None,
        agreement: str | None = None,
        aid: str | None = None,
        full: frozenset[tuple[str, str]] = NOWHERE,
        explained: bool = True,
        held: Ground | None = None,
    ) -> Answer:
        """Ask the law, now. Those from `emergency` on as in `authorize`."""
        return authorize(
            self.world,
            person,
            action,
            resource,
            self.situations,
            self.stops,
            clock.now(),
            emergency=emergency,
            situation=situation,
            agreement=agreement,
            aid=aid,
            full=full,
            explained=explained,
            held=held,
        )


@dataclass(frozen=True, slots=True)
class Names:
    """What people are shown for ids; of the same world epoch as the facts."""

    persons: dict[str, people.PersonCard]
    parties: dict[str, people.PartyCard]
    cameras: dict[str, CameraCard]
    schools: dict[str, SchoolCard]
    agreement_slugs: dict[str, str]
    running: dict[str, Running]  # by agreement id
    kinds: dict[str, tuple[EmergencyKind, ...]]  # by agreement id
    reread_utc: (
        datetime | None
    )  # when a term or hours begin or end: the facts change then though nobody writes

    suspended_by: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # agreement id -> name and phone of who did it

    def kind(self, agreement: str, emergency: str) -> EmergencyKind | None:
        """What the agreement says of this kind of emergency; None when it does not know it."""
        return next((kind for kind in self.kinds.get(agreement, ()) if kind.kind == emergency), None)

    def limits(self, agreement: str) -> Limits | None:
        """Its times, and what an end means; None when it does not run any more, although a sharing under it may."""
        entry = self.running.get(agreement)
        return agreements.limits_of(entry.document) if entry else None


@dataclass(frozen=True, slots=True)
class Journalled:
    """What could so far be written only to the reserved journal. It is preferred over what is stored."""

    version: int = 0  # moves with every change: part of a snapshot's version
    cards: tuple[ActivationCard, ...] = ()
    keys: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({})
    )  # of starts: idempotency key to sharing
    stops: tuple[Stop, ...] = ()
    ended_askings: tuple[AskingCard, ...] = ()
    ended_drills: tuple[DrillCard, ...] = ()


class Unsettled(Exception):
    """The facts moved while they were read, every time. Nothing can be decided on them; try again."""


_lock = threading.Lock()
_latest: Snapshot | None = None
journalled = Journalled()
"""Replaced whole, by `access/emergency_journal.py` alone."""


def snapshot() -> Snapshot:
    """The facts as last committed. Cheap when nothing moved: one small read.

    Raises:
        Unsettled: they moved on every read.
    """
    global _latest
    with _lock:
        kept = journalled  # before the database: what leaves the journal meanwhile is then seen twice, never not at all
        for _attempt in range(20):
            before = ledger.epoch()
            if _latest is not None and _latest.epoch == before and not _latest.overdue():
                return _with_journal(_latest, kept)
            fresh = _read(before, _latest)
            if ledger.epoch() == before:
                _latest = fresh
                return _with_journal(fresh, kept)
        raise Unsettled("the facts moved on 20 reads in a row; nothing can be decided")


def suspended_since(last: Snapshot) -> dict[str, tuple[str, str]]:
    """Agreements that stand suspended and did not in these facts: id to name and phone of who did it.

    Two small reads, for the gate: what is suspended closes before the whole world is read anew.
    """
    if ledger.epoch().world == last.epoch.world:
        return {}
    before = {agreement.id for agreement in last.world.inventory.agreements if agreement.suspended}
    return {id: who for id, who in agreements.suspended_by().items() if id not in before}


def latest() -> Snapshot:
    """The facts as they were last read, without asking whether they moved: for words that follow a reading, never for a
    decision. Waits for nobody.
    """
    known = _latest
    return snapshot() if known is None or known.overdue() else _with_journal(known, journalled)


def _read(epoch: EpochValue, last: Snapshot | None) -> Snapshot:
    if last is not None and last.epoch.world == epoch.world and not last.overdue():
        world, names = last.world, last.names
    else:
        world, names = _world(epoch.world, last.world if last else None)
    ended = (
        last.ended if last is not None and last.epoch.world == epoch.world else ()
    )  # names and numbers stand
    live, asked, practised = activation.live(), askings.live(), drills.live()
    return Snapshot(
        epoch=epoch,
        world=world,
        names=names,
        live=live,
        ended=activation.ended_since(clock.now() - REMEMBER_ENDED, ended),
        stops=_stops(),
        situations=_situations(live, asked, practised),
        askings=asked,
        past_askings=askings.ended_since(clock.now() - REMEMBER_ENDED),
        drills=practised,
        past_drills=drills.ended_since(clock.now() - REMEMBER_ENDED),
    )


def _world(epoch: int, before: World | None) -> tuple[World, Names]:
    running = agreements.running()
    camera_cards = cameras.cameras()
    inventory = stored_world.inventory(
        [entry.facts for entry in running], agreements.named_persons(), epoch, camera_cards
    )
    names = Names(
        persons={card.id: card for card in people.persons()},
        parties={card.id: card for card in people.parties()},
        cameras={card.id: card for card in camera_cards},
        schools={card.id: card for card in cameras.schools()},
        agreement_slugs=agreements.slugs(),
        running={entry.id: entry for entry in running},
        kinds={entry.id: agreements.emergencies_of(entry.document) for entry in running},
        reread_utc=_next_term(running),
        suspended_by=agreements.suspended_by(),
    )
    return World(inventory, before), names


def _next_term(running: tuple[Running, ...]) -> datetime | None:
    now = clock.now()
    instants = [i for entry in running for i in (entry.facts.in_force_from, entry.facts.in_force_until) if i]
    instants += [turn for entry in running for h in entry.facts.hours if (turn := h.turns(now))]
    return min((instant for instant in instants if instant > now), default=None)


def _stops() -> tuple[Stop, ...]:
    rows = StoppedPerson.objects.filter(lifted_utc__isnull=True).values_list("person_id", "owner_id")
    return tuple(Stop(person=str(person), owner=str(owner), until_utc=None) for person, owner in rows)


def _situations(
    live: tuple[ActivationCard, ...], asked: tuple[AskingCard, ...], practised: tuple[DrillCard, ...]
) -> tuple[Situation, ...]:
    """What is true. A drill is not, where an emergency is shared: it gives way at once, before its end is written."""
    real = {school for card in live for school in card.schools}
    opened = (
        situation_of(card, card.deadline_utc) for card in asked if card.state == "open" and card.deadline_utc
    )
    held = (situation_of_drill(card) for card in practised if real.isdisjoint(card.schools))
    shared = (situation for card in live for situation in situations_of_sharing(card))
    return (*shared, *opened, *held)


def situation_of_drill(card: DrillCard) -> Situation:
    """What is true while it runs: as in the emergency that it practises, for simulated pictures alone."""
    return Situation(
        id=card.id,
        kind="drill",
        schools=frozenset(card.schools),
        emergency=card.emergency,
        verified=True,
        deadline_utc=card.deadline_utc,
        is_drill=True,
        agreement=card.agreement,
    )


def situation_of(card: AskingCard, deadline_utc: datetime) -> Situation:
    """What is true while it is open. It counts under the agreement that it rests on, and under no other."""
    return Situation(
        id=card.id,
        kind=card.kind,
        schools=frozenset(card.schools),
        emergency="",
        verified=True,
        deadline_utc=deadline_utc,
        cameras=frozenset(card.cameras) or None,
        agreement=card.agreement,
    )


def situations_of_sharing(card: ActivationCard) -> tuple[Situation, ...]:
    """What is true while it runs: each kind that was reported, until its own time, under the one id."""
    return tuple(
        Situation(
            id=card.id,
            kind="activation",
            schools=frozenset(card.schools),
            emergency=kind,
            verified=card.verified,
            deadline_utc=until,
            aid=frozenset((call.agreement, call.party_slug) for call in card.aid),
            outlasts=card.agreement,
        )
        for kind, until in card.kinds
    )


def _with_journal(snapshot: Snapshot, kept: Journalled) -> Snapshot:
    if not kept.version:
        return snapshot
    ids = {card.id for card in kept.cards}  # the journal is newer than a row of the same id
    live = tuple(c for c in snapshot.live if c.id not in ids) + tuple(c for c in kept.cards if c.is_live)
    ended = tuple(c for c in snapshot.ended if c.id not in ids) + tuple(
        c for c in kept.cards if not c.is_live
    )
    stops = snapshot.stops + tuple(stop for stop in kept.stops if stop not in snapshot.stops)
    closed = {card.id for card in kept.ended_askings}
    asked = tuple(c for c in snapshot.askings if c.id not in closed)
    past = tuple(c for c in snapshot.past_askings if c.id not in closed) + kept.ended_askings
    over = {card.id for card in kept.ended_drills}
    practised = tuple(c for c in snapshot.drills if c.id not in over)
    return replace(
        snapshot,
        live=live,
        ended=ended,
        stops=stops,
        situations=_situations(live, asked, practised),
        askings=asked,
        past_askings=past,
        drills=practised,
        past_drills=tuple(c for c in snapshot.past_drills if c.id not in over) + kept.ended_drills,
        journal_version=kept.version,
    )
