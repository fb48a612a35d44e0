"""The import proves what would run before anything is stored for good."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from sightpact.agreements import reads
from sightpact.ledger.models import Entry, Opening
from sightpact.people import reads as people
from sightpact.web.importing.cli import app
from tests.importing.conftest import EXAMPLE, SIGNED, signed_example

pytestmark = pytest.mark.django_db


def run(path) -> tuple[int, dict]:
    result = CliRunner().invoke(app, [str(path), "--json"])
    return result.exit_code, json.loads(result.stdout)


def test_the_certificate_is_entered_in_the_record(write) -> None:
    assert run(write(SIGNED))[0] == 0
    (entry,) = Entry.objects.filter(type="guarantees_proven")
    data = json.loads(bytes(entry.data))
    (running,) = reads.agreements_for_facts()
    assert (data["agreement"], data["outcome"], data["party"]) == ("lakeview-mou", "hold", "lakeview-usd")
    assert data["policy"] == running.policy_hash and len(data["reason_code"]) == 64
    certificate = json.loads(Opening.objects.get(index=entry.index, field="text").value)
    assert certificate["cameras"] == 4 and certificate["failed"] == [] and certificate["decisions"] > 1000
    assert b"decisions" not in bytes(entry.data)


def test_a_broken_guarantee_undoes_everything_and_says_why(write) -> None:
    careless = EXAMPLE.replace('"field", "bus_loop"]', '"field", "bus_loop", "hallway"]', 1)
    assert careless != EXAMPLE
    code, answer = run(write(signed_example(careless)))
    assert code == 1, answer
    (fault,) = answer["faults"]
    assert fault["where"] == "agreement 'lakeview-mou'"
    assert "on a normal day, without any emergency, by section 3.1" in fault["what"]
    assert "section 3.1" in fault["remedy"] and fault["line"] > 1
    assert people.parties() == () and Entry.objects.count() == 0
