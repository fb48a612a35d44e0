"""What one person's wall shows now: the sharing, the pictures that may be asked for, who watches, why it is closed.

Reads only; every camera named here was granted to this person a moment ago, and the gate asks again before a picture.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sightpact.access import asked, drilled, facts, reporting, running, visible, watch, which_school
from sightpact.access.asked import Asked
from sightpact.access.drilled import Drilled
from sightpact.access.facts import Snapshot
from sightpact.access.neighbours import Neighbour, neighbours
from sightpact.access.offers import NONE, Offers, offers
from sightpact.access.remembered import while_facts_stand
from sightpact.access.reminders import Reminder, reminders
from sightpact.access.visible import SeenCamera
from sightpact.access.which_school import AlarmCard
from sightpact.activation import life
from sightpact.activation.reads import ActivationCard
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Action, Grant
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger

SHOW_END = timedelta(minutes=30)  # how long a wall says why the last sharing ended, unless it is put away


@dataclass(frozen=True, slots=True)
class Sharing:
    """A running sharing as this person may know it, with what the person may do about it."""

    card: ActivationCard
    label: str  # of the emergency: "Intruder in the building"
    agreement_slug: str
    agreement_title: str
    cameras: int  # inside pictures that it opens to this person
    can_take: bool
    can_end: bool
    can_stop: bool
    is_mine: bool  # taken by this person
    zone: str
    neighbours: tuple[Neighbour, ...] = ()  # who was called for aid, and whom this person may call
    section: str = (
        ""  # that opens it to this person; "": nothing inside is open to them, the sharing's own counts
    )
    offers: Offers = NONE
    before: str = ""  # label of the lower kind that it was before it was widened
    widened_by: str = ""  # who said so


@dataclass(frozen=True, slots=True)
class Tile:
    camera: str
    number: int
    name: str
    place: str
    school: str
    school_id: str
    section: str
    inside: bool
    situation: str  # id of the sharing that opens it, or ""
    zone: str  # of its school, for the time in the picture
    drill: bool = False  # drawn, for a drill; it shows neither inside nor outside of a school


@dataclass(frozen=True, slots=True)
class Watcher:
    person: str
    name: str
    party: str
    title: str
    cameras: int
    is_you: bool


@dataclass(frozen=True, slots=True)
class EndedSharing:
    card: ActivationCard
    label: str
    cameras_seen: int
    seconds: int
    call: str  # whom to ask, by name; empty: the owner's office
    phone: str


@dataclass(frozen=True, slots=True)
class SchoolRow:
    id: str
    name: str
    outside: int
    lost: tuple[str, ...]  # names of outside cameras without a picture


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement that names this person's party, in force or still to come; one that has ended is history."""

    slug: str
    title: str
    with_names: tuple[str, ...]  # the other parties
    until: datetime | None  # the last instant of its last day
    begins: datetime | None  # its first instant, while that is still to come
    suspended: bool
    suspended_by: tuple[str, str] = ("", "")  # name and telephone of who did it


@dataclass(frozen=True, slots=True)
class WallState:
    mode: str  # quiet, emergency, look (open by asking), drill, ended, nothing
    sharings: tuple[Sharing, ...]
    tiles: tuple[Tile, ...]
    watchers: tuple[Watcher, ...]
    closed_sentence: str
    ended: EndedSharing | None
    schools: tuple[SchoolRow, ...]
    agreements: tuple[AgreementLine, ...]
    zone: str
    now: datetime
    looks: tuple[
        Asked, ...
    ] = ()  # open invitations, requests and event periods, the one with most pictures first
    waiting: tuple[Asked, ...] = ()  # what this person asked for or may answer
    past_look: Asked | None = None  # the last that ended, for as long as a wall says so
    may_ask: bool = False
    may_report: bool = False  # a 911 call, or somebody's word
    reminders: tuple[Reminder, ...] = ()  # what the agreements ask of whoever watches
    drill: Drilled | None = None  # that runs for this person; simulated pictures never stand beside real ones
    questions: tuple[AlarmCard, ...] = ()  # alarms of which a person must say which school it is
    version: tuple[int, ...] = ()  # of the facts


