"""What a source's alarm would start, asked of the law without starting anything. Reads only."""

from __future__ import annotations

from sightpact.access.facts import Snapshot
from sightpact.activation.alarm_reads import SourceCard
from sightpact.activation.alarms.meaning import Meaning
from sightpact.decide.facts import Action, Refusal
from sightpact.decide.refusals import sentence


def ids_of(snapshot: Snapshot, slugs: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of the schools with these slugs, as far as they are here."""
    by_slug = {school.slug: school.id for school in snapshot.names.schools.values()}
    return tuple(by_slug[slug] for slug in slugs if slug in by_slug)


def would(snapshot: Snapshot, source: SourceCard, found: Meaning) -> str:
    """What a true alarm would have done, in one sentence that begins with a key of why_words."""
    ids = ids_of(snapshot, found.schools)
    if not ids:
        return "place"
    if not found.kind:
        return "code"
    names = ", ".join(snapshot.names.schools[school].name for school in ids)
    agreement = ""
    for school in ids:
        answer = snapshot.answer(source.person, Action.START_SHARING, school, found.kind)
        if isinstance(answer, Refusal):
            return f"refused {sentence(answer)}"
        agreement = agreement or answer.agreement
    kind = snapshot.names.kind(agreement, found.kind)
    if kind is None:
        return f"refused The agreement lists no emergency “{found.kind}”."
    return f"would “{kind.label}” at {names}, for {kind.minutes} minutes, section {kind.clause}."
