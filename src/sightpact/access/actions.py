"""Writing what the gate did: admissions, refusals, ends, stops. The only writer of this slice's tables.

Each action is one durable transaction with its ledger entries. A record that cannot be written raises LogUnwritable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet

from sightpact.access.errors import DOES_NOT_FIT, UNWRITABLE, DoesNotFit, LogBusy, LogUnwritable
from sightpact.access.models import OpenStream, ReplayedRecord, StoppedPerson
from sightpact.decide.facts import Grant
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.actions import Receipt
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.ledger.epoch import EpochValue


@dataclass(frozen=True, slots=True)
class Admission:
    """A granted picture, to be written before it may be sent."""

    entry: NewEntry
    person: str
    camera: str
    viewer: str
    device: str
    grant: Grant


@dataclass(frozen=True, slots=True)
class StreamClosed:
    """A picture that ended: what its end entry says."""

    index: int  # of its admission; negative: what stands for it in the reserved journal
    reason_code: str
    seconds: int
    frames: int
    bytes: int


@contextmanager
def _unwritable_is_said() -> Iterator[None]:
    try:
        yield
    except UNWRITABLE as fault:
        connection.close_if_unusable_or_obsolete()  # a broken link to the database is not kept
        if isinstance(fault, DOES_NOT_FIT):
            raise DoesNotFit(
                "This was not written.", f"The database says: {fault}.", "Tell the district's IT."
            ) from fault
        kind = LogBusy if _is_held(fault) else LogUnwritable
        raise kind(
            "The record cannot be written.",
            f"The database says: {fault}.",
            "Free space on its disk, or mend it.",
        ) from fault


def _is_held(fault: BaseException) -> bool:
    """Whether another writer held the database for longer than we wait (SQLite: locked; PostgreSQL: lock timeout)."""
    said = str(fault).lower()
    return isinstance(fault, OperationalError) and ("is locked" in said or "lock timeout" in said)


def admit(admissions: Sequence[Admission], refusals: Sequence[NewEntry], expect: EpochValue) -> list[Receipt]:
    """Write what was decided, if the facts still are those it was decided on.

    1. Append one `admission` entry per granted picture, then one `refusal` per refused one, if the epoch has not moved.
    2. Store an OpenStream row per admission, in the same transaction.
    3. Commit durably. Only then may a lease leave.

    Returns:
        the receipts of the admissions, in order.
    Raises:
        EpochMoved: decide again. LogUnwritable: nothing is written.
    """
    with _unwritable_is_said(), transaction.atomic():
        receipts = ledger.append([a.entry for a in admissions] + list(refusals), expect=expect)[
            : len(admissions)
        ]
        began = clock.now()
        OpenStream.objects.bulk_create(
            OpenStream(
                id=receipt.index,
                person_id=a.person,
                camera_id=a.camera,
                viewer=a.viewer,
                device=a.device,
                agreement=a.grant.agreement,
                clause=a.grant.clause,
                situation=a.grant.situation or "",
                began_utc=began,
                progress_utc=began,
            )
            for a, receipt in zip(admissions, receipts, strict=True)
        )
        return receipts


def close(ended: Sequence[StreamClosed]) -> None:
    """Write how pictures ended.

    1. One `stream_end` entry each, pointing at its admission. 2. Remove the OpenStream rows, in the same transaction.
    A stream whose row is gone was closed before; it is not closed twice.
    """
    with _unwritable_is_said(), transaction.atomic():
        numbers = [e.index for e in ended]
        found = OpenStream.objects.filter(Q(id__in=numbers) | Q(journal_number__in=numbers))
        rows = {
            key: row
            for row in found.select_related("person", "camera")
            for key in (row.id, row.journal_number)
        }
        closing = {row.id: e for e in ended if (row := rows.get(e.index)) is not None}
        ledger.append([_end_entry(e, rows[index]) for index, e in closing.items()])
        OpenStream.objects.filter(id__in=list(closing)).delete()


def progress(counts: Sequence[tuple[int, int, int]]) -> None:
    """Keep what is known of running pictures, so that a crash loses at most one beat of it.

    1. Update [index, frames, bytes] and the time. No entry: nothing has happened yet.
    """
    now = clock.now()
    with _unwritable_is_said(), transaction.atomic():
        rows = [OpenStream(id=i, frames=f, bytes=b, progress_utc=now) for i, f, b in counts if i >= 0]
        OpenStream.objects.bulk_update(rows, ["frames", "bytes", "progress_utc"], batch_size=200)
        for number, frames, size in counts:
            if number < 0:  # admitted by way of the reserved journal
                late = OpenStream.objects.filter(journal_number=number)
                late.update(frames=frames, bytes=size, progress_utc=now)


def close_left_over(ids: Sequence[int]) -> int:
    """A gateway that died left pictures open. They ended when it died.

    1. For each of these OpenStream rows: `stream_end` with reason `gateway_stopped` and the last known counts.
    2. Remove the rows. Returns how many there were.
    """
    rows = list(OpenStream.objects.filter(id__in=ids))
    ended = [
        StreamClosed(
            row.id,
            "gateway_stopped",
            int((row.progress_utc - row.began_utc).total_seconds()),
            row.frames,
            row.bytes,
        )
        for row in rows
    ]
    for start in range(0, len(ended), 500):
        close(ended[start : start + 500])
    return len(ended)


def note(entries: Sequence[NewEntry]) -> list[int]:
    """Append entries that stand alone (socket misuse, gateway start and stop, clock step). Returns their indexes.

    1. One transaction, nothing else in it.
    """
    with _unwritable_is_said(), transaction.atomic():
        return [receipt.index for receipt in ledger.append(list(entries))]


def first_time(record: str) -> bool:
    """Whether this record of the reserved journal is not in the ledger yet. Call it in the transaction that writes it.

    1. Remember the record's id: after a crash before its slot is cleared it comes again.
    """
    _row, made = ReplayedRecord.objects.get_or_create(id=record)
    return made


def admit_late(entry: NewEntry, stream: OpenStream | None) -> None:
    """Write an entry that the reserved journal kept, with the picture that it admitted.

    1. Append the entry. 2. Store the picture's row under the entry's index, in the same transaction.
    """
    with _unwritable_is_said(), transaction.atomic():
        (receipt,) = ledger.append([entry])
        if stream is not None:
            stream.id = receipt.index
            stream.save(force_insert=True)


def replayed(count: int) -> None:
    """The reserved journal is in the ledger.

    1. Write `journal_replayed` with the number of records. 2. Forget their ids: their slots are cleared.
    """
    with _unwritable_is_said(), transaction.atomic():
        ledger.append([NewEntry(type="journal_replayed", outcome="done", frames=count)])
        ReplayedRecord.objects.all().delete()


def stop_person(owner: str, person: str, by: str, entry: NewEntry) -> None:
    """The owner ends this person's viewing of its cameras, until let back.

    1. Nothing to do if it is stopped already.
    2. Write `stop`, store the row, bump the situation epoch: the gate cuts.
    """
    with transaction.atomic():
        if _running_stop(owner, person).exists():
            return
        (receipt,) = ledger.append([entry], bump="situation")
        StoppedPerson.objects.create(
            owner_id=owner, person_id=person, stopped_by_id=by, stopped_utc=clock.now(), entry=receipt.index
        )


def let_back(owner: str, person: str, entry: NewEntry) -> bool:
    """The owner lets the person back.

    1. Claim the running stop; without one nothing happens. 2. Write `stop_lifted`, bump the situation epoch.
    """
    with transaction.atomic():
        running = _running_stop(owner, person)
        index = running.values_list("entry", flat=True).first()
        if index is None or not running.update(lifted_utc=clock.now()):
            return False
        ledger.append([replace(entry, ref=index)], bump="situation")
        return True


def _running_stop(owner: str, person: str) -> QuerySet[StoppedPerson]:
    return StoppedPerson.objects.filter(owner_id=UUID(owner), person_id=UUID(person), lifted_utc__isnull=True)


def _end_entry(ended: StreamClosed, row: OpenStream) -> NewEntry:
    secret = {
        "person": Secret(str(row.person_id), row.person.name),
        "camera": Secret(str(row.camera_id), row.camera.name),
    }
    if row.situation:
        secret["situation"] = Secret(row.situation, row.situation)
    return NewEntry(
        type="stream_end",
        clause=row.clause,
        outcome="ended",
        reason_code=ended.reason_code,
        seconds=ended.seconds,
        frames=ended.frames,
        bytes=ended.bytes,
        ref=row.id,
        secret=secret,
    )


def seconds_since(began: float) -> int:
    """Whole seconds from a wall-clock instant (seconds since 1970) to now."""
    return max(0, int((clock.now() - datetime.fromtimestamp(began, UTC)).total_seconds()))
