"""Appending: order, time, epoch, openings, and what rolls back."""

from __future__ import annotations

import json
import stat

import pytest
from django.conf import settings
from django.db import transaction

from sightpact.ledger import actions, epoch, notes, reads, steps, store, tree
from sightpact.ledger.entries import NewEntry, Secret, commitment
from sightpact.ledger.epoch import EpochValue
from sightpact.ledger.errors import BadEntry, EpochMoved, KeyTrouble, NotInTransaction
from sightpact.ledger.models import Entry, Log, Opening

pytestmark = pytest.mark.django_db(transaction=True)

OMAR = Secret("11111111-0000-4000-8000-000000000001", "Omar Reyes, Lakeview Police Department, dispatcher")


def admission(**more: object) -> NewEntry:
    return NewEntry(
        "admission", party="lakeview-pd", outcome="granted", clause="3.2", secret={"person": OMAR}, **more
    )


def add(*entries: NewEntry, **options: object) -> list[actions.Receipt]:
    with transaction.atomic():
        return actions.append(entries, **options)


def test_first_append_begins_the_log_with_genesis() -> None:
    (receipt,) = add(admission())
    assert receipt.index == 1
    head = reads.head()
    assert head is not None and head.size == 2
    assert json.loads(reads.entries(0, 1)[0])["type"] == "genesis"
    mode = (settings.SIGHTPACT.keys / "log.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_checkpoint_signs_exactly_the_stored_entries() -> None:
    for _ in range(5):
        add(admission(), admission(seconds=3))
    head = reads.head()
    assert head is not None
    text, _ = notes.open_note(head.checkpoint, [notes.parse_vkey(head.vkey)])
    body = notes.parse_checkpoint(text)
    leaves = [tree.leaf_hash(data) for data in reads.entries(0, head.size)]
    _, frontier, _ = tree.append(0, [], leaves)
    assert (body.origin, body.size, body.root) == (settings.SIGHTPACT.log_origin, 11, tree.root_of(frontier))
    for index in range(head.size):
        tree.verify_inclusion(
            leaves[index], index, body.size, reads.inclusion_proof(index, body.size), body.root
        )


def test_names_stand_beside_the_log_not_in_it() -> None:
    (receipt,) = add(admission())
    assert b"Omar" not in receipt.entry_bytes and OMAR.key.encode() not in receipt.entry_bytes
    opening = Opening.objects.get(index=receipt.index, field="person")
    assert json.loads(receipt.entry_bytes)["person"] == commitment(
        "person", bytes(opening.salt), OMAR.key, OMAR.value
    )
    again = json.loads(add(admission())[0].entry_bytes)
    assert again["person"] != json.loads(receipt.entry_bytes)["person"], "a fresh salt for each entry"


def test_outside_a_transaction_it_refuses() -> None:
    with pytest.raises(NotInTransaction):
        actions.append([admission()])


def test_a_bad_entry_writes_nothing() -> None:
    add(admission())
    with pytest.raises(BadEntry):
        add(admission(), NewEntry("made_up"))
    head = reads.head()
    assert head is not None and head.size == 2 and Entry.objects.count() == 2


def test_a_rollback_takes_entry_and_epoch_with_it() -> None:
    heard: list[EpochValue] = []
    end = epoch.subscribe(heard.append)
    try:
        add(admission(), bump="world")
        with pytest.raises(RuntimeError), transaction.atomic():
            actions.append([admission()], bump="world")
            raise RuntimeError
        add(admission(), bump="situation")
    finally:
        end()
    assert heard == [EpochValue(1, 0), EpochValue(1, 1)] and reads.epoch() == EpochValue(1, 1)
    assert Entry.objects.count() == 3


def test_inner_rollback_leaves_no_gap() -> None:
    with transaction.atomic():
        first = actions.append([admission()])[0]
        with pytest.raises(RuntimeError), transaction.atomic():
            actions.append([admission(), admission()])
            raise RuntimeError
        last = actions.append([admission()])[0]
    assert last.index == first.index + 1


def test_epoch_moved_writes_nothing() -> None:
    add(admission(), bump="world")
    seen = reads.epoch()
    add(admission(), bump="situation", expect=seen)
    with pytest.raises(EpochMoved):
        add(admission(), expect=seen)
    assert Entry.objects.count() == 3


def test_bump_without_entry() -> None:
    assert add(bump="world") == [] and reads.epoch() == EpochValue(1, 0) and reads.head() is None


def test_time_never_goes_back_and_the_step_is_told(simulated, caplog) -> None:
    first = add(admission())[0]
    simulated.advance(5)
    add(admission())
    assert _steps(caplog) == []
    simulated.step(-60)
    later = add(admission())[0]
    simulated.step(120)
    add(admission())
    assert first.at == "2026-11-21T14:00:00.00Z" and later.at == "2026-11-21T14:00:05.00Z"
    assert _steps(caplog) == [-60, 120]


def test_a_clock_behind_the_last_entry_at_start_is_told(simulated, caplog) -> None:
    add(admission())
    steps.forget()  # as after a restart
    simulated.step(-30)
    add(admission())
    assert _steps(caplog) == [-30]


def _steps(caplog) -> list[int]:
    """Seconds of the steps that were logged."""
    return [round(record.args[0]) for record in caplog.records if record.name == steps.__name__]


def test_another_key_is_refused() -> None:
    add(admission())
    Log.objects.update(vkey="somebody+else")
    with pytest.raises(KeyTrouble):
        add(admission())
    assert Entry.objects.count() == 2


def test_head_compares_and_swaps() -> None:
    add(admission())
    head = store.read_head(settings.SIGHTPACT.log_origin)
    assert head is not None
    add(admission())
    with pytest.raises(Exception, match="another writer"), transaction.atomic():
        store.write(head, head.size, head.frontier, head.last_at, "", [], [], [])
