"""From what is stored to what stands on a paper, for one reader. Reads; writes nothing. The one file here that knows Django.

Members of a party get papers of its agreements. How many inside cameras there are is for the owner's people alone.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sightpact.agreements import diff, life, paper_signing, reads, redline, signing
from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.diff import Change
from sightpact.agreements.document import Document
from sightpact.agreements.errors import PaperFault
from sightpact.agreements.models import Agreement, Revision
from sightpact.agreements.papers import board, of_text
from sightpact.agreements.papers.board_opens import World
from sightpact.agreements.papers.content import (
    FORMS,
    BoardPaper,
    Paper,
    Proof,
    RedlinePaper,
    Signature,
    Standing,
    Vote,
)
from sightpact.agreements.redline_page import with_made_up_inside
from sightpact.agreements.running import Verdict
from sightpact.cameras import reads as cameras
from sightpact.ledger import reads as ledger
from sightpact.people.reads import PersonCard

HOW = {"dsse": "with an offline key", "webauthn": "with a passkey", "paper": "on paper"}

BEFORE = {
    "proposed": "Proposed.",
    "countered": "Proposed in answer to another text.",
    "agreed": "The agreed text.",
    "adopted": "Adopted.",
}
"""What is said of a text that does not run, before what it still waits for."""

STATES = {
    "signed": "Signed by all. It opens nothing before its first day.",
    "in_force": "Signed by all, and in force for its term.",
    "suspended": "Signed by all. Suspended by {suspended_by}: nothing is shared under it.",
    "expired": "Its last day is over. It opens nothing.",
    "terminated": "Ended by {terminated_by}. It opens nothing.",
    "superseded": "A later revision has its place. It opens nothing.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; "" leaves the choice to us."""

    form: str
    revision: str = ""
    old: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A paper's values, and the name that its file gets."""

    paper: Paper
    filename: str


def find(slug: str, person: PersonCard, asked: Asked) -> Found | None:
    """What the paper that a person asks for is made of.

    Returns:
        None when there is no such agreement, revision or form, or it is not for this person.
    Raises:
        PaperFault: the stored text cannot be read.
        AgreementError: the two texts cannot be compared.
    """
    mine = {uuid.UUID(party) for party, _role in person.roles}
    row = (
        Agreement.objects.select_related("owner", "suspended_party")
        .filter(slug=slug, parties__in=mine)
        .first()
    )
    if row is None or asked.form not in FORMS:
        return None
    stored = {
        str(r.number): r
        for r in row.revisions.order_by("number").prefetch_related("adoptions", "signatures__party")
    }
    of_owner = row.owner_id in mine
    running = next((r for r in reads.running() if r.slug == slug), None)
    if asked.form.startswith("redline"):
        return _redline(row, stored, asked, of_owner)
    chosen = stored.get(asked.revision) if asked.revision else _chosen(stored, running, asked.form)
    if chosen is None:
        return None
    document, standing = _text(row, chosen)
    name = f"{slug}-revision-{chosen.number}"
    if asked.form == "board-pack":
        return Found(_board(row, chosen, document, standing, running, of_owner), f"{name}-board-pack.pdf")
    return Found(of_text.text_paper(document, standing), f"{name}.{FORMS[asked.form]}")


def _chosen(stored: dict[str, Revision], running: reads.Running | None, form: str) -> Revision | None:
    """A board votes on the newest text; whoever prints the text means the one that runs, or else the newest."""
    newest = next(reversed(stored.values()), None)
    if form == "board-pack" or running is None:
        return newest
    return next((r for r in stored.values() if str(r.pk) == running.revision), newest)


def _redline(row: Agreement, stored: dict[str, Revision], asked: Asked, of_owner: bool) -> Found | None:
    numbers = list(stored)
    if len(numbers) < 2:
        return None
    old, new = asked.old or numbers[-2], asked.revision or numbers[-1]
    if old not in stored or new not in stored:
        return None
    (before, was), (after, now) = (_text(row, stored[n]) for n in (old, new))
    change = _compared(before, after, row, of_owner)
    counted = (
        "Counted over the people and cameras as they are now, through Sightpact."
        if of_owner
        else "Outside cameras are counted as they are now. How many inside cameras there are is not told here."
    )
    paper: RedlinePaper = of_text.redline_paper(change, was, now, counted)
    return Found(paper, f"{row.slug}-revision-{old}-to-{new}-changes.{FORMS[asked.form]}")


def _compared(old: Document, new: Document, row: Agreement, of_owner: bool) -> Change:
    stock = redline.stored()
    if not of_owner:
        stock = with_made_up_inside(stock)
    schools = {card.id: card.name for card in cameras.schools()}
    return diff.compare(old, new, stock, schools, str(row.pk), count_inside=of_owner)


# what surrounds a text ----------------------------------------------------------------------------------------------


