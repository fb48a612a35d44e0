"""The line of writers: who cannot wait goes first, nobody is lost, and a transaction that fails gives its turn back."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

import pytest
from django.db import (
    DatabaseError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
    transaction,
)

from sightpact.access.patience import patience
from sightpact.ledger import store
from sightpact.ledger.sqlite.turn import Turn


def _line_up(turn: Turn, name: str, patience_s: float, came: list[str]) -> threading.Thread:
    def wait() -> None:
        came.append(name if turn.take(patience_s) else f"{name} gave up")
        if came[-1] == name:
            turn.give()

    before = len(turn._waiting)
    thread = threading.Thread(target=wait)
    thread.start()
    while patience_s and len(turn._waiting) == before:
        time.sleep(0.001)
    return thread


def test_whose_patience_ends_first_goes_first() -> None:
    turn, came = Turn(), list[str]()
    assert turn.take(0)
    threads = [_line_up(turn, *one, came) for one in (("telling", 60.0), ("note", 60.0), ("switch", 30.0))]
    turn.give()
    for thread in threads:
        thread.join()
    assert came == ["switch", "telling", "note"]
    assert turn.take(0), "given back"


def test_who_gives_up_leaves_the_line() -> None:
    turn, came = Turn(), list[str]()
    assert turn.take(0)
    _line_up(turn, "impatient", 0.0, came).join()
    patient = _line_up(turn, "patient", 60.0, came)
    turn.give()
    patient.join()
    assert came == ["impatient gave up", "patient"]


@pytest.mark.django_db(transaction=True)
def test_every_end_of_a_transaction_gives_the_turn_back() -> None:
    def is_free() -> bool:
        done = list[bool]()

        def begin() -> None:
            try:
                with suppress(OperationalError), patience(0.05), transaction.atomic():
                    store.take_writer_lock()
                    done.append(True)
            finally:
                connections.close_all()

        thread = threading.Thread(target=begin)
        thread.start()
        thread.join()
        return bool(done)

    with transaction.atomic():
        store.take_writer_lock()
        assert not is_free()
    assert is_free(), "a commit"
    with suppress(ZeroDivisionError), transaction.atomic():
        store.take_writer_lock()
        _ = 1 / 0
    assert is_free(), "a rollback"
    with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    assert is_free(), "a fault"
    with suppress(DatabaseError), transaction.atomic():
        connection.close()
    assert is_free(), "a connection closed in the middle"
    close_old_connections()
