"""What others may know about agreements: frozen answers, never models. Writes nothing.

`agreements_for_facts` is what decisions are made from: only what is signed by all parties and runs as signed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sightpact.agreements import scans
from sightpact.agreements.as_facts import agreement_fact
from sightpact.agreements.clauses.base import Who
from sightpact.agreements.clauses.situations import SituationView
from sightpact.agreements.clauses.switch import WhoMayEnd, WhoMayStart
from sightpact.agreements.clauses.terms import Leases, LogUnwritable, Term
from sightpact.agreements.clauses.views import EmergencyView
from sightpact.agreements.document import Document
from sightpact.agreements.errors import ClauseFault
from sightpact.agreements.exhibit_now import as_it_is
from sightpact.agreements.key_reads import KeyCard as KeyCard
from sightpact.agreements.key_reads import active_keys as active_keys
from sightpact.agreements.key_reads import counting_keys
from sightpact.agreements.key_reads import signing_keys as signing_keys
from sightpact.agreements.models import Adoption, Agreement, NamedPerson, Revision
from sightpact.agreements.running import Evidence, Verdict, judge, plain_body
from sightpact.agreements.signing import scan_of
from sightpact.cameras import reads as cameras
from sightpact.decide import facts
from sightpact.ledger import clock
from sightpact.ledger.copies.reads import countersigned
from sightpact.people import reads as people

SECOND_COPY = b'"second_copy"'  # in the canonical bytes of a text that waits for a copy of the record


@dataclass(frozen=True, slots=True)
class EmergencyKind:
    """A kind of emergency that an agreement defines."""

    kind: str  # the Cedar boolean is emergency_<kind>
    label: str  # on the switch
    meaning: str  # in the text
    minutes: int
    cap_minutes: int
    clause: str  # section that it opens
    area_kinds: frozenset[str]
    names_beforehand: bool  # may the other party know names and places before an emergency?
    level: str = "life_safety"  # of clauses.views.LEVELS


@dataclass(frozen=True, slots=True)
class Limits:
    """The times of an agreement, and what an end means. Roles are (party slug, role) pairs, for menus only."""

    standing_lease_s: int
    emergency_lease_s: int
    log_unwritable: str  # "close" or "continue"
    once_taken: str  # what an all clear by the school does then: "proposes" or "ends"; "" without emergencies
    proposal_minutes: int  # 0: an all clear needs no answer
    extend_minutes: int  # step; 0: a sharing cannot be extended
    end_clause: str
    all_clear: tuple[Who, ...] = ()
    take: tuple[Who, ...] = ()
    stop: tuple[Who, ...] = ()
    start: tuple[Who, ...] = ()
    report: tuple[Who, ...] = ()
    report_minutes: int = 0  # how long a report that nobody confirms opens; 0: nobody may report


@dataclass(frozen=True, slots=True)
class Entered:
    """A person in an annex."""

    person: str  # id
    position: str
    added_utc: datetime
    employer: str = ""  # this and the next three: for the keeper's own people
    supervisor: str = ""
    trained_until: date | None = None  # last day on which the training counts
    checked_on: date | None = None  # background check


@dataclass(frozen=True, slots=True)
class Running:
    """The revision that runs for one agreement."""

    id: str  # agreement
    slug: str
    title: str
    revision: str  # revision id
    document: Document
    facts: facts.Agreement


# for decisions ------------------------------------------------------------------------------------------------


def agreements_for_facts() -> tuple[facts.Agreement, ...]:
    """Every agreement whose newest due revision is signed by all its parties and runs as signed."""
    return tuple(entry.facts for entry in running())


def running() -> tuple[Running, ...]:
    """Per agreement, the newest revision that runs and has begun; else the next one that will.

    A later revision that runs ends the one before it on its own first day.
    """
    return running_and_coming()[0]


def running_and_coming() -> tuple[tuple[Running, ...], tuple[Running, ...]]:
    """What `running` says, and every revision that all parties signed and that will take its turn: by its day, or by a vote.

    A vote that one side takes back and records again must not hide from a change what the text opens.
    """
    keys = counting_keys()
    now = clock.now()
    found, later = [], []
    for row in (
        Agreement.objects.select_related("owner").prefetch_related("parties", "terminations").order_by("slug")
    ):
        judged = [(revision, judge(_evidence(row, revision, keys))) for revision in _revisions(row)]
        good = [(revision, verdict) for revision, verdict in judged if verdict.runs]
        later += [chosen_facts(row, r, v, None) for r, v in judged[-1:] if v.waits_for_votes]
        chosen = _due([(r, v) for r, v in good], now)
        if chosen is not None:
            found.append(chosen_facts(row, *chosen))
            later += [
                chosen_facts(row, r, v, None) for r, v in good if r is not chosen[0] and _term(v)[0] > now
            ]
    return tuple(found), tuple(later)


def _due(
    good: list[tuple[Revision, Verdict]], now: datetime
) -> tuple[Revision, Verdict, datetime | None] | None:
    """The revision in turn and the instant at which the next one takes its place. `good` is by number, rising."""
    if not good:
        return None
    begins = [_term(verdict)[0] for _revision, verdict in good]
    begun = [i for i, instant in enumerate(begins) if instant <= now]
    index = begun[-1] if begun else min(range(len(good)), key=lambda i: begins[i])
    later = [instant for instant in begins[index + 1 :] if instant > now]
    return (*good[index], min(later) if later else None)


def chosen_facts(row: Agreement, revision: Revision, verdict: Verdict, replaced: datetime | None) -> Running:
    """Facts of a revision that runs. Everything comes from the text; from the row, only whether it is suspended or ended."""
    document, made = verdict.document, verdict.made
    assert document is not None and made is not None
    begins, ends = _term(verdict)
    known = {party.slug: str(party.pk) for party in row.parties.all()}
    document = as_it_is(document, str(revision.pk))
    terminated = terminated_from(row)
    told = agreement_fact(
        document,
        made,
        known,
        str(row.pk),
        begins,
        min((i for i in (ends, replaced, terminated) if i is not None), default=None),
        row.suspended_utc is not None,
    )
    told = replace(told, term_ends=ends, terminated=terminated)
    return Running(str(row.pk), document.slug, document.title, str(revision.pk), document, told)


def terminated_from(row: Agreement) -> datetime | None:
    """The instant from which a party has ended it, the earliest one told; None: nobody has."""
    return min((t.from_utc for t in row.terminations.all() if t.withdrawn_utc is None), default=None)


def suspended_by() -> dict[str, tuple[str, str]]:
    """Agreement id -> name and phone of who suspended it, for those that are suspended."""
    rows = Agreement.objects.filter(suspended_utc__isnull=False, suspended_by__isnull=False)
    known = rows.values_list("pk", "suspended_by__name", "suspended_by__phone")
    return {str(pk): (name, phone) for pk, name, phone in known}


def named_persons() -> dict[str, frozenset[str]]:
    """Person id -> ids of the agreements whose annex names the person now."""
    found: dict[str, set[str]] = {}
    rows = NamedPerson.objects.filter(removed_utc=None).values_list("person_id", "agreement_id")
    for person, agreement in rows:
        found.setdefault(str(person), set()).add(str(agreement))
    return {person: frozenset(ids) for person, ids in found.items()}


def annex(slug: str) -> tuple[Entered, ...]:
    """Whom the annex of an agreement names now, in the order in which they were entered."""
    rows = NamedPerson.objects.filter(agreement__slug=slug, removed_utc=None).order_by("added_utc", "id")
    fields = ("position", "added_utc", "employer", "supervisor", "trained_until", "checked_on")
    return tuple(Entered(str(person), *known) for person, *known in rows.values_list("person_id", *fields))


def lapsed() -> tuple[tuple[str, str, date], ...]:
    """(agreement slug, person slug, last day) of every name whose training counts no more, by the owner's day."""
    rows = NamedPerson.objects.filter(removed_utc=None, trained_until__isnull=False).order_by(
        "added_utc", "id"
    )
    fields = ("agreement__slug", "person__slug", "trained_until", "agreement__owner__zone")
    now = clock.now()
    return tuple(
        (agreement, person, until)
        for agreement, person, until, zone in rows.values_list(*fields)
        if until < now.astimezone(ZoneInfo(zone)).date()
    )


