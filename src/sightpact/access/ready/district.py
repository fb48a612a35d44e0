"""Checks that all schools of an owner share: agreement, dispatch's consoles, named people, who can stop."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sightpact.access.facts import Snapshot
from sightpact.access.ready.checks import FAILS, SOON, WELL, Check
from sightpact.access.ready.school import names
from sightpact.agreements import reads as agreements
from sightpact.decide.facts import Action, Grant

SOON_DAYS = 60  # an agreement that ends within so many days
TRAINING_DAYS = 14


def agreement(snapshot: Snapshot, owner: str, now: datetime) -> Check:
    """Whether an agreement with emergencies is in force, and for how long."""
    name = _("Agreement in force")
    remedy = _("Bring an agreement into force, or resume the suspended one.")
    of_owner = [
        a for a in snapshot.world.inventory.agreements if a.owner == owner and snapshot.names.kinds.get(a.id)
    ]
    runs = [
        a for a in of_owner if not a.suspended and a.in_force_from <= now and not _over(a.in_force_until, now)
    ]
    if not runs:
        suspended = any(a.suspended for a in of_owner)
        text = (
            _("It is suspended.") if suspended else _("None is in force that lets police in in an emergency.")
        )
        return Check("agreement", name, FAILS, text, remedy, "/agreements/")
    ends = max(
        (a.in_force_until for a in runs), key=lambda until: until or datetime.max.replace(tzinfo=now.tzinfo)
    )
    if ends is None:
        return Check("agreement", name, WELL, _("Without a fixed end."))
    days = (ends - now).days
    last_day = ends.astimezone(ZoneInfo(snapshot.names.parties[owner].zone))
    text = _("Until %(day)s.") % {"day": date_format(last_day, "j F Y")}
    if days <= SOON_DAYS:
        remedy = _("Propose its renewal: boards meet once a month.")
        return Check("agreement", name, SOON, text, remedy, "/agreements/")
    return Check("agreement", name, WELL, text)


def _over(until: datetime | None, now: datetime) -> bool:
    return until is not None and until <= now


def takers(snapshot: Snapshot, owner: str) -> dict[str, list[str]]:
    """Who may take an incident at one of the owner's schools, by party (ids)."""
    schools = [s.id for s in snapshot.names.schools.values() if s.owner_id == owner]
    found: dict[str, list[str]] = {}
    for person in snapshot.world.inventory.persons.values():
        if person.named_in and any(
            _may(snapshot, person.id, Action.TAKE_INCIDENT, school) for school in schools
        ):
            card = snapshot.names.persons[person.id]
            found.setdefault(card.party_id, []).append(person.id)
    return found


def consoles(snapshot: Snapshot, by_party: dict[str, list[str]], listening: Set[str]) -> Check:
    """Whether somebody who may take an incident has a page open."""
    name = _("A dispatcher's page is open")
    if not by_party:
        text = _("Nobody is named who may take an incident.")
        remedy = _("Enter dispatch's people into the agreement's annex of named persons.")
        return Check("consoles", name, FAILS, text, remedy, "/agreements/")
    empty = [party for party, persons in by_party.items() if not listening & set(persons)]
    there = [p for persons in by_party.values() for p in persons if p in listening]
    if empty:
        parties = [snapshot.names.parties[party] for party in empty]
        text = _("No page is open at %(names)s. A start is told by phone and message only.")
        phones = ", ".join(f"{p.short_name} {p.phone}" for p in parties if p.phone)
        remedy = _("Ask dispatch to open the wall: %(phones)s.") % {"phones": phones or _("call them")}
        said = names([p.name for p in parties])
        return Check("consoles", name, FAILS, text % {"names": said}, remedy)
    text = ngettext("%(n)d open: %(names)s.", "%(n)d open: %(names)s.", len(there))
    said = names([snapshot.names.persons[p].name for p in there])
    return Check("consoles", name, WELL, text % {"n": len(there), "names": said})


def named(snapshot: Snapshot, owner: str, now: datetime) -> Check:
    """Whether the training of named persons still counts."""
    name = _("Named people are current")
    today = now.astimezone(ZoneInfo(snapshot.names.parties[owner].zone)).date()
    late, near, count = [], [], 0
    for each in snapshot.world.inventory.agreements:
        if each.owner != owner or each.id not in snapshot.names.agreement_slugs:
            continue
        for entered in agreements.annex(snapshot.names.agreement_slugs[each.id]):
            count += 1
            until, card = entered.trained_until, snapshot.names.persons.get(entered.person)
            if until is None or card is None:
                continue
            if until < today:
                late.append(card.name)
            elif (until - today).days <= TRAINING_DAYS:
                near.append(card.name)
    remedy = _("Ask their agency for a new training date.")
    if late:
        text = _("The training of %(names)s counts no more.") % {"names": names(late)}
        return Check("named", name, FAILS, text, remedy, "/agreements/")
    if near:
        text = _("Within two weeks the training of %(names)s counts no more.") % {"names": names(near)}
        return Check("named", name, SOON, text, remedy, "/agreements/")
    text = ngettext(
        "%(n)d person, nobody's training has run out.", "%(n)d people, nobody's training has run out.", count
    )
    return Check("named", name, WELL, text % {"n": count})


def stoppers(snapshot: Snapshot, owner: str) -> Check:
    """Whether somebody at the owner can see who watches, and stop it."""
    name = _("Somebody here can stop it")
    persons = [
        p for p in snapshot.world.inventory.persons.values() if any(party == owner for party, _r in p.roles)
    ]
    able = [p.id for p in persons if _may(snapshot, p.id, Action.STOP_SHARING, owner)]
    called = [snapshot.names.persons[p].name for p in able]
    if not called:
        text = _("Nobody may stop a sharing.")
        remedy = _("Give the role that the agreement names, such as superintendent, to somebody.")
        return Check("stoppers", name, FAILS, text, remedy, "/people/")
    if len(called) == 1:
        remedy = _("Name a second person for the days off.")
        return Check("stoppers", name, SOON, _("%(name)s alone.") % {"name": called[0]}, remedy, "/people/")
    return Check("stoppers", name, WELL, names(called) + ".")


def _may(snapshot: Snapshot, person: str, action: Action, resource: str) -> bool:
    return isinstance(snapshot.answer(person, action, resource), Grant)
