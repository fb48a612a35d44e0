"""The export is enough for an outsider: its sample is decided again from its files alone, by plain cedarpy."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import cedarpy
import pytest
from typer.testing import CliRunner

from sightpact.agreements.cli import app
from sightpact.agreements.document import from_canonical, render_text
from sightpact.agreements.templates import templates
from tests import regional

from .conftest import DEMO
from .templates.filled import text_of

run = CliRunner().invoke
TEXTS = ["agreement", "house_policy", "regional", *(t.name for t in templates())]


def exported(name: str, tmp_path: Path) -> Path:
    file = regional.TEXT if name == "regional" else DEMO / f"{name}.toml"
    if not file.exists():
        file = tmp_path / "text.toml"
        file.write_text(text_of(name))
    done = run(app, ["export", str(file), str(tmp_path / "out"), "--json"])
    assert done.exit_code == 0, done.stderr
    assert set(json.loads(done.stdout)["files"]) == {p.name for p in (tmp_path / "out").iterdir()}
    return tmp_path / "out"


def decide(folder: Path) -> list[tuple[str, str, str]]:
    """(name, told, decided) of each question that plain Cedar answers otherwise than the file says."""
    policy, schema = (folder / "policy.cedar").read_text(), (folder / "schema.cedarschema").read_text()
    wrong = []
    for test in json.loads((folder / "sample.json").read_text()):
        result = cedarpy.is_authorized(test["request"], policy, test["entities"], schema)
        assert not result.diagnostics.errors
        decided = "allow" if result.decision == cedarpy.Decision.Allow else "deny"
        ids = re.findall(r'@id\("([^"]+)"\)', policy)
        by = {ids[int(r.removeprefix("policy"))] for r in result.diagnostics.reasons}
        if decided != test["decision"] or (decided == "allow" and test["section"] not in by):
            wrong.append((test["name"], test["decision"], decided))
    return wrong


@pytest.mark.parametrize("name", TEXTS)
def test_plain_cedar_agrees_with_every_answer(name, tmp_path):
    folder = exported(name, tmp_path)
    assert decide(folder) == []
    sample = json.loads((folder / "sample.json").read_text())
    assert {t["decision"] for t in sample} == {"allow", "deny"}
    granted = {t["section"] for t in sample if t["section"]}
    permits = set(re.findall(r'@id\("([^"]+)"\)\npermit', (folder / "policy.cedar").read_text()))
    assert granted == permits, "each section that permits something stands in the sample"
    assert len({t["name"] for t in sample}) == len(sample) > 50


def test_it_bites(tmp_path):
    folder = exported("agreement", tmp_path)
    policy = folder / "policy.cedar"
    policy.write_text(policy.read_text().replace("context.emergency_medical", "context.in_force"))
    assert decide(folder)


def test_the_files_are_the_text_and_its_sums(tmp_path):
    folder = exported("agreement", tmp_path)
    document = from_canonical((folder / "agreement.json").read_bytes())
    assert (folder / "agreement.txt").read_text() == render_text(document)
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        told, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == told
    readme = (folder / "README.md").read_text()
    for name in ("agreement.json", "policy.cedar"):
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() in readme
    assert all(p.name in readme or p.name == "README.md" for p in folder.iterdir())


def test_the_same_text_gives_the_same_files(tmp_path):
    """Also in another process, where sets are ordered otherwise."""
    folder = exported("agreement", tmp_path)
    command = [sys.executable, "-m", "sightpact", "agreement", "export", str(DEMO / "agreement.toml")]
    subprocess.run([*command, str(tmp_path / "again")], check=True, capture_output=True)
    assert (tmp_path / "again/SHA256SUMS").read_text() == (folder / "SHA256SUMS").read_text()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine").write_text("kept")
    refused = run(app, ["export", str(DEMO / "agreement.toml"), str(tmp_path)])
    assert refused.exit_code == 2 and "is not empty" in refused.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]
