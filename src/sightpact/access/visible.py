"""Who may even know. The only way for code above to obtain a camera, or a right, for a person: it always asks the law.

Never coverable for this person: NotFound, the same as unknown, without a trace of name or count. Coverable but not now:
Refused, with the clause that would open it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sightpact.access import facts
from sightpact.access.errors import NotFound, Refused
from sightpact.access.facts import Snapshot
from sightpact.access.neighbours import sleeps
from sightpact.access.remembered import while_facts_stand
from sightpact.activation.reads import ActivationCard
from sightpact.cameras.reads import CameraCard
from sightpact.decide.facts import Action, Grant, Refusal
from sightpact.decide.refusals import CLOSED, outward, sentence


@dataclass(frozen=True, slots=True)
class SeenCamera:
    """A camera that this person may watch now, with the ground for it."""

    camera: CameraCard
    grant: Grant


def may(person_id: str, action: Action, resource_id: str) -> bool:
    """Whether the law grants this now. For `VIEW_LIVE` a True is no admission: only the gate admits."""
    return isinstance(facts.snapshot().answer(person_id, action, resource_id), Grant)


def owners_where(person_id: str, action: Action, snapshot: Snapshot | None = None) -> tuple[str, ...]:
    """The owners (party ids) at whom the person may do this: read the record, see who watches, stop, manage."""
    snapshot = snapshot or facts.snapshot()
    owners = dict.fromkeys(agreement.owner for agreement in snapshot.world.inventory.agreements)
    return tuple(owner for owner in owners if isinstance(snapshot.answer(person_id, action, owner), Grant))


def own_parties_where(person_id: str, action: Action, snapshot: Snapshot | None = None) -> tuple[str, ...]:
    """The person's own parties (ids) at whom the person may do this; the one beside the name first."""
    snapshot = snapshot or facts.snapshot()
    card = snapshot.names.persons.get(person_id)
    if card is None:
        return ()
    own = dict.fromkeys([card.party_id, *sorted(party for party, _role in card.roles)])
    return tuple(p for p in own if p and isinstance(snapshot.answer(person_id, action, p), Grant))


def require(person_id: str, action: Action, resource_id: str) -> Grant:
    """The grant for this, or an error that a page can show.

    Raises:
        NotFound: the person has nothing to do with it.
    """
    answer = facts.snapshot().answer(person_id, action, resource_id)
    if isinstance(answer, Refusal):
        raise NotFound(
            _("There is no such page for you."), sentence(answer), _("Ask your own office who may do this.")
        )
    return answer


def camera_for(person_id: str, camera_id: str) -> SeenCamera:
    """One camera for a person.

    Raises:
        NotFound: unknown, or closed without the person being allowed to know of it.
        Refused: the person's agreement covers it, but not now; says which section opens it.
    """
    snapshot = facts.snapshot()
    answer = snapshot.answer(person_id, Action.VIEW_LIVE, camera_id)
    if isinstance(answer, Grant):
        return SeenCamera(snapshot.names.cameras[camera_id], answer)
    heard = outward(answer, _is_owners(snapshot, person_id, camera_id))
    if heard.code == "unknown":
        raise NotFound(_("There is no such camera for you."), sentence(heard), _("Go back to the wall."))
    raise Refused(_("This camera is closed to you now."), sentence(heard), _("Go back to the wall."))


def _is_owners(snapshot: Snapshot, person_id: str, camera_id: str) -> bool:
    inventory = snapshot.world.inventory
    person, camera = inventory.persons.get(person_id), inventory.cameras.get(camera_id)
    return (
        person is not None
        and camera is not None
        and any(party == camera.owner for party, _role in person.roles)
    )


def concerning(
    snapshot: Snapshot, person_id: str, cards: tuple[ActivationCard, ...], seen: tuple[SeenCamera, ...] = ()
) -> list[ActivationCard]:
    """Sharings that this person may know of: the owner's people, whom its agreement names, and to whom another agreement
    opens pictures in it (`seen`). A neighbour who is let in once called knows of none before.
    """
    opened = {each.grant.situation for each in seen}
    known = snapshot.world.inventory.persons.get(person_id)
    if known is None:
        return []
    parties = {party for party, _role in known.roles}

    def named(card: ActivationCard) -> bool:
        return card.agreement in known.named_in and not sleeps(snapshot, person_id, card)

    return [c for c in cards if c.owner in parties or named(c) or c.id in opened]


def cameras_for(person_id: str, snapshot: Snapshot | None = None) -> tuple[SeenCamera, ...]:
    """Every camera that the person may watch now, in the inventory's order. For pages; the gate asks the law itself."""
    return _cameras_for(snapshot or facts.snapshot(), person_id)


@while_facts_stand
def _cameras_for(snapshot: Snapshot, person_id: str) -> tuple[SeenCamera, ...]:
    seen = []
    for camera in snapshot.names.cameras.values():
        answer = snapshot.answer(person_id, Action.VIEW_LIVE, camera.id, explained=False)
        if isinstance(answer, Grant):
            seen.append(SeenCamera(camera, answer))
    return tuple(seen)


def closed_sentence(person_id: str, snapshot: Snapshot) -> str:
    """What a wall says about the pictures that it does not show: the section that would open them, nothing else.

    Found by asking the law for each camera; no name, place or number leaves here.
    """
    return _closed_sentence(snapshot, person_id)


@while_facts_stand
def _closed_sentence(snapshot: Snapshot, person_id: str) -> str:
    if not snapshot.world.inventory.cameras:
        return _("No cameras are connected yet.")
    worst = ""
    for camera in snapshot.world.inventory.cameras:
        answer = snapshot.answer(person_id, Action.VIEW_LIVE, camera)
        if isinstance(answer, Refusal):
            if answer.code in CLOSED.values():
                return sentence(answer)
            if answer.code in ("no_agreement", "not_named", "stopped", "suspended", "not_in_force"):
                worst = sentence(answer)
    return worst
