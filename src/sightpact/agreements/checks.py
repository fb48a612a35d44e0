"""Contradictions that no single clause can see: numbers twice, clauses that miss, people that do not exist.

Pure. Faults refuse the text; warnings are shown and change nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.base import Clause, Who
from sightpact.agreements.clauses.ground import Parties, PartyEntry, Places, PrivateAreas, Schools
from sightpact.agreements.clauses.house import HouseDuties, HouseView
from sightpact.agreements.clauses.people import NamedPersons, RecordsRead
from sightpact.agreements.clauses.switch import WhoMayEnd, WhoMayStart
from sightpact.agreements.clauses.terms import Leases, LogUnwritable, Term
from sightpact.agreements.clauses.views import EmergencyView, StandingView
from sightpact.agreements.errors import ClauseFault

if TYPE_CHECKING:
    from sightpact.agreements.document import Document

_MANDATORY: dict[type[Clause], str] = {
    Parties: "Say between whom it is.",
    PrivateAreas: "State the limit: kind = 'private_areas'.",
    LogUnwritable: (
        "Say what happens when the record cannot be written: then = 'close' or 'continue'. There is no"
        " default."
    ),
    Leases: "Say how many seconds a picture may outlive contact: standing_s and emergency_s.",
    Term: "Say from which day it is in force.",
}
_HOUSE_ONLY = (HouseView, HouseDuties, Places)
_SHARED_ONLY = (StandingView, EmergencyView, WhoMayStart, WhoMayEnd, NamedPersons)


def faults(document: Document) -> list[ClauseFault]:
    """Every contradiction in a document whose clauses could each be read."""
    found = list(_shape(document))
    if not found:  # what follows leans on parties, schools and term being there
        found += [*_parties(document), *_who(document), *_emergencies(document), *_term(document)]
    return found


def warnings(document: Document) -> list[ClauseFault]:
    """What is allowed and deserves a second look."""
    found = []
    for index, clause in _placed(document):
        if isinstance(clause, StandingView) and not words.outside_only(clause.area_kinds):
            found.append(
                ClauseFault(
                    f"clauses[{index}].area_kinds",
                    f"Section {clause.number} opens inside cameras at all times, without any emergency.",
                    "Keep outside kinds only, unless both boards mean exactly this.",
                )
            )
        for field, who in clause.whos():
            if isinstance(clause, StandingView | EmergencyView) and not who.named_only:
                found.append(
                    ClauseFault(
                        f"clauses[{index}].{field}",
                        f"Section {clause.number} lets in everybody of a role, not only persons named in"
                        " the annex.",
                        "Add named_only = true to keep a list of names.",
                    )
                )
    return found


def _placed(document: Document) -> Iterator[tuple[int, Clause]]:
    return iter(enumerate(document.clauses))


def _at(index: int, clause: Clause, what: str, remedy: str, field: str = "") -> ClauseFault:
    return ClauseFault(
        f"clauses[{index}]{'.' + field if field else ''}", f"Section {clause.number}: {what}", remedy
    )


def _shape(document: Document) -> Iterator[ClauseFault]:
    numbers = Counter(c.number for c in document.clauses)
    kinds = Counter(type(c) for c in document.clauses)
    for index, clause in _placed(document):
        if numbers[clause.number] > 1:
            yield _at(
                index, clause, "this number is used twice.", "Give each section its own number.", "number"
            )
        if clause.at_most_once and kinds[type(clause)] > 1:
            yield _at(index, clause, f"there is more than one '{clause.kind}'.", "Keep one of them.")
        if document.house and isinstance(clause, _SHARED_ONLY):
            yield _at(index, clause, f"'{clause.kind}' lets another party in.", "Put it into an agreement.")
        if not document.house and isinstance(clause, _HOUSE_ONLY):
            yield _at(
                index,
                clause,
                f"'{clause.kind}' is about the owner's own people.",
                "Put it into the house policy.",
            )
    for cls, remedy in _MANDATORY.items():
        if not kinds[cls]:
            yield ClauseFault("clauses", f"The clause '{cls.kind}' is missing.", remedy)
    if not kinds[Schools] and not kinds[Places]:
        yield ClauseFault(
            "clauses", "The clause 'schools' is missing.", "Say which schools it covers, or all = true."
        )
    if kinds[Schools] and kinds[Places]:
        yield ClauseFault("clauses", "There are both 'schools' and 'places'.", "Keep one of them.")
    if document.house and not kinds[HouseDuties]:
        yield ClauseFault(
            "clauses", "The clause 'house_duties' is missing.", "Say who sees watchers and who manages."
        )
    if kinds[EmergencyView]:
        for needed in (WhoMayStart, WhoMayEnd):
            if not kinds[needed]:
                yield ClauseFault(
                    "clauses",
                    f"There is an emergency clause, but no '{needed.kind}'.",
                    "Say who may start and who may end it: a switch without hands helps nobody.",
                )
    elif kinds[WhoMayStart] or kinds[WhoMayEnd]:
        yield ClauseFault(
            "clauses",
            "Nothing can be started: there is no 'emergency_view'.",
            "Add one, or take these out.",
        )


def _parties(document: Document) -> Iterator[ClauseFault]:
    clause = document.one(Parties)
    index = document.clauses.index(clause)
    owners = [p for p in clause.parties if p.side == "owner"]
    if len(owners) != 1:
        yield _at(
            index,
            clause,
            f"there are {len(owners)} owners.",
            "Exactly one party has side = 'owner'.",
            "parties",
        )
    if document.house and len(clause.parties) != 1:
        yield _at(
            index,
            clause,
            "a house policy has one party.",
            "Take the others out, or house = false.",
            "parties",
        )
    if not document.house and len(clause.parties) < 2:
        yield _at(
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
        for twice in _twice(values):
            yield _at(
                index,
                clause,
                f"'{twice}' is used for two parties.",
                "Give each its own.",
                f"parties.{word}",
            )
    for number, party in enumerate(clause.parties):
        for twice in _twice([r.role for r in party.roles]):
            yield _at(
                index,
                clause,
                f"the role '{twice}' is listed twice.",
                "Keep one.",
                f"parties[{number}].roles",
            )
    covered = document.covered
    place, word = document.clauses.index(covered), covered.kind
    if covered.all == bool(covered.schools):
        remedy = f"Either list {word}, or write all = true, not both."
        yield _at(place, covered, f"it is not clear which {word}.", remedy)
    for twice in _twice([s.slug for s in covered.schools]):
        yield _at(place, covered, f"the {word[:-1]} '{twice}' is listed twice.", "Keep one.", word)


def _who(document: Document) -> Iterator[ClauseFault]:
    parties = {p.slug: p for p in document.parties}
    owner = next((p.slug for p in document.parties if p.side == "owner"), "")
    annexes = document.all(NamedPersons)
    for index, clause in _placed(document):
        if isinstance(clause, NamedPersons) and clause.kept_by not in parties:
            yield _at(index, clause, f"'{clause.kept_by}' is not a party.", _one_of(parties), "kept_by")
        for field, who in clause.whos():
            yield from _one_who(index, clause, field, who, parties, bool(annexes))
            outside = who.party != owner and who.party in parties
            if (
                isinstance(clause, RecordsRead)
                and not outside
                and not document.house
                and who.party in parties
            ):
                yield _at(
                    index,
                    clause,
                    "the owner reads the record by its house policy.",
                    "Name another party.",
                    field,
                )
            if isinstance(clause, WhoMayEnd) and field.startswith("stop") and outside:
                yield _at(index, clause, "only the owner stops at once.", f"Name roles of '{owner}'.", field)
            if isinstance(clause, StandingView | EmergencyView) and who.party == owner:
                yield _at(
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
        yield _at(
            index,
            clause,
            f"'{who.party}' is not a party of this agreement.",
            _one_of(parties),
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
            yield _at(index, clause, f"'{role}' is not a role of '{who.party}'.", remedy, f"{field}.roles")
    for twice in _twice(who.roles):
        yield _at(index, clause, f"the role '{twice}' is named twice.", "Keep one.", f"{field}.roles")
    if not who.roles and not who.named_only:
        yield _at(index, clause, "it does not say which people.", "Name roles, or named_only = true.", field)
    if who.named_only and not has_annex:
        yield _at(
            index,
            clause,
            "it speaks of named persons, but there is no annex.",
            "Add a 'named_persons' clause.",
            field,
        )


def _emergencies(document: Document) -> Iterator[ClauseFault]:
    seen: dict[str, str] = {}
    labels: dict[str, str] = {}
    ends = document.all(WhoMayEnd)
    for index, clause in _placed(document):
        if isinstance(clause, WhoMayEnd):
            if clause.once_taken == "proposes" and clause.proposal_minutes is None:
                yield _at(
                    index,
                    clause,
                    "it is not said when an unanswered all clear ends it.",
                    "Add proposal_minutes.",
                )
            if clause.once_taken == "ends" and clause.proposal_minutes is not None:
                yield _at(
                    index,
                    clause,
                    "proposal_minutes has no meaning here.",
                    "Take it out, or once_taken = 'proposes'.",
                )
        if not isinstance(clause, EmergencyView):
            continue
        for number, e in enumerate(clause.emergencies):
            field = f"emergencies[{number}]"
            if e.kind in seen:
                what = f"the emergency '{e.kind}' is defined in section {seen[e.kind]} as well."
                yield _at(index, clause, what, "Define each kind once.", f"{field}.kind")
            elif e.label.casefold() in labels:
                what = f"'{e.label}' would stand on the switch twice."
                yield _at(index, clause, what, "Give each kind its own label.", f"{field}.label")
            seen.setdefault(e.kind, clause.number)
            labels.setdefault(e.label.casefold(), clause.number)
            if e.cap_minutes < e.minutes:
                what = f"'{e.kind}' lasts {e.minutes} minutes but its cap is {e.cap_minutes}."
                yield _at(index, clause, what, "Make cap_minutes at least minutes.", f"{field}.cap_minutes")
            if e.cap_minutes > e.minutes and ends and ends[0].extend_minutes is None:
                what = f"'{e.kind}' may be extended, but no section says in which steps."
                yield _at(
                    index,
                    clause,
                    what,
                    "Add extend_minutes to who_may_end, or cap_minutes = minutes.",
                    field,
                )


def _term(document: Document) -> Iterator[ClauseFault]:
    clause = document.one(Term)
    index = document.clauses.index(clause)
    try:
        ZoneInfo(clause.zone)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        yield _at(
            index,
            clause,
            f"'{clause.zone}' is not a time zone.",
            "Write one like America/New_York.",
            "zone",
        )
    if clause.ends is not None and clause.ends < clause.begins:
        yield _at(
            index,
            clause,
            "it ends before it begins.",
            "Exchange the two days, or correct the year.",
            "ends",
        )


def _twice(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _one_of(known: Iterable[str]) -> str:
    return f"Name one of: {', '.join(known)}."
