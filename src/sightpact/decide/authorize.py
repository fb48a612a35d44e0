"""May this person do this, now? The one pure function that every picture and every action goes through.

Fails closed: whatever is unknown, not in force, stopped, erroneous or simply not foreseen is refused.
Two rules stand here in plain code as well as in every policy (belt and braces): nobody but the owner's own people,
under the owner's house policy, sees a private area; nobody at all sees a camera that is not classified.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sightpact.decide import explain
from sightpact.decide.facts import (
    SITUATIONS,
    Action,
    Agreement,
    Answer,
    Camera,
    Grant,
    Party,
    Person,
    Refusal,
    Situation,
    Stop,
)
from sightpact.decide.situations import called, counts_under, covers, told
from sightpact.decide.world import Law, Outcome, Resource, Told, World

SITUATED = frozenset({Action.VIEW_LIVE, Action.TAKE_INCIDENT, Action.END_SHARING, Action.CALL_AID})
"""Actions that a running emergency can open. The others are judged by standing alone."""

ASKED_OF_A_KIND = frozenset({Action.INVITE, Action.ASK, Action.APPROVE, Action.APPROVE_ESCALATED})
"""Actions about an invitation, a request or a window: which of them must be said. END_SHARING may be about one as well."""

DECLARED = frozenset({Action.START_SHARING, Action.REPORT})
"""Actions that declare an emergency: its kind is said."""

Ground = tuple[str, str, str | None]
"""(agreement id, section, situation id): what a grant rests on."""

NOWHERE: frozenset[tuple[str, str]] = frozenset()
"""No section is full."""

NARROWING = frozenset({Action.END_SHARING, Action.STOP_SHARING})
"""Actions that only close: the policies allow them also when the agreement is suspended or has ended."""


def authorize(
    world: World,
    person_id: str,
    action: Action | str,
    resource_id: str,
    situations: Sequence[Situation],
    stops: Iterable[Stop],
    now: datetime,
    *,
    emergency: str | None = None,
    situation: str | None = None,
    agreement: str | None = None,
    aid: str | None = None,
    full: frozenset[tuple[str, str]] = NOWHERE,
    explained: bool = True,
    held: Ground | None = None,
) -> Answer:
    """Grant or refusal. Never raises: an unforeseen fault is a refusal with code "error" and its reason for the log.

    1. Person, action and resource must be known; unknown and never coverable read the same.
    2. Rules outside Cedar: classified, in service, private areas, stopped viewers, agreement in force.
    3. Each agreement that concerns the person is asked with each situation that covers the thing, and without.
    4. The best grant wins: the one without end, else the one that ends last.
    5. Without a grant, say why, and which section would open it.

    Args:
        world: facts of one epoch.
        person_id, resource_id: ids; the resource is a camera, school or party, as the action asks.
        situations: what is true now; those past their deadline and elsewhere are skipped.
        stops: viewers stopped by the owner.
        now: aware UTC.
        emergency: for START_SHARING and REPORT, the kind of emergency to be declared.
        situation: for INVITE, ASK, APPROVE and APPROVE_ESCALATED, and for END_SHARING of one of these: which of
            `facts.SITUATIONS` is meant.
        agreement: only under this agreement; None: under any.
        aid: for CALL_AID, slug of the neighbour that is to be called.
        full: (agreement id, section) under which there is no room for this person: as many watch as it lets.
        explained: False: step 5 is left out, a refusal then says "closed" alone. For many answers at once, of which only the
            few that are told to somebody need their reason.
        held: the ground on which a picture runs: as long as it still grants, it is the answer, also where another would last
            longer. A picture then does not change its ground, and so does not flicker.
    """
    try:
        asked = _Asked(Action(action), emergency, situation, agreement, aid, full, explained, held)
        return _authorize(world, person_id, asked, resource_id, situations, stops, now)
    except Exception as fault:
        return Refusal("error", reason=f"{type(fault).__name__}: {fault}")


@dataclass(frozen=True, slots=True)
class _Asked:
    action: Action
    emergency: str | None
    situation: str | None
    agreement: str | None
    aid: str | None
    full: frozenset[tuple[str, str]]
    explained: bool
    held: Ground | None

    @property
    def mistake(self) -> str:
        """What in the question makes no sense; "" when it does."""
        if self.emergency is not None and self.action not in DECLARED:
            return f"emergency given for {self.action}"
        if (self.aid is not None) is not (self.action is Action.CALL_AID):
            return f"neighbour {self.aid!r} given for {self.action}"
        if self.situation is None:
            return f"no situation given for {self.action}" if self.action in ASKED_OF_A_KIND else ""
        if self.situation not in SITUATIONS or self.action not in {*ASKED_OF_A_KIND, Action.END_SHARING}:
            return f"situation {self.situation!r} given for {self.action}"
        return ""

    def holds_standing(self, agreement: Agreement) -> bool:
        """Whether the picture runs under this agreement without any situation."""
        return self.held is not None and self.held[0] == agreement.id and self.held[2] is None

    def concerns(self, law: Law) -> bool:
        """Whether this agreement can answer at all: the one that is meant, which knows the situation that is meant."""
        if self.agreement is not None and law.agreement.id != self.agreement:
            return False
        if self.aid is not None and self.aid not in law.agreement.aid:
            return False
        return self.situation is None or self.situation in law.agreement.situations


def _authorize(
    world: World,
    person_id: str,
    asked: _Asked,
    resource_id: str,
    situations: Sequence[Situation],
    stops: Iterable[Stop],
    now: datetime,
) -> Answer:
    action = asked.action
    if asked.mistake:
        return Refusal("error", reason=asked.mistake)
    person = world.inventory.persons.get(person_id)
    if person is None:
        return Refusal("unknown")
    if not person.active:
        return Refusal("not_named")
    if not world.has_any_law(person):
        return Refusal("no_agreement")
    resource = world.resource(action, resource_id)
    if resource is None:
        return Refusal("unknown")
    owner = resource.id if isinstance(resource, Party) else resource.owner
    laws = world.laws_for(person, owner, as_owner=action is not Action.READ_RECORD)
    if (asked.situation, asked.agreement, asked.aid) != (None, None, None):
        laws = tuple(law for law in laws if asked.concerns(law))
    if not laws:
        return Refusal("unknown")
    if isinstance(resource, Camera):
        if not resource.classified:
            return Refusal("unclassified")
        if resource.private:
            laws = tuple(law for law in laws if is_house_of(law.agreement, owner))
            if not laws:
                return Refusal("private")
        if not resource.in_service:
            return Refusal("out_of_service")
    stopped = any(
        s.person == person_id and s.owner == owner and (s.until_utc is None or now < s.until_utc)
        for s in stops
    )
    if stopped and action is Action.VIEW_LIVE:
        return Refusal("stopped", agreement=laws[0].agreement.id, policy_hash=laws[0].agreement.policy_hash)

    best: Grant | None = None
    kept: Grant | None = None
    errors: list[str] = []
    taken: Refusal | None = None
    for law in laws:
        in_force = is_in_force(law.agreement, now)
        late = not in_force and is_over_by_its_term(law.agreement, now)
        if not in_force and not late and action not in NARROWING:
            continue
        situated = False  # a situation opens it, and no section that is open at all times does
        for ground, situation in _grounds(law, asked, resource, situations, now, in_force, stopped):
            if situated and situation is None and not asked.holds_standing(law.agreement):
                continue
            outcome = law.ask(action, person, resource, ground)
            if outcome.error:
                errors.append(f"{law.agreement.id}: {outcome.error}")
            elif outcome.allow:
                anyway = _anyway(law, asked.action, person, resource, ground, situation, late)
                needing = tuple(clause for clause in outcome.clauses if clause not in anyway)
                if late and action is Action.VIEW_LIVE:
                    if not needing:
                        continue
                    outcome = replace(outcome, clause=needing[0], clauses=needing)
                section = _with_room(law.agreement, needing, asked.full) or _with_room(
                    law.agreement, outcome.clauses, asked.full
                )
                if section is None:
                    taken = taken or _full(law.agreement, outcome.clause)
                    continue
                situated = situated or (
                    situation is not None and law.at_all_times.isdisjoint(outcome.clauses)
                )
                ends = _ends(law.agreement, ground, situation, now, in_force, section not in anyway)
                best = _better(best, _grant(law.agreement, section, situation, ends))
                if asked.held and _holds(asked, law.agreement, outcome, situation):
                    section = asked.held[1]
                    ends = _ends(law.agreement, ground, situation, now, in_force, section not in anyway)
                    kept = _better(kept, _grant(law.agreement, section, situation, ends))
                if best.until_utc is None and (kept or not asked.held):
                    return kept or best
    if kept is not None:
        return kept
    if best is not None:
        return best
    if errors:
        return Refusal("error", reason="; ".join(errors))
    if taken is not None:
        return taken
    if not asked.explained:
        return Refusal("closed")
    declared = explain.Declared(asked.emergency or "", asked.situation or "")
    return explain.refusal(world, laws, person, action, resource, situations, stopped, now, declared)


def is_in_force(agreement: Agreement, now: datetime) -> bool:
    if agreement.suspended or now < agreement.in_force_from:
        return False
    return agreement.in_force_until is None or now < agreement.in_force_until


def is_over_by_its_term(agreement: Agreement, now: datetime) -> bool:
    """Whether only its term has ended, a routine cause: a running emergency under it goes on to its end."""
    ends = agreement.term_ends
    if agreement.suspended or (agreement.terminated is not None and now >= agreement.terminated):
        return False
    return ends is not None and ends == agreement.in_force_until and now >= ends


def is_house_of(agreement: Agreement, owner: str) -> bool:
    """The owner's agreement with itself alone: the lawful basis for the owner's own people."""
    return agreement.is_house and agreement.owner == owner and agreement.parties == {owner}


def _grounds(
    law: Law,
    asked: _Asked,
    resource: Resource,
    situations: Sequence[Situation],
    now: datetime,
    in_force: bool,
    stopped: bool,
) -> list[tuple[Told, Situation | None]]:
    """What Cedar is told, one ground at a time: each situation that counts here, and standing.

    The situations come first: what only they open need not be asked for without them, which halves the time of an admission
    in an emergency. Cedar names all sections that permit; where one of them is open at all times, standing is asked too.

    Ending an invitation is asked for by its kind, never opened by one that runs: who may end an invitation at a school
    may for that not end an emergency there.
    """
    agreement = law.agreement
    declared = asked.emergency if asked.emergency in agreement.emergencies else ""
    standing = Told(in_force, stopped, False, declared or "", asked.situation or "")
    grounds: list[tuple[Told, Situation | None]] = [(standing, None)]
    if asked.action not in SITUATED or asked.situation is not None:
        return grounds
    views = asked.action is Action.VIEW_LIVE
    for s in situations:
        if now >= s.deadline_utc or not covers(s, resource) or not counts_under(s, agreement):
            continue
        if s.is_drill and not (isinstance(resource, Camera) and resource.drill_source):
            continue  # a drill opens simulated pictures and nothing else, whatever a policy says
        if s.kind not in SITUATIONS or views:
            goes_on = s.outlasts == agreement.id and is_over_by_its_term(agreement, now)
            ground = told(s, in_force or goes_on, stopped, s.is_drill)
            if asked.aid is not None:
                ground = replace(ground, aid=asked.aid)
            grounds.append((ground, s))
            if views:
                grounds += [(replace(ground, aid=party), s) for party in called(s, agreement)]
    if views:
        now_open = [h.name for h in agreement.hours if h.open_until(now) is not None]
        grounds += [(replace(ground, hours=name), s) for name in now_open for ground, s in list(grounds)]
    return sorted(grounds, key=lambda ground: ground[1] is None)


def _anyway(
    law: Law,
    action: Action,
    person: Person,
    resource: Resource,
    ground: Told,
    situation: Situation | None,
    late: bool,
) -> frozenset[str]:
    """Sections that show the picture also without this situation, where it lasts beyond the agreement's term: what is open
    anyway ends with the term; only what the situation itself opens goes on. Asked in that case alone."""
    agreement = law.agreement
    term = agreement.term_ends
    if action is not Action.VIEW_LIVE or situation is None or situation.outlasts != agreement.id:
        return frozenset()
    if not late and (term is None or term != agreement.in_force_until or situation.deadline_utc <= term):
        return frozenset()
    without = replace(ground, emergency="", situation="", aid="")
    return frozenset(law.ask(action, person, resource, without).clauses)


def _with_room(agreement: Agreement, clauses: Sequence[str], full: frozenset[tuple[str, str]]) -> str | None:
    """The section that the grant names: one without a limit of people before one with, then the first. None: no room."""
    room = [clause for clause in clauses if (agreement.id, clause) not in full]
    limited = {clause for clause, _most in agreement.viewers}
    return min(
        room, key=lambda clause: clause in limited, default=None
    )  # `clauses` is in order, and min is stable


def _holds(asked: _Asked, agreement: Agreement, outcome: Outcome, situation: Situation | None) -> bool:
    """Whether this is the ground that is held, and it has room."""
    assert asked.held is not None
    id, section, situation_id = asked.held
    return (
        id == agreement.id
        and section in outcome.clauses
        and situation_id == (situation.id if situation else None)
        and (id, section) not in asked.full
    )


def _full(agreement: Agreement, clause: str) -> Refusal:
    return Refusal("full", agreement.id, clause, agreement.policy_hash)


def _ends(
    agreement: Agreement,
    ground: Told,
    situation: Situation | None,
    now: datetime,
    in_force: bool,
    needing: bool,
) -> list[datetime]:
    """When this ground ends: its situation, the term, the hours that were told. `needing`: the section opens in that situation
    alone, so that it may go on past the term."""
    ends = [situation.deadline_utc] if situation else []
    term = agreement.in_force_until
    outlasts = situation is not None and situation.outlasts == agreement.id and term == agreement.term_ends
    if in_force and term is not None and not (outlasts and needing):
        ends.append(term)
    if situation and agreement.terminated is not None and now < agreement.terminated:
        ends.append(agreement.terminated)
    closing = (h.open_until(now) for h in agreement.hours if h.name == ground.hours)
    return [*ends, *(end for end in closing if end is not None)]


def _grant(agreement: Agreement, clause: str, situation: Situation | None, ends: list[datetime]) -> Grant:
    return Grant(
        agreement=agreement.id,
        clause=clause,
        policy_hash=agreement.policy_hash,
        until_utc=min(ends, default=None),
        lease_s=agreement.emergency_lease_s
        if situation and situation.emergency
        else agreement.standing_lease_s,
        situation=situation.id if situation else None,
        log_unwritable=agreement.log_unwritable,
        is_house=agreement.is_house,
    )


def _better(best: Grant | None, other: Grant) -> Grant:
    """The one without end, else the one that ends last; of equals the first (standing before situations)."""
    if best is None or (best.until_utc is not None and other.until_utc is None):
        return other
    if best.until_utc is not None and other.until_utc is not None and other.until_utc > best.until_utc:
        return other
    return best
