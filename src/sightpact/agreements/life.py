"""The life of agreements as it is stored: their states, desks and rounds, as one of their people may know. Writes nothing.

The rules are in `life_rules.py`. Drafts are not here: they are their own side's (`drafting.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from sightpact.agreements import reads
from sightpact.agreements.clauses.signatories import Signatories
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.document import Document
from sightpact.agreements.life_rules import (
    AgreementRows,
    LifeState,
    RevisionRows,
    Side,
    Step,
    judge,
    of_revision,
)
from sightpact.agreements.models import Agreement, Revision, Round
from sightpact.agreements.signers import roles_that_sign
from sightpact.ledger import clock
from sightpact.people.models import Party
from sightpact.people.reads import PersonCard

__all__ = [
    "History",
    "LifeState",
    "Side",
    "Step",
    "history",
    "is_agreed",
    "revision_state",
    "slugs",
    "state_of",
    "states",
]


@dataclass(frozen=True, slots=True)
class History:
    """One revision in the list of rounds."""

    number: int
    state: str
    proposed_by: str  # name of the party; "": stored on the server
    by: str  # name of the person
    when_utc: datetime
    note: str
    agreed_by: tuple[tuple[str, str, datetime], ...]  # (party, person, when)


def state_of(slug: str) -> LifeState | None:
    """The state of one agreement; None when nothing is stored under this name. Asks nobody for permission."""
    row = _agreements().filter(slug=slug).first()
    rows = _rows(row) if row is not None else None
    return judge(rows, clock.now()) if rows is not None else None


def revision_state(slug: str, number: int) -> LifeState | None:
    """The state of one revision by itself."""
    row = _agreements().filter(slug=slug).first()
    rows = _rows(row) if row is not None else None
    return of_revision(rows, number, clock.now()) if rows is not None else None


def states(person: PersonCard) -> tuple[LifeState, ...]:
    """The states of the agreements of this person's parties; shared agreements first."""
    mine = [UUID(party) for party, _role in person.roles]
    found = []
    for row in _agreements().filter(parties__in=mine).distinct().order_by("is_house", "slug"):
        rows = _rows(row)
        if rows is not None:
            found.append(judge(rows, clock.now()))
    return tuple(found)


def party_ids(slug: str) -> dict[str, str]:
    """Party id -> slug, of the parties of an agreement."""
    row = Agreement.objects.filter(slug=slug).first()
    return {str(pk): name for pk, name in row.parties.values_list("pk", "slug")} if row else {}


def revision_numbers(slug: str) -> tuple[int, ...]:
    """The numbers of all revisions, the newest first."""
    rows = Revision.objects.filter(agreement__slug=slug).order_by("-number")
    return tuple(rows.values_list("number", flat=True))


def number_of(slug: str, wanted: str) -> int | None:
    """The number of the wanted revision ("" is the newest one); None when there is none."""
    known = revision_numbers(slug)
    if not wanted:
        return known[0] if known else None
    return next((n for n in known if str(n) == wanted), None)


def zone_of(slug: str) -> str:
    """IANA name of the zone in which the newest text counts its days; UTC when it cannot be read."""
    row = Agreement.objects.filter(slug=slug).first()
    document = reads.newest_document(str(row.pk)) if row else None
    return document.one(Term).zone if document else "UTC"


def slugs() -> tuple[str, ...]:
    """Short names of all agreements. For the server's command line."""
    return tuple(Agreement.objects.order_by("is_house", "slug").values_list("slug", flat=True))


def party_slugs(person: PersonCard) -> frozenset[str]:
    """The parties to which a person belongs."""
    mine = [UUID(party) for party, _role in person.roles]
    return frozenset(Party.objects.filter(pk__in=mine).values_list("slug", flat=True))


def is_agreed(revision_id: str) -> bool:
    """May this text be adopted and signed? All its parties accepted it, or it was stored on the server as agreed."""
    revision = Revision.objects.select_related("agreement").filter(pk=revision_id).first()
    if revision is None:
        return False
    if not Round.objects.filter(revision=revision).exists():
        return True
    parties = set(revision.agreement.parties.values_list("pk", flat=True))
    return parties <= set(revision.agreed.values_list("party_id", flat=True))


