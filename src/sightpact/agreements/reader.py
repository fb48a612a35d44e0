"""What the reader's page shows: the signed words on the left, what each section opens or closes on the right.

Members of a party read the text. Counts of inside cameras are for the owner's own people alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sightpact.agreements import document as documents
from sightpact.agreements import field, reads, scopes, talk
from sightpact.agreements.clauses import Clause
from sightpact.agreements.clauses.ground import Places, PrivateAreas, Schools
from sightpact.agreements.clauses.house import HouseView
from sightpact.agreements.clauses.people import NamedPersons
from sightpact.agreements.clauses.situations import SituationView
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.clauses.views import EmergencyView, StandingView
from sightpact.agreements.document import Document
from sightpact.agreements.models import Agreement, NamedPerson, Revision
from sightpact.agreements.running import Verdict
from sightpact.agreements.signing import how
from sightpact.cameras import reads as cameras
from sightpact.decide.facts import EXTERIOR_AREA_KINDS, Camera
from sightpact.ledger import clock
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard


@dataclass(frozen=True, slots=True)
class Line:
    """One agreement in the list."""

    slug: str
    title: str
    between: str
    is_house: bool
    state: str  # in_force, suspended, waiting, differs, not_begun, ended
    begins: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class Section:
    number: str
    heading: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...]  # "(a) ..." of a list that stands after the first paragraph
    after: tuple[str, ...]
    enforced: bool
    explain: str
    big: str  # a number, or "" where there is none to give
    fact: str  # what the number counts
    field: field.Field | None
    data: Mapping[str, Any]  # the clause as it is stored and signed
    open_comments: int = 0  # that this reader may read


@dataclass(frozen=True, slots=True)
class Part:
    number: str
    heading: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Vote:
    body: str
    on: date
    vote: str
    resolution: str
    minutes_url: str


@dataclass(frozen=True, slots=True)
class Signed:
    party: str  # name
    holder: str  # office that holds the key
    signed_utc: datetime | None  # None: not signed
    form: str = ""  # dsse, webauthn, paper
    attested_by: str = ""  # of a paper


@dataclass(frozen=True, slots=True)
class Number:
    """What one section counts."""

    section: str
    heading: str
    big: str
    fact: str


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """Everything on the reader's page. `running_hash` is "" while it does not run."""

    line: Line
    revision: int
    between: str
    parts: tuple[Part, ...]
    enforced: int
    by_people: int
    votes: tuple[Vote, ...]
    signed: tuple[Signed, ...]
    adopted_hash: str
    signed_hash: str
    running_hash: str
    runs: bool
    says: str  # the verdict in words
    ends_in_days: int | None
    has_field: bool
    has_changes: bool  # more than one revision is stored
    suspended_by: str  # name of the party
    suspended_utc: datetime | None
    checked_utc: datetime
    text: str  # the whole text, as it is adopted and signed
    hashes: Mapping[str, str]  # the four that are signed; empty: the stored text makes no policy


def lines(person: PersonCard) -> tuple[Line, ...]:
    """The agreements that a person may read: those of the parties that the person belongs to."""
    mine = {uuid.UUID(party) for party, _role in person.roles}
    rows = Agreement.objects.filter(parties__in=mine).distinct().order_by("is_house", "slug")
    found = []
    for row in rows:
        shown = _shown(row)
        if shown is not None and shown[1].document is not None:
            found.append(_line(row, shown[1], shown[1].document))
    return tuple(found)


def page(slug: str, person: PersonCard, number: int | None = None) -> AgreementPage | None:
    """One agreement as this person may read it; None when there is none, or it is not for this person.

    Args:
        number: of the revision; None: the one that runs, else the newest.
    """
    mine = {uuid.UUID(party) for party, _role in person.roles}
    row = Agreement.objects.select_related("owner").filter(slug=slug, parties__in=mine).distinct().first()
    if row is None:
        return None
    shown = _shown(row, number)
    if shown is None or shown[1].document is None:
        return None
    revision, verdict = shown
    document = verdict.document
    assert document is not None
    of_owner = row.owner_id in mine
    counts = _Counts(row, document, of_owner)
    parts = _parts(document, counts, talk.open_by_section(slug, revision.number, person))
    line = _line(row, verdict, document)
    hashed = verdict.made.canonical_hash if verdict.made else ""
    votes = reads.votes_that_count(revision)
    voted = {a.canonical_hash for a in votes}
    names = {card.slug: card.name for card in people.parties()}
    return AgreementPage(
        line=line,
        revision=document.revision,
        between=documents.between(document),
        parts=parts,
        enforced=sum(1 for c in document.clauses if c.enforced),
        by_people=sum(1 for c in document.clauses if not c.enforced),
        votes=tuple(Vote(a.body, a.on, a.vote, a.resolution, a.minutes_url) for a in votes),
        signed=_signed(revision, verdict, names),
        adopted_hash=voted.pop() if len(voted) == 1 else "",
        signed_hash=hashed if not verdict.unsigned else "",
        running_hash=hashed if verdict.runs else "",
        runs=verdict.runs,
        says=verdict.says,
        ends_in_days=(line.ends - clock.now().date()).days if line.ends else None,
        has_field=any(s.field for part in parts for s in part.sections),
        has_changes=row.revisions.count() > 1,
        suspended_by=row.suspended_party.name if row.suspended_party else "",
        suspended_utc=row.suspended_utc,
        checked_utc=clock.now(),
        text=verdict.made.text if verdict.made else "",
        hashes=verdict.made.hashes if verdict.made else {},
    )


