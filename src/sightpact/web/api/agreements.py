"""Agreements that my parties have signed: the text, its hashes, its clauses as data. For others there is none.

Counts of inside cameras are for the owner's people alone: `agreements.reader` leaves them out for others.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from sightpact.access.errors import NotFound
from sightpact.agreements import life, life_words, reader
from sightpact.web.api.asking import asking
from sightpact.web.api.faults import answers

router = Router(tags=["agreements"])


class Line(Schema):
    slug: str
    title: str
    between: str
    is_house: bool
    state: str  # in_force, suspended, waiting, differs, not_begun, ended
    begins: date | None
    ends: date | None


class Lines(Schema):
    agreements: list[Line]


class Hashes(Schema):
    """sha256, hex: of the canonical JSON, of the words, of the Cedar policy and of its schema."""

    canonical_hash: str
    text_hash: str
    cedar_hash: str
    schema_hash: str


class Clause(Schema):
    number: str
    heading: str
    enforced: bool  # by Sightpact; else kept by people
    text: list[str]
    explains: str
    count: str  # what it opens now; "" where there is none to tell you
    counts: str
    data: dict[str, Any]


class Signature(Schema):
    party: str
    holder: str
    signed: datetime | None
    form: str  # dsse (offline key), webauthn (passkey), paper; "" while it is not signed
    attested_by: str  # of a paper


class Life(Schema):
    """Where the newest text stands, or the one that runs: as on the page of agreements."""

    state: str  # proposed, countered, agreed, adopted, signed, in_force, suspended, expired, terminated
    revision: int
    desk: list[str]  # short names of the parties whose turn it is
    since: datetime
    next: str  # answer, adopt, sign, begin, resume; "" when nothing comes next
    says: str
    ends: datetime | None  # a party has said that it ends it then, for good


class Agreement(Line):
    revision: int
    runs: bool
    says: str  # whether what is signed is what runs, in words
    text: str
    hashes: Hashes | None
    clauses: list[Clause]
    signatures: list[Signature]
    suspended_by: str
    suspended: datetime | None
    life: Life | None
    coming: Life | None  # a newer text that is on its way while this one runs


@router.get("", response=answers(Lines), summary="The agreements of my parties")
def agreements(request: HttpRequest) -> Lines:
    return Lines(agreements=[Line(**_line(line)) for line in reader.lines(asking(request))])


@router.get(
    "/{slug:slug}", response=answers(Agreement, 404), summary="One agreement: words, hashes, clauses as data"
)
def agreement(request: HttpRequest, slug: str) -> Agreement:
    page = reader.page(slug, asking(request))
    if page is None:
        raise NotFound(
            _("There is no such agreement for you."),
            _("None of your parties has it."),
            _("GET /api/v1/agreements lists yours."),
        )
    return _agreement(page)


def _agreement(page: reader.AgreementPage) -> Agreement:
    stands = life.state_of(page.line.slug)
    sections = [section for part in page.parts for section in part.sections]
    return Agreement(
        **_line(page.line),
        revision=page.revision,
        runs=page.runs,
        says=page.says,
        text=page.text,
        hashes=Hashes(**page.hashes) if page.hashes else None,
        clauses=[_clause(section) for section in sections],
        signatures=[_signature(s) for s in page.signed],
        suspended_by=page.suspended_by,
        suspended=page.suspended_utc,
        life=_life(stands),
        coming=_life(stands.coming if stands else None),
    )


def _life(found: life.LifeState | None) -> Life | None:
    if found is None:
        return None
    return Life(
        state=found.state,
        revision=found.revision,
        desk=[side.slug for side in found.desk],
        since=found.since_utc,
        next=found.next,
        says=life_words.next_step(found),
        ends=found.terminates_utc,
    )


def _signature(signed: reader.Signed) -> Signature:
    return Signature(
        party=signed.party,
        holder=signed.holder,
        signed=signed.signed_utc,
        form=signed.form,
        attested_by=signed.attested_by,
    )


def _clause(section: reader.Section) -> Clause:
    return Clause(
        number=section.number,
        heading=section.heading,
        enforced=section.enforced,
        text=[*section.paragraphs, *section.items, *section.after],
        explains=section.explain,
        count=section.big,
        counts=section.fact,
        data=dict(section.data),
    )


def _line(line: reader.Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in Line.model_fields}
