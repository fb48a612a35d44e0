"""The one way to change access: propose, and where it gives somebody more, have a second person approve. Writes.

Never: a wider access by one person's steps, or a widening under which a guarantee would not hold. Narrowing always works.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from sightpact.access import facts
from sightpact.access.changes import kinds, who
from sightpact.access.changes.errors import BreaksGuarantee, ChangedMeanwhile, ChangeRefused
from sightpact.access.changes.kinds import KINDS, Change, Concerned, UnnamePerson
from sightpact.access.changes.outlook import Judged, Preview, Worked, judge, preview, say, work
from sightpact.access.changes.reads import said
from sightpact.access.facts import Snapshot
from sightpact.access.models import PendingChange
from sightpact.activation import askings
from sightpact.activation import reads as activation
from sightpact.agreements import proof, stored_world
from sightpact.agreements import reads as agreement_reads
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger_reads
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard

GOOD_FOR = timedelta(days=14)
MOST_TEXT = 3600  # characters of a record's text
TRIES = 5  # the world may move between looking and writing


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state`: done, waiting (for a second person) or nothing (it stood so already)."""

    state: str
    preview: Preview
    pending: str = ""  # id, while it waits


class _Moved(Exception):
    """Somebody else changed the world since it was looked at: look again."""


def propose(change: Change, by: PersonCard | None) -> Outcome:
    """Make a change, or have it wait for a second person when it gives anybody more.

    1. `by` must act for a party that it concerns; None is the server's command line, which counts as one person.
    2. Make it in a transaction and look what opened. Refuse a widening under which a guarantee would not hold, with its
    example. 3. Widening: undo it, store it with what it would do, write `change_proposed`. Else: write the certificates of
    the guarantees, proven again over what was touched, and commit. 4. Again from 1 if the world moved meanwhile.

    Raises:
        ChangeRefused, BreaksGuarantee, and the faults of the lower action: nothing was changed.
    """
    for _try in range(TRIES):
        snapshot = facts.snapshot() if by is not None else None
        concerned = change.concerns()
        if by is not None and snapshot is not None and not who.may_propose(snapshot, by, concerned):
            raise ChangeRefused(
                by.name, "may not change this.", "Ask somebody of your party who manages access."
            )
        try:
            with transaction.atomic():
                worked, judged = _made(change, by, snapshot.epoch.world if snapshot else None)
                waits = (
                    bool(worked.done)
                    and (concerned.countersigned or judged.widens)
                    and not change.only_narrows
                )
                if waits or not worked.done:
                    transaction.set_rollback(True)
                else:
                    _write(change, by, worked, judged, [])
            looked = Preview(change.title, worked.done, judged, say(worked, judged), worked.world)
            if waits:
                return Outcome("waiting", looked, _store(change, by, looked))
            return Outcome("done" if worked.done else "nothing", looked)
        except _Moved:
            continue
    raise ChangeRefused("This change", "could not be made: too much else changes now.", "Try again.")


def approve(id: str, by: PersonCard, seen: str = "", types: Mapping[str, type[Any]] = KINDS) -> Outcome:
    """A second person says yes: the change is made.

    1. `by` must act for a party that it concerns, must not have proposed it, and must not gain by it. 2. Work out what it
    does today: it must be what this person was shown. 3. In one transaction: claim it, make it under the proposer's name,
    prove the guarantees over what was touched, write the certificates and `change_approved`. 4. If a guarantee would not
    hold, undo all of it, and refuse it with the example in `change_refused`.

    Args:
        seen: digest of what was shown; empty: whatever it does.
        types: the kinds of changes that the caller knows.
    Raises:
        ChangeRefused, ChangedMeanwhile, BreaksGuarantee, and the faults of the lower action: nothing was changed.
    """
    for _try in range(TRIES):
        snapshot = facts.snapshot()
        row = _find(id)
        _must_decide(snapshot, by, row)
        change = kinds.read(row.kind, row.data, types)
        _must_countersign(snapshot, by, row, change.concerns())
        proposer = people.person(str(row.by_id)) if row.by_id else None
        looked = preview(change, proposer)
        if seen and looked.digest != seen:
            raise ChangedMeanwhile(
                row.title, "would now do something else than you were shown.", "Look again, then decide."
            )
        if snapshot.epoch.world != looked.world:
            continue
        try:
            with transaction.atomic():
                ledger.append([])
                _claim(row, "approved", by)
                worked, judged = _made(change, proposer, looked.world)
                _write(change, proposer, worked, judged, [_entry("change_approved", row, by)])
            return Outcome("done", looked)
        except _Moved:
            continue
        except BreaksGuarantee as fault:
            _close(row, "refused", by, str(fault), "guarantee")
            raise
    raise ChangeRefused("This change", "could not be made: too much else changes now.", "Try again.")


