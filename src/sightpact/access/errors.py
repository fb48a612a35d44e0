"""What can go wrong when access is asked for or changed. Each says what, why and what to do."""

from __future__ import annotations

from django.db import DataError, Error, IntegrityError, ProgrammingError

from sightpact.ledger.errors import HeadMoved, KeyTrouble

UNWRITABLE = (Error, OSError, KeyTrouble, HeadMoved)
"""What a write raises when the record cannot take it now: disk full, database gone or held, signing key away."""

DOES_NOT_FIT = (DataError, IntegrityError, ProgrammingError)
"""What a write raises for its own content: trying again would not help, and the record itself is well."""


class AccessError(Exception):
    code = "access_error"

    def __init__(self, what: str, why: str, next_step: str) -> None:
        super().__init__(f"{what} {why} {next_step}")
        self.what, self.why, self.next_step = what, why, next_step


class Refused(AccessError):
    """The law said no. The refusal is in the record."""

    code = "refused"


class NotFound(AccessError):
    """Unknown, or never coverable for this person: the same answer, without a trace."""

    code = "not_found"


class LogUnwritable(AccessError):
    """The record cannot be written (disk full, database gone). What follows is a clause's matter."""

    code = "log_unwritable"


class LogBusy(LogUnwritable):
    """Another writer (an import) holds the record for long. It is well; what runs goes on."""

    code = "log_busy"


class DoesNotFit(AccessError):
    """This one request cannot be written; others are not touched by it."""

    code = "does_not_fit"
