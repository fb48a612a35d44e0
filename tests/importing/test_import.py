"""The import from end to end: file in, database and ledger out."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from sightpact.agreements import reads as agreements
from sightpact.cameras import actions as camera_actions
from sightpact.cameras import reads as cameras
from sightpact.ledger import reads as ledger
from sightpact.ledger.models import Entry, Opening
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from sightpact.web.importing.cli import app
from tests.importing.conftest import EXAMPLE, SIGNED

pytestmark = pytest.mark.django_db


def run(path, *options: str) -> tuple[int, dict]:
    result = CliRunner().invoke(app, [str(path), "--json", *options])
    return result.exit_code, json.loads(result.stdout)


def kinds() -> list[str]:
    return list(Entry.objects.order_by("index").values_list("type", flat=True))


def test_the_pages_example_is_imported_whole(write) -> None:
    code, answer = run(write(SIGNED))
    assert (code, answer["ok"]) == (0, True), answer
    assert answer["counts"] == {
        "parties": 2,
        "persons": 5,
        "schools": 1,
        "areas": 3,
        "cameras": 4,
        "signing keys": 2,
        "agreements": 1,
    }
    assert people.person_by_slug("omar").title == "dispatch console 2"
    assert people.person_by_slug("pia").home_school == "lakeview-high"
    cards = {c.slug: c for c in cameras.cameras()}
    assert cards["lakeview-high-hallway-b-end"].private
    assert not cards["lakeview-high-new"].classified
    assert cameras.cameras()[0].slug == "lakeview-high-north-lot", "in the file's order"
    sources = {s.id: s for s in cameras.sources()}
    assert sources[cards["lakeview-high-hallway-b-east"].id].password == "made up, 7 words long"
    (running,) = agreements.agreements_for_facts()
    assert (running.slug, running.in_force_from.year) == ("lakeview-mou", 2026)
    named = agreements.named_persons()
    assert set(named) == {people.person_by_slug(slug).id for slug in ("omar", "rosa")}


def test_one_import_entry_with_hash_and_counts_hidden(write) -> None:
    _, answer = run(write(SIGNED))
    (entry,) = Entry.objects.filter(type="import")
    assert entry.party == "lakeview-usd"
    text = Opening.objects.get(index=entry.index, field="text")
    assert text.key == answer["sha256"] and "4 cameras" in text.value
    assert b"cameras" not in bytes(entry.data)
    assert kinds().count("inventory_change") == 1, "one a school, whatever it is about"
    everything = " ".join(Opening.objects.values_list("value", flat=True))
    assert "made up, 7 words" not in everything and "gateway" not in everything


def test_twice_is_once(write) -> None:
    path = write(SIGNED)
    run(path)
    before, entries = ledger.epoch(), Entry.objects.count()
    code, answer = run(path)
    assert (code, answer["changes"]) == (0, [])
    assert (ledger.epoch(), Entry.objects.count()) == (before, entries)
    assert "Nothing to do" in CliRunner().invoke(app, [str(path)]).stdout


def test_a_dry_run_says_the_same_and_changes_nothing(write) -> None:
    path = write(SIGNED)
    code, would = run(path, "--dry-run")
    assert code == 0 and would["changes"] and people.parties() == () and Entry.objects.count() == 0
    assert run(path)[1]["changes"] == would["changes"]


def test_only_what_differs_is_changed(write) -> None:
    run(write(SIGNED))
    entries = Entry.objects.count()
    text = SIGNED.replace('name = "North lot"\naddress', 'name = "North parking"\naddress').replace(
        'role = "sro", title = "school resource officer"', 'role = "sro", title = "SRO"'
    )
    _, answer = run(write(text))
    assert answer["changes"] == [
        "person rosa altered (roles)",
        "camera lakeview-high-north-lot altered (name)",
    ]
    assert kinds()[entries:] == ["person_change", "inventory_change", "guarantees_proven", "import"]


def test_a_part_alone_builds_on_what_is_here(write) -> None:
    run(write(SIGNED))
    camera = (
        '[[cameras]]\nslug = "x"\nschool = "lakeview-high"\nareas = ["lakeview-high-guidance"]\nname = "X"\n'
    )
    _, answer = run(write(camera + 'address = "rtsp://10.20.0.99/"\n'))
    assert answer["changes"] == ["camera x added"]


def test_leaving_out_takes_nothing_back(write) -> None:
    run(write(SIGNED))
    people_actions.deactivate("omar")
    camera_actions.withdraw_camera("lakeview-high-north-lot")
    _, answer = run(write(SIGNED))
    assert answer["changes"] == []
    assert not people.person_by_slug("omar").active
    gone = SIGNED.replace('slug = "rosa"\n', 'slug = "rosa"\nactive = false\n')
    assert run(write(gone))[1]["changes"] == ["person rosa taken out"]
    assert run(write(gone))[1]["changes"] == []
    back = gone.replace("active = false", "active = true")
    answer = run(write(back))[1]
    assert answer["changes"] == ["person rosa taken in again"]
    assert answer["waiting"] and not people.person_by_slug("rosa").active, (
        "it gives her more: a second person decides"
    )


def test_an_unsigned_agreement_is_stored_and_opens_nothing(write) -> None:
    code, _ = run(write(EXAMPLE))
    assert code == 0 and agreements.agreements_for_facts() == ()


def test_a_changed_text_needs_a_new_revision(write) -> None:
    run(write(SIGNED))
    changed = EXAMPLE.replace("standing_s = 2", "standing_s = 3")
    code, answer = run(write(changed))
    assert code == 1 and "revision = 2" in answer["faults"][0]["remedy"]
    code, answer = run(write(changed.replace("revision = 1", "revision = 2")))
    assert code == 0 and "agreement lakeview-mou: revision 2 stored" in answer["changes"]


def test_readable_output(write) -> None:
    path = write(SIGNED)
    result = CliRunner().invoke(app, [str(path)])
    assert (
        "2 parties, 5 persons, 1 schools" in result.stdout and "  party lakeview-usd added" in result.stdout
    )
    bad = CliRunner().invoke(app, [str(write(SIGNED + "\n[[x]]\n"))])
    assert bad.exit_code == 1 and "Nothing was changed." in bad.stderr
    missing = CliRunner().invoke(app, [str(path.with_name("nothing.toml"))])
    assert missing.exit_code == 1 and "cannot be read" in missing.stderr


def test_many_cameras_are_counted_not_listed(write) -> None:
    run(write(SIGNED))
    rows = "".join(
        f'[[cameras]]\nslug = "c-{n}"\nschool = "lakeview-high"\nareas = []\nname = "C {n}"\naddress = "rtsp://10.0.0.1/"\n'
        for n in range(300)
    )
    result = CliRunner().invoke(app, [str(write(rows))])
    assert "300 x camera added" in result.stdout and "Changed 300." in result.stdout