def refuse(id: str, by: PersonCard, note: str = "") -> None:
    """A second person says no. 1. As `approve`. 2. Claim it; write `change_refused`.

    Raises:
        ChangeRefused: it is decided already, or `by` may not.
    """
    row = _find(id)
    _must_decide(facts.snapshot(), by, row)
    _close(row, "refused", by, note.strip()[:500], "person")


def withdraw(id: str, by: PersonCard) -> None:
    """Who proposed it takes it back. 1. It must be theirs. 2. Claim it; write `change_withdrawn`.

    Raises:
        ChangeRefused: it is decided already, or somebody else proposed it.
    """
    row = _find(id)
    if str(row.by_id) != by.id:
        raise ChangeRefused(
            row.title, "was proposed by somebody else.", "Refuse it instead, if you may decide it."
        )
    _close(row, "withdrawn", by, "", "person")


def expire() -> int:
    """Close what nobody decided in time. 1. Claim each that is past its day; write `change_refused`, by nobody."""
    overdue = PendingChange.objects.filter(state="waiting", expires_utc__lte=clock.now())
    rows = list(overdue.select_related("owner"))
    for row in rows:
        _close(row, "expired", None, "", "expired")
    return len(rows)


def lapse() -> int:
    """Take out of its annex whose training counts no more.

    1. A routine cause: nothing while anything is shared under any agreement; it is tried again. 2. Each through `propose`.
    Returns how many.
    """
    found = agreement_reads.lapsed()
    if not found or activation.live() or any(card.state == "open" for card in askings.live()):
        return 0
    for agreement, person, until in found:
        propose(UnnamePerson(agreement, person, f"the training counted until {until}"), None)
    return len(found)


# parts ------------------------------------------------------------------------------------------------------------


def _made(change: Change, by: PersonCard | None, world: int | None) -> tuple[Worked, Judged]:
    """Make it in the open transaction, and judge it. `world`: epoch that it was decided on; None: any."""
    worked = work(change, by)
    if world is not None and worked.world != world:
        raise _Moved
    judged = judge(worked, change.whole)
    if worked.done:
        _refuse_unproven(change, judged)
        _wait_for_the_incident(change, judged)
    return worked, judged


def _write(
    change: Change, by: PersonCard | None, worked: Worked, judged: Judged, entries: list[NewEntry]
) -> None:
    """The certificates, what this kind of change writes beside its lower actions' entries, and these entries."""
    certificates = proof.entries(judged.certificate, stored_world.owners()) if judged.certificate else []
    more = change.entries(worked.done, by) if worked.done else []
    ledger.append([*entries, *certificates, *more], bump="world" if more else None)


def _refuse_unproven(change: Change, judged: Judged) -> None:
    if judged.examples and judged.opens_anything:
        raise BreaksGuarantee(judged.examples, judged.slugs)
    if judged.difference is None and not change.only_narrows:
        raise ChangeRefused("What this changes", f"cannot be proven: {judged.fault}", "Nothing was changed.")


def _wait_for_the_incident(change: Change, judged: Judged) -> None:
    found = judged.difference
    if change.routine and found is not None and found.closes and activation.live():
        raise ChangeRefused(
            "This would close pictures while an emergency is shared.",
            "A routine change never cuts a running incident.",
            "Make it when the sharing has ended. To take one person out at once: sightpact person take-out.",
        )


