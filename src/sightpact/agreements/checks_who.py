"""Contradictions about parties, places and people: who does not exist, who stands there twice, who may not do this. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sightpact.agreements.checks_base import at, one_of, placed, twice
from sightpact.agreements.clauses.base import Clause, Who
from sightpact.agreements.clauses.drills import Drills
from sightpact.agreements.clauses.ground import Parties, PartyEntry
from sightpact.agreements.clauses.people import NamedPersons, RecordsRead
from sightpact.agreements.clauses.situations import SituationView
from sightpact.agreements.clauses.switch import WhoMayEnd, WhoMayStart
from sightpact.agreements.clauses.views import EmergencyView, StandingView
from sightpact.agreements.errors import ClauseFault

if TYPE_CHECKING:
    from sightpact.agreements.document import Document

ALARM = "alarm"
"""The role of alarm sources: panic buttons, feeds. A machine watches nothing and decides nothing."""
_ALARMS = ("who", "end")


def parties(document: Document) -> Iterator[ClauseFault]:
    clause = document.one(Parties)
    index = document.clauses.index(clause)
    owners = [p for p in clause.parties if p.side == "owner"]
    if len(owners) != 1:
        yield at(
            index,
            clause,
            f"there are {len(owners)} owners.",
            "Exactly one party has side = 'owner'.",
            "parties",
        )
    if document.house and len(clause.parties) != 1:
        yield at(
            index,
            clause,
            "a house policy has one party.",
            "Take the others out, or house = false.",
            "parties",
        )
    if not document.house and len(clause.parties) < 2:
        yield at(
            index,
            clause,
            "an agreement needs two parties.",
            "Name the other one, or house = true.",
            "parties",
        )
    for word, values in (
        ("slug", [p.slug for p in clause.parties]),
        ("called", [p.called for p in clause.parties]),
    ):
        for double in twice(values):
            yield at(
                index,
                clause,
                f"'{double}' is used for two parties.",
                "Give each its own.",
                f"parties.{word}",
            )
    for number, party in enumerate(clause.parties):
        for double in twice([r.role for r in party.roles]):
            yield at(
                index,
                clause,
                f"the role '{double}' is listed twice.",
                "Keep one.",
                f"parties[{number}].roles",
            )
    covered = document.covered
    place, word = document.clauses.index(covered), covered.kind
    if covered.all == bool(covered.schools):
        remedy = f"Either list {word}, or write all = true, not both."
        yield at(place, covered, f"it is not clear which {word}.", remedy)
    for double in twice([s.slug for s in covered.schools]):
        yield at(place, covered, f"the {word[:-1]} '{double}' is listed twice.", "Keep one.", word)


def people(document: Document) -> Iterator[ClauseFault]:
    parties = {p.slug: p for p in document.parties}
    owner = next((p.slug for p in document.parties if p.side == "owner"), "")
    annexes = document.all(NamedPersons)
    for index, clause in placed(document):
        if isinstance(clause, NamedPersons) and clause.kept_by not in parties:
            yield at(index, clause, f"'{clause.kept_by}' is not a party.", one_of(parties), "kept_by")
        for field, who in clause.whos():
            yield from _one_who(index, clause, field, who, parties, bool(annexes))
            outside = who.party != owner and who.party in parties
            if (
                isinstance(clause, RecordsRead)
                and not outside
                and not document.house
                and who.party in parties
            ):
                yield at(
                    index,
                    clause,
                    "the owner reads the record by its house policy.",
                    "Name another party.",
                    field,
                )
            if isinstance(clause, WhoMayEnd) and field.startswith("stop") and outside:
                yield at(index, clause, "only the owner stops at once.", f"Name roles of '{owner}'.", field)
            watches = isinstance(clause, StandingView | EmergencyView) or (
                isinstance(clause, SituationView) and field.startswith("who[")
            )
            if ALARM in who.roles and not (
                (isinstance(clause, WhoMayStart | WhoMayEnd) and field[:3] in _ALARMS)
                or (isinstance(clause, Drills) and field.startswith("start"))
            ):
                yield at(
                    index,
                    clause,
                    "an alarm starts a sharing or a drill, or reports the end of a sharing, and does nothing else.",
                    f"Take the role '{ALARM}' out here.",
                    field,
                )
            if watches and who.party == owner:
                yield at(
                    index,
                    clause,
                    "the owner's own people watch by its house policy.",
                    "Name another party.",
                    field,
                )


def _one_who(
    index: int, clause: Clause, field: str, who: Who, parties: dict[str, PartyEntry], has_annex: bool
) -> Iterator[ClauseFault]:
    party = parties.get(who.party)
    if party is None:
        yield at(
            index,
            clause,
            f"'{who.party}' is not a party of this agreement.",
            one_of(parties),
            f"{field}.party",
        )
        return
    known = [r.role for r in party.roles]
    for role in who.roles:
        if role not in known:
            remedy = (
                f"Roles of '{who.party}' are: {', '.join(known) or 'none'}. Add it in section 1, or name"
                " another."
            )
            yield at(index, clause, f"'{role}' is not a role of '{who.party}'.", remedy, f"{field}.roles")
    for double in twice(who.roles):
        yield at(index, clause, f"the role '{double}' is named twice.", "Keep one.", f"{field}.roles")
    if not who.roles and not who.named_only:
        yield at(index, clause, "it does not say which people.", "Name roles, or named_only = true.", field)
    if who.named_only and not has_annex:
        yield at(
            index,
            clause,
            "it speaks of named persons, but there is no annex.",
            "Add a 'named_persons' clause.",
            field,
        )
