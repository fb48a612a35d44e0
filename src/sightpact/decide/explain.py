"""Why something was refused, and which section would open it: computed only after a refusal.

Asks "what if" of the same policies. Never: an answer from here that opens anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sightpact.decide.facts import Action, Camera, Party, Person, Refusal, School, Situation
from sightpact.decide.world import Law, Resource, Told, World, clause_order

_ORDER = ("stopped", "suspended", "not_in_force", "ended", "closed", "not_named", "unknown")
"""Of several agreements' reasons, the one to tell: what somebody did, then what time did, then what the text says."""


def refusal(
    world: World,
    laws: Sequence[Law],
    person: Person,
    action: Action,
    resource: Resource,
    situations: Sequence[Situation],
    stopped: bool,
    now: datetime,
    emergency: str | None,
) -> Refusal:
    """The reason to tell, for agreements that all refused. Arguments as in `authorize`."""
    found = [_under(law, person, action, resource, situations, stopped, now, emergency) for law in laws]
    found.sort(key=lambda r: (_ORDER.index(r.code), clause_order(r.clause or "~")))
    best = found[0]
    if best.code == "unknown" and _is_owners(person, resource):
        # The owner's own people know what is theirs: no section allows it, and none would.
        return replace(best, code="closed")
    return best


def _under(
    law: Law,
    person: Person,
    action: Action,
    resource: Resource,
    situations: Sequence[Situation],
    stopped: bool,
    now: datetime,
    emergency: str | None,
) -> Refusal:
    agreement = law.agreement

    def because(code: str, clause: str | None = None) -> Refusal:
        return Refusal(code, agreement.id, clause, agreement.policy_hash)

    def would(kind: str, still_stopped: bool = False) -> str:
        """Section that would allow it in this kind of emergency ("" for none) if the agreement were in force."""
        outcome = law.ask(action, person, resource, Told(True, still_stopped, False, kind))
        return outcome.clause if outcome.allow else ""

    kinds = agreement.emergencies
    here = [
        s for s in situations if not s.is_drill and s.emergency in kinds and _school(resource) in s.schools
    ]
    live = [s.emergency for s in here if now < s.deadline_utc]
    over = [s.emergency for s in here if now >= s.deadline_utc]
    standing = emergency if emergency in kinds else ""
    so_far = next((c for kind in ("", standing, *live) if (c := would(kind or ""))), "")
    openers = sorted((c for kind in kinds if (c := would(kind))), key=clause_order)
    opener = so_far or (openers[0] if openers else "")
    if opener and agreement.suspended:
        return because("suspended", opener)
    if opener and (now < agreement.in_force_from or _is_over(agreement.in_force_until, now)):
        return because("not_in_force", opener)
    if so_far and stopped:
        return because("stopped", so_far)
    if ended := next((c for kind in over if (c := would(kind))), ""):
        return because("ended", ended)
    if opener:
        return because("closed", opener)
    if not agreement.is_house and agreement.id not in person.named_in:
        return because("not_named")
    return because("unknown")


def _school(resource: Resource) -> str:
    if isinstance(resource, Camera):
        return resource.school
    return resource.id if isinstance(resource, School) else ""


def _is_owners(person: Person, resource: Resource) -> bool:
    owner = resource.id if isinstance(resource, Party) else resource.owner
    return any(at == owner for at, _ in person.roles)


def _is_over(until: datetime | None, now: datetime) -> bool:
    return until is not None and now >= until
