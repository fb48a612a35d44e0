"""`sightpact init` and the checks of each start, as commands in processes of their own, on folders of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest


def sightpact(data: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SIGHTPACT_", "DJANGO_"))}
    started = [
        sys.executable,
        "-c",
        "from sightpact.web.cli import main; main()",
        "--data",
        str(data),
        *command,
    ]
    return subprocess.run(
        started, env=clean | environment, capture_output=True, text=True, timeout=120, check=False
    )


def check(data: Path, **environment: str) -> str:
    """What a start would refuse with; empty when it would start."""
    code = "from sightpact.web import config, init; init.ready_or_exit(config.load())"
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SIGHTPACT_", "DJANGO_"))}
    clean |= {"SIGHTPACT_DATA": str(data), "DJANGO_SETTINGS_MODULE": "sightpact.web.settings"} | environment
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import click\ntry:\n {code}\nexcept click.ClickException as f: print(f.message)",
        ],
        env=clean,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    data = tmp_path_factory.mktemp("made") / "data"
    done = sightpact(data, "init")
    assert done.returncode == 0, done.stderr
    assert "bound to 'localhost'" in done.stdout and "recovery" in done.stdout
    return data


def test_it_makes_closed_keys_a_database_and_the_journal(made: Path) -> None:
    for name in ("keys/server.age", "keys/log.key", "keys/session.key", "rp_id"):
        assert (made / name).stat().st_mode & 0o777 == 0o600, name
    assert (made / "keys").stat().st_mode & 0o777 == 0o700
    assert (made / "sightpact.sqlite3").exists() and (made / "journal/reserved.journal").stat().st_size > 0
    assert check(made) == ""


def test_again_keeps_everything_and_adds_a_recovery_key(made: Path) -> None:
    before = {path.name: path.read_bytes() for path in (made / "keys").iterdir()}
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    done = sightpact(made, "init", "--recovery", recipient)
    assert done.returncode == 0 and "recovery key." in done.stdout
    after = {path.name: path.read_bytes() for path in (made / "keys").iterdir()}
    assert after == before | {"recovery.age.pub": f"{recipient}\n".encode()}
    wrong = sightpact(made, "init", "--recovery", "ssh-ed25519 AAAA")
    assert wrong.returncode == 1 and "age-keygen" in wrong.stderr


def test_another_rp_id_is_refused_in_a_clear_line(made: Path) -> None:
    other = {"SIGHTPACT_PUBLIC_URL": "https://sightpact.lakeview.example", "SIGHTPACT_BEHIND_PROXY": "true"}
    for said in (check(made, **other), sightpact(made, "init", **other).stderr):
        assert (
            "bound to 'localhost'" in said and "sightpact.lakeview.example" in said and "public_url" in said
        )
    refused = sightpact(made, "serve", **other)
    assert refused.returncode == 1 and "bound to 'localhost'" in refused.stderr


def test_a_folder_that_was_never_set_up_is_not_served(tmp_path: Path) -> None:
    assert "sightpact init" in check(tmp_path / "data")


def test_an_open_or_missing_key_is_not_served(made: Path) -> None:
    key = made / "keys/server.age"
    key.chmod(0o644)
    try:
        assert f"chmod 600 {key}" in check(made)
    finally:
        key.chmod(0o600)
    log = made / "keys/log.key"
    content = log.read_text()
    log.unlink()
    try:
        assert "log.key is missing" in check(made)
    finally:
        log.write_text(content)
        log.chmod(0o600)


def test_a_lost_record_is_not_silently_begun_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert sightpact(data, "init").returncode == 0
    for path in data.glob("sightpact.sqlite3*"):
        path.unlink()
    refused = sightpact(data, "init")
    assert refused.returncode == 1 and "--new-record" in refused.stderr
    assert "--new-record" in check(data)
    anew = sightpact(data, "init", "--new-record")
    assert anew.returncode == 0 and "log.key.1" in anew.stdout, anew.stderr
    assert check(data) == ""
    assert "log_origin" in sightpact(data, "init", "--new-record").stderr


def test_a_district_is_imported_by_the_command(made: Path, tmp_path: Path) -> None:
    from tests.importing.conftest import SIGNED

    file = tmp_path / "lakeview.toml"
    file.write_text(SIGNED)
    done = sightpact(made, "import", str(file))
    assert done.returncode == 0, done.stderr
    assert "Changed" in done.stdout
    assert "Nothing to do" in sightpact(made, "import", str(file)).stdout
    invited = sightpact(made, "person", "invite", "omar")
    assert invited.stdout.startswith("http://localhost:8000/join/"), invited.stderr
    bad = tmp_path / "bad.toml"
    bad.write_text(SIGNED + "x = 1\n")
    assert sightpact(made, "import", str(bad)).returncode == 1
