"""An agreement's text as data: strict reading, canonical bytes (RFC 8785), and the full text made from it.

Pure. The canonical bytes are what is stored, hashed and signed; text and policy are always made from them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import rfc8785

from sightpact.agreements import checks
from sightpact.agreements.clauses import Clause, parse_clause
from sightpact.agreements.clauses import schema as clause_schema
from sightpact.agreements.clauses.base import NUMBER, Names, PartyName
from sightpact.agreements.clauses.ground import Parties, PartyEntry, Places, Schools
from sightpact.agreements.clauses.people import NamedPersons
from sightpact.agreements.clauses.scope import CameraExhibit
from sightpact.agreements.clauses.shapes import ABSENT, PARTY, Flag, Pattern, Text, Whole
from sightpact.agreements.clauses.switch import WhoMayEnd
from sightpact.agreements.clauses.terms import Term
from sightpact.agreements.clauses.views import EmergencyView
from sightpact.agreements.errors import ClauseFault, DocumentFaults

SCHEMA_VERSION = 1
SLUG: Pattern = PARTY
_KEYS = ("schema_version", "slug", "revision", "title", "house", "parts", "clauses")

ENFORCED_MARK = "Enforced by Sightpact"
PEOPLE_MARK = "Kept by people"

C = TypeVar("C", bound=Clause)


@dataclass(frozen=True)
class Document:
    """One revision of an agreement or house policy."""

    slug: str
    revision: int
    title: str
    house: bool
    parts: Mapping[str, str]  # "3" -> "When the police may look"
    clauses: tuple[Clause, ...]

    def all(self, cls: type[C]) -> tuple[C, ...]:
        """The clauses of a kind, in order."""
        return tuple(c for c in self.clauses if isinstance(c, cls))

    def one(self, cls: type[C]) -> C:
        """The clause of a kind that a valid document has exactly once."""
        (clause,) = self.all(cls)
        return clause

    @property
    def parties(self) -> tuple[PartyEntry, ...]:
        return self.one(Parties).parties

    @property
    def owner(self) -> str:
        """Slug of the party that owns the cameras."""
        return next(p.slug for p in self.parties if p.side == "owner")

    @property
    def covered(self) -> Schools | Places:
        """The clause that says which schools, or which places, are covered."""
        found: tuple[Schools | Places, ...] = (*self.all(Schools), *self.all(Places))
        (clause,) = found
        return clause

    @property
    def names(self) -> Names:
        schools = self.covered
        annex = self.all(NamedPersons)
        ends = self.all(WhoMayEnd)
        return Names(
            agreement=self.slug,
            owner=self.owner,
            parties={
                p.slug: PartyName(p.slug, p.name, p.called, {r.role: r.called for r in p.roles})
                for p in self.parties
            },
            schools=None if schools.all else tuple(s.slug for s in schools.schools),
            annex=annex[0].number if annex else "",
            annexes={clause.kept_by: clause.number for clause in annex},
            exhibit=next((c.number for c in self.all(CameraExhibit)), ""),
            extend_minutes=(ends[0].extend_minutes or 0) if ends else 0,
            school_names={s.slug: s.name for s in schools.schools},
            emergency_labels={e.kind: e.label for view in self.all(EmergencyView) for e in view.emergencies},
            zone=next((term.zone for term in self.all(Term)), ""),
        )


def parse(raw: Any) -> Document:
    """Read an agreement strictly, from a TOML table or canonical JSON.

    Raises:
        DocumentFaults: with every fault; nothing is guessed or repaired.
    """
    document, faults = read(raw)
    if document is None or faults:
        slug = raw.get("slug", "") if isinstance(raw, dict) else ""
        raise DocumentFaults(slug if isinstance(slug, str) else "", faults)
    return document


def read(raw: Any) -> tuple[Document | None, list[ClauseFault]]:
    """Like `parse`, but gives faults back instead of raising. The document is None when a part cannot be read."""
    faults: list[ClauseFault] = list(blanks(raw))
    if not isinstance(raw, dict):
        return None, [
            ClauseFault("", "This is not an agreement.", "Write a table with slug, title and clauses.")
        ]
    for key in raw:
        if key not in _KEYS:
            faults.append(ClauseFault(key, f"'{key}' is not known here.", f"Known are: {', '.join(_KEYS)}."))
    if raw.get("schema_version", SCHEMA_VERSION) != SCHEMA_VERSION:
        faults.append(
            ClauseFault(
                "schema_version",
                f"{raw['schema_version']!r} is not a version that this Sightpact knows.",
                f"Use the release that wrote it, or write {SCHEMA_VERSION}.",
            )
        )
    slug = _take(raw, "slug", SLUG, faults)
    title = _take(raw, "title", Text(most=200), faults)
    revision = Whole(1, 9999, "revisions").read(raw.get("revision", 1), "revision", faults)
    house = Flag().read(raw.get("house", False), "house", faults)
    parts = _parts(raw.get("parts", {}), faults)
    listed = raw.get("clauses")
    if not isinstance(listed, list) or not listed or len(listed) > 200:
        faults.append(
            ClauseFault("clauses", "There are no clauses.", "Write 1 to 200 [[agreements.clauses]].")
        )
        return None, faults
    clauses = tuple(parse_clause(item, f"clauses[{i}]", faults) for i, item in enumerate(listed))
    if faults or None in clauses:
        return None, faults
    document = Document(slug, revision, title, house, parts, tuple(c for c in clauses if c is not None))
    return document, checks.faults(document)


_BLANK = re.compile(r"\{\{([a-z_]+)\}\}")


def blanks(raw: Any, path: str = "") -> Iterator[ClauseFault]:
    """Blanks of a template that nobody filled, wherever they stand: nothing with a blank in it can be signed."""
    if isinstance(raw, str):
        for name in dict.fromkeys(_BLANK.findall(raw)):
            what = f"The blank {{{{{name}}}}} is not filled."
            yield ClauseFault(path, what, "Write what belongs there in its place.")
    elif isinstance(raw, dict):
        for key, value in raw.items():
            yield from blanks(value, f"{path}.{key}" if path else str(key))
    elif isinstance(raw, list):
        for index, value in enumerate(raw):
            yield from blanks(value, f"{path}[{index}]")


def _take(raw: Mapping[str, Any], key: str, shape: Pattern | Text, faults: list[ClauseFault]) -> Any:
    if key not in raw:
        faults.append(ClauseFault(key, f"'{key}' is missing.", f"Add {key} = ..."))
        return ABSENT
    return shape.read(raw[key], key, faults)


def _parts(raw: Any, faults: list[ClauseFault]) -> dict[str, str]:
    if not isinstance(raw, dict):
        faults.append(
            ClauseFault("parts", "Here should be headings by number.", 'Write {"3" = "Who may look"}.')
        )
        return {}
    for number, heading in raw.items():
        NUMBER.read(number, f"parts.{number}", faults)
        Text(most=120).read(heading, f"parts.{number}", faults)
    return {str(n): " ".join(str(raw[n]).split()) for n in sorted(raw, key=str)}


def data(document: Document) -> dict[str, Any]:
    """The document as plain values, ready for canonical JSON."""
    return {
        "schema_version": SCHEMA_VERSION,
        "slug": document.slug,
        "revision": document.revision,
        "title": document.title,
        "house": document.house,
        "parts": dict(document.parts),
        "clauses": [c.data() for c in document.clauses],
    }


def canonical(document: Document) -> bytes:
    """RFC 8785 bytes. `parse(json.loads(canonical(d)))` gives `d` again."""
    return rfc8785.dumps(data(document))


def from_canonical(stored: bytes) -> Document:
    """Read stored bytes back.

    Raises:
        DocumentFaults: they are no agreement, or not in canonical form.
    """
    try:
        document = parse(json.loads(stored))
    except (UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise DocumentFaults(
            "", [ClauseFault("", f"The stored text is not JSON ({fault}).", "Store it anew.")]
        ) from None
    if canonical(document) != stored:
        raise DocumentFaults(
            document.slug, [ClauseFault("", "The stored text is not in canonical form.", "Store it anew.")]
        )
    return document


def json_schema() -> dict[str, Any]:
    """JSON schema (2020-12) of a whole agreement, for editors and outside tools."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Sightpact agreement",
        "type": "object",
        "properties": {
            "schema_version": {"const": SCHEMA_VERSION},
            "slug": SLUG.schema(),
            "revision": Whole(1, 9999, "revisions").schema(),
            "title": Text(most=200).schema(),
            "house": {"type": "boolean"},
            "parts": {"type": "object", "additionalProperties": Text(most=120).schema()},
            "clauses": {"type": "array", "minItems": 1, "maxItems": 200, "items": clause_schema()},
        },
        "required": ["slug", "title", "clauses"],
        "additionalProperties": False,
    }


def between(document: Document) -> str:
    """ "between the Lakeview ... ("the District") and ..." """
    entries = [f'the {p.name} ("{p.called}")' for p in document.parties]
    if document.house:
        return f"Policy of {entries[0]} for its own people"
    return "between " + ", ".join(entries[:-1]) + " and " + entries[-1]


def render_text(document: Document) -> str:
    """The full text, as it is adopted and signed. Ends with one line feed."""
    names = document.names
    lines = [document.title, between(document), f"Revision {document.revision}", ""]
    part = ""
    for clause in document.clauses:
        head = clause.number.split(".")[0]
        if head != part and head in document.parts:
            lines += [f"{head}  {document.parts[head]}", ""]
        part = head
        mark = ENFORCED_MARK if clause.enforced else PEOPLE_MARK
        lines.append(f"{clause.number}  {clause.heading}  [{mark}]")
        lines += [*clause.render(names), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def sha256(content: bytes | str) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
