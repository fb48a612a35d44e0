"""Calling a neighbour for aid: who was called in which sharing, once, with its entry."""

from __future__ import annotations

from django.db import transaction

from sightpact.activation import reads
from sightpact.activation.actions.sharings import Actor
from sightpact.activation.models import Activation, AidCall
from sightpact.agreements.models import Agreement
from sightpact.decide.facts import Grant
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret


def call_aid(activation_id: str, party: str, party_name: str, grant: Grant, actor: Actor) -> bool:
    """Call a neighbour in a running sharing; False when it was called already, or the sharing has ended.

    1. Lock the sharing: one that has ended calls nobody. 2. Store the call once. 3. Write `aid_called` and bump the
    situation epoch: the gate lets the neighbour's people in.

    Args:
        party: id of the neighbour; `party_name` is what the record says.
        grant: the law's answer for the caller: agreement and section.
    """
    with transaction.atomic():
        live = Activation.objects.select_for_update().filter(pk=activation_id, ended_utc__isnull=True).first()
        if live is None:
            return False
        _row, created = AidCall.objects.get_or_create(
            activation=live,
            agreement_id=grant.agreement,
            party_id=party,
            defaults={"called_by_id": actor.person, "called_utc": clock.now()},
        )
        if created:
            _record(activation_id, party, party_name, grant, actor)
        return created


def _record(activation_id: str, party: str, party_name: str, grant: Grant, actor: Actor) -> None:
    card = reads.card(activation_id)
    assert card is not None  # it was locked a moment ago
    secret = {
        "situation": Secret(activation_id, activation_id),
        "school": Secret(card.schools[0] if len(card.schools) == 1 else "", ", ".join(card.school_names)),
        "person": Secret(actor.person, actor.says),
        "text": Secret(party, party_name),
    }
    if actor.device:
        secret["device"] = Secret("", actor.device)
    entry = NewEntry(
        type="aid_called",
        agreement=Agreement.objects.values_list("slug", flat=True).get(pk=grant.agreement),
        policy=grant.policy_hash,
        clause=grant.clause,
        party=actor.party,
        emergency=card.emergency,
        outcome="called",
        ref=card.entry,
        secret=secret,
    )
    ledger.append([entry], bump="situation")
