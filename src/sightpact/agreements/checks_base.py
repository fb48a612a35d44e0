"""Small parts that all checks share: where a fault stands, and how it is said. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sightpact.agreements.clauses.base import Clause
from sightpact.agreements.errors import ClauseFault

if TYPE_CHECKING:
    from sightpact.agreements.document import Document


def placed(document: Document) -> Iterator[tuple[int, Clause]]:
    return iter(enumerate(document.clauses))


def at(index: int, clause: Clause, what: str, remedy: str, field: str = "") -> ClauseFault:
    return ClauseFault(
        f"clauses[{index}]{'.' + field if field else ''}", f"Section {clause.number}: {what}", remedy
    )


def twice(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def one_of(known: Iterable[str]) -> str:
    return f"Name one of: {', '.join(known)}."
