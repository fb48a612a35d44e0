"""Group commit: threads share commits, each gets its own receipts."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from sightpact.ledger import actions, group, reads
from sightpact.ledger.entries import NewEntry
from sightpact.ledger.errors import BadEntry, EpochMoved

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_threads_each_get_their_own_entries() -> None:
    begin = threading.Barrier(12)
    got: dict[int, list[actions.Receipt]] = {}

    def work(number: int) -> None:
        begin.wait()
        mine = []
        for turn in range(5):
            mine += group.append([NewEntry("refusal", reason_code=f"{number}.{turn}")])
        got[number] = mine
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    head = reads.head()
    assert head is not None and head.size == 61
    stored = reads.entries(0, head.size)
    for number, receipts in got.items():
        for turn, receipt in enumerate(receipts):
            assert stored[receipt.index] == receipt.entry_bytes
            assert f'"{number}.{turn}"'.encode() in receipt.entry_bytes


def test_only_those_whose_facts_moved_are_sent_back() -> None:
    old = reads.epoch()
    with transaction.atomic():
        actions.append([], bump="world")
    with pytest.raises(EpochMoved):
        group.append([NewEntry("admission")], expect=old)
    assert len(group.append([NewEntry("admission")], expect=reads.epoch())) == 1


def test_a_bad_entry_harms_nobody_else() -> None:
    with pytest.raises(BadEntry):
        group.append([NewEntry("nonsense")])
    assert len(group.append([NewEntry("refusal")])) == 1


def test_inside_a_transaction_it_refuses() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        group.append([NewEntry("refusal")])


def test_one_batch_parts_the_moved_from_the_rest() -> None:
    """The same commit holds callers of three minds: each gets its own answer."""
    old = reads.epoch()
    with transaction.atomic():
        actions.append([NewEntry("import")], bump="world")
    entry = NewEntry("admission")
    batch = [
        group._Waiting([entry, entry], None),
        group._Waiting([entry], old),
        group._Waiting([entry], reads.epoch()),
    ]
    group._commit(batch)
    assert [len(w.receipts) for w in batch] == [2, 0, 1] and all(w.done.is_set() for w in batch)
    assert [type(w.fault) for w in batch] == [type(None), EpochMoved, type(None)]
    assert [r.index for w in batch for r in w.receipts] == [2, 3, 4]


def test_a_failed_commit_is_told_to_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    batch = [group._Waiting([NewEntry("refusal")], None) for _ in range(2)]
    monkeypatch.setattr(actions, "append", full)
    group._commit(batch)
    assert all(isinstance(w.fault, OSError) and w.done.is_set() for w in batch)
