"""The templates: texts ready to adopt, with blanks; filling one gives an agreement's TOML that `check` accepts.

Pure but for reading its own folder. A blank that nobody filled is refused by name, never guessed.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sightpact.agreements.document import read
from sightpact.agreements.errors import AgreementError, DocumentFaults

FOLDER = Path(__file__).parent / "templates_library"

BLANKS = {
    "district": "name of the school district, without 'the'",
    "agency": "name of the police or other agency, without 'the'",
    "school": "a school: NAME or SLUG=NAME, once for each; or 'all'",
    "place": "a public place: NAME or SLUG=NAME, once for each; or 'all'",
    "begins": "first day in force, as 2026-07-01",
    "ends": "last day in force, as 2031-06-30",
    "zone": "time zone of these days, like America/New_York",
    "district_authority": "the law or resolution under which the district acts",
    "agency_authority": "the law or resolution under which the agency acts",
    "log_unwritable": "'close' or 'continue': what pictures do when the record cannot be written",
    "unanswered": "'stays_closed' or 'opens': what happens when nobody answers a request in time",
    "district_body": "the body that adopts it for the district, like Board of Education",
    "agency_body": "the body that adopts it for the agency, like Common Council",
    "county": "the county whose prosecutor decides a disagreement",
    "cosigner": "the office outside the department that keeps a second copy of the record",
    "copy_key": "that copy's key: the line of name, id and key that sightpact-cosign init prints on its machine",
    "slug": "short name of the agreement in the record; made from the district's or agency's name",
    "district_slug": "short name of the district; made from its name",
    "agency_slug": "short name of the agency; made from its name",
}
"""Every blank that a template may have, and what belongs there."""

ROWS = {"school": "schools", "place": "places"}
"""Blanks that are filled as often as needed, and the list that their rows stand in."""

_BLANK = re.compile(r"\{\{([a-z_]+)\}\}")


@dataclass(frozen=True, slots=True)
class Source:
    what: str
    address: str


@dataclass(frozen=True, slots=True)
class Template:
    """One template: what it follows, what it carries over, and what is our own choice."""

    name: str
    title: str
    after: str
    carries: tuple[str, ...]
    ours: tuple[str, ...]
    sources: tuple[Source, ...]
    text: str

    @property
    def blanks(self) -> tuple[str, ...]:
        """Names of its blanks, in the order of BLANKS; the short names of rows are made from the names."""
        used = set(_BLANK.findall(self.text))
        return tuple(name for name in BLANKS if name in used)


def templates() -> tuple[Template, ...]:
    """All templates, in the order of sources.toml."""
    listed = tomllib.loads((FOLDER / "sources.toml").read_text())["templates"]
    return tuple(
        Template(
            name=row["name"],
            title=row["title"],
            after=row["after"],
            carries=tuple(row["carries"]),
            ours=tuple(row["ours"]),
            sources=tuple(Source(**source) for source in row["sources"]),
            text=(FOLDER / f"{row['name']}.toml").read_text(),
        )
        for row in listed
    )


def template(name: str) -> Template:
    """One template by name.

    Raises:
        AgreementError: there is none of that name.
    """
    found = {t.name: t for t in templates()}
    if name not in found:
        raise AgreementError(f"'{name}'", "is no template.", f"Name one of: {', '.join(found)}.")
    return found[name]


def fill(name: str, values: Mapping[str, str], rows: Mapping[str, Sequence[str]]) -> str:
    """The template's TOML with every blank filled.

    1. Rows: one for each school or place; the single word "all" writes all = true. 2. Short names are made from the
    names where none is given. 3. Every other blank needs its value. 4. The result must be an agreement without fault.

    Args:
        values: blank -> what belongs there.
        rows: "school" or "place" -> NAME or SLUG=NAME each.
    Raises:
        AgreementError: no such template; a blank stays empty or is unknown, each named.
        DocumentFaults: what was filled in makes no agreement.
    """
    chosen = template(name)
    given = {key: " ".join(value.split()) for key, value in values.items() if value.strip()}
    given |= {
        f"{p}_slug": _slug(given[p])
        for p in ("district", "agency")
        if p in given and f"{p}_slug" not in given
    }
    base = given.get("district_slug") or given.get("agency_slug")
    given.setdefault("slug", f"{base[:42]}-cameras" if base else "")
    filled = {row: list(listed) for row, listed in rows.items() if listed}
    _refuse(chosen, given, filled)
    text = chosen.text
    for row, listed in filled.items():
        text = _with_rows(text, row, listed)
    text = _BLANK.sub(lambda blank: _toml(given[blank[1]]), text)
    _document, faults = read(tomllib.loads(text)["agreements"][0])
    if faults:
        raise DocumentFaults(given["slug"], faults)
    return text


def _refuse(chosen: Template, given: Mapping[str, str], rows: Mapping[str, Sequence[str]]) -> None:
    wanted = chosen.blanks
    unknown = [
        n for n in (*given, *rows) if n not in wanted and n not in ("slug", "district_slug", "agency_slug")
    ]
    if unknown:
        raise AgreementError(
            f"{chosen.name}: '{unknown[0]}'",
            "is no blank of this template.",
            f"Its blanks are: {', '.join(wanted)}.",
        )
    empty = [n for n in wanted if not (rows.get(n) if n in ROWS else given.get(n))]
    if empty:
        listed = "; ".join(f"{n} ({BLANKS[n]})" for n in empty)
        raise AgreementError(chosen.name, f"these blanks are not filled: {listed}.", "Give each of them.")


def _with_rows(text: str, row: str, listed: Sequence[str]) -> str:
    key = ROWS[row]
    block = re.compile(rf"^{key} = \[\n(.*\{{\{{{row}\}}\}}.*\n)\]\n", re.M)
    if list(listed) == ["all"]:
        return block.sub("all = true\n", text)
    pairs = [_pair(entry) for entry in listed]
    line = block.search(text)
    assert line is not None, f"{row} has a row in the template"
    lines = [
        line[1].replace(f"{{{{{row}_slug}}}}", _toml(slug)).replace(f"{{{{{row}}}}}", _toml(name))
        for slug, name in pairs
    ]
    return text.replace(line[0], f"{key} = [\n{''.join(lines)}]\n")


def _pair(entry: str) -> tuple[str, str]:
    """SLUG=NAME, or NAME alone."""
    slug, equals, name = entry.partition("=")
    return (slug.strip(), name.strip()) if equals else (_slug(entry), entry.strip())


def _slug(name: str) -> str:
    """Lakeview High School -> lakeview-high-school."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-")


def _toml(value: str) -> str:
    """The inside of a TOML string; JSON escapes the same characters in the same way."""
    return json.dumps(value, ensure_ascii=False)[1:-1]
