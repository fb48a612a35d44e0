"""What stands on a paper, as plain frozen values: what the child process is given, and all it is given.

Every value is text that is ready to print. Who may know which count is decided before, by whoever fills these.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from sightpact.agreements.word_change import Piece

FORMS: Mapping[str, str] = {
    "pdf": "pdf",
    "docx": "docx",
    "board-pack": "pdf",
    "redline-pdf": "pdf",
    "redline-docx": "docx",
}
"""Every form of paper, and the ending of its file."""

TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""Media type by ending."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A body's vote, as it was recorded."""

    body: str
    on: str  # a day in words
    vote: str = ""
    resolution: str = ""
    minutes_url: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """A party's place in the block of signatures. `on` is "" while it has not signed."""

    party: str  # full name
    office: str = ""  # who signs, or signed
    on: str = ""  # a day in words
    how: str = ""  # "with an offline key"
    key: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands around a text and is not part of it."""

    state: str  # one sentence
    stored: str = ""  # ISO instant in UTC: the paper's own date; "": none is known
    by: str = ""  # whose proposal it is, the author of its changes
    votes: tuple[Vote, ...] = ()
    signatures: tuple[Signature, ...] = ()
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """Which text this is."""

    slug: str
    title: str
    between: str
    revision: int
    hashes: Mapping[str, str]  # the four that are signed, hex
    standing: Standing
    owner: str = ""  # full name

    @property
    def name(self) -> str:
        """Revision 3; a draft says of which revision it is the draft."""
        return f"{'Draft of revision' if self.standing.is_draft else 'Revision'} {self.revision}"

    @property
    def within(self) -> str:
        """The same inside a sentence."""
        return f"{'a draft of revision' if self.standing.is_draft else 'revision'} {self.revision}"

    @property
    def short(self) -> str:
        """The first 16 figures of the hash of the text, in fours: what people compare by eye."""
        return in_fours(self.hashes["canonical_hash"][:16])


@dataclass(frozen=True, slots=True)
class Section:
    number: str
    heading: str
    paragraphs: tuple[str, ...]
    enforced: bool
    part: str = ""  # "3  When police may look": stands before the first section of a part


@dataclass(frozen=True, slots=True)
class TextPaper:
    """The whole text."""

    head: Head
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A number that a section had, and has."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ChangedSection:
    """One section of a redline; the same ones stand there too."""

    old_number: str
    new_number: str
    state: str  # added, removed, changed, renumbered, same
    enforced: bool
    heading: tuple[Piece, ...]
    words: tuple[Piece, ...]  # paragraphs end with a line feed
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    rows: tuple[Row, ...]
    part: str = ""

    @property
    def number(self) -> str:
        return self.new_number or self.old_number

    @property
    def differs(self) -> bool:
        return self.state != "same" or bool(self.opens or self.closes)


@dataclass(frozen=True, slots=True)
class RedlinePaper:
    """Two texts: words by section, and what the changes do to access."""

    old: Head
    new: Head
    title: tuple[Piece, ...]
    sections: tuple[ChangedSection, ...]
    counted: str  # over what the numbers were counted

    def numbers(self, way: str) -> tuple[str, ...]:
        """Numbers of the sections that go one way: "opens", "closes", "limits" (numbers alone) or "same" (words alone)."""
        if way in ("limits", "same"):
            rest = [s for s in self.sections if s.state != "same" and not (s.opens or s.closes)]
            return tuple(s.number for s in rest if bool(s.rows) == (way == "limits"))
        return tuple(s.number for s in self.sections if getattr(s, way))


@dataclass(frozen=True, slots=True)
class Opening:
    """A row of "What it opens"."""

    when: str
    cameras: str  # "": not counted, or not for this reader
    where: str
    people: str  # "": not counted
    how_long: str
    section: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A row of "What it forbids"."""

    enforced: bool
    what: str
    says: str
    section: str


@dataclass(frozen=True, slots=True)
class Effect:
    """A row of "What changes"."""

    section: str
    words: tuple[Piece, ...]
    way: str  # more, less, limits, same
    says: str


@dataclass(frozen=True, slots=True)
class Squares:
    """All covered cameras, one square each: counts by state, in the order in which they are drawn."""

    always: int
    at_times: int
    never: int
    unclassified: int
    shut: int

    @property
    def total(self) -> int:
        return self.always + self.at_times + self.never + self.unclassified + self.shut


@dataclass(frozen=True, slots=True)
class Proof:
    holds: int
    guarantees: int
    rows: tuple[tuple[str, str], ...]
    where: str  # which entry of the record, or on which world it was tried now
    examples: tuple[str, ...] = ()  # counterexamples in plain words


@dataclass(frozen=True, slots=True)
class BoardPaper:
    """Two pages for a board."""

    head: Head
    one: str  # the whole in one or two sentences
    openings: tuple[Opening, ...]
    squares: Squares | None
    limits: tuple[Limit, ...]
    against: str  # what it is compared with, as a sentence
    today: str  # the same in a few words
    effects: tuple[Effect, ...]
    proof: Proof
    terms: tuple[tuple[str, str], ...]
    copy: str  # whose copy this is, and what it leaves out
    people_told: bool = field(default=True)


Paper = TextPaper | RedlinePaper | BoardPaper


def in_fours(figures: str) -> str:
    return " ".join(figures[i : i + 4] for i in range(0, len(figures), 4))


def clean(text: str) -> str:
    """Without what no page and no XML can hold: control characters and lone surrogates. Texts themselves never have any."""
    return "".join(c for c in text if c in "\n\t" or not _unprintable(c))


def _unprintable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in "\ufffe\uffff"