def numbers(row: Agreement, document: Document, of_owner: bool) -> tuple[Number, ...]:
    """The sections of a text that open or close something countable, with what they count now, as this reader may know."""
    counts = _Counts(row, document, of_owner)
    found = []
    for clause in document.clauses:
        big, fact = counts.fact(clause) if clause.enforced else ("", "")
        if not big and isinstance(clause, EmergencyView | SituationView):
            fact = "Opens cameras inside. How many there are is told to the owner's people alone."
        if big or fact:
            found.append(Number(clause.number, clause.heading, big, fact))
    return tuple(found)


def _shown(row: Agreement, number: int | None = None) -> tuple[Revision, Verdict] | None:
    """The revision that is wanted, else that runs, else the newest one: with its verdict, to say what is missing."""
    running = {entry.id: entry.revision for entry in reads.running()} if number is None else {}
    stored = row.revisions.order_by("number").prefetch_related("adoptions", "signatures__party")
    wanted = running.get(str(row.pk))
    if number is not None:
        chosen = next((r for r in stored if r.number == number), None)
    else:
        chosen = next((r for r in stored if str(r.pk) == wanted), None) or stored.last()
    return (chosen, reads.verdict(str(chosen.pk))) if chosen else None


def _line(row: Agreement, verdict: Verdict, document: Document) -> Line:
    term = document.one(Term)
    begins, ends = term.in_force()
    now = clock.now()
    if not verdict.runs:
        state = "differs" if verdict.differs else "waiting"
    elif row.suspended_utc is not None:
        state = "suspended"
    elif now < begins:
        state = "not_begun"
    else:
        state = "ended" if ends is not None and ends <= now else "in_force"
    return Line(
        row.slug, document.title, documents.between(document), row.is_house, state, term.begins, term.ends
    )


def _signed(revision: Revision, verdict: Verdict, names: dict[str, str]) -> tuple[Signed, ...]:
    when = {s.party.slug: s.signed_utc for s in revision.signatures.all()}
    forms = {s.party.slug: how(s.envelope) for s in revision.signatures.all()}
    holders = {key.keyid: key.holder for key in reads.signing_keys()}
    used = dict(verdict.signed_by)
    assert verdict.document is not None
    return tuple(
        Signed(
            names.get(p.slug, p.name),
            holders.get(used.get(p.slug, ""), ""),
            when.get(p.slug) if p.slug in used else None,
            *(forms[p.slug] if p.slug in used else ("", "")),
        )
        for p in verdict.document.parties
    )


def _parts(document: Document, counts: _Counts, comments: Mapping[str, int]) -> tuple[Part, ...]:
    found: list[tuple[str, list[Section]]] = []
    for clause in document.clauses:
        head = clause.number.split(".")[0]
        if not found or found[-1][0] != head:
            found.append((head, []))
        section = _section(clause, document, counts)
        found[-1][1].append(replace(section, open_comments=comments.get(clause.number, 0)))
    return tuple(
        Part(number, document.parts.get(number, sections[0].heading), tuple(sections))
        for number, sections in found
    )


def _section(clause: Clause, document: Document, counts: _Counts) -> Section:
    lines = clause.render(document.names)
    items = tuple(line for line in lines if line.startswith("(") and ") " in line[:5])
    first = next((i for i, line in enumerate(lines) if line in items), len(lines))
    big, fact = counts.fact(clause)
    return Section(
        number=clause.number,
        heading=clause.heading,
        paragraphs=lines[:first],
        items=items,
        after=tuple(line for line in lines[first:] if line not in items),
        enforced=clause.enforced,
        explain=clause.explain(document.names),
        big=big,
        fact=fact,
        field=counts.field(clause),
        data=clause.data(),
    )


