"""Why something was refused, and which section would open it: computed only after a refusal.

Asks "what if" of the same policies. Never: an answer from here that opens anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sightpact.decide.facts import SITUATIONS, Action, Agreement, Party, Person, Refusal, Situation
from sightpact.decide.refusals import CLOSED
from sightpact.decide.situations import calm, counts_under, covers, told
from sightpact.decide.world import Law, Resource, Told, World, clause_order

_ORDER = ("stopped", "ended", "over", *CLOSED.values(), "suspended", "not_in_force", "not_named", "unknown")
"""Of several agreements' reasons, the one to tell: what somebody did, what just ended, what a text in force would need;
only when none is in force, that one is suspended, or not in force yet or any more."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What the question itself says: the kind of emergency to be started, or which of SITUATIONS is meant. "" for none."""

    emergency: str = ""
    situation: str = ""


def refusal(
    world: World,
    laws: Sequence[Law],
    person: Person,
    action: Action,
    resource: Resource,
    situations: Sequence[Situation],
    stopped: bool,
    now: datetime,
    declared: Declared,
) -> Refusal:
    """The reason to tell, for agreements that all refused. Arguments as in `authorize`."""
    found = [_under(law, person, action, resource, situations, stopped, now, declared) for law in laws]
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
    declared: Declared,
) -> Refusal:
    agreement = law.agreement

    def because(code: str, clause: str | None = None) -> Refusal:
        return Refusal(code, agreement.id, clause, agreement.policy_hash)

    def would(way: Told) -> str:
        """Section that would allow it if this were so ("" for none)."""
        outcome = law.ask(action, person, resource, way)
        return outcome.clause if outcome.allow else ""

    ways = [calm(kind) for kind in agreement.emergencies]
    if action is Action.VIEW_LIVE:
        ways += [calm(situation=kind) for kind in SITUATIONS if kind in agreement.situations]
    here = [s for s in situations if not s.is_drill and counts_under(s, agreement) and covers(s, resource)]
    live = [told(s) for s in here if now < s.deadline_utc]
    over = [told(s) for s in here if now >= s.deadline_utc]
    emergency = declared.emergency if declared.emergency in agreement.emergencies else ""
    standing = calm(emergency, declared.situation)
    so_far = next((c for way in (calm(), standing, *live) if (c := would(way))), "")
    views = action is Action.VIEW_LIVE and not so_far
    hours = [replace(moment, hours=h.name) for moment in (calm(), *live) for h in agreement.hours]
    openers = [(c, "hours") for way in hours if views and (c := would(way))]
    openers = openers or [(c, way.situation) for way in ways if (c := would(way))]
    if views and not openers:
        openers = [(c, _how(way)) for way in _further(agreement, ways) if (c := would(way))]
    openers.sort(key=lambda found: clause_order(found[0]))
    opener, how = (so_far, "") if so_far else openers[0] if openers else ("", "")
    if opener and agreement.suspended:
        return because("suspended", opener)
    if opener and (now < agreement.in_force_from or _is_over(agreement.in_force_until, now)):
        return because("not_in_force", opener)
    if so_far and stopped:
        return because("stopped", so_far)
    for way in over:
        if ended := would(way):
            return because("over" if way.situation else "ended", ended)
    if opener:
        return because(CLOSED[how], opener)
    if not agreement.is_house and agreement.id not in person.named_in:
        return because("not_named")
    return because("unknown")


def _further(agreement: Agreement, ways: Sequence[Told]) -> list[Told]:
    """What else a section may wait for beside an emergency or another situation: its hours, and a call for aid."""
    found = [replace(m, hours=h.name) for m in ways for h in agreement.hours]
    aided = [replace(m, aid=party) for m in ways if m.emergency for party in agreement.aid]
    return [*found, *aided, *(replace(m, hours=h.name) for m in aided for h in agreement.hours)]


def _how(way: Told) -> str:
    """What would open it, as `refusals.CLOSED` has it: what has to be done comes before the hour of the day."""
    if way.aid:
        return "aid"
    return way.situation


def _is_owners(person: Person, resource: Resource) -> bool:
    owner = resource.id if isinstance(resource, Party) else resource.owner
    return any(at == owner for at, _ in person.roles)


def _is_over(until: datetime | None, now: datetime) -> bool:
    return until is not None and now >= until
