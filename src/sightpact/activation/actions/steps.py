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
    which = Activation.objects.filter(pk=activation_id)
    slug, its_clause, its_kind, ref = which.values_list(
        "agreement__slug", "clause", "emergency", "entry"
    ).get()
    schools = which.order_by("schools__order").values_list("schools__id", "schools__name")
    ids, names = zip(*((str(id), name) for id, name in schools), strict=True)
    entry = NewEntry(
        type=kind,
        agreement=slug,
        clause=clause or its_clause,
        party=actor.party if actor else "",
        emergency=emergency or its_kind,
        outcome=outcome,
        reason_code=reason,
        ref=ref,
        secret=secrets(actor, activation_id, ids, names, text),
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