def state(person_id: str, put_away: tuple[str, ...] = ()) -> WallState:
    """Everything a wall needs.

    Args:
        put_away: ids of ended sharings whose notice this person has put away.
    """
    snapshot = facts.snapshot()
    seen = visible.cameras_for(person_id, snapshot)
    sharings = _sharings(snapshot, person_id)
    asks = asked.everything(person_id, snapshot)
    looks = tuple(sorted((a for a in asks.open if not a.dark), key=lambda a: -(a.cameras or 0)))
    drill = next((d for d in drilled.running(person_id, snapshot) if not d.of_owner), None)
    ended = None if sharings or looks or drill else _ended(snapshot, person_id, put_away)
    real = "emergency" if sharings else "look" if looks else ""  # comes before a drill
    mode = real or ("drill" if drill else "ended" if ended else "quiet" if seen else "nothing")
    seen = tuple(each for each in seen if drilled.is_simulated(each) is (mode == "drill"))
    card = snapshot.names.persons.get(person_id)
    return WallState(
        mode=mode,
        sharings=sharings,
        tiles=_tiles(snapshot, person_id, mode == "drill"),
        watchers=_watchers(snapshot, person_id, seen),
        closed_sentence=visible.closed_sentence(person_id, snapshot),
        ended=ended,
        schools=_schools(seen),
        agreements=_agreements(snapshot, person_id),
        zone=card.zone if card else "UTC",
        now=clock.now(),
        looks=looks,
        waiting=tuple(a for a in asks.waiting if a.is_mine or a.can_answer),
        past_look=next((a for a in asks.ended if a.card.opened_utc and _lately(a.card.ended_utc)), None),
        may_ask=asked.offered(person_id, snapshot),
        may_report=bool(reporting.options(person_id, snapshot)),
        reminders=reminders(snapshot, person_id) if seen else (),
        drill=drill,
        questions=which_school.waiting(snapshot, person_id),
        version=snapshot.version,
    )


def one(person_id: str, activation: str) -> Sharing | None:
    """One sharing as this person may know it, also one that has ended. None: there is none for this person."""
    snapshot = facts.snapshot()
    seen = visible.cameras_for(person_id, snapshot)
    cards = visible.concerning(snapshot, person_id, (*snapshot.live, *snapshot.ended), seen)
    found = next((card for card in cards if card.id == activation), None)
    return _sharing(snapshot, person_id, found, seen) if found else None


def _lately(ended_utc: datetime | None) -> bool:
    return ended_utc is not None and ended_utc > clock.now() - SHOW_END


@while_facts_stand
def _sharings(snapshot: Snapshot, person: str) -> tuple[Sharing, ...]:
    seen = visible.cameras_for(person, snapshot)
    cards = visible.concerning(snapshot, person, snapshot.live, seen)
    return tuple(_sharing(snapshot, person, card, seen) for card in cards)


def _sharing(snapshot: Snapshot, person: str, card: ActivationCard, seen: tuple[SeenCamera, ...]) -> Sharing:
    def may(action: Action, resource: str) -> bool:
        return isinstance(snapshot.answer(person, action, resource), Grant)

    kind = snapshot.names.kind(card.agreement, card.emergency)
    school = snapshot.names.schools[card.schools[0]]
    inside = [s.grant for s in seen if s.grant.situation == card.id and not _outside(s)]
    return Sharing(
        card=card,
        label=kind.label if kind else card.emergency,
        agreement_slug=snapshot.names.agreement_slugs[inside[0].agreement if inside else card.agreement],
        agreement_title=snapshot.names.running[card.agreement].title
        if card.agreement in snapshot.names.running
        else "",
        cameras=len(inside),
        can_take=card.taken_by is None and all(may(Action.TAKE_INCIDENT, s) for s in card.schools),
        can_end=all(may(Action.END_SHARING, s) for s in card.schools),
        can_stop=may(Action.STOP_SHARING, card.owner),
        is_mine=card.taken_by == person,
        zone=school.zone,
        neighbours=neighbours(snapshot, person, card),
        section=inside[0].clause if inside else "",
        offers=offers(snapshot, person, card),
        before=_label(snapshot, card.agreement, card.widened_from) if card.widened_from else "",
        widened_by=next((r.by_name for r in reversed(card.reports) if r.outcome == life.WIDENED), ""),
    )


def _label(snapshot: Snapshot, agreement: str, emergency: str) -> str:
    kind = snapshot.names.kind(agreement, emergency)
    return kind.label if kind else emergency


