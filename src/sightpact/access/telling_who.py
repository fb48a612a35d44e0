"""Whom a sharing concerns, as far as telling goes. Pure over a snapshot; the law is not asked: being told opens nothing.

The agreement's `notices` section says who; without one, the product's floor does (docs/how-to/be-told.md).
"""

from __future__ import annotations

from collections.abc import Iterable

from sightpact.access.facts import Snapshot
from sightpact.activation.askings import AskingCard
from sightpact.activation.drills import DrillCard
from sightpact.activation.reads import ActivationCard, AidCalled
from sightpact.agreements.clauses.aid import MutualAid
from sightpact.agreements.clauses.base import Who
from sightpact.agreements.clauses.notices import NoticeRow, Notices
from sightpact.agreements.clauses.situations import SituationView
from sightpact.agreements.clauses.views import EmergencyView

SECURITY = ("superintendent", "security")


def meant(snapshot: Snapshot, agreement: str, whos: Iterable[Who]) -> tuple[str, ...]:
    """The active persons (ids) whom an agreement means by these, in the order of its words."""
    slugs = {party.id: party.slug for party in snapshot.names.parties.values()}
    found: dict[str, None] = {}
    for who in whos:
        for person in snapshot.world.inventory.persons.values():
            roles = frozenset((slugs[party], role) for party, role in person.roles if party in slugs)
            if person.active and who.holds(roles, agreement in person.named_in):
                found.setdefault(person.id)
    return tuple(found)


def rows(snapshot: Snapshot, agreement: str) -> tuple[NoticeRow, ...] | None:
    """What the agreement's section says; None when it has none, or does not run."""
    entry = snapshot.names.running.get(agreement)
    sections = entry.document.all(Notices) if entry else ()
    return tuple(row for section in sections for row in section.rows) if sections else None


def overseers(snapshot: Snapshot, card: ActivationCard) -> tuple[str, ...]:
    """The owner's superintendent and security, and whoever may stop the sharing."""
    limits = snapshot.names.limits(card.agreement)
    stoppers = meant(snapshot, card.agreement, limits.stop) if limits else ()
    held = {(card.owner, role) for role in SECURITY}
    secure = (p.id for p in snapshot.world.inventory.persons.values() if p.active and p.roles & held)
    return tuple(dict.fromkeys((*stoppers, *secure)))


def school(snapshot: Snapshot, card: ActivationCard | DrillCard) -> tuple[str, ...]:
    """Who may report all clear there; of people with a school of their own, only those of the schools concerned."""
    limits = snapshot.names.limits(card.agreement)
    slugs = {snapshot.names.schools[s].slug for s in card.schools if s in snapshot.names.schools}
    whos = limits.all_clear if limits else ()
    return tuple(p for p in meant(snapshot, card.agreement, whos) if home(snapshot, p) in ("", *slugs))


def takers(snapshot: Snapshot, card: ActivationCard) -> tuple[str, ...]:
    """Who may take the incident."""
    limits = snapshot.names.limits(card.agreement)
    return meant(snapshot, card.agreement, limits.take) if limits else ()


def watchers(snapshot: Snapshot, card: ActivationCard) -> tuple[str, ...]:
    """Whom the agreement lets watch in this kind of emergency: an officer's phone among them."""
    entry = snapshot.names.running.get(card.agreement)
    whos = [
        who
        for view in (entry.document.all(EmergencyView) if entry else ())
        if any(e.kind == card.emergency for e in view.emergencies)
        for who in view.who
    ]
    return meant(snapshot, card.agreement, whos)


def called(snapshot: Snapshot, call: AidCalled) -> tuple[str, ...]:
    """The people of a neighbour who was called for aid, whom its section lets watch."""
    entry = snapshot.names.running.get(call.agreement)
    sections = entry.document.all(MutualAid) if entry else ()
    return meant(
        snapshot, call.agreement, [who for s in sections if s.party == call.party_slug for who in s.who]
    )


def answerers(snapshot: Snapshot, card: AskingCard) -> tuple[str, ...]:
    """Who answers a request or an event, but for whoever asked."""
    whos = getattr(_section(snapshot, card), "approve", ())
    return tuple(p for p in meant(snapshot, card.agreement, whos) if p != card.asked_by)


def next_line(snapshot: Snapshot, card: AskingCard) -> tuple[str, ...]:
    """To whom a request is escalated, but for whoever asked and whoever was asked before."""
    before = {*answerers(snapshot, card), card.asked_by}
    whos = getattr(_section(snapshot, card), "escalate_to", ())
    return tuple(p for p in meant(snapshot, card.agreement, whos) if p not in before)


def invited(snapshot: Snapshot, card: AskingCard) -> tuple[str, ...]:
    """Whom an invitation lets look."""
    return meant(snapshot, card.agreement, getattr(_section(snapshot, card), "who", ()))


def _section(snapshot: Snapshot, card: AskingCard) -> SituationView | None:
    entry = snapshot.names.running.get(card.agreement)
    sections = entry.document.all(SituationView) if entry else ()
    return next((section for section in sections if section.number == card.clause), None)


def everybody(snapshot: Snapshot, owner: str) -> tuple[str, ...]:
    """Everybody whom a sharing of this owner's cameras would be told to, under every agreement that runs."""
    found: dict[str, None] = {}
    for agreement, entry in snapshot.names.running.items():
        limits = snapshot.names.limits(agreement)
        if entry.facts.owner != owner or limits is None:
            continue
        named = [who for row in rows(snapshot, agreement) or () for who in (*row.who, *row.or_else)]
        for person in meant(snapshot, agreement, (*limits.stop, *limits.all_clear, *limits.take, *named)):
            found.setdefault(person)
    return tuple(found)


def agency_phone(snapshot: Snapshot, card: ActivationCard) -> tuple[str, str]:
    """(name, telephone) of the agency that is let in; empty texts when it has none."""
    agreement = next((a for a in snapshot.world.inventory.agreements if a.id == card.agreement), None)
    for party in sorted(agreement.parties - {card.owner}) if agreement else ():
        found = snapshot.names.parties.get(party)
        if found is not None and found.phone:
            return found.name, found.phone
    return "", ""


def home(snapshot: Snapshot, person: str) -> str:
    """Slug of the school where this person works; "" for none."""
    card = snapshot.names.persons.get(person)
    return card.home_school if card else ""
