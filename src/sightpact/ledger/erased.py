"""Which entries' names an `openings_erased` entry says were erased: the text that it commits to.

Pure, standard library only: the offline verifier reads it, so that a name that is gone by rule and one that somebody took away
are told apart by the signed log alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MOST = 3800  # characters of one entry's list
_SPAN = re.compile(r"(\d{1,15})(?:-(\d{1,15}))?\Z")


def lists(indexes: Iterable[int]) -> Iterator[tuple[list[int], str]]:
    """Indexes in portions, each with its list as text ("3-9,12"), short enough for one entry."""
    portion: list[int] = []
    text: list[str] = []
    length = 0
    for first, last in _runs(indexes):
        said = f"{first}-{last}" if last > first else str(first)
        if length + len(said) + 1 > MOST:
            yield portion, ",".join(text)
            portion, text, length = [], [], 0
        portion += range(first, last + 1)
        text.append(said)
        length += len(said) + 1
    if portion:
        yield portion, ",".join(text)


def parse(text: str, below: int) -> list[range]:
    """The spans of such a text. What is no list, or reaches `below` or beyond, says nothing."""
    found = []
    for part in text.split(","):
        hit = _SPAN.match(part)
        if hit is None:
            return []
        first, last = int(hit[1]), int(hit[2] or hit[1])
        if not first <= last < below:
            return []
        found.append(range(first, last + 1))
    return found


def _runs(indexes: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = -1
    for index in sorted(set(indexes)):
        if index != last + 1 or first < 0:
            if first >= 0:
                yield first, last
            first = index
        last = index
    if first >= 0:
        yield first, last
