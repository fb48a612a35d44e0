"""What a redline says: the words, and the change in access, which the law itself is asked for."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sightpact.agreements import diff, madeup, word_change
from sightpact.agreements.access_change import sentence
from sightpact.agreements.cli import app
from sightpact.agreements.document import parse
from sightpact.agreements.opens import ALWAYS, Alike, opens
from sightpact.agreements.word_change import IN, OUT, SAME, Piece, pieces
from sightpact.decide.facts import AREA_KINDS, PRIVATE_AREA_KINDS, Action

from .conftest import DEMO, clause, raw_text, signed_in

run = CliRunner().invoke
MOU = raw_text("agreement")


def changed(raw: dict[str, Any]) -> diff.Change:
    raw["revision"] = 2
    return diff.compare_made_up(parse(MOU), parse(raw))


def said(change: diff.Change, number: str) -> list[str]:
    (section,) = [s for s in change.sections if s.number == number]
    return [sentence(line, change.context) for line in section.lines]


# words --------------------------------------------------------------------------------------------------------


def test_words_that_go_out_stand_before_those_that_come_in():
    assert pieces("trains each person every year.", "trains each person every six months.") == (
        Piece(SAME, "trains each person every "),
        Piece(OUT, "year"),
        Piece(IN, "six months"),
        Piece(SAME, "."),
    )
    assert pieces("the same", "the same") == (Piece(SAME, "the same"),)
    assert pieces("", "new words") == (Piece(IN, "new words"),)


@given(st.lists(st.sampled_from(["a", "be", "12", " ", "\n", ".", ", ", "it's"])), st.integers(0, 9999))
@settings(max_examples=150, deadline=None)
def test_no_word_is_lost_or_made_up(tokens, seed):
    shuffled = tokens[:]
    random.Random(seed).shuffle(shuffled)
    old, new = "".join(tokens), "".join(shuffled[: len(shuffled) // 2] + tokens[len(tokens) // 2 :])
    found = pieces(old, new)
    assert "".join(p.text for p in found if p.op != IN) == old
    assert "".join(p.text for p in found if p.op != OUT) == new


def test_sections_added_removed_and_renumbered(mou):
    fair = clause(mou, "5.3")
    mou["clauses"].remove(clause(mou, "7.2"))
    fair["number"] = "5.4"
    extra = {"number": "5.3", "heading": "Signs", "kind": "kept_by_people", "text": "Signs tell of cameras."}
    mou["clauses"].insert(mou["clauses"].index(fair), extra)
    change = changed(mou)
    assert [(s.old_number, s.new_number, s.state) for s in change.changed] == [
        ("", "5.3", "added"),
        ("5.3", "5.4", "renumbered"),
        ("7.2", "", "removed"),
    ]
    assert change.same_access


def test_a_new_number_of_the_annex_changes_the_words_that_name_it(mou):
    clause(mou, "4.1")["number"] = "4.9"
    change = changed(mou)
    states = {s.number: s.state for s in change.changed}
    assert states["4.9"] == "renumbered" and states["3.1"] == "changed"
    assert change.same_access


def test_nothing_changed():
    change = diff.compare_made_up(parse(MOU), parse(MOU))
    assert change.changed == () and change.same_access


# access -------------------------------------------------------------------------------------------------------


def test_one_more_kind_of_emergency(mou):
    flood = {"kind": "flood", "label": "Flood", "meaning": "a flood", "minutes": 60, "cap_minutes": 60}
    clause(mou, "3.2")["emergencies"].append(flood)
    change = changed(mou)
    (line,) = said(change, "3.2")
    assert line.startswith(
        "Opens 18 inside cameras at a school and another school to 4 named people of the Department"
    )
    assert line.endswith("during: flood.")
    assert [(r.what, r.old, r.new) for r in next(s for s in change.changed).rows] == [
        ("Minutes: flood", "none", "60")
    ]


def test_people_without_a_name_let_in(mou):
    clause(mou, "3.1")["who"] = {"party": "lakeview-pd", "roles": ["dispatcher"]}
    opening, closing = said(changed(mou), "3.1")
    assert opening == (
        "Opens 10 outside cameras at a school and another school to 1 person of the Department who is not named"
        " (dispatchers), at all times."
    )
    assert closing.startswith("Closes 10 outside cameras") and "3 named people of the Department" in closing


def test_what_was_open_in_an_emergency_and_is_open_always_is_said_so(mou):
    clause(mou, "3.1")["area_kinds"].append("hallway")
    (line,) = said(changed(mou), "3.1")
    assert (
        line.startswith("Opens 2 inside cameras") and "at all times; before, only during: intruder, " in line
    )


def test_what_closes_but_stays_open_in_emergencies_is_said_so(mou):
    clause(mou, "3.1")["area_kinds"].remove("parking")
    (line,) = said(changed(mou), "3.1")
    assert line.startswith("Closes 2 outside cameras") and "at all times, except during: intruder, " in line


def test_a_section_can_change_its_access_without_a_changed_word(mou):
    schools = clause(mou, "2.1")
    del schools["all"]
    schools["schools"] = [{"slug": "oak", "name": "Oak"}]
    change = changed(mou)
    section = next(s for s in change.sections if s.number == "3.1")
    assert section.state == "same" and section.closes and not section.opens and section in change.changed


def test_who_may_start(mou):
    clause(mou, "3.3")["who"]["roles"].remove("secretary")
    (line,) = said(changed(mou), "3.3")
    assert (
        line
        == "No longer lets 1 person of the District (school secretaries) start a sharing at a school and another school."
    )


def test_without_inside_counts(mou):
    clause(mou, "3.1")["area_kinds"].append("hallway")
    old, new = parse(MOU), parse(mou)
    world = madeup.inventory(old, new)
    change = diff.compare(old, new, world, madeup.school_names(old, new), new.slug, count_inside=False)
    (line,) = said(change, "3.1")
    assert "Opens inside cameras (hallways) to" in line
    assert all(r.what != "Inside cameras" for s in change.sections for r in s.rows)


SHARED = sorted(AREA_KINDS - PRIVATE_AREA_KINDS)


@st.composite
def texts(draw: st.DrawFn) -> dict[str, Any]:
    raw = copy.deepcopy(MOU)
    kinds = st.lists(st.sampled_from(SHARED), min_size=1, max_size=4, unique=True)
    who = st.fixed_dictionaries(
        {
            "party": st.just("lakeview-pd"),
            "roles": st.lists(st.sampled_from(["dispatcher", "sro"]), min_size=1, unique=True),
            "named_only": st.booleans(),
        }
    )
    for number in ("3.1", "3.2"):
        clause(raw, number).update(area_kinds=draw(kinds), who=draw(who))
    listed = clause(raw, "3.2")["emergencies"]
    clause(raw, "3.2")["emergencies"] = listed[: draw(st.integers(1, 3))]
    return raw


@given(texts(), texts())
@settings(max_examples=5, deadline=None)
def test_the_lines_are_exactly_the_difference(one, two):
    """Every cell, asked one by one, against what the lines say when they are written out again."""
    old, new = parse(one), parse(two)
    change = diff.compare_made_up(old, new)
    world = change.context.inventory
    everybody = Alike(tuple((p, (p,)) for p in world.persons), tuple((c, (c,)) for c in world.cameras))
    kinds = {e.kind for d in (old, new) for c in d.clauses for e in getattr(c, "emergencies", ())}

    def cells(document):
        """Open cells; what is open at all times is open in each kind, also in one that this text does not know."""
        found = set()
        for person, camera, when in opens(document, world, new.slug, everybody).views:
            if not world.cameras[camera].drill_source:
                found |= {(person, camera, w) for w in ((ALWAYS, *kinds) if when == ALWAYS else (when,))}
        return found

    was, now = cells(old), cells(new)
    told: dict[bool, set] = {True: set(), False: set()}
    for section in change.sections:
        for line in section.lines:
            if line.action is not Action.VIEW_LIVE:
                continue
            whens = {ALWAYS, *kinds} - set(line.still) if line.when == (ALWAYS,) else set(line.when)
            cells_here = {(p, c, w) for p in line.people for c in line.cameras for w in whens}
            assert not cells_here & told[line.opens], "a cell is told twice"
            told[line.opens] |= cells_here
    assert told[True] == now - was
    assert told[False] == was - now


# command line ---------------------------------------------------------------------------------------------------


def test_on_the_command_line(tmp_path):
    two = tmp_path / "two.toml"
    two.write_text(
        (DEMO / "agreement.toml")
        .read_text()
        .replace("every year in", "every six months in")
        .replace('roles = ["chief"]', 'roles = ["sro"]')
    )
    first = str(DEMO / "agreement.toml")
    told = run(app, ["diff", first, str(two)])
    assert told.exit_code == 1
    assert "every [-year-]{+six months+} in" in told.stdout and "Counted on a made-up world" in told.stdout
    assert "+ Lets 2 school resource officers of the Department read the record." in told.stdout
    answer = json.loads(run(app, ["diff", first, str(two), "--json"]).stdout)
    assert answer["world"] == "made up" and answer["opens"] == 1 and answer["closes"] == 1
    assert [s["new_number"] for s in answer["sections"]] == ["4.2", "6.1"]
    assert run(app, ["diff", first, first]).exit_code == 0


@pytest.mark.parametrize("other", ["house_policy.toml", "no-such.toml"])
def test_what_cannot_be_compared_is_refused(other):
    refused = run(app, ["diff", str(DEMO / "agreement.toml"), str(DEMO / other)])
    assert refused.exit_code == 2 and refused.stderr and word_change.SAME not in refused.stdout


@pytest.mark.django_db
def test_over_what_is_stored(lakeview, mou):
    """The real people of the annex and the real cameras are counted."""
    from sightpact.agreements import actions, redline
    from sightpact.cameras.models import Area, Camera, School

    signed_in(lakeview, copy.deepcopy(MOU))
    actions.name_person("lakeview-mou", "omar", "Dispatcher")
    school = School.objects.get()
    hall = Area.objects.create(slug="hall", school=school, kind="hallway", name="Hall")
    for number in range(3):
        camera = Camera.objects.create(
            slug=f"c{number}", school=school, name=f"Hall {number}", address="rtsp://198.51.100.7/x"
        )
        camera.areas.add(hall)
    clause(mou, "3.2")["emergencies"].append(
        {"kind": "flood", "label": "Flood", "meaning": "a flood", "minutes": 60, "cap_minutes": 60}
    )
    mou["revision"] = 2
    change = redline.over_stored(parse(MOU), parse(mou))
    assert said(change, "3.2") == [
        "Opens 3 inside cameras at Lakeview High School to 1 named person of the Department (dispatchers), during: flood."
    ]
    clause(mou, "3.3")["who"]["roles"].remove(
        "secretary"
    )  # nobody is one today: on paper it closes all the same
    section = next(s for s in redline.over_stored(parse(MOU), parse(mou)).sections if s.number == "3.3")
    assert section.lines == () and section.could_close and section.closes and not section.opens
    mou["slug"] = "another-mou"  # not stored: rosa, who is in no annex yet, is counted as well
    first = {**MOU, "slug": "another-mou"}
    (line,) = said(redline.over_stored(parse(first), parse(mou)), "3.2")
    assert "to 2 named people of the Department" in line
