"""What is wrong with an import file: each fault with line and remedy. A value; the error carries all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    line: int  # from 1
    where: str  # "cameras 'high-2', address"
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.where + ': ' if self.where else ''}{self.what} {self.remedy}"


class ImportFaults(Exception):
    """A file that cannot be imported as it is; nothing was changed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(set(faults), key=lambda f: (f.line, f.where, f.what)))
        super().__init__("\n".join(map(str, self.faults)))
