"""What goes into the record is one language's text for good: nothing translated stands in a `Secret` or a `NewEntry`."""

import ast

import pytest

from sightpact.access import words
from tests.house.tree import SOURCE, Fault, dotted, files, name, parsed

INTO_THE_RECORD = ("Secret", "NewEntry")
TRANSLATING = ("_", "gettext", "ngettext", "gettext_lazy")


def translated(tree: ast.AST) -> list[int]:
    """Lines on which a translated text goes into an entry."""
    found = []
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and dotted(call.func).rpartition(".")[2] in INTO_THE_RECORD:
            for inner in ast.walk(call):
                if isinstance(inner, ast.Call) and dotted(inner.func) in TRANSLATING:
                    found.append(inner.lineno)
    return sorted(set(found))


def test_nothing_translated_goes_into_the_record():
    faults = [
        Fault(name(path), line, "a translated text in an entry")
        for path in files(".py", under=SOURCE)
        for line in translated(parsed(path))
    ]
    assert [str(fault) for fault in faults] == []


@pytest.mark.parametrize(
    "code", ['Secret("", _("by me"))', 'NewEntry("stop", secret={"t": entries.Secret("", _("by") % 1)})']
)
def test_it_bites(code):
    assert translated(ast.parse(code)) == [1]


def test_a_person_is_named_in_the_record_s_own_language():
    """Also through the function that names people in entries."""
    source = ast.parse((SOURCE / "access" / "words.py").read_text())
    naming = [
        f for f in source.body if isinstance(f, ast.FunctionDef) and f.name in ("person_says", "secrets")
    ]
    assert len(naming) == 2
    calls = [dotted(c.func) for f in naming for c in ast.walk(f) if isinstance(c, ast.Call)]
    assert not set(calls) & set(TRANSLATING)
    assert words.UNKNOWN_PERSON == "a person not known any more"
