"""What the writers of sharings have in common: the entry of a step, and the card after it."""

from __future__ import annotations

from sightpact.activation import reads
from sightpact.activation.errors import UnknownActivation
from sightpact.activation.models import Activation
from sightpact.activation.wish import Actor
from sightpact.ledger import actions as ledger
from sightpact.ledger.entries import NewEntry, Secret


def append(
    kind: str,
    activation_id: str,
    actor: Actor | None,
    outcome: str,
    *,
    clause: str = "",
    reason: str = "",
    emergency: str = "",
    text: Secret | None = None,
) -> None:
    """Write the entry of one step and bump the situation epoch: the gate asks the law again.

    Args:
        emergency: where it is not the sharing's own kind, as with a start that joined.
    """
    card = must(activation_id)
    entry = NewEntry(
        type=kind,
        agreement=Activation.objects.values_list("agreement__slug", flat=True).get(pk=activation_id),
        clause=clause or card.clause,
        party=actor.party if actor else "",
        emergency=emergency or card.emergency,
        outcome=outcome,
        reason_code=reason,
        ref=card.entry,
        secret=secrets(actor, card.id, card.schools, card.school_names, text),
    )
    ledger.append([entry], bump="situation")


def secrets(
    actor: Actor | None,
    activation_id: str,
    schools: tuple[str, ...],
    names: tuple[str, ...],
    text: Secret | None = None,
) -> dict[str, Secret]:
    secret = {
        "situation": Secret(activation_id, activation_id),
        "school": Secret(schools[0] if len(schools) == 1 else "", ", ".join(names)),
    }
    if actor is not None:
        secret["person"] = Secret(actor.person, actor.says)
        if actor.device:
            secret["device"] = Secret("", actor.device)
    if text is not None:
        secret["text"] = text
    return secret


def must(activation_id: str) -> reads.ActivationCard:
    card = reads.card(activation_id)
    if card is None:
        raise UnknownActivation(
            "There is no such emergency sharing.", "Its number is not known here.", "Open the page again."
        )
    return card
