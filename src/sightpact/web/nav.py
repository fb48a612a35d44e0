"""Which pages a person is offered, by what they are at their party. An offer only: each page checks for itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sightpact.access import asked, drill_sections, facts, visible
from sightpact.access.changes import reads as changes
from sightpact.access.changes import who
from sightpact.decide.facts import Action
from sightpact.people.reads import PersonCard


@dataclass(frozen=True, slots=True)
class NavItem:
    path: str
    label: str


OWNER_ROLES = frozenset({"superintendent", "security", "it", "principal", "assistant_principal", "secretary"})
OVERSEERS = frozenset({"superintendent", "security"})
STARTERS = frozenset({"superintendent", "security", "principal", "assistant_principal", "secretary"})

NEGOTIATORS = frozenset({"chief", "director", "counsel"})
"""Their day begins with the agreements, where it stands what waits on their desk."""


def roles_of(person: PersonCard) -> frozenset[str]:
    return frozenset(role for _party, role in person.roles)


def items(person: PersonCard | None) -> tuple[NavItem, ...]:
    """The main navigation, in the order of the design. Empty for somebody who has not signed in."""
    if person is None:
        return ()
    roles = roles_of(person)
    today, watching = NavItem("/today/", _("Today")), NavItem("/watching/", _("Watching"))
    wall, cameras = NavItem("/wall/", _("Wall")), NavItem("/cameras/", _("Cameras"))
    agreements, record = NavItem("/agreements/", _("Agreements")), NavItem("/record/", _("Record"))
    managed = (NavItem("/people/", _("People")),) if visible.owners_where(person.id, Action.MANAGE) else ()
    can_see = NavItem("/who-can-see/", _("Who can see what"))
    asks = (*_asking(person, roles), *_drills(person, roles))
    if roles & OVERSEERS:
        return (today, watching, wall, *asks, *managed, agreements, can_see, record)
    if "it" in roles:
        alarms = NavItem("/alarms/", _("Alarms"))
        return (today, cameras, alarms, *managed, agreements, can_see, record)
    if roles & OWNER_ROLES:
        shares = (NavItem("/switch/", _("Share cameras")),) if has_switch(person) else ()
        return (*shares, *asks, watching, agreements)
    reads_record = (record,) if visible.own_parties_where(person.id, Action.READ_RECORD) else ()
    if roles & NEGOTIATORS:
        return (agreements, wall, *asks, *_changes(person), *reads_record)
    if reads_record:
        return (wall, *asks, agreements, *_changes(person), record)
    return (wall, *asks, agreements, *_changes(person))


def has_switch(person: PersonCard) -> bool:
    """False only where sections on inviting or asking run and none on emergencies: the switch then has nothing to start."""
    snapshot = facts.snapshot()
    return any(snapshot.names.kinds.values()) or not asked.offered(person.id, snapshot)


def _asking(person: PersonCard, roles: frozenset[str]) -> tuple[NavItem, ...]:
    """Where an agreement that runs has sections on inviting, requests or events."""
    if not asked.offered(person.id, facts.snapshot()):
        return ()
    label = _("Ask police to look") if roles & OWNER_ROLES else _("Ask to look")
    if roles & OVERSEERS:
        label = _("Requests")  # beside many others
    return (NavItem("/asking/", label),)


def _drills(person: PersonCard, roles: frozenset[str]) -> tuple[NavItem, ...]:
    """Where an agreement that runs has a section on drills; never on the switch."""
    if not drill_sections.offered(person.id, facts.snapshot()) or roles & NEGOTIATORS:
        return ()
    return (NavItem("/drills/", _("Drills")),)


def _changes(person: PersonCard) -> tuple[NavItem, ...]:
    """For an agency's people who keep its annex; the owner's find what waits on Today, People and Cameras."""
    snapshot = facts.snapshot()
    if not who.acts_for(snapshot, person):
        return ()
    count = changes.count_to_decide(snapshot, person)
    return (NavItem("/changes/", _("Changes (%(n)d)") % {"n": count} if count else _("Changes")),)


def home(person: PersonCard | None) -> str:
    """Where "/" leads: the page that this person's day begins with."""
    if person is None:
        return "/sign-in/"
    offered = items(person)
    return offered[0].path