@while_facts_stand
def _tiles(snapshot: Snapshot, person: str, drawn: bool) -> tuple[Tile, ...]:
    """Pictures of a sharing first, then the outside ones of its schools, then the rest; each keeps its number."""
    seen = [s for s in visible.cameras_for(person, snapshot) if drilled.is_simulated(s) is drawn]
    concerned = {school for card in snapshot.live for school in card.schools}
    concerned |= {school for card in snapshot.askings if card.state == "open" for school in card.schools}
    ordered = sorted(
        seen, key=lambda s: (not s.grant.situation, _outside(s), s.camera.school_id not in concerned)
    )
    return tuple(
        Tile(
            camera=s.camera.id,
            number=number,
            name=s.camera.name,
            place=s.camera.place,
            school=s.camera.school_name,
            school_id=s.camera.school_id,
            section=s.grant.clause,
            inside=not _outside(s) and not drilled.is_simulated(s),
            situation=s.grant.situation or "",
            zone=snapshot.names.schools[s.camera.school_id].zone,
            drill=drilled.is_simulated(s),
        )
        for number, s in enumerate(ordered, 1)
    )


def _watchers(snapshot: Snapshot, person: str, seen: tuple[SeenCamera, ...]) -> tuple[Watcher, ...]:
    """Who watches the cameras that this person may see; nobody else's viewing is named."""
    mine = {s.camera.id for s in seen}
    counts: dict[str, int] = defaultdict(int)
    for row in running.rows():
        if str(row.camera_id) in mine:
            counts[str(row.person_id)] += 1
    watchers = []
    for person_id, count in counts.items():
        card = snapshot.names.persons.get(person_id)
        if card is not None:
            is_you = person_id == person
            watchers.append(Watcher(person_id, card.name, card.short_party, card.title, count, is_you))
    return tuple(watchers)


def _agreements(snapshot: Snapshot, person: str) -> tuple[AgreementLine, ...]:
    known = snapshot.world.inventory.persons.get(person)
    parties = {party for party, _role in known.roles} if known else set()
    now = clock.now()
    return tuple(
        AgreementLine(
            slug=entry.slug,
            title=entry.title,
            with_names=tuple(snapshot.names.parties[p].name for p in entry.facts.parties - parties),
            until=entry.facts.in_force_until and entry.facts.in_force_until - timedelta(microseconds=1),
            begins=entry.facts.in_force_from if now < entry.facts.in_force_from else None,
            suspended=entry.facts.suspended,
            suspended_by=snapshot.names.suspended_by.get(entry.id, ("", "")),
        )
        for entry in snapshot.names.running.values()
        if entry.facts.parties & parties
        and (entry.facts.in_force_until is None or now < entry.facts.in_force_until)
    )


def _ended(snapshot: Snapshot, person: str, put_away: tuple[str, ...]) -> EndedSharing | None:
    ended = [
        (card.ended_utc, card)
        for card in visible.concerning(snapshot, person, snapshot.ended)
        if card.ended_utc is not None
    ]
    read = [at for at, card in ended if card.id in put_away]  # what ended before that is read with it
    since = max([clock.now() - SHOW_END, *read])
    recent = [(at, card) for at, card in ended if at > since]
    if not recent:
        return None
    _at, card = max(recent, key=lambda each: each[0])
    kind = snapshot.names.kind(card.agreement, card.emergency)
    mine = ledger.opened(ledger.Query(types=("admission",), person=person, situation=card.id, limit=500))
    closed = ledger.closings([entry.index for entry in mine])
    owner = snapshot.names.parties.get(card.owner)
    me = snapshot.names.persons.get(person)
    asked = card.ended_by_phone and (me is None or card.ended_by_name != me.name)  # nobody calls themselves
    return EndedSharing(
        card=card,
        label=kind.label if kind else card.emergency,
        cameras_seen=len({entry.key("camera") for entry in mine}),
        seconds=max((entry.seconds or 0 for entry in closed.values()), default=0),
        call=card.ended_by_name if asked else "",
        phone=card.ended_by_phone if asked else owner.phone if owner else "",
    )


def _schools(seen: tuple[SeenCamera, ...]) -> tuple[SchoolRow, ...]:
    rows: dict[str, list[SeenCamera]] = defaultdict(list)
    for s in seen:
        if _outside(s):
            rows[s.camera.school_id].append(s)
    return tuple(
        SchoolRow(
            id=school,
            name=cameras[0].camera.school_name,
            outside=len(cameras),
            lost=tuple(s.camera.name for s in cameras if _lost(s.camera.id)),
        )
        for school, cameras in rows.items()
    )


def _lost(camera: str) -> bool:
    health = watch.health_of(camera)
    return health is not None and health.state in ("lost", "unsupported", "stalled")


def _outside(s: SeenCamera) -> bool:
    return bool(s.camera.area_kinds) and s.camera.area_kinds <= EXTERIOR_AREA_KINDS
