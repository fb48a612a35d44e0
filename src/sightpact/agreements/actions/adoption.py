"""Votes of the bodies that adopt an agreed text, recorded on a page; a mistake is corrected by another record.

Never: a record overwritten or removed; a vote on a text on which the parties have not agreed.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import transaction

from sightpact.agreements import acting, reads
from sightpact.agreements.actions.entries import find_revision, record
from sightpact.agreements.actions.proving import prove_what_runs
from sightpact.agreements.actions.texts import Vote
from sightpact.agreements.clauses.signatories import Signatories
from sightpact.agreements.errors import RoundFault
from sightpact.agreements.models import Adoption, Agreement, Revision, Round
from sightpact.agreements.running import plain_body
from sightpact.agreements.standing import on_the_table
from sightpact.ledger import clock
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard

MOST = {"body": 200, "vote": 60, "resolution": 60, "minutes_url": 500}
"""Characters of each field."""


def record_adoption(revision_id: str, vote: Vote, by: PersonCard, *, corrects: bool = False) -> int:
    """Record that a body adopted the agreed text; returns the record's place among those of this body.

    1. `by` must record votes for a party of the agreement, and a body that the text names must be of that party; the text
    must be the newest one, and agreed by all.
    2. The first record of a body, or with `corrects` another one after it: of the same party alone.
    3. Store it; write `agreement_adopted` (outcome `adopted` or `corrected`); bump the world: what a body adopted must
    be what runs. 4. Where it was the last thing that was missing: write `agreement_in_force`, try every case of what runs
    then, and write the certificates; a guarantee that does not hold undoes it.

    Raises:
        RevisionFault, RoundFault, GuaranteesBroken.
    """
    cleaned = _cleaned(vote)
    with transaction.atomic():
        revision, party = _agreed_text(revision_id, cleaned.body, by)
        last = _last(revision, cleaned.body)
        if last is not None and not corrects:
            raise RoundFault(
                cleaned.body, "has its vote recorded already.", "If it is mistaken, correct that record."
            )
        if last is None and corrects:
            raise RoundFault(cleaned.body, "has no vote recorded.", "Record it.")
        _refuse_others(last, party)
        ran = reads.verdict(revision_id).runs
        _add(revision, cleaned, party, by, last, is_void=False)
        if not ran and reads.verdict(revision_id).runs:
            text = f"Revision {revision.number}"
            record("agreement_in_force", revision, by, outcome="adopted_by_all", text=text, party=party.slug)
            prove_what_runs(by)
        return (last.serial if last else 0) + 1


def void_adoption(revision_id: str, body: str, by: PersonCard, reason: str) -> int:
    """Say that a recorded vote was recorded by mistake: there was none. Returns the record's place.

    1. As `record_adoption`, and a reason is needed; of a text that runs, only a head takes a vote back, since it may stop
    running by that. 2. Store another record that says so; write `agreement_adopted` with
    outcome `withdrawn`; bump the world.

    Raises:
        RevisionFault, RoundFault.
    """
    with transaction.atomic():
        revision, party = _agreed_text(revision_id, body, by)
        last = _last(revision, body)
        if last is None or last.is_void:
            raise RoundFault(body, "has no vote recorded.", "Nothing is to be taken back.")
        if not reason.strip():
            raise RoundFault(body, "no reason is given.", "Say why the record is mistaken.")
        _refuse_others(last, party)
        if reads.verdict(revision_id).runs and party.id not in acting.heads_for(by):
            raise RoundFault(body, "stands behind a text that runs.", "Ask the party's head to take it back.")
        was = Vote(last.body, last.on, last.vote, last.resolution, last.minutes_url, last.canonical_hash)
        _add(revision, was, party, by, last, is_void=True, why=reason.strip()[:500])
        return last.serial + 1


def _add(
    revision: Revision,
    vote: Vote,
    party: people.PartyCard,
    by: PersonCard,
    last: Adoption | None,
    *,
    is_void: bool,
    why: str = "",
) -> None:
    Adoption.objects.create(
        revision=revision,
        body=last.body if last else vote.body,  # however it is spelled now: its records stand together
        on=vote.on,
        vote=vote.vote,
        resolution=vote.resolution,
        minutes_url=vote.minutes_url,
        canonical_hash=revision.canonical_hash,
        serial=(last.serial if last else 0) + 1,
        is_void=is_void,
        party_id=party.id,
        recorded_by_id=by.id,
        recorded_utc=clock.now(),
    )
    outcome = "withdrawn" if is_void else "corrected" if last else "adopted"
    told = [vote.body, vote.on.isoformat(), vote.vote, vote.resolution, vote.minutes_url, why]
    text = f"Revision {revision.number}: " + ", ".join(part for part in told if part)
    record("agreement_adopted", revision, by, outcome=outcome, text=text, party=party.slug, bump=True)


def _agreed_text(revision_id: str, body: str, by: PersonCard) -> tuple[Revision, people.PartyCard]:
    """The revision and the party for which `by` records the vote of this body."""
    revision = find_revision(revision_id)
    agreement = Agreement.objects.select_for_update().get(pk=revision.agreement_id)
    here = set(map(str, agreement.parties.values_list("pk", flat=True)))
    mine = acting.drafts_for(by) & here
    cards = [card for card in people.parties() if card.id in mine]
    if not cards:
        raise RoundFault(by.name, "records no votes for a party of this.", "Ask its head or its counsel.")
    whose = _parties_of(revision_id, body)
    party = next((card for card in cards if not whose or card.slug in whose), None)
    if party is None:
        raise RoundFault(body, "is a body of the other side.", "Ask that party to record its vote.")
    table = on_the_table(agreement)
    newest = table.number if table else None
    if newest != revision.number:
        raise RoundFault(
            f"Revision {revision.number}",
            f"is not the text any more: revision {newest} is.",
            "Adopt the newest one.",
        )
    by_round = Round.objects.filter(revision=revision).exists()
    agreed = set(map(str, revision.agreed.values_list("party_id", flat=True)))
    if by_round and not here <= agreed:
        raise RoundFault(
            f"Revision {revision.number}",
            "is not agreed by all its parties yet.",
            "Accept it first; then let the bodies vote on it.",
        )
    return revision, party


def _last(revision: Revision, body: str) -> Adoption | None:
    rows = revision.adoptions.order_by("-serial")
    return next((row for row in rows if plain_body(row.body) == plain_body(body)), None)


def _parties_of(revision_id: str, body: str) -> set[str]:
    """The parties, by slug, to which the text itself gives this body; none where it does not name it."""
    document = reads.verdict(revision_id).document
    rows = [row for clause in document.all(Signatories) for row in clause.rows] if document else []
    return {row.party for row in rows if plain_body(row.body) == plain_body(body)}


def _refuse_others(last: Adoption | None, party: people.PartyCard) -> None:
    if last is not None and last.party_id is not None and str(last.party_id) != party.id:
        raise RoundFault(
            last.body, "was recorded by the other side.", "Ask them to correct it; a comment reaches them."
        )


def _cleaned(vote: Vote) -> Vote:
    words = {name: " ".join(str(getattr(vote, name)).split()) for name in MOST}
    if not words["body"]:
        raise RoundFault(
            "This vote", "does not say of which body.", "Write its name, like Board of Education."
        )
    for name, most in MOST.items():
        if len(words[name]) > most or not words[name].isprintable():
            raise RoundFault(
                "This vote", f"has a {name} that cannot be kept.", f"Write at most {most} letters."
            )
    if vote.on > clock.now().date():
        raise RoundFault(
            words["body"], "has not voted yet: that day is to come.", "Record it after the vote."
        )
    if words["minutes_url"]:
        parts = urlsplit(words["minutes_url"])
        if parts.scheme != "https" or not parts.hostname or parts.username is not None:
            raise RoundFault(
                words["body"], "has a link to minutes that is none.", "Give one that begins with https://."
            )
    return Vote(words["body"], vote.on, words["vote"], words["resolution"], words["minutes_url"])
