"""May this person do this, now? The one pure function that every picture and every action goes through.

Fails closed: whatever is unknown, not in force, stopped, erroneous or simply not foreseen is refused.
Two rules stand here in plain code as well as in every policy (belt and braces): nobody but the owner's own people,
under the owner's house policy, sees a private area; nobody at all sees a camera that is not classified.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sightpact.decide import explain
from sightpact.decide.facts import (
    Action,
    Agreement,
    Answer,
    Camera,
    Grant,
    Party,
    Refusal,
    School,
    Situation,
    Stop,
)
from sightpact.decide.world import Law, Resource, Told, World

SITUATED = frozenset({Action.VIEW_LIVE, Action.TAKE_INCIDENT, Action.END_SHARING})
"""Actions that a running situation can open. The others are judged by standing alone."""

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
) -> Answer:
    """Grant or refusal. Never raises: an unforeseen fault is a refusal with code "error" and its reason for the log.

    1. Person, action and resource must be known; unknown and never coverable read the same.
    2. Rules outside Cedar: classified, in service, private areas, stopped viewers, agreement in force.
    3. Each agreement that concerns the person is asked without situation, then with each one that covers the school.
    4. The best grant wins: the one without end, else the one that ends last.
    5. Without a grant, say why, and which section would open it.

    Args:
        world: facts of one epoch.
        person_id, resource_id: ids; the resource is a camera, school or party, as the action asks.
        situations: what is true now; those past their deadline and elsewhere are skipped.
        stops: viewers stopped by the owner.
        now: aware UTC.
        emergency: for START_SHARING, the kind of emergency to be declared.
    """
    try:
        return _authorize(world, person_id, Action(action), resource_id, situations, stops, now, emergency)
    except Exception as fault:
        return Refusal("error", reason=f"{type(fault).__name__}: {fault}")


def _authorize(
    world: World,
    person_id: str,
    action: Action,
    resource_id: str,
    situations: Sequence[Situation],
    stops: Iterable[Stop],
    now: datetime,
    emergency: str | None,
) -> Answer:
    if emergency is not None and action is not Action.START_SHARING:
        return Refusal("error", reason=f"emergency given for {action}")
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
    errors: list[str] = []
    for law in laws:
        in_force = is_in_force(law.agreement, now)
        if not in_force and action not in NARROWING:
            continue
        for told, situation in _grounds(law, action, resource, situations, now, in_force, stopped, emergency):
            outcome = law.ask(action, person, resource, told)
            if outcome.error:
                errors.append(f"{law.agreement.id}: {outcome.error}")
            elif outcome.allow:
                best = _better(best, _grant(law.agreement, outcome.clause, situation, in_force))
                if best.until_utc is None:
                    return best
    if best is not None:
        return best
    if errors:
        return Refusal("error", reason="; ".join(errors))
    return explain.refusal(world, laws, person, action, resource, situations, stopped, now, emergency)


def is_in_force(agreement: Agreement, now: datetime) -> bool:
    if agreement.suspended or now < agreement.in_force_from:
        return False
    return agreement.in_force_until is None or now < agreement.in_force_until


def is_house_of(agreement: Agreement, owner: str) -> bool:
    """The owner's agreement with itself alone: the lawful basis for the owner's own people."""
    return agreement.is_house and agreement.owner == owner and agreement.parties == {owner}


def covers(situation: Situation, resource: Resource) -> bool:
    if isinstance(resource, Camera):
        return resource.school in situation.schools
    return isinstance(resource, School) and resource.id in situation.schools


def _grounds(
    law: Law,
    action: Action,
    resource: Resource,
    situations: Sequence[Situation],
    now: datetime,
    in_force: bool,
    stopped: bool,
    emergency: str | None,
) -> list[tuple[Told, Situation | None]]:
    """What Cedar is told, one ground at a time: standing first, then each situation that counts here."""
    kinds = law.agreement.emergencies
    declared = emergency if emergency in kinds else None
    grounds: list[tuple[Told, Situation | None]] = [(Told(in_force, stopped, False, declared or ""), None)]
    if action in SITUATED:
        for s in situations:
            if now >= s.deadline_utc or not covers(s, resource) or s.emergency not in kinds:
                continue
            if s.is_drill and isinstance(resource, Camera) and not resource.drill_source:
                continue  # a drill never opens a live picture, whatever a policy says
            grounds.append((Told(in_force, stopped, s.is_drill, s.emergency), s))
    return grounds


def _grant(agreement: Agreement, clause: str, situation: Situation | None, in_force: bool) -> Grant:
    ends = [situation.deadline_utc] if situation else []
    if in_force and agreement.in_force_until is not None:
        ends.append(agreement.in_force_until)
    return Grant(
        agreement=agreement.id,
        clause=clause,
        policy_hash=agreement.policy_hash,
        until_utc=min(ends, default=None),
        lease_s=agreement.emergency_lease_s if situation else agreement.standing_lease_s,
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
