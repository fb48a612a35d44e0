"""The owner's board: who watches which camera, since when, under which section; what was refused just now.

For persons to whom the law grants `see_watchers` at the owner; nobody else gets even a count.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sightpact.access import asked, drilled, facts, running, visible
from sightpact.access.asked import Asked
from sightpact.access.drilled import Drilled
from sightpact.access.errors import NotFound
from sightpact.access.facts import Snapshot
from sightpact.access.models import OpenStream, StoppedPerson
from sightpact.access.waiting_causes import waiting_causes
from sightpact.activation.reads import ActivationCard
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Action, Grant
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.ledger.reads import OpenedEntry
from sightpact.notices import reads as notices
from sightpact.notices.reads import Told


@dataclass(frozen=True, slots=True)
class Viewing:
    """One person's running pictures in one situation."""

    person: str
    name: str
    party: str
    title: str
    device: str
    inside: int
    outside: int
    cameras: tuple[str, ...]  # names
    sections: tuple[str, ...]
    agreement_slug: str
    is_house: bool
    since: datetime
    is_you: bool


@dataclass(frozen=True, slots=True)
class BoardSharing:
    card: ActivationCard
    label: str
    viewings: tuple[Viewing, ...]
    can_stop: bool
    told: tuple[Told, ...] = ()  # who was told of it, and what became of that