def slugs() -> dict[str, str]:
    """Agreement id -> slug, as the ledger writes it."""
    return {str(pk): slug for pk, slug in Agreement.objects.values_list("pk", "slug")}


# for the switch and for sharing ----------------------------------------------------------------------------------


def limits_of(document: Document) -> Limits:
    """Leases, what an end means, steps of extension: of a text."""
    leases = document.one(Leases)
    base = Limits(leases.standing_s, leases.emergency_s, document.one(LogUnwritable).then, "", 0, 0, "")
    for start in document.all(WhoMayStart):
        base = replace(base, start=start.who, report=start.report, report_minutes=start.report_minutes or 0)
    ends = document.all(WhoMayEnd)
    if not ends:
        return base
    end = ends[0]
    return replace(
        base,
        once_taken=end.once_taken,
        proposal_minutes=end.proposal_minutes or 0,
        extend_minutes=end.extend_minutes or 0,
        end_clause=end.number,
        all_clear=end.end,
        take=end.take,
        stop=end.stop,
    )


def emergencies_of(document: Document) -> tuple[EmergencyKind, ...]:
    """The kinds of emergency that a text defines, in its order."""
    return tuple(
        EmergencyKind(
            kind=e.kind,
            label=e.label,
            meaning=e.meaning,
            minutes=e.minutes,
            cap_minutes=e.cap_minutes,
            clause=clause.number,
            area_kinds=frozenset(clause.area_kinds),
            names_beforehand=clause.names_beforehand,
            level=e.level,
        )
        for clause in document.all(EmergencyView)
        for e in clause.emergencies
    )


