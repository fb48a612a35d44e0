"""Questions about emergency sharings. Frozen answers; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from sightpact.activation import reasons
from sightpact.activation.models import Activation, AidCall, Report

WARN = timedelta(minutes=5)  # how long before its deadline people are warned


@dataclass(frozen=True, slots=True)
class AidCalled:
    """A neighbour who was called for aid."""

    agreement: str  # id of the one under which it was called
    party: str  # id
    party_slug: str
    party_name: str
    by_name: str
    called_utc: datetime


@dataclass(frozen=True, slots=True)
class Reported:
    """One start as it came: the first began the sharing, others joined or widened it."""

    emergency: str
    at_utc: datetime
    until_utc: datetime  # how long this kind counts, if the sharing lasts so long
    by_name: str
    source: str
    outcome: str  # started, joined, widened; disputed once its person said that it was not their word
    level: str = "life_safety"
    clause: str = ""  # "" in a row of an earlier version
    unverified: str = ""  # "" once somebody confirmed this kind
    cap_utc: datetime | None = None
    word_of: str = ""  # person id: whose word this report is said to be
    word_of_name: str = ""


@dataclass(frozen=True, slots=True)
class ActivationCard:
    """One emergency sharing. Instants are aware UTC; a reader's page shows them in the school's zone."""

    id: str
    owner: str
    agreement: str
    emergency: str
    clause: str
    schools: tuple[str, ...]  # ids
    school_names: tuple[str, ...]
    source: str
    verified: bool
    started_by: str  # person id
    started_by_name: str
    started_utc: datetime
    deadline_utc: datetime
    told_utc: datetime | None
    taken_by: str | None
    taken_by_name: str
    taken_utc: datetime | None
    end_proposed_by_name: str
    end_proposed_utc: datetime | None
    end_due_utc: datetime | None
    ended_by_name: str
    ended_by_phone: str
    ended_utc: datetime | None
    end_reason: str
    entry: int
    aid: tuple[AidCalled, ...] = ()  # neighbours who were called, in the order of the calls
    level: str = "life_safety"  # notice, urgent, life_safety
    unverified: str = ""  # call_911, word, alarm: reported by dispatch and not confirmed yet
    word_of: str | None = None  # person id: whose word it is said to be
    word_of_name: str = ""
    confirmed_by_name: str = ""
    confirmed_utc: datetime | None = None
    full_utc: datetime | None = None  # its deadline once it is confirmed
    extended_utc: datetime | None = None
    extended_by_name: str = ""
    cap_utc: datetime | None = (
        None  # the latest deadline that the agreement allows; None: it cannot be extended
    )
    widened_from: str = ""  # the lower kind that it was before
    widened_utc: datetime | None = None
    was_taken: bool = False  # somebody of dispatch had it at some time
    undo_until_utc: datetime | None = None  # a stop can be taken back before this
    end_proposed_reason: str = ""  # of a proposed end: mistake, incident_closed; "" for all clear
    reports: tuple[Reported, ...] = ()  # every start of it, oldest first

    @property
    def is_live(self) -> bool:
        return self.ended_utc is None

    @property
    def words(self) -> dict[str, str]:
        """By id the names of everybody whose word this kind is said to be, while nobody has confirmed it; the first one first."""
        if not self.unverified:
            return {}
        found = {self.word_of: self.word_of_name} if self.word_of else {}
        for report in self.reports:
            stands = report.unverified and report.outcome != "disputed"
            if report.word_of and stands and report.emergency == self.emergency:
                found.setdefault(report.word_of, report.word_of_name)
        return found

    @property
    def word_names(self) -> str:
        return ", ".join(self.words.values())

    @property
    def spoken(self) -> frozenset[str]:
        """Whose word (ids) was reported, of any kind, and is not confirmed, or was disputed by them."""
        said = (r for r in self.reports if r.unverified or r.outcome == "disputed")
        return frozenset(r.word_of for r in said if r.word_of) | frozenset(self.words)

    @property
    def disputed_names(self) -> str:
        """Who said that what was reported of this kind was not their word, while it is unverified all the same."""
        mine = (r for r in self.reports if r.outcome == "disputed" and r.emergency == self.emergency)
        return ", ".join(dict.fromkeys(r.word_of_name for r in mine if self.unverified))

    @property
    def times_reported(self) -> int:
        """How often this kind was reported and not surely started."""
        own = (r for r in self.reports if r.emergency == self.emergency and r.outcome != "disputed")
        return sum(bool(r.unverified) for r in own)

    @property
    def kinds(self) -> tuple[tuple[str, datetime], ...]:
        """Every kind that was reported, with the instant until which it counts; the one that the card names is first."""
        until = {self.emergency: self.deadline_utc} if not self.reports else {}
        for report in (*(r for r in self.reports if r.emergency == self.emergency), *self.reports):
            until[report.emergency] = max(report.until_utc, until.get(report.emergency, report.until_utc))
        return tuple((kind, min(instant, self.deadline_utc)) for kind, instant in until.items())

    @property
    def own_utc(self) -> datetime:
        """Until when the kind that the card names counts; another one may last longer, up to the deadline."""
        return self.kinds[0][1]

    def warns(self, now: datetime) -> bool:
        """Whether it is time to warn that the kind which it names is nearly over."""
        return self.is_live and self.own_utc - WARN <= now < self.own_utc

    def can_extend(self) -> bool:
        """Whether one step more is possible: dispatch has it, it is sure, and its kind's cap is not reached."""
        room = self.cap_utc is not None and self.own_utc < self.cap_utc
        return self.is_live and self.taken_by is not None and not self.unverified and room

    def can_undo(self, now: datetime) -> bool:
        """Whether its stop can still be taken back."""
        open_still = self.undo_until_utc is not None and now < self.undo_until_utc
        return not self.is_live and open_still and now < self.deadline_utc

    def due(self, now: datetime) -> str:
        """Why it must be ended at `now`: its deadline passed, or dispatch left a proposed end unanswered; "" when it must not."""
        if not self.is_live:
            return ""
        if self.deadline_utc <= now:
            return "deadline"
        return "unanswered" if self.end_due_utc is not None and self.end_due_utc <= now else ""

    @property
    def end_sentence(self) -> str:
        return reasons.sentence(
            self.end_reason,
            by=self.ended_by_name,
            minutes=reasons.whole_minutes(self.started_utc, self.deadline_utc),
        )


