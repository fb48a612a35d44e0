"""What the switch's screens show, made from the answers of `access`. No request, no decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from sightpact.access import board, facts, telling
from sightpact.access.errors import NotFound
from sightpact.access.offers import offers
from sightpact.access.switch import EmergencyOption, SchoolOption, Ticks
from sightpact.ledger import clock
from sightpact.people.reads import PartyCard, PersonCard

WHOLE_DISTRICT = "all"
MISTAKE = timedelta(seconds=10)  # how long "sent by mistake?" stands on top of the page; below it stays


@dataclass(frozen=True, slots=True)
class Choice:
    """One school, or all of them."""

    id: str
    name: str
    ids: tuple[str, ...]
    emergencies: tuple[EmergencyOption, ...]


def choose(options: tuple[SchoolOption, ...], wanted: str) -> Choice | None:
    """Exactly the wanted school; `all` is every school that this person may start for. None: never another one instead."""
    if wanted == WHOLE_DISTRICT and len(options) > 1:
        return _whole(options)
    school = next((each for each in options if each.id == wanted), None)
    return Choice(school.id, school.name, (school.id,), school.emergencies) if school else None


def preselected(options: tuple[SchoolOption, ...]) -> Choice | None:
    """What the first screen begins with: the person's own school, or the only one. None: it asks."""
    return choose(options, next((each.id for each in options if each.preselected), ""))


def _whole(options: tuple[SchoolOption, ...]) -> Choice:
    """The kinds that each school offers, with the sum of what they open."""
    kinds = []
    for kind in options[0].emergencies:
        same = [each for school in options for each in school.emergencies if each.kind == kind.kind]
        if len(same) == len(options):
            places = tuple(dict.fromkeys(place for each in same for place in each.sees))
            kinds.append(replace(kind, cameras=sum(each.cameras for each in same), sees=places))
    return Choice(WHOLE_DISTRICT, _("all schools"), tuple(school.id for school in options), tuple(kinds))


def agency(agreement_id: str) -> PartyCard | None:
    """The party that an agreement lets in, for its name and telephone."""
    snapshot = facts.snapshot()
    found = next((each for each in snapshot.world.inventory.agreements if each.id == agreement_id), None)
    others = sorted(found.parties - {found.owner}) if found else []
    return snapshot.names.parties.get(others[0]) if others else None


def running(person: PersonCard, ticks: Ticks) -> dict[str, Any]:
    """What screen 3 shows of one sharing."""
    card = ticks.card
    snapshot = facts.snapshot()
    # no kind and no limits: its agreement does not run any more
    kind = snapshot.names.kind(card.agreement, card.emergency)
    limits = snapshot.names.limits(card.agreement)
    entry = snapshot.names.running.get(card.agreement)
    school = snapshot.names.schools.get(card.schools[0])
    mine = [report.at_utc for report in card.reports if report.by_name == person.name]
    sent_utc = max(mine, default=card.started_utc if card.started_by == person.id else None)
    return {
        "ticks": ticks,
        "card": card,
        "label": kind.label if kind else card.emergency,
        "agency": agency(card.agreement),
        "watching": _watching(person, card.id),
        "dark": entry is None or entry.facts.suspended,  # the sharing runs, and opens nothing
        "proposes": limits is not None and limits.once_taken == "proposes" and card.was_taken,
        "proposal_minutes": limits.proposal_minutes if limits else 0,
        "zone": school.zone if school else person.zone,
        "offers": offers(snapshot, person.id, card),
        "before": _label(card.agreement, card.widened_from) if card.widened_from else "",
        "trying": telling.trying(card.id) if card.is_live and card.taken_by is None else "",
        "undoable": card.can_undo(clock.now()),
        "sent_utc": sent_utc,
        "mistake_until": (sent_utc or card.started_utc) + MISTAKE,
    }


def _label(agreement: str, emergency: str) -> str:
    kind = facts.snapshot().names.kind(agreement, emergency)
    return kind.label if kind else emergency


def _watching(person: PersonCard, activation: str) -> tuple[board.Viewing, ...] | None:
    """Who watches this sharing, for persons who may know; None for others."""
    try:
        state = board.state(person.id)
    except NotFound:
        return None
    return next((each.viewings for each in state.sharings if each.card.id == activation), ())
