"""What is owed after an emergency sharing: the statement that its agreement asks for, its versions, and who is to sign.

Reads only. Whether there was a threat, and whether a live picture is a disclosure, is never said here: people say it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sightpact.access import facts, visible
from sightpact.access.errors import NotFound
from sightpact.access.facts import Snapshot
from sightpact.activation import reads as activation
from sightpact.activation.reads import ActivationCard
from sightpact.agreements import reads as agreements
from sightpact.agreements.clauses.after import After
from sightpact.agreements.clauses.base import Who
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.document import Document
from sightpact.decide.facts import Action
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger
from sightpact.ledger.reads import MAX_PAGE, OpenedEntry, Query
from sightpact.record import reads, sentences

LISTED = timedelta(days=366)  # how far back the page goes; the record itself goes back to its beginning
NO_EMERGENCY = frozenset({"mistake", "hoax", "disputed"})
SEEN = ("admission",)


@dataclass(frozen=True, slots=True)
class Version:
    """A signed statement. Names are "" once they were erased."""

    number: int
    at: datetime
    by: str
    threat: bool  # False: there was none, or it turned out that there was none
    basis: str
    words: str  # the threat in the signer's words
    parties: str  # who was shown it, one a line
    entry: int


@dataclass(frozen=True, slots=True)
class Line:
    """One sharing as the page "After an emergency" lists it."""

    card: ActivationCard
    kind: str  # the emergency, as the switch says it
    agreement: str  # slug
    title: str
    section: str  # of the section that asks for a statement; "" when there is none
    basis: str
    counsel: str  # counsel's own words about the basis
    zone: str
    ended: str  # why it ended, as this reader may know it: the owner's people with the name
    state: str  # running, owed, late, signed, nothing
    why_nothing: (
        str  # mistake, hoax, disputed, unwatched, not_asked; "" while something is owed or was signed
    )
    due_utc: datetime | None
    versions: tuple[Version, ...]  # oldest first
    may_sign: bool

    @property
    def is_open(self) -> bool:
        return self.state in ("owed", "late")


def listed(person_id: str) -> tuple[Line, ...]:
    """The sharings of the last year that this person may read of, the newest first.

    Raises:
        NotFound: the person may not read the record.
    """
    of_party = reads.may_read(person_id)
    snapshot = facts.snapshot()
    cards, signed = [*_past(), *snapshot.live], _signed()
    return tuple(
        _line(snapshot, card, person_id, of_party, signed)
        for card in sorted(cards, key=lambda card: card.started_utc, reverse=True)
        if _concerns(snapshot, card, person_id, of_party)
    )


def one(person_id: str, activation_id: str) -> Line:
    """One sharing.

    Raises:
        NotFound: there is none of this number for this person.
    """
    of_party = reads.may_read(person_id)
    snapshot, card = facts.snapshot(), activation.card(activation_id)
    if card is None or not _concerns(snapshot, card, person_id, of_party):
        raise NotFound(
            "There is no such emergency for you.", "Its number is not known here.", "Open the list again."
        )
    return _line(snapshot, card, person_id, of_party)


def owed(person_id: str) -> tuple[Line, ...]:
    """Statements that wait for this person, the first due first."""
    snapshot = facts.snapshot()
    owners = visible.owners_where(person_id, Action.READ_RECORD, snapshot)
    lines = (line for line in all_owed(snapshot, person_id) if line.card.owner in owners)
    return tuple(
        sorted((x for x in lines if x.is_open and x.may_sign), key=lambda x: x.due_utc or x.card.started_utc)
    )


def all_owed(snapshot: Snapshot, person_id: str = "") -> tuple[Line, ...]:
    """Every statement that is owed by anybody: for reminders, and for what must stay readable meanwhile."""
    signed = _signed()
    cards = [c for c in _past() if c.id not in signed and c.end_reason not in NO_EMERGENCY]
    asked = [c for c in cards if clause_of(snapshot, c.agreement) is not None]
    return tuple(line for c in asked if (line := _line(snapshot, c, person_id, "", signed)).is_open)


def persons(snapshot: Snapshot, agreement: str, whos: Iterable[Who], reading: bool) -> tuple[str, ...]:
    """Ids of the people whom some words of an agreement mean; `reading`: of these, who reads the record."""
    slugs = {id: card.slug for id, card in snapshot.names.parties.items()}
    found = []
    for person in snapshot.world.inventory.persons.values():
        roles = frozenset((slugs.get(party, party), role) for party, role in person.roles)
        if person.active and any(who.holds(roles, agreement in person.named_in) for who in whos):
            found.append(person.id)
    return tuple(p for p in found if not reading or visible.owners_where(p, Action.READ_RECORD, snapshot))


def versions(activation_id: str) -> tuple[Version, ...]:
    """Every signed version of its statement, oldest first."""
    query = Query(types=("disclosure_recorded",), situation=activation_id, limit=200, oldest_first=True)
    return tuple(_version(entry) for entry in ledger.opened(query))


def clause_of(snapshot: Snapshot, agreement: str) -> After | None:
    """The section of the agreement, also of one that ended meanwhile: what was owed stays owed. None when it has none."""
    document = _document(snapshot, agreement)
    return next(iter(document.all(After)), None) if document else None


def _document(snapshot: Snapshot, agreement: str) -> Document | None:
    entry = snapshot.names.running.get(agreement)
    return entry.document if entry else _ended_text(agreement, snapshot.epoch.world)


@lru_cache(maxsize=64)
def _ended_text(agreement: str, world: int) -> Document | None:
    """The newest text of an agreement that runs no more; judged once for each state of the world."""
    return agreements.newest_document(agreement)


def _signed() -> dict[str, list[Version]]:
    """Every signed version by its sharing, oldest first: one question to the record for a whole list."""
    found: dict[str, list[Version]] = {}
    for entry in reversed(ledger.opened(Query(types=("disclosure_recorded",), limit=MAX_PAGE))):
        found.setdefault(entry.key("situation"), []).append(_version(entry))
    return found


def _past() -> tuple[ActivationCard, ...]:
    return activation.ended_since(clock.now() - LISTED)


def _concerns(snapshot: Snapshot, card: ActivationCard, person_id: str, of_party: str) -> bool:
    """The owner's readers: all of its own. Another party's: where their own people watched, or their agreement opened it."""
    if not of_party:
        return card.owner in visible.owners_where(person_id, Action.READ_RECORD, snapshot)
    if any(call.party_slug == of_party for call in card.aid):
        return True
    document = _document(snapshot, card.agreement)
    return document is not None and of_party in {party.slug for party in document.parties}


def _line(
    snapshot: Snapshot,
    card: ActivationCard,
    person_id: str,
    of_party: str,
    known: dict[str, list[Version]] | None = None,
) -> Line:
    document, clause = _document(snapshot, card.agreement), clause_of(snapshot, card.agreement)
    if of_party:  # the statement is the owner's
        clause = None
    signed = () if of_party else versions(card.id) if known is None else tuple(known.get(card.id, ()))
    state, why = _state(snapshot, card, clause is not None, bool(signed))
    due = card.ended_utc + timedelta(hours=clause.statement_hours) if clause and card.ended_utc else None
    if state == "owed" and due is not None and due <= clock.now():
        state = "late"
    kind = snapshot.names.kind(card.agreement, card.emergency)
    return Line(
        card=card,
        kind=kind.label if kind else card.emergency.replace("_", " "),
        agreement=snapshot.names.agreement_slugs.get(card.agreement, ""),
        title=document.title if document else "",
        section=clause.number if clause else "",
        basis=clause.basis if clause else "",
        counsel=clause.text if clause else "",
        zone=document.one(Term).zone if document else "",
        ended=_ended(card, of_party),
        state=state,
        why_nothing="" if of_party else why,
        due_utc=due if state != "nothing" else None,
        versions=signed,
        may_sign=bool(
            clause and person_id and person_id in persons(snapshot, card.agreement, clause.by, reading=True)
        ),
    )


def _ended(card: ActivationCard, of_party: str) -> str:
    if card.is_live:
        return ""
    why = sentences.reason(card.end_reason)
    return f"{why[:1].upper()}{why[1:]}." if of_party else card.end_sentence


def _state(snapshot: Snapshot, card: ActivationCard, asked: bool, signed: bool) -> tuple[str, str]:
    if card.is_live:
        return "running", ""
    if signed:
        return "signed", ""
    if not asked:
        return "nothing", "not_asked"
    if card.end_reason in NO_EMERGENCY:
        return "nothing", card.end_reason
    owner = snapshot.names.parties[card.owner].slug
    return ("owed", "") if ledger.parties_of(SEEN, card.id) - {owner} else ("nothing", "unwatched")


def _version(entry: OpenedEntry) -> Version:
    try:
        said = json.loads(entry.shown("text") or "{}")
    except ValueError:
        said = {}
    return Version(
        number=entry.frames or 0,
        at=entry.at,
        by=entry.shown("person"),
        threat=entry.outcome == "threat",
        basis=entry.reason_code,
        words=str(said.get("words", "")),
        parties=str(said.get("parties", "")),
        entry=entry.index,
    )
