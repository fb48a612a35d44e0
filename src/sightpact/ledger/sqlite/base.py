"""The database backend: Django's own for SQLite, whose transactions take their turn (`turn.py`) before they begin."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from sightpact.ledger.sqlite.turn import Turn

_turns: dict[str, Turn] = defaultdict(Turn)  # by database


class DatabaseWrapper(base.DatabaseWrapper):
    """A transaction here is one that writes: it begins IMMEDIATE (settings)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.patience_s: float | None = (
            None  # how long to wait for the turn; None: as long as for SQLite's lock
        )
        self._turn: Turn | None = None  # while it is ours

    def _start_transaction_under_autocommit(self) -> None:
        turn = _turns[str(self.settings_dict["NAME"])]
        usual = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        if not turn.take(usual if self.patience_s is None else self.patience_s):
            raise OperationalError("database is locked")  # the words that SQLite has for it
        self._turn = turn
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._give()  # one that fails is rolled back

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._give()

    def _give(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.give()
