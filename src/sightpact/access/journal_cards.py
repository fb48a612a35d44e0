"""How what stands in the reserved journal is written as JSON and read back, and what it does to a sharing's card. Pure.

A record of the journal must be readable by the next version of this code as well: fields are added, never renamed.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sightpact.activation import life
from sightpact.activation.actions import Actor, Start
from sightpact.activation.askings import AskingCard
from sightpact.activation.drills import DrillCard
from sightpact.activation.reads import ActivationCard
from sightpact.decide.facts import Grant
from sightpact.ledger.entries import NewEntry, Secret

CHANGES = frozenset(
    {"told", "take", "propose", "keep_open", "end", "join", "confirm", "extend", "undo", "lapse"}
)


@dataclass(frozen=True, slots=True)
class Change:
    """One step in a sharing's life after its start."""

    kind: str  # one of CHANGES
    activation: str
    at: datetime
    actor: Actor | None = None  # None: a time ended it
    grant: Grant | None = None  # of take, propose and keep_open
    reason: str = ""  # of an end
    clause: str = ""  # of an end
    minutes: int = 0  # of a proposed end; the step of an extension
    wish: Start | None = None  # of a start that joins or widens it
    before: datetime | None = None  # of an extension: when its kind ended, as it was seen


@dataclass(frozen=True, slots=True)
class AskingEnd:
    """The end of an invitation, a request, an event period or a drill by somebody's hand."""

    asking: str  # or drill
    at: datetime
    reason: str
    clause: str
    actor: Actor


def asking_ended(card: AskingCard, end: AskingEnd) -> AskingCard:
    who = end.actor.says.split(",")[0]
    return replace(card, ended_utc=end.at, end_reason=end.reason, ended_by_name=who)


def drill_ended(card: DrillCard, end: AskingEnd) -> DrillCard:
    who = end.actor.says.split(",")[0]
    return replace(card, ended_utc=end.at, end_reason=end.reason, ended_by_name=who)


def changed(card: ActivationCard, change: Change) -> ActivationCard:
    """The card after the change. What was claimed before stays as it is, as in the database."""
    who = change.actor.says.split(",")[0] if change.actor else ""
    match change.kind:
        case "told" if card.told_utc is None:
            return replace(card, told_utc=change.at)
        case "take" if card.taken_by is None and change.actor:
            return replace(
                card, taken_by=change.actor.person, taken_by_name=who, taken_utc=change.at, was_taken=True
            )
        case "propose" if card.end_proposed_utc is None:
            due = change.at + timedelta(minutes=change.minutes)
            return replace(
                card,
                end_proposed_by_name=who,
                end_proposed_reason=change.reason,
                end_proposed_utc=change.at,
                end_due_utc=due,
            )
        case "keep_open":
            return replace(
                card,
                end_proposed_by_name="",
                end_proposed_reason="",
                end_proposed_utc=None,
                end_due_utc=None,
            )
        case "end" if card.is_live and life.still_ends(card, change.reason, change.at):
            if change.reason == "disputed":
                person = change.actor.person if change.actor else ""
                left = life.disputed(card, person, change.at) or life.lowered(card, change.at, disputed=True)
                if left is not None:
                    return left
            undo = life.undo_until(change.reason, change.at)
            return replace(
                card,
                ended_utc=change.at,
                end_reason=change.reason,
                ended_by_name=who,
                undo_until_utc=undo,
            )
        case "undo" if card.can_undo(change.at):
            return replace(
                card, ended_utc=None, end_reason="", ended_by_name="", ended_by_phone="", undo_until_utc=None
            )
        case "join" if card.is_live and change.wish:
            return life.joined(card, change.wish, who)
        case "confirm" if card.is_live and card.unverified:
            return life.confirmed(card, change.at, who)
        case "lapse":
            return life.lowered(card, change.at) or card
        case "extend" if card.can_extend() and card.own_utc == change.before:
            return replace(life.extended(card, change.minutes, change.at), extended_by_name=who)
    return card