def _text(row: Agreement, revision: Revision) -> tuple[Document, Standing]:
    verdict = reads.verdict(str(revision.pk))
    if verdict.document is None or verdict.made is None:
        raise PaperFault(
            f"Revision {revision.number} of '{row.slug}'",
            verdict.says,
            "Compare the record, then store it anew.",
        )
    document = verdict.document
    zone = ZoneInfo(document.one(Term).zone)
    proposed = getattr(revision, "round", None)
    return document, Standing(
        state=_state(row, revision.number, verdict),
        stored=revision.stored_utc.astimezone(UTC).replace(microsecond=0).isoformat(),
        by=proposed.party.name if proposed is not None else "",
        votes=_votes(document, revision),
        signatures=_signatures(document, revision, verdict, zone),
    )


def _state(row: Agreement, number: int, verdict: Verdict) -> str:
    """Where the text is in its life, in one or two sentences."""
    found = life.revision_state(row.slug, number)
    state = found.state if found is not None else ""
    if not verdict.runs and state not in ("superseded", "terminated"):
        return f"{BEFORE[state]} {verdict.says}" if state in BEFORE else verdict.says
    says = STATES.get(state, "Signed by all.")
    for by in ("suspended_by", "terminated_by"):
        side = getattr(found, by, None)
        says = says.replace(f"{{{by}}}", side.name if side else "a party")
    return says


def _votes(document: Document, revision: Revision) -> tuple[Vote, ...]:
    votes = [
        Vote(
            a.body,
            words.day(a.on),
            a.vote,
            f"Resolution {a.resolution}" if a.resolution else "",
            a.minutes_url,
        )
        for a in reads.votes_that_count(revision)
    ]
    voted = {vote.body for vote in votes}
    return (*votes, *(Vote(body, "") for body in of_text.bodies(document) if body not in voted))


def _signatures(
    document: Document, revision: Revision, verdict: Verdict, zone: ZoneInfo
) -> tuple[Signature, ...]:
    given = {s.party.slug: s for s in revision.signatures.all()}
    counts = dict(verdict.signed_by)
    holders = {key.keyid: key.holder for key in reads.signing_keys()}
    found = []
    for place, party in zip(of_text.unsigned(document), document.parties, strict=True):
        signature, key = given.get(party.slug), counts.get(party.slug, "")
        if signature is None or not key:
            found.append(place)
            continue
        how = HOW.get(signing.form_of(signature.envelope), "")
        paper = paper_signing.paper_of(signature.envelope)
        office, day = holders.get(key, ""), signature.signed_utc.astimezone(zone).date()
        if paper is not None:
            office, how = paper.signed_by, f"{how}; compared with its scan by {paper.attested_by}"
            day = date.fromisoformat(paper.signed_on)
        found.append(Signature(party.name, office, words.day(day), how, key))
    return tuple(found)


# the board pack -----------------------------------------------------------------------------------------------------


def _board(
    row: Agreement,
    revision: Revision,
    document: Document,
    standing: Standing,
    running: reads.Running | None,
    of_owner: bool,
) -> BoardPaper:
    change, against = None, "Nothing is in force today. Everything that stands on page 1 is new."
    if running is not None and running.revision == str(revision.pk):
        against = "This is the text in force today."
    elif running is not None:
        change = _compared(running.document, document, row, of_owner)
        against = f"Against revision {running.document.revision}, which is in force today."
    return board.board_paper(
        document,
        standing,
        change=change,
        against=against,
        proven=_proof(document, revision, of_owner),
        world=World(redline.stored(), str(row.pk), of_owner),
    )


def _proof(document: Document, revision: Revision, of_owner: bool) -> Proof:
    """The newest certificate of this very policy that the record holds; else the text is tried now, on a made-up world."""
    entries = ledger.opened(ledger.Query(types=("guarantees_proven",), limit=500))
    entry = next(
        (e for e in entries if e.agreement == document.slug and e.policy == revision.cedar_hash), None
    )
    if entry is None or not entry.shown("text"):
        return board.made_up_proof(document)
    told = json.loads(entry.shown("text"))
    rows: tuple[tuple[str, str], ...] = ()
    if of_owner:  # these tell how many cameras there are
        rows = (
            ("People and cameras", f"{told['persons']} and {told['cameras']}"),
            ("Situations", str(told["situations"])),
            ("Cases tried", f"{told['decisions']:,}"),
        )
    failed, guarantees = len(told["failed"]), len(told["guarantees"])
    zone = ZoneInfo(document.one(Term).zone)
    return Proof(
        holds=guarantees - failed,
        guarantees=guarantees,
        rows=(*rows, ("Exceptions", str(failed))),
        where=f"Entry {entry.index:,} of the record, {_day(entry.at, zone)}.",
    )


def _day(instant: datetime, zone: ZoneInfo) -> str:
    return words.day(instant.astimezone(zone).date())
