"""What the record and the pages call a person, a camera, a reason. Pure text over a snapshot's names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _

from sightpact.access.facts import Snapshot
from sightpact.access.streams import Stream
from sightpact.activation.askings import AskingCard
from sightpact.activation.drill_words import end_sentence
from sightpact.activation.drills import DrillCard
from sightpact.activation.reads import ActivationCard
from sightpact.decide.facts import Action, Answer, Refusal
from sightpact.decide.refusals import outward, sentence
from sightpact.ledger import clock
from sightpact.ledger.entries import Secret
from sightpact.wire.messages import Reason

# As they stand in the record, in one language for good; a page translates them when it shows them.
UNKNOWN_PERSON = "a person not known any more"
UNKNOWN_CAMERA = "not a camera of this district"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def person_says(snapshot: Snapshot, person: str) -> str:
    """ "Omar Reyes, dispatcher, Lakeview Police Department"."""
    card = snapshot.names.persons.get(person)
    if card is None:
        return UNKNOWN_PERSON
    return ", ".join(part for part in (card.name, card.title, card.party_name) if part)


def party_slug(snapshot: Snapshot, person: str) -> str:
    card = snapshot.names.persons.get(person)
    return card.party_slug if card else ""


def secrets(
    snapshot: Snapshot, person: str, camera: str, device: str, situation: str | None
) -> dict[str, Secret]:
    """The hidden half of an entry about a picture."""
    hidden = {"person": Secret(person, person_says(snapshot, person))}
    card = snapshot.names.cameras.get(camera)
    if card is not None:
        hidden["camera"] = Secret(camera, card.name)
        hidden["area"] = Secret("", ", ".join(card.area_names))
        hidden["school"] = Secret(card.school_id, card.school_name)
    else:
        known_form = (
            camera if _ID.fullmatch(camera) else ""
        )  # whatever somebody typed stays out of the record
        hidden["camera"] = Secret(known_form, UNKNOWN_CAMERA)
    if device:
        hidden["device"] = Secret("", device)
    if situation:
        hidden["situation"] = Secret(situation, situation)
    return hidden


def refusal_reason(snapshot: Snapshot, person: str, camera: str, refusal: Refusal) -> Reason:
    """What the person reads; who is not of the owner's people learns nothing of what is never theirs."""
    heard = outward(refusal, _of_owner(snapshot, person, camera))
    text = sentence(heard, translate=_)
    if heard.code == "suspended" and heard.agreement in snapshot.names.suspended_by:
        name, phone = snapshot.names.suspended_by[heard.agreement]
        said = _("%(name)s suspended it, phone %(phone)s.") if phone else _("%(name)s suspended it.")
        text = f"{text} {said % {'name': name, 'phone': phone}}"
    return Reason(code=heard.code, text=text, clause=heard.clause or "")


def _of_owner(snapshot: Snapshot, person: str, camera: str) -> bool:
    inventory = snapshot.world.inventory
    known, thing = inventory.persons.get(person), inventory.cameras.get(camera)
    return (
        known is not None and thing is not None and any(party == thing.owner for party, _role in known.roles)
    )


def end_reason(snapshot: Snapshot, stream: Stream, ask: Callable[[str, str], Answer] | None = None) -> Reason:
    """Why a running picture is cut: the end of its situation when that is the cause, else the law's refusal.

    Args:
        ask: the law's explained answer for a person and a camera; None: the snapshot's. For many at once, one that
            remembers (`sweep.AskedOnce`): nobody's picture waits for everybody's reason.
    """
    clause = stream.grant.clause
    now = clock.now()
    cards: tuple[ActivationCard | AskingCard | DrillCard, ...] = (*snapshot.ended, *snapshot.live)
    cards = (*cards, *snapshot.past_drills, *snapshot.drills)
    for card in (*cards, *snapshot.past_askings, *snapshot.askings):
        if card.id != stream.grant.situation:
            continue
        if not card.is_live:
            return Reason(card.end_reason, card.end_sentence, clause)
        if isinstance(card, DrillCard) and _gives_way(snapshot, card):
            return Reason("pre_empted", end_sentence("pre_empted"), clause)
        if card.due(now) == "deadline":
            return Reason(
                "deadline", _("The time that section %(c)s allows is over.") % {"c": clause}, clause
            )
    answer: Answer | None = None
    if stream.refused:
        answer = (
            ask(stream.person, stream.camera)
            if ask is not None
            else snapshot.answer(stream.person, Action.VIEW_LIVE, stream.camera)
        )
    if isinstance(answer, Refusal):
        return refusal_reason(snapshot, stream.person, stream.camera, answer)
    return Reason(
        "ground_changed", _("The section that allows this picture changed. It is asked for again."), clause
    )


def suspended(snapshot: Snapshot, stream: Stream, who: tuple[str, str]) -> Reason:
    """Its agreement was suspended a moment ago, by the person of this name and phone; the facts do not have it yet."""
    known = replace(snapshot.names, suspended_by={stream.grant.agreement: who})
    refusal = Refusal("suspended", clause=stream.grant.clause, agreement=stream.grant.agreement)
    return refusal_reason(replace(snapshot, names=known), stream.person, stream.camera, refusal)


def _gives_way(snapshot: Snapshot, drill: DrillCard) -> bool:
    """Whether an emergency is shared where it is held; its end is being written."""
    return any(set(card.schools) & set(drill.schools) for card in snapshot.live)


def log_unwritable(stream: Stream) -> Reason:
    """The record cannot be written, and the clause says what that means for this picture."""
    text = _(
        "The record cannot be written at the moment, and the agreement shows no picture without it. Call the district."
    )
    return Reason("log_unwritable", text, stream.grant.clause)


def facts_away() -> str:
    return _(
        "The gateway cannot read what is allowed at the moment. Nothing is shown. Try again in a few seconds."
    )


def watermark(snapshot: Snapshot, person: str) -> str:
    """What is drawn over each picture, beside the time: whose screen it is."""
    card = snapshot.names.persons.get(person)
    return f"{card.name} · {card.short_party}" if card else ""


def bad_ticket() -> str:
    return _("This page's ticket is used or too old. The page asks for a new one by itself.")


def signed_out() -> str:
    return _("Your sign-in ended, so the pictures ended. Sign in to watch again.")


def too_many() -> str:
    return _(
        "Too many cameras were asked for that are not yours to see. Close the page and call the district."
    )


def stopping() -> str:
    return _("The gateway stops. Pictures come back when it runs again and has decided anew.")


def too_many_walls() -> str:
    return _("You have too many walls open. Close one and load this page again.")


def not_written() -> str:
    return _("This cannot be written to the record, so it is not shown. Tell the district's IT.")
