"""The errors of the ledger: what failed, why, and what to do. One tree, so that API, CLI and page say the same."""

from __future__ import annotations


class LedgerError(Exception):
    """Root of this slice's errors."""

    def __init__(self, what: str, why: str, next_step: str) -> None:
        super().__init__(f"{what}: {why}. {next_step}")
        self.what, self.why, self.next_step = what, why, next_step


class BadEntry(LedgerError):
    """An entry that the schema does not allow."""


class BadNote(LedgerError):
    """A signed note, key or checkpoint that is malformed or whose signature does not hold."""


class BadProof(LedgerError):
    """An inclusion or consistency proof that does not hold."""


class KeyTrouble(LedgerError):
    """The log's signing key is missing, readable by others, or not the one that this log was begun with."""


class EpochMoved(LedgerError):
    """Facts changed since the caller's snapshot: nothing was written, decide again."""

    def __init__(self, expected: object, found: object) -> None:
        super().__init__(
            "the facts", f"they moved from {expected} to {found}", "Decide again on a new snapshot"
        )


class NotInTransaction(LedgerError):
    """`append` outside a transaction would part an action from its entry."""


class HeadMoved(LedgerError):
    """Two writers met although the writer lock should have kept them apart: nothing was written."""


class JournalFull(LedgerError):
    """The reserved journal has no free slot, or the payload is larger than a slot."""


class Unreadable(LedgerError):
    """An export or database that cannot be read at all; says nothing about its being whole."""
