"""What each step in a sharing's life needs: the sharing as it stands, and a way to write that a full disk cannot bar."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from sightpact.access import emergency_journal, visible
from sightpact.access.errors import UNWRITABLE
from sightpact.access.facts import Snapshot
from sightpact.access.journal_cards import Change
from sightpact.access.patience import patience
from sightpact.activation import actions as activation
from sightpact.activation import reads
from sightpact.activation.actions import Actor
from sightpact.activation.errors import AlreadyEnded, UnknownActivation
from sightpact.activation.reads import ActivationCard
from sightpact.decide.facts import Action, Grant
from sightpact.ledger import clock

START_PATIENCE_S = 1.0  # how long a start waits for other writers before the reserved journal takes it


def change(card: ActivationCard, what: Change, write: Callable[[], ActivationCard | bool]) -> ActivationCard:
    """Change a sharing: in the database; in the reserved journal when that cannot be, or when it stands there already."""
    if not emergency_journal.holds(card.id):
        try:
            with patience(START_PATIENCE_S):
                done = write()
            return stored(card.id) if isinstance(done, bool) else done
        except UNWRITABLE:
            pass
    return emergency_journal.change(card, what)


def end(card: ActivationCard, reason: str, clause: str, actor: Actor | None) -> ActivationCard:
    """End it, now."""
    what = Change("end", card.id, clock.now(), actor, reason=reason, clause=clause)
    return change(card, what, lambda: activation.end(card.id, reason, clause, actor))


def lapse(card: ActivationCard) -> ActivationCard:
    """Its kind is over: it goes on as the highest that still runs."""
    what = Change("lapse", card.id, clock.now())
    return change(card, what, lambda: activation.lapse(card.id, at=what.at))


def propose(
    card: ActivationCard, minutes: int, grant: Grant, actor: Actor, reason: str = ""
) -> ActivationCard:
    """Propose its end: dispatch confirms, or it comes true after so many minutes."""
    what = Change("propose", card.id, clock.now(), actor, grant, reason=reason, minutes=minutes)
    return change(card, what, lambda: activation.propose_end(card.id, minutes, grant, actor, reason=reason))


def live(snapshot: Snapshot, person: str, activation_id: str) -> ActivationCard:
    """The running sharing.

    Raises:
        AlreadyEnded: with how it ended, to whom it concerned. UnknownActivation: to anybody else.
    """
    for card in snapshot.live:
        if card.id == activation_id:
            return card
    for card in visible.concerning(snapshot, person, snapshot.ended):
        if card.id == activation_id:
            raise AlreadyEnded(
                _("This sharing has ended."), card.end_sentence, _("Start again if there is an emergency.")
            )
    raise UnknownActivation(
        _("There is no such sharing."), _("Its number is not known here."), _("Open the page again.")
    )


def stored(activation_id: str) -> ActivationCard:
    found = reads.card(activation_id)
    if found is None:
        raise UnknownActivation(
            _("There is no such sharing."), _("It is not stored."), _("Start again. Call 911.")
        )
    return found


def may(
    snapshot: Snapshot, person: str, action: Action, card: ActivationCard, emergency: str | None = None
) -> bool:
    """Whether the law grants this at every school of the sharing."""
    answers = (snapshot.answer(person, action, school, emergency) for school in card.schools)
    return all(isinstance(answer, Grant) for answer in answers)