def asked_minutes(document: Document, situation: str) -> tuple[int, ...]:
    """How long, in minutes, each section of a text opens at most for an invitation, a request or a planned event."""
    return tuple(
        c.most_minutes for c in document.clauses if isinstance(c, SituationView) and c.situation == situation
    )


# judging what is stored ---------------------------------------------------------------------------------------


def verdict(revision_id: str) -> Verdict:
    """Whether a stored revision runs, and if not, what differs or who has not signed."""
    revision = Revision.objects.select_related("agreement__owner").get(pk=revision_id)
    return judge(_evidence(revision.agreement, revision, counting_keys()))


def newest_document(agreement_id: str) -> Document | None:
    """The newest stored text, signed or not; None when there is none that can be read."""
    row = Agreement.objects.select_related("owner").get(pk=agreement_id)
    stored = _revisions(row)
    return judge(_evidence(row, stored[-1], counting_keys())).document if stored else None


def governing_document(agreement_id: str) -> Document | None:
    """The text that runs; before any does, the newest one. A mere proposal governs nothing while another text runs."""
    running_one = next((entry.document for entry in running() if entry.id == agreement_id), None)
    return running_one or newest_document(agreement_id)


def unknown_names(document: Document) -> list[ClauseFault]:
    """Parties and schools that the text names and that are not here, or are called otherwise here."""
    found = []
    parties = {card.slug: card.name for card in people.parties()}
    owners = {card.id: card.slug for card in people.parties()}
    for index, party in enumerate(document.parties):
        path = f"parties[{index}]"
        if party.slug not in parties:
            known = ", ".join(sorted(parties)) or "none"
            found.append(
                ClauseFault(
                    path,
                    f"There is no party '{party.slug}'.",
                    f"Add it under [[parties]]. Known are: {known}.",
                )
            )
        elif parties[party.slug] != party.name:
            what = f"The text calls '{party.slug}' {party.name!r}; it is stored as {parties[party.slug]!r}."
            found.append(ClauseFault(path, what, "Use one name."))
    listed = document.names.schools
    schools = {card.slug for card in cameras.schools() if owners.get(card.owner_id) == document.owner}
    for slug in listed or ():
        if slug not in schools:
            known = ", ".join(sorted(schools)) or "none"
            found.append(
                ClauseFault(
                    "schools", f"There is no school '{slug}' of {document.owner}.", f"Known are: {known}."
                )
            )
    return found


def _term(verdict: Verdict) -> tuple[datetime, datetime | None]:
    assert verdict.document is not None
    return verdict.document.one(Term).in_force()


def _revisions(row: Agreement) -> list[Revision]:
    stored = row.revisions.order_by("number").prefetch_related("signatures__party", "adoptions")
    return list(stored)


def votes_that_count(revision: Revision) -> list[Adoption]:
    """Of each body the last record of its vote, by day; none where that one says that there was no vote."""
    last: dict[str, Adoption] = {}
    for row in sorted(revision.adoptions.all(), key=lambda a: a.serial):
        last[plain_body(row.body)] = row
    return sorted((row for row in last.values() if not row.is_void), key=lambda a: (a.on, a.body))


def _evidence(row: Agreement, revision: Revision, keys: tuple[tuple[str, str], ...]) -> Evidence:
    parties = frozenset(party.slug for party in row.parties.all())
    envelopes = sorted(
        (s.party.slug, json.dumps(s.envelope, sort_keys=True)) for s in revision.signatures.all()
    )
    return Evidence(
        canonical=bytes(revision.canonical),
        text=revision.text,
        cedar=revision.cedar,
        schema=revision.schema,
        hashes=(
            ("canonical_hash", revision.canonical_hash),
            ("text_hash", revision.text_hash),
            ("cedar_hash", revision.cedar_hash),
            ("schema_hash", revision.schema_hash),
        ),
        envelopes=tuple(envelopes),
        keys=tuple(pair for pair in keys if pair[0] in parties),
        adopted=tuple(sorted((a.body, a.canonical_hash) for a in votes_that_count(revision))),
        slug=row.slug,
        number=revision.number,
        parties=parties,
        owner=row.owner.slug,
        house=row.is_house,
        copies=countersigned() if SECOND_COPY in bytes(revision.canonical) else frozenset(),
        scans=scans.whole(scan_of(s.envelope) for s in revision.signatures.all()),
    )


# for the import's checks before anything is stored ------------------------------------------------------------


def stored_revisions() -> dict[tuple[str, int], str]:
    """(agreement slug, revision number) -> canonical hash of every stored revision."""
    rows = Revision.objects.values_list("agreement__slug", "number", "canonical_hash")
    return {(slug, number): canonical for slug, number, canonical in rows}
