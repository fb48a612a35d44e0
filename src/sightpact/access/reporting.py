"""What dispatch may report: schools, kinds, and whose word it could be. Asks the law for all of it; opens nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sightpact.access import facts
from sightpact.access.facts import Snapshot
from sightpact.access.remembered import while_facts_stand
from sightpact.activation import life
from sightpact.decide.facts import Action, Grant


@dataclass(frozen=True, slots=True)
class ReportKind:
    kind: str
    label: str
    minutes: int  # open until somebody confirms
    level: str


@dataclass(frozen=True, slots=True)
class Word:
    """Somebody who may start a sharing there, so that dispatch may take their word by phone or radio."""

    person: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class ReportSchool:
    id: str
    name: str
    kinds: tuple[ReportKind, ...]


def options(person: str, snapshot: Snapshot | None = None) -> tuple[ReportSchool, ...]:
    """The schools where this person may report an emergency, with the kinds, highest first. Empty: nowhere."""
    return _options(snapshot or facts.snapshot(), person)


@while_facts_stand
def _options(snapshot: Snapshot, person: str) -> tuple[ReportSchool, ...]:
    if not may_anywhere(snapshot):
        return ()
    found = ((school, _kinds(snapshot, person, school.id)) for school in snapshot.names.schools.values())
    return tuple(ReportSchool(school.id, school.name, kinds) for school, kinds in found if kinds)


def words(person: str, school: str, emergency: str) -> tuple[Word, ...]:
    """Whose word it could be: the people who may start this kind there themselves, those of the school first."""
    snapshot = facts.snapshot()
    slug = snapshot.names.schools[school].slug if school in snapshot.names.schools else ""
    found = []
    for each in snapshot.names.persons.values():
        answer = snapshot.answer(each.id, Action.START_SHARING, school, emergency)
        is_source = any(role == "alarm" for _party, role in each.roles)
        if isinstance(answer, Grant) and each.active and each.id != person and not is_source:
            found.append((each.home_school != slug, Word(each.id, each.name, each.title)))
    return tuple(word for _elsewhere, word in sorted(found, key=lambda pair: (pair[0], pair[1].name)))


def may_anywhere(snapshot: Snapshot) -> bool:
    """Whether any agreement that runs lets somebody report: most do not, and then nothing is asked."""
    found = (snapshot.names.limits(agreement) for agreement in snapshot.names.kinds)
    return any(limits is not None and limits.report for limits in found)


def _kinds(snapshot: Snapshot, person: str, school: str) -> tuple[ReportKind, ...]:
    found: dict[str, ReportKind] = {}
    for agreement, kinds in snapshot.names.kinds.items():
        limits = snapshot.names.limits(agreement)
        for kind in kinds:
            answer = snapshot.answer(person, Action.REPORT, school, kind.kind)
            if isinstance(answer, Grant) and answer.agreement == agreement:
                minutes = min(kind.minutes, (limits.report_minutes if limits else 0) or kind.minutes)
                found.setdefault(kind.kind, ReportKind(kind.kind, kind.label, minutes, kind.level))
    return tuple(sorted(found.values(), key=lambda kind: -life.height(kind.level)))
