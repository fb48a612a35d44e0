"""Calling a neighbour for aid in a running emergency: asks the law, then calls the lower action."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sightpact.access import facts
from sightpact.access.errors import UNWRITABLE, LogUnwritable, NotFound
from sightpact.access.granted import actor_of, refused
from sightpact.activation import actions as activation
from sightpact.activation import reads
from sightpact.activation.errors import UnknownActivation
from sightpact.decide.facts import Action, Grant, Refusal


def call(person: str, activation_id: str, party: str, device: str = "") -> None:
    """Call a neighbour. Called already: nothing changes.

    1. The sharing must run, and the neighbour be a party that its agreement can call.
    2. The law must grant `call_aid` at each of its schools; a refusal is recorded. 3. Store and record the call; the gate
    lets the neighbour's named people in.

    Args:
        party: slug of the neighbour.
    Raises:
        UnknownActivation, NotFound, Refused, LogUnwritable.
    """
    snapshot = facts.snapshot()
    card = next((live for live in snapshot.live if live.id == activation_id), None)
    if card is None:
        raise UnknownActivation(
            _("Nobody was called."),
            _("This sharing has ended, or is not known here."),
            _("Open the page again."),
        )
    neighbour = next((p for p in snapshot.names.parties.values() if p.slug == party), None)
    if neighbour is None:
        raise NotFound(_("Nobody was called."), _("There is no such party."), _("Open the page again."))
    grant: Grant | None = None
    for school in card.schools:
        answer = snapshot.answer(person, Action.CALL_AID, school, aid=party)
        if isinstance(answer, Refusal):
            raise refused(snapshot, person, Action.CALL_AID, answer, school)
        grant = answer
    assert grant is not None  # a sharing has a school
    try:
        actor = actor_of(snapshot, person, device)
        called = activation.call_aid(card.id, neighbour.id, neighbour.name, grant, actor)
        stored = None if called else reads.card(card.id)
    except UNWRITABLE as fault:
        raise LogUnwritable(
            _("Nobody was called."),
            _("The record cannot be written now."),
            _("Call them by phone, and try again."),
        ) from fault
    if not called and (stored is None or neighbour.id not in {call.party for call in stored.aid}):
        raise UnknownActivation(
            _("Nobody was called."),
            _("This sharing has ended, or stands in the reserve only, since the record cannot be written."),
            _("Call them by phone."),
        )
