from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from typer.testing import CliRunner

from sightpact.access.cli_person import app
from sightpact.people import actions, reads
from sightpact.people.models import Account
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


def test_a_lost_telephone_loses_its_start_key_too(cast) -> None:
    account = Account.objects.get(person__id=cast["pia"].id)
    numbers = [
        Authenticator.objects.create(
            user=account, type="webauthn", data={"name": "Phone", "credential": {}}
        ).pk
        for _ in range(2)
    ]
    secret = actions.enrol_start_key(cast["pia"].id, "Phone")
    key = reads.start_keys(cast["pia"].id)[0].id
    told = run(app, ["revoke-passkey", "pia", str(numbers[0])])
    assert told.exit_code == 0 and f"start device {key}  Phone  still starts" in told.stdout
    assert "revoke-device" in told.stdout and actions.use_start_key(secret)
    told = run(app, ["revoke-passkey", "pia", str(numbers[1]), "--devices"])
    assert told.exit_code == 0 and f"{key}  Phone  revoked" in told.stdout
    assert actions.use_start_key(secret) is None