def live() -> tuple[ActivationCard, ...]:
    """Every sharing that nobody has ended. One past its deadline is still here until it is ended; `decide` ignores it."""
    if not Activation.objects.filter(ended_utc__isnull=True).exists():
        return ()  # as nearly always, and a start waits for this
    return _cards(ended_utc__isnull=True)


def ended_since(since: datetime, known: tuple[ActivationCard, ...] = ()) -> tuple[ActivationCard, ...]:
    """Every sharing that ended since then, oldest start first.

    Args:
        known: cards read before, of the same world. One whose end is still that end is not read again: nothing else of an
            ended sharing can change.
    """
    kept = {card.id: card for card in known}
    marks = (
        Activation.objects.filter(ended_utc__gte=since)
        .order_by("started_utc", "id")
        .values_list("id", "ended_utc", "end_reason", "undo_until_utc")
    )
    same: dict[str, ActivationCard | None] = {}
    for id, *mark in marks:
        card = kept.get(str(id))
        is_same = card is not None and [card.ended_utc, card.end_reason, card.undo_until_utc] == mark
        same[str(id)] = card if is_same else None
    anew = [id for id, card in same.items() if card is None]
    same |= {card.id: card for card in (_cards(pk__in=anew) if anew else ()) if card.ended_utc is not None}
    return tuple(card for card in same.values() if card is not None)


def card(activation_id: str) -> ActivationCard | None:
    found = _cards(pk=activation_id)
    return found[0] if found else None


