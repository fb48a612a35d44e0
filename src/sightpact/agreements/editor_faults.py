"""Faults in the words of the form: what a file's author reads as `key = value` is said by what the fields are called.

Pure but for the reader's language. Changes no fault, only its words.
"""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from sightpact.agreements.clauses import KINDS
from sightpact.agreements.clauses import shapes as s
from sightpact.agreements.editor_words import CHOICES, FIELDS, UNITS, choice_title, field_title, kind_title

_PLACE = re.compile(r"\[\d+\]")


def shape_at(cls: type, path: str) -> s.Shape | None:
    """The shape of a field of a kind, "emergencies[0].minutes"; None when there is none such."""
    shape: s.Shape | None = None
    here: type | None = cls
    for name in _PLACE.sub("", path).split("."):
        shape = {f.name: each for f, each in s.shapes_of(here)}.get(name) if here else None
        inner: Any = shape
        while isinstance(inner, s.Many | s.Optional):
            inner = inner.inner
        here = inner.cls if isinstance(inner, s.Table) else None
    return shape


def missing_remedy(cls: type, path: str) -> tuple[str, str]:
    """What and remedy for a field that is not said yet."""
    title = field_title(getattr(cls, "kind", ""), _PLACE.sub("", path))
    shape: Any = shape_at(cls, path)
    if isinstance(shape, s.Choice):
        remedy = _("Choose one. There is no default.")
    elif isinstance(shape, s.AreaKinds):
        remedy = _("Tick at least one kind of area.")
    elif isinstance(shape, s.Whole):
        unit = str(UNITS.get(shape.unit, shape.unit))
        remedy = _("Write a number of %(unit)s from %(least)d to %(most)d.") % {
            "unit": unit,
            "least": shape.least,
            "most": shape.most,
        }
    elif isinstance(shape, s.Many):
        remedy = _("Add at least one.")
    elif isinstance(shape, s.Day):
        remedy = _("Choose a day.")
    else:
        remedy = _("Write it down.")
    return _("“%(field)s” is not said yet.") % {"field": title}, remedy


_KIND = re.compile(r"'([a-z_]+)'")
_CODE = re.compile(r"(?<!['“])\b[a-z]+(?:_[a-z]+)+\b(?!')")
_SET = re.compile(r"\b([a-z_]+) = (?:'([a-z_]+)'|true|false)")


def in_words(text: str) -> str:
    """A fault's words with the form's words in the place of a file's: no key = value, no kind of clause by its code."""
    text = text.replace("cap_minutes = minutes", str(_("the same number of minutes in both fields")))
    text = text.replace('Write a list: ["hallway", "lobby"].', str(_("Tick at least one kind of area.")))
    text = text.replace("It has 0 characters.", str(_("It is not said yet.")))
    text = (
        re.sub(r"Here should be a list\. ?", str(_("It is not said yet.")) + " ", text).strip()
        if text.startswith("Here should be a list")
        else text
    )
    text = re.sub(r"Write (\d+) to \d+ entries: \[ \.\.\. \]\.", str(_("Add at least one.")), text)
    text = _SET.sub(_setting, text)
    text = _CODE.sub(lambda hit: _called(hit[0]), text)
    return _KIND.sub(lambda hit: f"“{kind_title(hit[1])}”" if hit[1] in KINDS else hit[0], text)


def _called(code: str) -> str:
    if code in KINDS:
        return f"“{kind_title(code)}”"
    if code in FIELDS:
        return f"“{field_title('', code)}”"
    choice = next((title for key, title in CHOICES.items() if key.endswith(f".{code}")), None)
    return f"“{choice}”" if choice else code


def _setting(hit: re.Match[str]) -> str:
    if hit[1] not in FIELDS:
        return hit[0]
    title = field_title("", hit[1])
    if hit[2]:
        return f"“{title}: {choice_title(hit[1], hit[2])}”"
    return f"“{title}: {_('no')}”" if hit[0].endswith("false") else f"“{title}”"
