"""The errors of this slice: one tree, each with what, why and the next step.

A fault of a text is a value (`ClauseFault`), collected so that an author sees all of them at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


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


class DraftFault(AgreementError):
    """A draft that cannot be changed as asked."""


class DraftConflict(DraftFault):
    """Somebody else saved the draft first; nothing was overwritten. `version` is the one that stands now."""

    def __init__(self, title: str, version: int, who: str, when_utc: datetime) -> None:
        self.version, self.who, self.when_utc = version, who, when_utc
        super().__init__(
            title or "This draft",
            f"{who} saved it in the meantime (version {version}).",
            "Read their text, then put your change into it. Yours was not saved.",
        )


class RoundFault(AgreementError):
    """A step between the parties (propose, accept, adopt, end, comment) that cannot be made as asked."""


class GuaranteesBroken(AgreementError):
    """A text under which something would open that must not; `examples` are in plain words."""

    def __init__(
        self,
        title: str,
        examples: Sequence[str],
        next_step: str = "Nothing was proposed. Change it, then propose again.",
    ) -> None:
        self.examples = tuple(examples)
        super().__init__(title, " ".join(self.examples), next_step)


class PaperFault(AgreementError):
    """A paper (PDF, Word file, board pack) that cannot be made now, or here."""
