"""What people do with the record stands in the record too: reading, reviews, statements, holds. The only writes of this slice."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.db import transaction

from sightpact.access import emergency_journal
from sightpact.access.errors import UNWRITABLE, LogUnwritable
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock, store
from sightpact.ledger.entries import MAX_VALUE, NewEntry, Secret
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard
from sightpact.record import after, erasing
from sightpact.record.after import Line
from sightpact.record.erasing import Rule
from sightpact.record.errors import NotSigned
from sightpact.record.reviews import Drawn, Due

FINDINGS = ("fine", "questions")
"""What a reviewer may find: every view has its reason, or some are asked about."""


def sign_review(person: PersonCard, span: Due, drawn: Drawn, finding: str, note: str) -> int:
    """Sign that a drawn sample was looked at. Returns the entry's number; signed already: that one's.

    1. Whoever signs was named by the section, and the sample drawn: the caller looked (`reviews.one`, `reviews.draw`).
    2. Append `review_signed` with the span, the finding, and what anybody needs to draw the sample again.

    Args:
        finding: one of FINDINGS. note: what was found, in the reviewer's words.
    Raises:
        LogUnwritable: the record cannot be written; nothing is signed.
    """
    if finding not in FINDINGS:
        raise ValueError(f"{finding!r} is not a finding")
    if span.signed is not None:
        return span.signed.index
    text = f"{len(drawn.indexes)} of {drawn.views} views, drawn by {drawn.seed} at size {drawn.size}"
    entry = NewEntry(
        "review_signed",
        agreement=span.agreement,
        clause=span.section,
        party=person.party_slug,
        outcome=finding,
        reason_code=span.key,
        secret={"person": people.as_secret(person), "text": Secret("", f"{text}. {note}".strip())},
    )
    try:
        with transaction.atomic():
            (receipt,) = ledger.append([entry])
            return receipt.index
    except UNWRITABLE as fault:
        raise LogUnwritable(
            "This review is not signed.",
            "The record cannot be written now.",
            "Try again when its disk has room.",
        ) from fault


def sign_statement(
    person: PersonCard, line: Line, threat: bool, words: str, parties: str, version: int
) -> int:
    """Sign the statement after an emergency: a further version, by name. Returns the entry's number.

    1. Take the ledger's writer lock: of two who sign at once, the second sees the first one's version before signing.
    2. Append `disclosure_recorded` with the basis that counsel chose; the words are committed to and stay readable.

    Args:
        line: of whoever may sign it (`after.one` looked). threat: whether there was an articulable and significant threat.
        words: which, or why there was none. parties: who was shown pictures, one a line. version: the last one that the
            signer saw; 0: none.
    Raises:
        NotSigned: nothing is said, it is too long, or somebody signed meanwhile. LogUnwritable: nothing is signed.
    """
    said = json.dumps({"words": words, "parties": parties}, ensure_ascii=False)
    if not words.strip() or not parties.strip():
        raise NotSigned(
            "Nothing was signed.",
            "It does not say what the threat was, or who was shown it.",
            "Fill both in.",
        )
    if len(said) > MAX_VALUE:
        raise NotSigned(
            "Nothing was signed.", "It is too long.", f"Shorten it by {len(said) - MAX_VALUE} characters."
        )
    card = line.card
    entry = NewEntry(
        "disclosure_recorded",
        agreement=line.agreement,
        clause=line.section,
        party=person.party_slug,
        emergency=card.emergency,
        outcome="threat" if threat else "no_threat",
        reason_code=line.basis,
        frames=version + 1,
        ref=card.entry,
        secret={
            "person": people.as_secret(person),
            "situation": Secret(card.id, card.id),
            "school": Secret(card.schools[0] if len(card.schools) == 1 else "", ", ".join(card.school_names)),
            "text": Secret("", said),
        },
    )
    try:
        with transaction.atomic():
            store.take_writer_lock()
            now = len(after.versions(card.id))
            if now != version:
                raise NotSigned(
                    "Nothing was signed.",
                    f"Somebody signed version {now} meanwhile.",
                    "Read it, then sign yours.",
                )
            (receipt,) = ledger.append([entry])
            return receipt.index
    except UNWRITABLE as fault:
        raise _not_now("The statement is not signed.") from fault


def hold(person: PersonCard, reason: str) -> int:
    """Put the record on hold: nothing of it is erased until somebody lifts it. Returns the entry's number.

    1. Append `hold_placed` with the reason. A second hold beside a first is one of its own.
    """
    if not reason.strip():
        raise NotSigned(
            "Nothing is on hold.", "It says no reason.", "Write why, such as the number of a case."
        )
    return _one(
        NewEntry("hold_placed", party=person.party_slug, outcome="placed", secret=_why(person, reason))
    )


def lift(person: PersonCard, held: int, reason: str) -> int:
    """Lift a hold. Returns the entry's number.

    1. Append `hold_lifted`, which names the entry of the hold. Twice is the same as once.
    """
    if not reason.strip():
        raise NotSigned("The hold stays.", "It says no reason.", "Write why it is not needed any more.")
    entry = NewEntry(
        "hold_lifted", party=person.party_slug, outcome="lifted", ref=held, secret=_why(person, reason)
    )
    return _one(entry)


def erase_due(may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Erase names that are past their time, by the sections that say so. Returns of how many entries.

    1. For each rule, what is past its time and not needed for a statement or a review, in portions. 2. Take the ledger's
    writer lock: nothing while the record is on hold, also when somebody placed that a moment ago. 3. One `openings_erased`
    for the portion, and the names gone, in the same transaction; also where a look's end has the name.

    Args:
        may_go_on: asked after each portion; admissions have the writer's place meanwhile.
    """
    done = 0
    for rule in erasing.rules():
        for indexes in erasing.portions(rule):
            erased = _erase(rule, indexes)
            done += erased
            if not erased or not may_go_on():
                return done
    return done


