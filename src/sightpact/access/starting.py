"""Starting an emergency sharing: by whoever may, or by dispatch's report on a 911 call or somebody's word. Asks the law.

A start that the database cannot take goes to the reserved journal: it is never lost, and it counts at once.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import replace

from django.utils.translation import gettext as _

from sightpact.access import drills, emergency_journal, facts, journal_cards, steps
from sightpact.access.errors import UNWRITABLE, LogUnwritable, NotFound, Refused
from sightpact.access.facts import Snapshot
from sightpact.access.granted import actor_of, granted
from sightpact.access.journal_cards import Change
from sightpact.access.patience import patience
from sightpact.activation import actions as activation
from sightpact.activation import life
from sightpact.activation import reads as activation_reads
from sightpact.activation.actions import Actor, Start
from sightpact.activation.errors import TooLate
from sightpact.activation.reads import ActivationCard
from sightpact.agreements.reads import EmergencyKind
from sightpact.decide.facts import Action, Grant, Refusal
from sightpact.ledger import clock

WHY = frozenset({"call_911", "word", "alarm"})
"""On what dispatch may open a sharing: a 911 call, the word of somebody who may start it, an alarm that named no school."""


def start(
    person: str, schools: tuple[str, ...], emergency: str, key: str, source: str = "switch", device: str = ""
) -> ActivationCard:
    """Start sharing in an emergency. No sign-in is asked for: `person` is who enrolled the device, or an alarm source.

    1. The law must grant it for each school; a refusal is recorded and raised.
    2. Length, level, cap and opening section come from the agreement that grants it.
    3. Start it (idempotent by `key`). One that runs at these schools is joined, or widened where this kind is higher.
    4. If the database cannot be written: the reserved journal takes it, and it counts just so.

    Raises:
        Refused: says which section is missing.
    """
    snapshot = facts.snapshot()
    grant = granted(snapshot, person, Action.START_SHARING, schools, emergency)
    kind = _kind(snapshot, grant, emergency)
    wish = _wish(snapshot, schools, kind, key, source)
    return _begin(snapshot, wish, grant, actor_of(snapshot, person, device))


def report(
    person: str,
    schools: tuple[str, ...],
    emergency: str,
    key: str,
    why: str = "call_911",
    word_of: str = "",
    device: str = "",
) -> ActivationCard:
    """Dispatch opens a sharing on what it was told. It opens at once, unverified, for the agreement's few minutes.

    1. The law must grant `report_emergency` for each school; a refusal is recorded and raised.
    2. Whose word it is said to be must be somebody who may start it there: that person is asked to confirm or dispute it.
    3. As `start`, from its third step on.

    Args:
        why: one of WHY.
        word_of: person id, with "word".
    Raises:
        Refused, NotFound.
    """
    snapshot = facts.snapshot()
    if why not in WHY or (why == "word") is not bool(word_of):
        raise NotFound(
            _("Nothing was opened."),
            _("It was not said whether this is a 911 call or whose word it is."),
            _("Choose one of the two. Call the school."),
        )
    grant = granted(snapshot, person, Action.REPORT, schools, emergency)
    kind = _kind(snapshot, grant, emergency)
    if word_of:
        known = snapshot.names.persons.get(word_of)
        answers = [snapshot.answer(word_of, Action.START_SHARING, school, emergency) for school in schools]
        if known is None or any(isinstance(answer, Refusal) for answer in answers):
            raise NotFound(
                _("Nothing was opened."),
                _("The agreement does not let this person start a sharing there."),
                _("Choose whose word it is, or report it as a 911 call."),
            )
    limits = snapshot.names.limits(grant.agreement)
    minutes = min(kind.minutes, (limits.report_minutes if limits else 0) or kind.minutes)
    wish = replace(
        _wish(snapshot, schools, kind, key, "report"),
        minutes=minutes,
        full_minutes=kind.minutes,
        unverified=why,
        word_of=word_of,
        word_of_name=snapshot.names.persons[word_of].name if word_of else "",
    )
    return _begin(snapshot, wish, grant, actor_of(snapshot, person, device))


def confirm(person: str, activation_id: str, device: str = "") -> ActivationCard:
    """What was reported is so: it lasts as its kind does, counted from its start. Confirmed already: nothing changes.

    1. The person whose word it was, whoever may start it there, or who may take the incident. 2. Claim it.
    """
    snapshot = facts.snapshot()
    card = steps.live(snapshot, person, activation_id)
    grant = _answers_for(snapshot, person, card, Action.TAKE_INCIDENT)
    if not card.unverified:
        return card
    actor = actor_of(snapshot, person, device)
    what = Change("confirm", card.id, clock.now(), actor, grant)
    return steps.change(card, what, lambda: activation.confirm(card.id, grant, actor))


def dispute(person: str, activation_id: str, device: str = "") -> ActivationCard:
    """“That was not me”: withdraws this person's word; “it is not so”, of the school: ends what was reported and not confirmed.

    1. The person whose word it was; or, of the owner's people who may start it there, one who may end it too. Whoever has
       withdrawn a word changes nothing more here: an all clear ends it.
    2. Where the report also stands on a 911 call, an alarm or another's word, a word is withdrawn and the rest goes on.
    3. Else end it, reason `disputed`, also when dispatch has it; where somebody surely started a lower kind, it goes on as that.

    Raises:
        TooLate: it was confirmed meanwhile; then an all clear ends it.
    """
    snapshot = facts.snapshot()
    card = steps.live(snapshot, person, activation_id)
    grant = _answers_for(snapshot, person, card, None)
    if not card.unverified:
        raise TooLate(
            _("This was not ended."),
            _("It is confirmed: %(by)s said that it is so.")
            % {"by": card.confirmed_by_name or _("the school")},
            _("If it is over, or was a mistake, say so. Call 911."),
        )
    if person not in card.words:
        if person in card.spoken:
            return card
        granted(snapshot, person, Action.END_SHARING, card.schools)
    return steps.end(card, "disputed", grant.clause, actor_of(snapshot, person, device))


def _answers_for(snapshot: Snapshot, person: str, card: ActivationCard, else_by: Action | None) -> Grant:
    """The law's leave to say whether a report is so: who may start it there, or has the other right.

    Raises:
        Refused: recorded.
    """
    if steps.may(snapshot, person, Action.START_SHARING, card, card.emergency) or else_by is None:
        return granted(snapshot, person, Action.START_SHARING, card.schools, card.emergency)
    return granted(snapshot, person, else_by, card.schools)


def _kind(snapshot: Snapshot, grant: Grant, emergency: str) -> EmergencyKind:
    kind = snapshot.names.kind(grant.agreement, emergency)
    if kind is None:
        raise Refused(
            _("This kind of emergency is not in the agreement."),
            _("The agreement does not list “%(kind)s”.") % {"kind": emergency},
            _("Choose another kind. Call 911."),
        )
    return kind


def _wish(snapshot: Snapshot, schools: tuple[str, ...], kind: EmergencyKind, key: str, source: str) -> Start:
    schools = tuple(
        school for school in snapshot.names.schools if school in schools
    )  # in the district's order
    return Start(
        id=str(uuid.uuid4()),
        key=key,
        owner=snapshot.world.inventory.schools[schools[0]].owner,
        schools=schools,
        school_names=tuple(snapshot.names.schools[school].name for school in schools),
        emergency=kind.kind,
        clause=kind.clause,
        source=source,
        minutes=kind.minutes,
        started_utc=clock.now(),
        level=kind.level,
        cap_minutes=kind.cap_minutes,
    )


def _begin(snapshot: Snapshot, wish: Start, grant: Grant, actor: Actor) -> ActivationCard:
    slug = snapshot.names.agreement_slugs[grant.agreement]
    again = emergency_journal.same(wish.key) or _made_before(wish)
    if again is not None:
        return again
    running = life.target(snapshot.live, wish, grant.agreement, clock.now())
    ended = frozenset(card.id for card in facts.journalled.cards if not card.is_live)
    if ended or (running is not None and emergency_journal.holds(running.id)):
        with suppress(LogUnwritable):
            return emergency_journal.start(wish, grant, slug, actor)  # the steps keep their order
    try:
        with patience(steps.START_PATIENCE_S):
            started = activation.start(wish, grant, slug, actor, ended=ended)
    except UNWRITABLE:
        return emergency_journal.start(wish, grant, slug, actor)
    if not started.created and emergency_journal.has_ended(started.activation):
        # It joined one whose end came to the journal meanwhile: a start of its own, under a key of its own.
        return emergency_journal.start(replace(wish, key=wish.id), grant, slug, actor)
    drills.pre_empt(wish.schools)
    if not started.created:
        return steps.stored(started.activation)
    return journal_cards.started(wish, grant, actor, started.entry)  # as it was just written: not read again


def _made_before(wish: Start) -> ActivationCard | None:
    """What this very press made before, as it stands now: its end may so far be in the reserved journal only."""
    try:
        stored = activation_reads.by_key(wish.key)
    except UNWRITABLE:
        return None
    return next((c for c in facts.journalled.cards if stored and c.id == stored.id), stored)


__all__ = ["WHY", "confirm", "dispute", "report", "start"]