def by_key(key: str) -> ActivationCard | None:
    """The sharing that a start with this key began, joined or widened."""
    known = (
        Report.objects.filter(idempotency_key=key).values_list("activation_id", flat=True).first()
        or Activation.objects.filter(idempotency_key=key).values_list("id", flat=True).first()
    )
    return card(str(known)) if known else None


def outcomes(owner: str, since: datetime) -> dict[str, int]:
    """How often sharings of an owner ended for each reason since then: how many were a hoax, a mistake, disputed."""
    rows = Activation.objects.filter(owner__id=owner, ended_utc__gte=since).values("end_reason")
    return {row["end_reason"]: row["count"] for row in rows.annotate(count=Count("id")).order_by()}


def _cards(**where: object) -> tuple[ActivationCard, ...]:
    rows = (
        Activation.objects.filter(**where)
        .select_related(
            "started_by", "taken_by", "ended_by", "end_proposed_by", "word_of", "confirmed_by", "extended_by"
        )
        .prefetch_related("schools", "aid__party", "aid__called_by", "reports__by", "reports__word_of")
        .order_by("started_utc", "id")
    )
    return tuple(_card(row) for row in rows)


def _card(row: Activation) -> ActivationCard:
    schools = sorted(row.schools.all(), key=lambda school: school.order)
    ended_by = row.ended_by
    return ActivationCard(
        id=str(row.id),
        owner=str(row.owner_id),
        agreement=str(row.agreement_id),
        emergency=row.emergency,
        clause=row.clause,
        schools=tuple(str(school.id) for school in schools),
        school_names=tuple(school.name for school in schools),
        source=row.source,
        verified=row.verified,
        started_by=str(row.started_by_id),
        started_by_name=row.started_by.name,
        started_utc=row.started_utc,
        deadline_utc=row.deadline_utc,
        told_utc=row.told_utc,
        taken_by=str(row.taken_by_id) if row.taken_by_id else None,
        taken_by_name=row.taken_by.name if row.taken_by else "",
        taken_utc=row.taken_utc,
        was_taken=row.was_taken,
        end_proposed_by_name=row.end_proposed_by.name if row.end_proposed_by else "",
        end_proposed_utc=row.end_proposed_utc,
        end_proposed_reason=row.end_proposed_reason,
        end_due_utc=row.end_due_utc,
        ended_by_name=ended_by.name if ended_by else "",
        ended_by_phone=ended_by.phone if ended_by else "",
        ended_utc=row.ended_utc,
        end_reason=row.end_reason,
        entry=row.entry,
        level=row.level,
        unverified=row.unverified,
        word_of=str(row.word_of_id) if row.word_of_id else None,
        word_of_name=row.word_of.name if row.word_of else "",
        confirmed_by_name=row.confirmed_by.name if row.confirmed_by else "",
        confirmed_utc=row.confirmed_utc,
        full_utc=row.full_utc,
        extended_utc=row.extended_utc,
        extended_by_name=row.extended_by.name if row.extended_by else "",
        cap_utc=row.cap_utc,
        widened_from=row.widened_from,
        widened_utc=row.widened_utc,
        undo_until_utc=row.undo_until_utc,
        reports=tuple(_report(report) for report in sorted(row.reports.all(), key=lambda r: r.at_utc)),
        aid=tuple(_aid(call) for call in sorted(row.aid.all(), key=lambda call: call.called_utc)),
    )


def _report(row: Report) -> Reported:
    return Reported(
        row.emergency,
        row.at_utc,
        row.until_utc,
        row.by.name,
        row.source,
        row.outcome,
        level=row.level,
        clause=row.clause,
        unverified=row.unverified,
        cap_utc=row.cap_utc,
        word_of=str(row.word_of_id) if row.word_of_id else "",
        word_of_name=row.word_of.name if row.word_of else "",
    )


def _aid(call: AidCall) -> AidCalled:
    return AidCalled(
        agreement=str(call.agreement_id),
        party=str(call.party_id),
        party_slug=call.party.slug,
        party_name=call.party.name,
        by_name=call.called_by.name,
        called_utc=call.called_utc,
    )