def _store(change: Change, by: PersonCard | None, looked: Preview) -> str:
    """Have it wait; the same again while it waits is that one."""
    concerned, data = change.concerns(), json.loads(json.dumps(change.as_data()))
    with transaction.atomic():
        ledger.append([])
        if ledger_reads.epoch().world != looked.world:
            raise _Moved
        same = PendingChange.objects.filter(kind=change.kind, state="waiting", expires_utc__gt=clock.now())
        for row in same:
            if row.data == data and row.by_id == (UUID(by.id) if by else None):
                return str(row.id)
        row = _row(change, concerned, by, looked, data)
        (receipt,) = ledger.append([_entry("change_proposed", row, by)])
        row.entry = receipt.index
        row.save(force_insert=True)
        return str(row.id)


def _row(
    change: Change, concerned: Concerned, by: PersonCard | None, looked: Preview, data: dict[str, Any]
) -> PendingChange:
    now = clock.now()
    return PendingChange(
        kind=change.kind,
        data=data,
        title=looked.title[:300],
        says=said(looked.says, outside=False),
        says_outside=said(looked.says, outside=True),
        owner_id=concerned.owner,
        agency_id=concerned.agency,
        about_id=concerned.about,
        by_id=by.id if by else None,
        proposed_utc=now,
        expires_utc=now + GOOD_FOR,
        world=looked.world,
    )


def _find(id: str) -> PendingChange:
    try:
        row = PendingChange.objects.select_related("owner").filter(id=UUID(id)).first()
    except ValueError:
        row = None
    if row is None:
        raise ChangeRefused("This change", "is not here.", "Look at the list of changes.")
    return row


def _must_decide(snapshot: Snapshot, by: PersonCard, row: PendingChange) -> None:
    if by.id == str(row.by_id):
        raise ChangeRefused(by.name, "proposed this, and nobody approves their own.", "Ask a second person.")
    if row.about_id is not None and by.id == str(row.about_id):
        raise ChangeRefused(by.name, "would gain by this.", "Ask somebody else who manages access.")
    if row.by_id is None and who.runs_the_server(by):
        raise ChangeRefused(
            by.name,
            "may have typed this: it came from the server's command line.",
            "Ask somebody outside IT.",
        )
    agency = str(row.agency_id) if row.agency_id else None
    if not who.may_propose(snapshot, by, Concerned(str(row.owner_id), agency)):
        raise ChangeRefused("This change", "is not here.", "Look at the list of changes.")


def _must_countersign(snapshot: Snapshot, by: PersonCard, row: PendingChange, concerned: Concerned) -> None:
    if concerned.countersigned and not who.countersigns(snapshot, by, concerned):
        raise ChangeRefused(
            row.title, "needs the other party's countersignature.", "Ask its head or its keeper."
        )


def _claim(row: PendingChange, state: str, by: PersonCard | None) -> None:
    """Of two at once, the second finds it decided."""
    now = clock.now()
    waiting = PendingChange.objects.filter(id=row.id, state="waiting")
    if state != "expired":
        waiting = waiting.filter(expires_utc__gt=now)
    if not waiting.update(state=state, decided_by_id=by.id if by else None, decided_utc=now):
        raise ChangeRefused(row.title, "is decided already, or ran out.", "Look at the list of changes.")


def _close(row: PendingChange, state: str, by: PersonCard | None, note: str, reason: str) -> None:
    with transaction.atomic():
        ledger.append([])
        _claim(row, state, by)
        PendingChange.objects.filter(id=row.id).update(note=note[:500])
        kind = "change_withdrawn" if state == "withdrawn" else "change_refused"
        ledger.append([_entry(kind, row, by, note, reason)])


def _entry(
    kind: str, row: PendingChange, by: PersonCard | None, note: str = "", reason: str = ""
) -> NewEntry:
    """Without counts of inside cameras: an agency reads what its own people did."""
    says = " ".join(text for _opens, text in row.says_outside)
    text = " ".join(part for part in (f"{row.title}.", says, note) if part)[:MOST_TEXT]
    return NewEntry(
        kind,
        party=by.party_slug if by else row.owner.slug,
        outcome=row.state if kind == "change_proposed" else kind.removeprefix("change_"),
        reason_code=reason or row.kind,
        ref=row.entry if kind != "change_proposed" else None,
        secret={"person": people.as_secret(by), "text": Secret(str(row.id), text)},
    )
