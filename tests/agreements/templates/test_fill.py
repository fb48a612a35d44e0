"""Filling a template: what stays empty is refused by name, and what comes out is accepted without a warning."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sightpact.agreements import templates as library
from sightpact.agreements.cli import app
from sightpact.agreements.document import render_text

from .filled import ROWS, VALUES, document_of, text_of

run = CliRunner().invoke
NAMES = [t.name for t in library.templates()]
DOCS = Path(__file__).parents[3] / "docs/reference/templates.md"


def words(name: str) -> list[str]:
    """The command line that fills it."""
    blanks = library.template(name).blanks
    given = ["new", name]
    for blank, value in VALUES.items():
        if blank in ("district", "agency", "begins", "ends", "zone") and blank in blanks:
            given += [f"--{blank}", value]
        elif blank in blanks:
            given += ["--set", f"{blank}={value}"]
    for blank, values in ROWS.items():
        given += [w for v in values for w in (f"--{blank}", v)] if blank in blanks else []
    return given


@pytest.mark.parametrize("name", NAMES)
def test_filled_on_the_command_line_it_passes_without_warnings(name, tmp_path):
    made = run(app, words(name))
    assert made.exit_code == 0, made.stderr
    assert made.stdout == text_of(name)
    file = tmp_path / "draft.toml"
    file.write_text(made.stdout)
    answer = json.loads(run(app, ["check", str(file), "--json"]).stdout)
    assert answer["ok"] and answer["faults"] == [] and answer["warnings"] == []


@pytest.mark.parametrize("name", NAMES)
def test_each_empty_blank_is_named(name, tmp_path):
    given = library.template(name).blanks
    needed = [b for b in given if b not in ("slug", "district_slug", "agency_slug")]
    refused = run(app, ["new", name])
    assert refused.exit_code == 1 and refused.stdout == ""
    assert all(f"{blank} (" in refused.stderr for blank in needed)
    unfilled = tmp_path / "template.toml"
    unfilled.write_text(library.template(name).text)
    told = run(app, ["check", str(unfilled)])
    assert told.exit_code == 1 and all(f"{{{{{blank}}}}} is not filled" in told.stdout for blank in given)


def test_schools_are_listed_or_all():
    assert "Lakeview High School and Oak Street School" in render_text(document_of("new-jersey"))
    values = {k: v for k, v in VALUES.items() if k in library.template("common-areas").blanks}
    every = library.fill("common-areas", values, {"school": ["all"]})
    assert tomllib.loads(every)["agreements"][0]["clauses"][1]["all"] is True


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (["--set", "county=Ocean"], "is no blank of this template"),
        (["--set", "weather=fair"], "names no blank"),
        (["--set", "log_unwritable=maybe"], "maybe"),
        (["--ends", "2020-01-01"], "ends before it begins"),
        (["--place", "Harbor Square"], "is no blank of this template"),
        (["--school", "Oak=Other Name"], "Oak"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_printed(change, says):
    refused = run(app, [*words("exterior-always"), *change])
    assert refused.exit_code == 1 and refused.stdout == "" and says in refused.stderr


def test_quotes_in_a_name_stay_in_the_name():
    values = {k: v for k, v in VALUES.items() if k in library.template("common-areas").blanks}
    odd = 'The "Old" \\ School'
    text = library.fill("common-areas", values, {"school": [f"old={odd}"]})
    assert tomllib.loads(text)["agreements"][0]["clauses"][1]["schools"] == [{"slug": "old", "name": odd}]


def test_an_unknown_template():
    refused = run(app, ["new", "everything-open"])
    assert refused.exit_code == 1 and "exterior-always" in refused.stderr


def test_the_list():
    told = json.loads(run(app, ["templates", "--json"]).stdout)["templates"]
    assert [t["name"] for t in told] == NAMES
    plain = run(app, ["templates"]).stdout
    assert all(name in plain for name in NAMES)


@pytest.mark.parametrize("template", library.templates(), ids=lambda t: t.name)
def test_each_is_documented_with_its_sources_and_choices(template):
    page = DOCS.read_text()
    assert f"## `{template.name}`" in page
    part = page.split(f"## `{template.name}`", 1)[1].split("\n## ", 1)[0]
    assert template.after in part
    for line in (*template.carries, *template.ours, *(s.address for s in template.sources)):
        assert line in part, line
    for blank in template.blanks:
        assert f"`{blank}`" in page, blank


def test_no_file_lies_in_the_library_that_is_no_template():
    assert {p.stem for p in library.FOLDER.glob("*.toml")} == {*NAMES, "sources"}
