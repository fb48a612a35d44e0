"""A deployment's world, written to a file, proves the same on a machine that has nothing else of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sightpact.access.cli_agreement import app
from sightpact.agreements import reads, stored_world, world_file
from sightpact.agreements.errors import AgreementError
from tests import lakeview
from tests.lakeview import DEMO

pytestmark = pytest.mark.django_db
TEXT = str(DEMO / "agreement.toml")


def test_it_is_the_same_world_elsewhere(db: None, tmp_path: Path) -> None:
    lakeview.build()
    file = tmp_path / "world.json"
    assert CliRunner().invoke(app, ["world", str(file)]).exit_code == 0
    again, names = world_file.loads(file.read_text())
    here = stored_world.bare()
    slugs = reads.slugs()
    assert again.cameras == here.cameras and again.schools == here.schools and again.parties == here.parties
    for id, person in here.persons.items():
        assert again.persons[id].roles == person.roles and again.persons[id].active == person.active
        assert again.persons[id].named_in == {slugs[a] for a in person.named_in}
    assert names == {}
    text = file.read_text()
    for secret in ("Omar", "Hallway", "192.0.2.1", "lake-"):
        assert secret not in text
    assert CliRunner().invoke(app, ["world", str(file)]).exit_code == 2, "nothing is overwritten"


def test_it_proves_there_and_says_names_only_when_they_were_given(db: None, tmp_path: Path) -> None:
    lakeview.build()
    bare, named = tmp_path / "bare.json", tmp_path / "named.json"
    CliRunner().invoke(app, ["world", str(bare)])
    CliRunner().invoke(app, ["world", "--names", str(named)])
    careless = tmp_path / "careless.toml"
    careless.write_text(
        Path(TEXT).read_text().replace('"field", "bus_loop"]', '"field", "bus_loop", "hallway"]', 1)
    )
    for file, told in ((bare, False), (named, True)):
        done = CliRunner().invoke(app, ["prove", TEXT, "--world", str(file), "--json"])
        (result,) = json.loads(done.stdout)["agreements"]
        assert done.exit_code == 0 and result["holds"] and result["cameras"] == 24, done.stdout
        broken = CliRunner().invoke(app, ["prove", str(careless), "--world", str(file)])
        assert broken.exit_code == 1 and "BROKEN" in broken.stdout
        # two schools have a hallway; which of them is the example hangs on ids
        schools = ("at Lakeview High", "at Lakeview Middle")
        assert any(school in broken.stdout for school in schools) is told


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"form": "x"}', "[" * 5000, '{"form": "sightpact/world/v1", "parties": [{"id": 1}]}'],
)
def test_what_is_no_world_is_said(content: str, tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match="is not a world"):
        world_file.loads(content)
    file = tmp_path / "x.json"
    file.write_text(content)
    assert CliRunner().invoke(app, ["prove", TEXT, "--world", str(file)]).exit_code == 2
    assert CliRunner().invoke(app, ["prove", TEXT, "--world", str(tmp_path / "none")]).exit_code == 2
