"""Telling dispatch, away from its pages too, that an alarm came which nobody could place. Open pages hear of it by themselves."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from sightpact.access import news
from sightpact.access.errors import UNWRITABLE
from sightpact.access.facts import Snapshot
from sightpact.access.patience import patience
from sightpact.activation.actions.alarms import Heard
from sightpact.activation.alarm_reads import SourceCard
from sightpact.activation.alarms.states import why_words
from sightpact.decide.facts import Action, Grant
from sightpact.notices import actions, outbox
from sightpact.notices.words import Message

log = logging.getLogger(__name__)

TTL_S = 600
ACKNOWLEDGE_S = 60
PATIENCE_S = 1.0


def ask(snapshot: Snapshot, source: SourceCard, heard: Heard) -> None:
    """Tell whoever may report or take where it is asked. Sent also when nothing can be kept of it; never raises.

    1. Once for each alarm, by its number. 2. To open pages, phones, e-mail, text; a call follows without an acknowledgement.
    """
    why, _blank, detail = heard.why.partition(" ")
    place = ", ".join(heard.message.places[:3])
    said = _("%(source)s, place “%(place)s”.") % {"source": source.name, "place": place or "?"}
    message = Message(
        about=heard.id,
        event="which_school",
        level="life_safety",
        title=_("An alarm came. Which school?"),
        text=f"{said} {why_words(why, detail)}",
        url="/wall/",
        topic=heard.id.replace("-", "")[:32],
        ttl_s=TTL_S,
        acknowledge_s=ACKNOWLEDGE_S,
    )
    persons = answerers(snapshot, asked_at(snapshot, source.owner, heard.schools))
    try:
        with patience(PATIENCE_S):
            actions.tell(persons, message, f"{heard.id}/which_school", frozenset(news.listening_persons()))
    except UNWRITABLE:
        log.warning("that an alarm waits for a school cannot be kept; it is told all the same")
        outbox.send_unkept(persons, message)
    except Exception:
        log.exception("whoever is asked which school could be told by open pages alone")
    news.tell(persons, "sharing")


def asked_at(snapshot: Snapshot, owner: str, schools: Sequence[str]) -> tuple[str, ...]:
    """Ids of the schools that a question is about.

    Those that the alarm names, where it names any; every school of its owner where it names none, or only such at which
    nobody of another party could answer: an alarm is never without a human.
    """
    if schools and next(_answering(snapshot, schools), None) is not None:
        return tuple(schools)
    return tuple(school.id for school in snapshot.names.schools.values() if school.owner_id == owner)


def answerers(snapshot: Snapshot, schools: Sequence[str]) -> tuple[str, ...]:
    """Ids of those of another party who may report or take an incident at one of these schools."""
    return tuple(_answering(snapshot, schools))


def _answering(snapshot: Snapshot, schools: Sequence[str]) -> Iterator[str]:
    known = [school for school in schools if school in snapshot.names.schools]
    owners = {snapshot.names.schools[school].owner_id for school in known}
    kinds = sorted({kind.kind for kinds in snapshot.names.kinds.values() for kind in kinds})
    for id, person in snapshot.world.inventory.persons.items():
        if not person.active or not person.named_in or any(party in owners for party, _role in person.roles):
            continue
        if any(_may(snapshot, id, school, kinds) for school in known):
            yield id


def _may(snapshot: Snapshot, person: str, school: str, kinds: list[str]) -> bool:
    if isinstance(snapshot.answer(person, Action.TAKE_INCIDENT, school, explained=False), Grant):
        return True
    return any(
        isinstance(snapshot.answer(person, Action.REPORT, school, kind, explained=False), Grant)
        for kind in kinds
    )
