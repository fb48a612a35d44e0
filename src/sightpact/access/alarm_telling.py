"""Telling whoever can answer, away from the pages too, that an alarm came which nobody could place; pressing until one does.

Open pages hear of it by themselves. The whole rule is here, as steps with keys: a restart tells nothing twice, forgets nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from sightpact.access import news, switch, telling_send
from sightpact.access.facts import Snapshot
from sightpact.access.remembered import while_facts_stand
from sightpact.access.telling_plan import ACKNOWLEDGE_S, CALL_S, TAKE_S, Step
from sightpact.access.telling_who import SECURITY
from sightpact.activation.alarm_reads import AlarmCard
from sightpact.activation.alarms.states import OPEN, why_words
from sightpact.decide.facts import Action, Grant
from sightpact.notices.words import Message

log = logging.getLogger(__name__)

TTL_S = 600


def ask(snapshot: Snapshot, card: AlarmCard) -> None:
    """Tell whoever may report or take where it is asked, at once. Sent also when nothing can be kept of it; never raises.

    1. Once for each alarm, by its number. 2. To open pages, phones, e-mail, text; a call follows without an acknowledgement.
    What follows without an answer is `steps`.
    """
    step = _asked(snapshot, card)
    try:
        telling_send.tell(step.persons(), step.message, step.key)
    except Exception:
        log.exception("whoever is asked which school could be told by open pages alone")
    news.tell(step.persons(), "sharing")


def steps(
    snapshot: Snapshot,
    card: AlarmCard,
    now: datetime,
    keys: frozenset[str],
    told: Callable[[], tuple[str, ...]],
) -> list[Step]:
    """What should have been told of an unanswered alarm by now, as with a sharing that nobody takes.

    At once: whoever may report or take there. After 10 s: the owner's own people (at once, where nobody else could answer).
    After 20 s: the telephone of each agency that could.

    Args:
        keys: of what was told of it. told: ids of whom, asked only where it is needed.
    """
    if card.state != OPEN:
        return _over(card, keys, told)
    waited = (now - card.received_utc).total_seconds()
    schools = asked_at(snapshot, card.owner, card.schools)
    found = [_asked(snapshot, card)]
    if waited >= TAKE_S or not _answering(snapshot, schools):
        message = _message(
            card, "which_unanswered", _("An alarm came, and nobody has answered. Which school?")
        )
        found.append(
            Step(
                f"{card.id}/which_school/next", message, lambda: owners_people(snapshot, card.owner, schools)
            )
        )
    if waited >= CALL_S:
        message = _message(card, "which_unanswered", _("An alarm waits for an answer: which school?"))
        for slug, name, phone in _phones(snapshot, schools, card.owner):
            found.append(Step(f"{card.id}/which_school/call/{slug}", message, tuple, (name, phone)))
    return [step for step in found if step.key not in keys]


def asked_at(snapshot: Snapshot, owner: str, schools: Sequence[str]) -> tuple[str, ...]:
    """Ids of the schools that a question is about.

    Those that the alarm names, where it names any; every school of its owner where it names none, or only such at which
    nobody of another party could answer: an alarm is never without a human.
    """
    if schools and _answering(snapshot, schools):
        return tuple(schools)
    return tuple(school.id for school in snapshot.names.schools.values() if school.owner_id == owner)


def answerers(snapshot: Snapshot, schools: Sequence[str]) -> tuple[str, ...]:
    """Ids of those of another party who may report or take an incident at one of these schools."""
    return _answering(snapshot, schools)


def owners_people(snapshot: Snapshot, owner: str, schools: Sequence[str]) -> tuple[str, ...]:
    """Ids of the owner's superintendent and security, and of whoever may share at one of these schools; else all its people."""
    mine = [
        person
        for person in snapshot.world.inventory.persons.values()
        if person.active and any(party == owner for party, _role in person.roles)
    ]
    held = {(owner, role) for role in SECURITY}
    first = [p.id for p in mine if p.roles & held]
    may_start = [p.id for p in mine if set(switch.schools_of(snapshot, p.id)) & set(schools)]
    return tuple(dict.fromkeys((*first, *may_start))) or tuple(p.id for p in mine)


# parts ------------------------------------------------------------------------------------------------------------


def _asked(snapshot: Snapshot, card: AlarmCard) -> Step:
    schools = asked_at(snapshot, card.owner, card.schools)
    message = _message(card, "which_school", _("An alarm came. Which school?"))
    return Step(f"{card.id}/which_school", message, lambda: answerers(snapshot, schools))


def _over(card: AlarmCard, keys: frozenset[str], told: Callable[[], tuple[str, ...]]) -> list[Step]:
    """Somebody answered: whoever was asked hears that, softly, in place of the question."""
    key = f"{card.id}/which_answered"
    if not keys or key in keys:
        return []
    said = _("%(name)s answered it.") if card.answered_by_name else _("It was answered.")
    message = _message(
        card, "which_answered", _("The alarm was answered"), said % {"name": card.answered_by_name}
    )
    return [Step(key, message, told)]


def _message(card: AlarmCard, event: str, title: str, text: str = "") -> Message:
    why, _blank, detail = card.why.partition(" ")
    said = _("%(source)s, place “%(place)s”.") % {
        "source": card.source_name,
        "place": ", ".join(card.places[:3]) or "?",
    }
    over = event == "which_answered"
    return Message(
        about=card.id,
        event=event,
        level="notice" if over else "life_safety",
        title=title,
        text=f"{said} {text or why_words(why, detail)}",
        url="/told/" if over else "/alert/which-school/",
        topic=card.id.replace("-", "")[:32],
        ttl_s=TTL_S,
        acknowledge_s=0 if over else ACKNOWLEDGE_S,
        by=("push",) if over else (),
    )


def _phones(snapshot: Snapshot, schools: Sequence[str], owner: str) -> list[tuple[str, str, str]]:
    """(slug, name, telephone) of the parties whose people could answer, each once."""
    found: dict[str, tuple[str, str, str]] = {}
    for id in _answering(snapshot, schools):
        for party, _role in snapshot.world.inventory.persons[id].roles:
            card = snapshot.names.parties.get(party)
            if card is not None and party != owner and card.phone:
                found.setdefault(party, (card.slug, card.name, card.phone))
    return sorted(found.values())


def _answering(snapshot: Snapshot, schools: Sequence[str]) -> tuple[str, ...]:
    return _answerers(snapshot, tuple(schools))


@while_facts_stand
def _answerers(snapshot: Snapshot, schools: tuple[str, ...]) -> tuple[str, ...]:
    """Worked out once for all alarms about these schools: a source that asks without end delays no other telling."""
    known = [school for school in schools if school in snapshot.names.schools]
    owners = {snapshot.names.schools[school].owner_id for school in known}
    kinds = sorted({kind.kind for kinds in snapshot.names.kinds.values() for kind in kinds})
    return tuple(
        id
        for id, person in snapshot.world.inventory.persons.items()
        if person.active
        and person.named_in
        and not any(party in owners for party, _role in person.roles)
        and any(_may(snapshot, id, school, kinds) for school in known)
    )


def _may(snapshot: Snapshot, person: str, school: str, kinds: list[str]) -> bool:
    if isinstance(snapshot.answer(person, Action.TAKE_INCIDENT, school, explained=False), Grant):
        return True
    return any(
        isinstance(snapshot.answer(person, Action.REPORT, school, kind, explained=False), Grant)
        for kind in kinds
    )
