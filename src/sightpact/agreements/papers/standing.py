"""What surrounds a stored text on paper: where it is in its life, who adopted it, who signed it and how. Writes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sightpact.agreements import life, paper_signing, reads, signing
from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.document import Document
from sightpact.agreements.drafting import DraftCard
from sightpact.agreements.errors import PaperFault
from sightpact.agreements.models import Agreement, Revision
from sightpact.agreements.papers import of_text
from sightpact.agreements.papers.content import Signature, Standing, Vote
from sightpact.agreements.running import Verdict

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


def of_revision(row: Agreement, revision: Revision) -> tuple[Document, Standing]:
    """A stored text, and what surrounds it.

    Raises:
        PaperFault: it cannot be read.
    """
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
        stored=_instant(revision.stored_utc),
        by=proposed.party.name if proposed is not None else "",
        votes=_votes(document, revision),
        signatures=_signatures(document, revision, verdict, zone),
    )


def of_draft(document: Document, card: DraftCard) -> Standing:
    """What surrounds a draft: its side alone has it."""
    return Standing(
        state=f"A draft of {card.party_name}, for its own people alone. It bears no signature and opens nothing.",
        stored=_instant(card.saved_utc),
        by=card.party_name,
        votes=tuple(Vote(body, "") for body in of_text.bodies(document)),
        signatures=of_text.unsigned(document),
        is_draft=True,
    )


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


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
