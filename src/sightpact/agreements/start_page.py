"""What the page shows on which a draft is begun: the templates, and the blanks of the chosen one as fields. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from sightpact.agreements import acting, templates
from sightpact.agreements.templates import BLANKS, ROWS, Template
from sightpact.cameras import reads as cameras
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard

CHOICES = {"log_unwritable": ("close", "continue")}
DAYS = ("begins", "ends")
PARTIES = ("district", "agency")


@dataclass(frozen=True, slots=True)
class Field:
    """A blank as the page asks for it. `kind`: party, rows, day, choice or text."""

    name: str
    says: str
    kind: str
    value: str
    choices: tuple[tuple[str, str], ...]  # (value, label)


@dataclass(frozen=True, slots=True)
class StartPage:
    templates: tuple[Template, ...]
    chosen: Template | None
    fields: tuple[Field, ...]
    sides: tuple[people.PartyCard, ...]  # the parties for which this person drafts


def page(person: PersonCard, chosen: str, posted: QueryDict | Mapping[str, str]) -> StartPage | None:
    """The page, with what was filled in already; None when there is no such template.

    Args:
        chosen: name of a template; "": none yet.
    """
    known = templates.templates()
    template = next((t for t in known if t.name == chosen), None)
    if chosen and template is None:
        return None
    mine = acting.drafts_for(person)
    sides = tuple(card for card in people.parties() if card.id in mine)
    fields = tuple(_field(name, person, sides, posted) for name in template.blanks) if template else ()
    wanted = tuple(f for f in fields if not f.name.endswith("_slug"))
    return StartPage(known, template, wanted, sides)


def given(posted: QueryDict) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The posted fields as `templates.fill` takes them: values, and rows of schools or places."""
    values, rows = {}, {}
    names = {card.slug: card.name for card in people.parties()}
    for name in BLANKS:
        value = str(posted.get(name, "")).strip()
        if not value:
            continue
        if name in ROWS:
            rows[name] = [line.strip() for line in value.splitlines() if line.strip()]
        elif name in PARTIES:
            values[name] = names.get(value, value)
            if value in names:
                values[f"{name}_slug"] = value
        else:
            values[name] = value
    return values, rows


def _field(
    name: str, person: PersonCard, sides: tuple[people.PartyCard, ...], posted: QueryDict | Mapping[str, str]
) -> Field:
    value = str(posted.get(name, ""))
    if name in PARTIES:
        cards = people.parties()
        kind = "owner" if name == "district" else "agency"
        listed = tuple((c.slug, c.name) for c in sorted(cards, key=lambda c: (c.kind != kind, c.name)))
        own = next((c.slug for c in sides if c.kind == kind), "")
        return Field(name, BLANKS[name], "party", value or own, listed)
    if name in ROWS:
        owners = {c.id for c in sides if c.kind == "owner"}
        schools = [s for s in cameras.schools() if s.owner_id in owners] if name == "school" else []
        every = "\n".join(f"{s.slug}={s.name}" for s in schools)
        return Field(name, BLANKS[name], "rows", value or every, ())
    if name in DAYS:
        return Field(name, BLANKS[name], "day", value, ())
    if name in CHOICES:
        return Field(name, BLANKS[name], "choice", value, tuple((c, c) for c in CHOICES[name]))
    return Field(name, BLANKS[name], "text", value or (person.zone if name == "zone" else ""), ())