def _erase(rule: Rule, indexes: tuple[int, ...]) -> int:
    """One portion. 0: the record is on hold."""
    with transaction.atomic():
        store.take_writer_lock()
        if erasing.holds():
            return 0
        entry = NewEntry(
            "openings_erased",
            agreement=rule.agreement,
            clause=rule.section,
            outcome=rule.lines,
            reason_code=rule.before(clock.now()).date().isoformat(),
        )
        return ledger.erase([*indexes, *erasing.ends_of(indexes)], entry)


def _why(person: PersonCard, reason: str) -> dict[str, Secret]:
    return {"person": people.as_secret(person), "text": Secret("", " ".join(reason.split())[:1000])}


def _one(entry: NewEntry) -> int:
    try:
        with transaction.atomic():
            (receipt,) = ledger.append([entry])
            return receipt.index
    except UNWRITABLE as fault:
        raise _not_now("Nothing was changed.") from fault


def _not_now(what: str) -> LogUnwritable:
    return LogUnwritable(what, "The record cannot be written now.", "Try again when its disk has room.")


def note_read(person: PersonCard, question: str) -> int | None:
    """Write down who read what.

    1. Append `record_read` with the question asked. Returns the number of that entry.
    2. If the record cannot be written: the reserved journal takes it, and there is no number yet (None).

    Args:
        question: the filters, as text.
    Raises:
        LogUnwritable: that it was read can be written nowhere, so it is not shown.
    """
    secret = {"person": people.as_secret(person), "text": Secret("", question)}
    entry = NewEntry("record_read", party=person.party_slug, outcome="read", secret=secret)
    try:
        with transaction.atomic():
            (receipt,) = ledger.append([entry])
            return receipt.index
    except UNWRITABLE as fault:
        if emergency_journal.keep_entries([entry], keep_free=emergency_journal.FOR_PICTURES):
            return None
        raise LogUnwritable(
            "The record is not shown now.",
            "That it was read cannot be written.",
            "Free space on the server's disk.",
        ) from fault