def started(wish: Start, grant: Grant, actor: Actor, entry: int = -1) -> ActivationCard:
    """The card of a start as it was made.

    Args:
        entry: its ledger index; negative while it stands in the journal only.
    """
    return ActivationCard(
        id=str(uuid.UUID(wish.id)),
        owner=wish.owner,
        agreement=grant.agreement,
        emergency=wish.emergency,
        clause=wish.clause,
        schools=wish.schools,
        school_names=wish.school_names,
        source=wish.source,
        verified=not wish.unverified,
        started_by=actor.person,
        started_by_name=actor.name,
        started_utc=wish.started_utc,
        deadline_utc=wish.deadline_utc,
        told_utc=None,
        taken_by=None,
        taken_by_name="",
        taken_utc=None,
        end_proposed_by_name="",
        end_proposed_utc=None,
        end_due_utc=None,
        ended_by_name="",
        ended_by_phone="",
        ended_utc=None,
        end_reason="",
        entry=entry,
        level=wish.level,
        unverified=wish.unverified,
        word_of=wish.word_of or None,
        word_of_name=wish.word_of_name,
        full_utc=wish.full_utc,
        cap_utc=wish.cap_utc,
        reports=(life.reported(wish, actor.name, life.STARTED),),
    )


# as JSON ------------------------------------------------------------------------------------------------------


def start_out(wish: Start, grant: Grant, slug: str, actor: Actor) -> dict[str, Any]:
    return {"wish": wish_out(wish), "grant": grant_out(grant), "slug": slug, "actor": asdict(actor)}


def start_in(payload: dict[str, Any]) -> tuple[Start, Grant, str, Actor]:
    return wish_in(payload["wish"]), grant_in(payload["grant"]), payload["slug"], Actor(**payload["actor"])


def wish_out(wish: Start) -> dict[str, Any]:
    return {**asdict(wish), "started_utc": wish.started_utc.isoformat()}


def wish_in(fields: dict[str, Any]) -> Start:
    wish = {**fields, "started_utc": datetime.fromisoformat(fields["started_utc"])}
    wish["schools"], wish["school_names"] = tuple(wish["schools"]), tuple(wish["school_names"])
    return Start(**wish)


def change_out(change: Change) -> dict[str, Any]:
    return {
        **asdict(change),
        "at": change.at.isoformat(),
        "grant": grant_out(change.grant) if change.grant else None,
        "wish": wish_out(change.wish) if change.wish else None,
        "before": change.before.isoformat() if change.before else None,
    }


def change_in(payload: dict[str, Any]) -> Change:
    fields = {key: value for key, value in payload.items() if key != "id"}
    fields["at"] = datetime.fromisoformat(fields["at"])
    fields["actor"] = Actor(**fields["actor"]) if fields["actor"] else None
    fields["grant"] = grant_in(fields["grant"]) if fields["grant"] else None
    fields["wish"] = wish_in(fields["wish"]) if fields.get("wish") else None
    fields["before"] = datetime.fromisoformat(fields["before"]) if fields.get("before") else None
    return Change(**fields)


def asking_end_out(end: AskingEnd) -> dict[str, Any]:
    return {**asdict(end), "at": end.at.isoformat()}


def asking_end_in(payload: dict[str, Any]) -> AskingEnd:
    fields = {key: value for key, value in payload.items() if key != "id"}
    fields["at"], fields["actor"] = datetime.fromisoformat(fields["at"]), Actor(**fields["actor"])
    return AskingEnd(**fields)


def entry_out(entry: NewEntry) -> dict[str, Any]:
    """Without what is empty: a slot then holds eight admissions instead of five."""
    return {key: value for key, value in asdict(entry).items() if value not in ("", None)}


def entry_in(fields: dict[str, Any], at: str) -> NewEntry:
    """The entry, with a text that says when it was made: its own time in the ledger is that of the replay."""
    secret = {name: Secret(**opened) for name, opened in fields.get("secret", {}).items()}
    said = secret.get("text", Secret("", "")).value
    secret["text"] = Secret("", f"{said} made {at}, written later: the record could not be written".strip())
    return NewEntry(**{**fields, "secret": secret})


def grant_out(grant: Grant) -> dict[str, Any]:
    return {**asdict(grant), "until_utc": grant.until_utc.isoformat() if grant.until_utc else None}


def grant_in(fields: dict[str, Any]) -> Grant:
    until = datetime.fromisoformat(fields["until_utc"]) if fields["until_utc"] else None
    return Grant(**{**fields, "until_utc": until})
