"""An import that gives somebody more is one person's word: it waits, sealed, until a second person approves it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from typer.testing import CliRunner

from sightpact.access import changes, facts, sharing
from sightpact.access.changes import ChangeRefused, reads
from sightpact.access.models import PendingChange
from sightpact.agreements import reads as agreements
from sightpact.cameras import credentials
from sightpact.cameras import reads as cameras
from sightpact.ledger.models import Entry
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from sightpact.people.actions import PersonSpec, Role
from sightpact.web.importing.apply import apply
from sightpact.web.importing.change import KINDS
from sightpact.web.importing.cli import app
from sightpact.web.importing.faults import ImportFaults
from sightpact.web.importing.known import known
from sightpact.web.importing.parse import parse
from tests import lakeview
from tests.importing.conftest import EXAMPLE, SIGNED, signed_example

pytestmark = pytest.mark.django_db
CAMERA = (
    '[[cameras]]\nslug = "lakeview-high-annex-door"\nschool = "lakeview-high"\nareas = ["lakeview-high-north-lot"]\n'
    'name = "Annex door"\naddress = "rtsp://10.20.0.77/"\nusername = "gate"\npassword = "three made up words"\n'
)


@pytest.fixture
def running(write: Any) -> Any:
    """The page's example in force, with a second person at the district."""
    facts._latest = None
    assert CliRunner().invoke(app, [str(write(SIGNED))]).exit_code == 0
    if people.person_by_slug("sam") is None:
        people_actions.add_person(
            PersonSpec("sam", "Sam Whitfield"), [Role("lakeview-usd", "superintendent")]
        )
    return write


def bring(path: Path, *options: str) -> dict[str, Any]:
    result = CliRunner().invoke(app, [str(path), "--json", *options])
    answer: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == (0 if answer["ok"] else 1)
    return answer


def sam() -> people.PersonCard:
    card = people.person_by_slug("sam")
    assert card is not None
    return card


def is_there() -> bool:
    return any(card.slug == "lakeview-high-annex-door" for card in cameras.cameras())


def test_it_waits_and_says_what_it_would_open(running: Any) -> None:
    answer = bring(running(CAMERA))
    assert answer["waiting"] and answer["changes"] == ["camera lakeview-high-annex-door added"]
    assert any("Opens 1 outside camera at Lakeview High" in text for text in answer["access"]), answer
    assert not is_there()
    said = CliRunner().invoke(app, [str(running(CAMERA))]).stdout
    assert "wait for a second person; changed nothing yet" in said
    assert Entry.objects.filter(type="change_proposed").count() == 2, "sealed anew, it is another proposal"


def test_a_second_person_approves_it(running: Any) -> None:
    answer = bring(running(CAMERA))
    snapshot = facts.snapshot()
    (card,) = reads.waiting(snapshot, sam())
    shown = reads.shown_now(card, snapshot, sam(), KINDS)
    assert shown.by == reads.SERVER and shown.digest and not shown.broken
    changes.approve(answer["waiting"], sam(), shown.digest, KINDS)
    assert is_there()
    (source,) = [s for s in cameras.sources() if s.address == "rtsp://10.20.0.77/"]
    assert source.password == "three made up words"
    kinds = list(Entry.objects.order_by("-index").values_list("type", flat=True)[:4])
    assert kinds == ["import", "guarantees_proven", "change_approved", "inventory_change"]


def test_it_waits_without_its_passwords_in_clear(running: Any) -> None:
    answer = bring(running(CAMERA))
    row = PendingChange.objects.get(id=answer["waiting"])
    stored = json.dumps([row.data, row.title, row.says, row.says_outside])
    assert "three made up words" not in stored and "10.20.0.77" not in stored


def test_one_that_cannot_be_opened_any_more_says_so(running: Any) -> None:
    answer = bring(running(CAMERA))
    (settings.SIGHTPACT.keys / credentials.SERVER_KEY).unlink()
    credentials.make_server_key(settings.SIGHTPACT.keys)
    snapshot = facts.snapshot()
    (card,) = reads.waiting(snapshot, sam())
    assert "cannot be opened" in reads.shown_now(card, snapshot, sam(), KINDS).broken
    changes.refuse(answer["waiting"], sam())


def test_another_address_is_another_picture(running: Any) -> None:
    """A camera that others may see must not be pointed elsewhere by one person."""
    moved = SIGNED.replace("rtsp://10.20.0.11/", "rtsp://10.20.0.211/")
    assert moved != SIGNED
    answer = bring(running(moved))
    assert answer["waiting"], answer


def test_a_dry_run_says_it_and_stores_nothing(running: Any) -> None:
    answer = bring(running(CAMERA), "--dry-run")
    assert answer["access"] and not answer["waiting"] and not PendingChange.objects.exists()


def test_an_import_never_cuts_a_running_incident(db: None, keys: Path) -> None:
    facts._latest = None
    district = lakeview.build()
    sharing.start(district.people["pia"], (district.schools["lakeview-high"],), "intruder", key="import")
    gone = b'[[persons]]\nslug = "rosa"\nname = "Rosa Delgado"\nactive = false\nroles = []\n'
    with pytest.raises(ImportFaults, match="never cuts a running incident"):
        apply(parse(gone, known(())), gone)
    rosa = people.person_by_slug("rosa")
    assert rosa is not None and rosa.active
    with pytest.raises(ChangeRefused, match="may not change"):
        changes.propose(changes.TakeOut("rosa"), people.person_by_slug("pia"))
    assert changes.propose(changes.TakeOut("rosa"), None).state == "done", "explicit removal does"


def test_what_opens_under_a_text_that_begins_later_waits_now(running: Any) -> None:
    """Else one person could prepare today what opens by itself tomorrow."""
    who = 'who = { party = "lakeview-pd", named_only = true }\narea_kinds = ["exterior"'
    later = EXAMPLE.replace("revision = 1", "revision = 2").replace(
        "begins = 2026-07-01", "begins = 2030-07-01"
    )
    later = later.replace(
        who, 'who = { party = "lakeview-pd", roles = ["sro"], named_only = true }\narea_kinds = ["exterior"'
    )
    assert bring(running(signed_example(later)))["ok"]
    now, coming = agreements.running_and_coming()
    assert [text.document.revision for text in now] == [1] and [
        text.document.revision for text in coming
    ] == [2]
    named = changes.propose(changes.UnnamePerson("lakeview-mou", "rosa"), None)
    assert named.state == "done"
    outcome = changes.propose(
        changes.SetRoles("omar", (Role("lakeview-pd", "dispatcher"), Role("lakeview-pd", "sro"))), sam()
    )
    assert outcome.state == "waiting"
    says = " ".join(said.text for said in outcome.preview.says)
    assert "outside camera" in says and ", from 2030-07-01.)" in says, says
