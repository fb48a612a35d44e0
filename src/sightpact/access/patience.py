"""How long a thread waits for the one writer's place. A start at the switch does not wait for long: it is journalled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import Error, connection


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Within this block a write fails after so many seconds of waiting for other writers, instead of the usual time."""
    ms = int(seconds * 1000)
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "sqlite":
        usual = int(settings.DATABASES["default"].get("OPTIONS", {}).get("timeout", 5) * 1000)
        before, after = f"PRAGMA busy_timeout = {ms}", f"PRAGMA busy_timeout = {usual}"
        turn: float | None = seconds  # in this process's own line (ledger/sqlite)
    else:
        before, after = f"SET lock_timeout = {ms}", "SET lock_timeout TO DEFAULT"
        turn = None
    _say(before)
    connection.patience_s = turn  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.patience_s = None  # type: ignore[attr-defined]
        _say(after)


def _say(statement: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except Error:
        connection.close_if_unusable_or_obsolete()  # whoever writes next says why
