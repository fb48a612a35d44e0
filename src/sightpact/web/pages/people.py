"""The people page: who is here, what each is and is named in, and the devices that speak for them. For who manages people.

One click ends a device's start key; the record says who did it. Everything else about people comes by import.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sightpact.access import facts, visible
from sightpact.access.errors import UNWRITABLE
from sightpact.access.facts import Snapshot
from sightpact.decide.facts import Action
from sightpact.people import actions, reads
from sightpact.people.errors import PeopleError
from sightpact.people.reads import PartyCard, PasskeyCard, PersonCard, RoleCard, StartKeyCard


@dataclass(frozen=True, slots=True)
class NamedIn:
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    card: PersonCard
    roles: tuple[RoleCard, ...]  # at the party under which the row stands
    named_in: tuple[NamedIn, ...]
    passkeys: tuple[PasskeyCard, ...]
    devices: tuple[StartKeyCard, ...]  # those that still start


@dataclass(frozen=True, slots=True)
class PartyRows:
    party: PartyCard
    rows: tuple[Row, ...]


@never_cache
@require_GET
def people_list(request: HttpRequest) -> HttpResponse:
    person = getattr(request, "person", None)
    if person is None:
        return redirect("/sign-in/?next=/people/")
    _must_manage(person)
    groups = by_party(facts.snapshot())
    everybody = {row.card.id: row for group in groups for row in group.rows if row.card.active}
    shown = {
        "groups": groups,
        "all": len(everybody),
        "without": sum(not row.passkeys for row in everybody.values()),
        "devices": sum(len(row.devices) for row in everybody.values()),
    }
    return render(request, "web/people.html", shown)


@require_POST
def revoke_device(request: HttpRequest) -> HttpResponse:
    """A device that is lost or handed on starts nothing any more."""
    person = getattr(request, "person", None)
    if person is None:
        return redirect("/sign-in/?next=/people/")
    _must_manage(person)
    try:
        if actions.revoke_start_key(request.POST.get("device", ""), by=person):
            messages.success(request, _("The device is revoked. It starts nothing any more."))
    except PeopleError as fault:
        messages.error(request, str(fault))
    except UNWRITABLE:
        messages.error(
            request, _("The device is not revoked: the record cannot be written now. Try again, or tell IT.")
        )
    return HttpResponseRedirect("/people/")


def by_party(snapshot: Snapshot) -> tuple[PartyRows, ...]:
    """Everybody under each party at which they hold a role, owners first; who holds none stands nowhere."""
    people, roles = reads.persons(), reads.roles_by_person()
    passkeys, devices = reads.passkeys_by_person(), reads.start_keys_by_person()
    groups = []
    for party in reads.parties():
        rows = tuple(
            Row(
                card,
                here,
                _named_in(snapshot, card.id),
                passkeys.get(card.id, ()),
                _working(devices.get(card.id, ())),
            )
            for card in people
            if (here := tuple(role for role in roles.get(card.id, ()) if role.party_id == party.id))
        )
        groups.append(PartyRows(party, rows))
    return tuple(groups)


def _working(devices: tuple[StartKeyCard, ...]) -> tuple[StartKeyCard, ...]:
    return tuple(device for device in devices if device.revoked_utc is None)


def _named_in(snapshot: Snapshot, person: str) -> tuple[NamedIn, ...]:
    known = snapshot.world.inventory.persons.get(person)
    running = snapshot.names.running
    return tuple(NamedIn(running[a].slug, running[a].title) for a in running if known and a in known.named_in)


def _must_manage(person: PersonCard) -> None:
    if not visible.owners_where(person.id, Action.MANAGE):
        raise Http404