class _Counts:
    """The cameras that an agreement covers, counted for one reader."""

    def __init__(self, row: Agreement, document: Document, of_owner: bool) -> None:
        covered = document.names.schools
        schools = {
            s.id: s for s in cameras.schools(str(row.owner_id)) if covered is None or s.slug in covered
        }
        here = [c for c in cameras.cameras_for_facts().values() if c.school in schools and not c.drill_source]
        self._schools = {key: school.name for key, school in schools.items()}
        self._cameras = here if of_owner else [c for c in here if _outside(c)]
        self._of_owner = of_owner
        self._document = document
        self._named = NamedPerson.objects.filter(agreement=row, removed_utc=None).count()

    def fact(self, clause: Clause) -> tuple[str, str]:
        """The number in the margin and what it counts; empty where this reader gets none."""
        if isinstance(clause, NamedPersons):
            return str(self._named), _plural(self._named, "person is named now.", "people are named now.")
        if isinstance(clause, StandingView | HouseView):
            open_now = [c for c in self._cameras if self._opens(clause, c)]
            if not self._of_owner and not all(k in EXTERIOR_AREA_KINDS for k in clause.area_kinds):
                return "", ""
            outside = all(map(_outside, open_now))
            kind = "outside " if outside and open_now else ""
            return str(len(open_now)), f"{kind}{_plural(len(open_now), 'camera', 'cameras')}, always."
        if not self._of_owner:
            return "", ""
        if isinstance(clause, Schools | Places):
            here = _plural(len(self._schools), clause.kind[:-1], clause.kind)
            cameras_here = _plural(len(self._cameras), "camera", "cameras")
            return str(len(self._cameras)), f"{cameras_here} at {len(self._schools)} {here}."
        if isinstance(clause, PrivateAreas):
            count = sum(c.private for c in self._cameras)
            return (
                str(count),
                f"{_plural(count, 'camera stays', 'cameras stay')} closed to everybody outside.",
            )
        if isinstance(clause, EmergencyView | SituationView):
            return self._at_most(clause)
        return "", ""

    def _at_most(self, clause: EmergencyView | SituationView) -> tuple[str, str]:
        opened = [c for c in self._cameras if self._opens(clause, c)]
        if isinstance(clause, SituationView):
            at_one = max((sum(c.school == key for c in opened) for key in self._schools), default=0)
            return f"up to {at_one}", f"{_plural(at_one, 'camera', 'cameras')} at one school."
        inside = [c for c in opened if not _outside(c)]
        per_school = {key: sum(c.school == key for c in inside) for key in self._schools}
        if not inside:
            return "0", "inside cameras."
        most = max(per_school, key=lambda key: (per_school[key], key))
        return (
            f"up to {per_school[most]}",
            (
                f"inside {_plural(per_school[most], 'camera', 'cameras')} at one school"
                f" ({self._schools[most]}); {len(inside)} if it concerns all."
            ),
        )

    def field(self, clause: Clause) -> field.Field | None:
        """Every covered camera that this reader may know of, marked by what the section does to it."""
        if not isinstance(clause, StandingView | EmergencyView | SituationView | HouseView | PrivateAreas):
            return None
        if isinstance(clause, EmergencyView | SituationView | PrivateAreas) and not self._of_owner:
            return None
        outside: list[str] = []
        inside: list[str] = []
        other: list[str] = []
        for camera in self._cameras:
            state = self._state(clause, camera)
            (
                outside
                if _outside(camera)
                else other
                if state in (field.NEVER, field.UNCLASSIFIED)
                else inside
            ).append(state)
        every = [*outside, *inside, *other]
        words = {
            field.OPEN: "opened here",
            field.ELSEWHERE: "opened by another section",
            field.SHUT: "not touched",
        }
        words |= {field.NEVER: "never shared", field.UNCLASSIFIED: "not classified"}
        label = ", ".join(f"{every.count(s)} {words[s]}" for s in field.STATES if s in every)
        return field.draw([outside, inside, other], label)

    def _state(self, clause: Clause, camera: Camera) -> str:
        if not camera.classified:
            return field.UNCLASSIFIED
        if self._opens(clause, camera):
            return field.OPEN
        if camera.private:
            return field.NEVER
        others = self._document.clauses
        return field.ELSEWHERE if any(self._opens(c, camera) for c in others) else field.SHUT

    def _opens(self, clause: Clause, camera: Camera) -> bool:
        if not isinstance(clause, StandingView | EmergencyView | SituationView | HouseView):
            return False
        return scopes.opens(clause, self._document, camera)


def _outside(camera: Camera) -> bool:
    return camera.classified and camera.area_kinds <= EXTERIOR_AREA_KINDS


def _plural(count: int, one: str, many: str) -> str:
    return one if count == 1 else many
