"""The command line as a lawyer's or a chief's own machine runs it: files in, exit codes out, no server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sightpact.agreements.cli import app

from .conftest import DEMO

MOU, HOUSE = str(DEMO / "agreement.toml"), str(DEMO / "house_policy.toml")
run = CliRunner().invoke


def test_check_and_render():
    found = run(app, ["check", MOU, "--json"])
    answer = json.loads(found.stdout)
    assert found.exit_code == 0 and answer["ok"] and answer["faults"] == [] and len(answer["hashes"]) == 4
    assert run(app, ["render", MOU]).stdout.startswith("Memorandum of Understanding on School Cameras\n")
    assert '@id("3.2")' in run(app, ["cedar", MOU]).stdout
    assert "emergency_intruder: Bool" in run(app, ["cedar", MOU, "--schema"]).stdout
    assert json.loads(run(app, ["schema"]).stdout)["title"] == "Sightpact agreement"


def test_canonical_json_is_read_like_toml(tmp_path):
    out = tmp_path / "mou.json"
    assert run(app, ["canonical", MOU, str(out)]).exit_code == 0
    one, two = (json.loads(run(app, ["check", f, "--json"]).stdout)["hashes"] for f in (MOU, str(out)))
    assert one == two


def test_faults_are_listed_and_the_exit_code_says_so(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text(
        Path(MOU)
        .read_text()
        .replace('"lobby", "hallway"', '"lobby", "classroom"')
        .replace("standing_s = 2", "")
    )
    found = run(app, ["check", str(bad)])
    assert found.exit_code == 1
    assert (
        "classroom" in found.stdout
        and "cannot be put in scope" in found.stdout
        and "standing_s" in found.stdout
    )
    assert run(app, ["check", str(tmp_path / "none.toml")]).exit_code == 2
    assert run(app, ["render", str(bad)]).exit_code == 1


def _signed(tmp_path: Path, party: str, file: str = MOU) -> tuple[str, str]:
    key, out = tmp_path / f"{party}.pem", tmp_path / f"{party}.dsse.json"
    if not key.exists():
        assert run(app, ["keygen", str(key)]).exit_code == 0
    assert run(app, ["sign", file, "--key", str(key), "--party", party, "--out", str(out)]).exit_code == 0
    return f"{party}={key}.pub", str(out)


def test_sign_and_verify_by_both_parties(tmp_path):
    usd_key, usd = _signed(tmp_path, "lakeview-usd")
    pd_key, pd = _signed(tmp_path, "lakeview-pd")
    assert (tmp_path / "lakeview-pd.pem").stat().st_mode & 0o077 == 0
    both = ["--key", usd_key, "--key", pd_key]
    good = run(app, ["verify", MOU, usd, pd, *both])
    assert good.exit_code == 0 and "Signed by all parties" in good.stdout
    one = run(app, ["verify", MOU, usd, *both])
    assert one.exit_code == 1 and "lakeview-pd" in one.stderr and "has not signed" in one.stderr
    same = run(
        app, ["verify", MOU, usd, pd, *both, "--key", usd_key.replace("lakeview-usd=", "lakeview-pd=")]
    )
    assert same.exit_code == 1 and "Each party needs its own key" in same.stderr


def test_a_signature_over_another_text_is_refused(tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(Path(MOU).read_text().replace("standing_s = 2", "standing_s = 3"))
    usd_key, usd = _signed(tmp_path, "lakeview-usd")
    pd_key, pd = _signed(tmp_path, "lakeview-pd", str(other))
    found = run(app, ["verify", MOU, usd, pd, "--key", usd_key, "--key", pd_key, "--json"])
    answer = json.loads(found.stdout)
    assert found.exit_code == 1 and not answer["ok"] and "the words" in answer["why"]


def test_a_password_protects_the_key(tmp_path, monkeypatch):
    monkeypatch.setenv("SIGHTPACT_KEY_PASSWORD", "correct horse")
    _signed(tmp_path, "lakeview-usd", HOUSE)
    monkeypatch.delenv("SIGHTPACT_KEY_PASSWORD")
    command = ["sign", HOUSE, "--key", str(tmp_path / "lakeview-usd.pem"), "--party", "lakeview-usd"]
    refused = run(app, command)
    assert refused.exit_code == 1 and "cannot be read" in refused.stderr


@pytest.mark.parametrize("module", ["django", "sqlite3"])
def test_it_needs_no_server(module):
    code = f"import sys; import sightpact.agreements.cli; sys.exit('{module}' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, env={}).returncode == 0
