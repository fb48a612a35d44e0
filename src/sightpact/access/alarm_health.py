"""How the sources of alarms are, beforehand: a clock that is off, a silence longer than promised, a feed that is away.

Reads only. For the page of sources, and for whoever asks whether everything is ready.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from sightpact.access import facts
from sightpact.access.alarm_would import would
from sightpact.access.facts import Snapshot
from sightpact.activation import alarm_reads as reads
from sightpact.activation.alarm_reads import SourceCard
from sightpact.activation.alarms.meaning import Meaning
from sightpact.activation.alarms.states import why_words
from sightpact.ledger import clock

CLOCK_OFF_MS = 30_000
QUIET = timedelta(days=30)  # where nothing was promised: nobody has tried it for so long


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source. `faults`: it would fail now. `advice`: it deserves a look. Both empty: well."""

    source: str  # id
    name: str
    schools: tuple[str, ...]  # ids that it can start for
    faults: tuple[str, ...]
    advice: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.faults


def health(snapshot: Snapshot | None = None) -> tuple[SourceHealth, ...]:
    """Every source that counts, by name."""
    snapshot = snapshot or facts.snapshot()
    return tuple(of(snapshot, source) for source in reads.sources())


def of(snapshot: Snapshot, source: SourceCard) -> SourceHealth:
    """How one source is."""
    faults, advice = _heard(source)
    slugs = {school.slug: school.id for school in snapshot.names.schools.values()}
    mapped = {slugs[s] for schools in source.places.values() for s in schools if s in slugs}
    if not source.has_key and (source.kind in ("webhook", "cap") or _signs(source)):
        faults.append(_("It has no key yet: make one, and enter it in the product."))
    if source.fault:
        faults.append(source.fault)
    if not mapped:
        faults.append(_("No place is set: every alarm will be a question to dispatch."))
    faults += _refusals(snapshot, source)
    if source.forged:
        words = {"count": source.forged}
        advice.append(
            _("%(count)d messages were refused, because they were not signed with its key.") % words
        )
    return SourceHealth(source.id, source.name, tuple(sorted(mapped)), tuple(faults), tuple(advice))


def _heard(source: SourceCard) -> tuple[list[str], list[str]]:
    faults: list[str] = []
    advice: list[str] = []
    now = clock.now()
    if source.clock_off_ms is not None and abs(source.clock_off_ms) > CLOCK_OFF_MS:
        words = {"seconds": abs(source.clock_off_ms) // 1000}
        faults.append(
            _("Its clock is %(seconds)d s behind.") % words
            if source.clock_off_ms > 0
            else _("Its clock is %(seconds)d s ahead.") % words
        )
    if source.heard_utc is None:
        advice.append(_("It has never been heard. Send a test from the product."))
    elif source.heartbeat_s and now - source.heard_utc > timedelta(seconds=source.heartbeat_s):
        minutes = int((now - source.heard_utc).total_seconds() // 60)
        faults.append(_("Silent for %(minutes)d minutes, longer than it promised.") % {"minutes": minutes})
    elif not source.heartbeat_s and now - source.heard_utc > QUIET:
        advice.append(_("Not heard for over 30 days. Send a test from the product."))
    if (
        source.heartbeat_s
        and source.heard_utc is None
        and now - source.created_utc > timedelta(seconds=source.heartbeat_s)
    ):
        faults.append(_("It promised a sign of life and has sent none."))
    return faults, advice


def _refusals(snapshot: Snapshot, source: SourceCard) -> list[str]:
    """Why the law would refuse what it is set to start: each reason once."""
    found: list[str] = []
    for schools in source.places.values():
        for kind in dict.fromkeys(source.codes.values()):
            said = would(snapshot, source, Meaning("test", tuple(schools), kind))
            why, _blank, detail = said.partition(" ")
            if why == "refused" and (text := why_words(why, detail)) not in found:
                found.append(text)
    return found


def _signs(source: SourceCard) -> bool:
    return source.kind == "mqtt" and source.trust == "signed"