def history(slug: str) -> tuple[History, ...]:
    """Every revision with who proposed and who accepted it, the newest first."""
    row = _agreements().filter(slug=slug).first()
    rows = _rows(row) if row is not None else None
    if row is None or rows is None:
        return ()
    now, found = clock.now(), []
    for revision in row.revisions.order_by("-number"):
        state = of_revision(rows, revision.number, now)
        told = _round(revision)
        accepted = revision.agreed.select_related("party", "agreed_by").order_by("agreed_utc")
        found.append(
            History(
                number=revision.number,
                state=state.state if state else "superseded",
                proposed_by=told.party.name if told else "",
                by=told.proposed_by.name if told else "",
                when_utc=told.proposed_utc if told else revision.stored_utc,
                note=told.note if told else "",
                agreed_by=tuple((a.party.name, a.agreed_by.name, a.agreed_utc) for a in accepted),
            )
        )
    return tuple(found)


def _agreements() -> QuerySet[Agreement]:
    return Agreement.objects.select_related("owner", "suspended_party").prefetch_related(
        "parties", "terminations__party"
    )


def _rows(row: Agreement) -> AgreementRows | None:
    stored = row.revisions.order_by("number").prefetch_related(
        "signatures__party", "adoptions__party", "agreed__party"
    )
    revisions = tuple(_revision(revision) for revision in stored)
    if not revisions:
        return None
    owner_first = sorted(row.parties.all(), key=lambda p: (p.pk != row.owner_id, p.slug))
    ends = sorted((t for t in row.terminations.all() if t.withdrawn_utc is None), key=lambda t: t.from_utc)
    return AgreementRows(
        slug=row.slug,
        title=row.title,
        is_house=row.is_house,
        sides=tuple(Side(p.slug, p.name, p.short_name) for p in owner_first),
        revisions=revisions,
        suspended_utc=row.suspended_utc,
        suspended_by=row.suspended_party.slug if row.suspended_party else "",
        terminated_utc=ends[0].from_utc if ends else None,
        terminated_by=ends[0].party.slug if ends else "",
        terminated_reason=ends[0].reason if ends else "",
    )


def _revision(revision: Revision) -> RevisionRows:
    verdict = reads.verdict(str(revision.pk))
    counted = dict(verdict.signed_by)
    told = _round(revision)
    term = verdict.document.one(Term) if verdict.document else None
    begins, ends = term.in_force() if term else (None, None)
    return RevisionRows(
        id=str(revision.pk),
        number=revision.number,
        stored_utc=revision.stored_utc,
        proposed_by=told.party.slug if told else "",
        proposed_utc=told.proposed_utc if told else None,
        counters=told is not None and told.counters is not None and told.counters.party_id != told.party_id,
        note=told.note if told else "",
        agreed={a.party.slug: a.agreed_utc for a in revision.agreed.all()},
        votes=tuple(
            (v.body, v.party.slug if v.party else "", v.on, v.recorded_utc)
            for v in reads.votes_that_count(revision)
        ),
        bodies=tuple(_bodies(verdict.document)),
        unadopted=verdict.unadopted,
        uncopied=verdict.uncopied,
        signed={s.party.slug: s.signed_utc for s in revision.signatures.all() if s.party.slug in counted},
        runs=verdict.runs,
        differs=verdict.differs,
        begins=begins,
        ends=ends,
        first_day=term.begins if term else None,
        last_day=term.ends if term else None,
        signers=_signers(verdict.document),
        withdrawn_utc=told.withdrawn_utc if told else None,
    )


def _signers(document: Document | None) -> dict[str, tuple[str, ...]]:
    return {p.slug: roles_that_sign(document, p.slug) for p in document.parties} if document else {}


def _bodies(document: Document | None) -> Iterable[tuple[str, str]]:
    """The bodies that the text names, each with its party."""
    for clause in document.all(Signatories) if document else ():
        yield from ((row.body, row.party) for row in clause.rows if row.body)


def _round(revision: Revision) -> Round | None:
    return Round.objects.select_related("party", "proposed_by", "counters").filter(revision=revision).first()