@dataclass(frozen=True, slots=True)
class BoardLook:
    """What is open by invitation, request or event, with who watches by it."""

    asked: Asked
    viewings: tuple[Viewing, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    person: str
    name: str
    party: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BoardState:
    owner: str
    owner_name: str
    people: int
    inside_people: int
    sharings: tuple[BoardSharing, ...]
    standing: tuple[Viewing, ...]  # viewings outside any sharing
    stopped: tuple[Stopped, ...]
    just_now: tuple[OpenedEntry, ...]
    quiet_schools: tuple[str, ...]
    closed_section: str
    zone: str
    can_stop: bool
    now: datetime
    looks: tuple[BoardLook, ...] = ()
    causes: tuple[str, ...] = ()  # what comes true by routine when the running emergencies end
    undoable: tuple[ActivationCard, ...] = ()  # stopped a moment ago, and this person may take that back
    waiting: tuple[Asked, ...] = ()  # requests and event periods for this person's answer
    drills: tuple[Drilled, ...] = ()  # that run; who sees simulated pictures is not among the viewings


JUST_NOW = (
    "admission",
    "refusal",
    "activation_start",
    "activation_joined",
    "activation_widened",
    "activation_confirmed",
    "activation_take",
    "activation_extended",
    "activation_undone",
    "aid_called",
    "activation_end",
    "invitation",
    "request",
    "window",
    "stop",
    "stop_lifted",
)


def state(person_id: str) -> BoardState:
    """Everything the board needs, for the first owner at whom the person may see who watches.

    Raises:
        NotFound: the person may not.
    """
    snapshot = facts.snapshot()
    owners = visible.owners_where(person_id, Action.SEE_WATCHERS, snapshot)
    if not owners:
        raise NotFound(
            "There is no such page for you.",
            "Your role does not name you for it.",
            "Ask your district's office.",
        )
    owner = owners[0]
    groups = _viewings(snapshot, owner, person_id)
    can_stop = isinstance(snapshot.answer(person_id, Action.STOP_SHARING, owner), Grant)
    cards = [card for card in snapshot.live if card.owner == owner]
    sharings = tuple(
        BoardSharing(
            card,
            _label(snapshot, card),
            tuple(groups.pop(card.id, ())),
            can_stop,
            notices.by_person(card.id),
        )
        for card in cards
    )
    asks = asked.everything(person_id, snapshot)
    opened = [each for each in asks.open if each.card.owner == owner]
    looks = tuple(BoardLook(each, tuple(groups.pop(each.card.id, ()))) for each in opened)
    watching = [v for s in sharings for v in s.viewings] + [v for look in looks for v in look.viewings]
    everybody = watching + [v for group in groups.values() for v in group]
    busy = {school for card in cards for school in card.schools}
    busy |= {school for look in looks for school in look.asked.card.schools}
    return BoardState(
        owner=owner,
        owner_name=snapshot.names.parties[owner].name,
        people=len({v.person for v in everybody}),
        inside_people=len({v.person for v in everybody if v.inside}),
        sharings=sharings,
        standing=tuple(v for group in groups.values() for v in group),
        stopped=_stopped(snapshot, owner),
        just_now=tuple(ledger.opened(ledger.Query(types=JUST_NOW, limit=60))),
        quiet_schools=tuple(s.name for s in snapshot.names.schools.values() if s.id not in busy),
        closed_section=_emergency_section(snapshot, owner),
        zone=snapshot.names.persons[person_id].zone,
        can_stop=can_stop,
        now=clock.now(),
        looks=looks,
        causes=tuple(cause.text for cause in waiting_causes(snapshot)),
        undoable=tuple(
            c for c in snapshot.ended if c.owner == owner and can_stop and c.can_undo(clock.now())
        ),
        waiting=tuple(each for each in asks.waiting if each.can_answer),
        drills=tuple(d for d in drilled.running(person_id, snapshot) if d.card.owner == owner),
    )


def _viewings(snapshot: Snapshot, owner: str, asking: str) -> dict[str, list[Viewing]]:
    """Running pictures of real cameras by situation ("" for none), one line a person."""
    rows: dict[tuple[str, str], list[OpenStream]] = defaultdict(list)
    cameras = snapshot.world.inventory.cameras
    streams = [
        row
        for row in running.rows()
        if (camera := cameras.get(str(row.camera_id))) and camera.owner == owner and not camera.drill_source
    ]
    for row in streams:
        rows[_place(snapshot, row), str(row.person_id)].append(row)
    groups: dict[str, list[Viewing]] = defaultdict(list)
    for (place, person), found in rows.items():
        groups[place].append(_viewing(snapshot, person, found, asking))
    return groups


def _place(snapshot: Snapshot, row: OpenStream) -> str:
    """Under which sharing a picture is listed: its own, or the one at its school (the owner's own look at it)."""
    if row.situation:
        return row.situation
    camera = snapshot.names.cameras.get(str(row.camera_id))
    if camera is None or camera.area_kinds <= EXTERIOR_AREA_KINDS:
        return ""
    return next((card.id for card in snapshot.live if camera.school_id in card.schools), "")


def _viewing(snapshot: Snapshot, person: str, rows: list[OpenStream], asking: str) -> Viewing:
    card = snapshot.names.persons[person]
    cameras = [
        snapshot.names.cameras[str(row.camera_id)]
        for row in rows
        if str(row.camera_id) in snapshot.names.cameras
    ]
    outside = sum(1 for camera in cameras if camera.area_kinds <= EXTERIOR_AREA_KINDS)
    agreement = next((a for a in snapshot.world.inventory.agreements if a.id == str(rows[0].agreement)), None)
    return Viewing(
        person=person,
        name=card.name,
        party=card.party_name,
        title=card.title,
        device=rows[0].device,
        inside=len(cameras) - outside,
        outside=outside,
        cameras=tuple(camera.name for camera in cameras),
        sections=tuple(dict.fromkeys(row.clause for row in rows)),
        agreement_slug=snapshot.names.agreement_slugs.get(str(rows[0].agreement), ""),
        is_house=bool(agreement and agreement.is_house),
        since=min(row.began_utc for row in rows),
        is_you=person == asking,
    )


def _stopped(snapshot: Snapshot, owner: str) -> tuple[Stopped, ...]:
    rows = StoppedPerson.objects.filter(owner_id=UUID(owner), lifted_utc__isnull=True).order_by(
        "-stopped_utc"
    )
    return tuple(
        Stopped(
            person=str(row.person_id),
            name=snapshot.names.persons[str(row.person_id)].name,
            party=snapshot.names.persons[str(row.person_id)].party_name,
            by=snapshot.names.persons[str(row.stopped_by_id)].name,
            at=row.stopped_utc,
        )
        for row in rows
    )


def _label(snapshot: Snapshot, card: ActivationCard) -> str:
    kind = snapshot.names.kind(card.agreement, card.emergency)
    return kind.label if kind else card.emergency


def _emergency_section(snapshot: Snapshot, owner: str) -> str:
    for agreement in snapshot.world.inventory.agreements:
        if agreement.owner == owner and not agreement.is_house:
            kinds = snapshot.names.kinds[agreement.id]
            if kinds:
                return kinds[0].clause
    return ""
