"""The errors of this slice: one tree, each with what, why and the next step.

A fault of a text is a value (`ClauseFault`), collected so that an author sees all of them at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClauseFault:
    """One thing that is wrong with an agreement's text.

    `path` is where it stands, counted from the agreement: "clauses[4].emergencies[0].minutes".
    """

    path: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what} {self.remedy}"


class AgreementError(Exception):
    """Root of the errors of agreements."""

    def __init__(self, what: str, why: str, next_step: str) -> None:
        super().__init__(f"{what}: {why} {next_step}")
        self.what, self.why, self.next_step = what, why, next_step


class DocumentFaults(AgreementError):
    """A text that cannot be an agreement; `faults` holds every reason."""

    def __init__(self, slug: str, faults: Sequence[ClauseFault]) -> None:
        self.faults = tuple(faults)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        super().__init__(
            f"Agreement {slug or '(no name)'}",
            f"it has {count}. " + " ".join(str(f) for f in self.faults),
            "Correct each of them; nothing was stored.",
        )


class SignatureFault(AgreementError):
    """A signature that must not count, or a key that must not sign."""


class RevisionFault(AgreementError):
    """A revision that cannot be stored or used as asked."""
