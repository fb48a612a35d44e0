from __future__ import annotations

import pytest
from typer.testing import CliRunner

from sightpact.people import actions, reads
from sightpact.people.cli import app
from sightpact.people.tokens import digest

pytestmark = pytest.mark.django_db
run = CliRunner().invoke


def test_invite_prints_one_link(cast) -> None:
    result = run(app, ["invite", "omar"])
    assert result.exit_code == 0
    secret = result.stdout.strip().removeprefix("http://localhost:8000/join/").rstrip("/")
    assert reads.invited(digest(secret)) == cast["omar"]


def test_keys_lists_start_devices_and_revokes_them(cast) -> None:
    actions.enrol_start_key(cast["pia"].id, "Office phone")
    key = reads.start_keys(cast["pia"].id)[0].id
    assert f"start device {key}  Office phone" in run(app, ["keys", "pia"]).stdout
    assert run(app, ["revoke-device", key]).stdout == "Revoked.\n"
    assert "revoked" in run(app, ["keys", "pia"]).stdout


@pytest.mark.parametrize(
    "command", [["invite", "x"], ["keys", "x"], ["take-out", "x"], ["revoke-passkey", "pia", "9"]]
)
def test_errors_are_one_line_and_exit_1(cast, command: list[str]) -> None:
    result = run(app, command)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1 and "none" in result.stderr


def test_take_out(cast) -> None:
    assert run(app, ["take-out", "omar"]).stdout == "Taken out.\n"
    assert not reads.person(cast["omar"].id).active
