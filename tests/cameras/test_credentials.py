from __future__ import annotations

from pathlib import Path

import pyrage
import pytest

from sightpact.cameras import credentials
from sightpact.cameras.errors import CredentialsFault


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    credentials.make_server_key(tmp_path)
    return tmp_path


def test_what_is_sealed_can_be_opened_and_reads_as_nothing(folder: Path) -> None:
    sealed = credentials.seal(folder, "viewer", "pa:ss ü")
    assert b"viewer" not in sealed and b"pa:ss" not in sealed
    assert credentials.open_sealed(folder, sealed) == ("viewer", "pa:ss ü")
    assert credentials.seal(folder, "viewer", "pa:ss ü") != sealed


def test_the_server_key_is_made_once_and_closed(folder: Path) -> None:
    before = (folder / "server.age").read_text()
    assert credentials.make_server_key(folder).startswith("age1")
    assert (folder / "server.age").read_text() == before
    assert (folder / "server.age").stat().st_mode & 0o777 == 0o600
    assert [p.name for p in folder.iterdir()] == ["server.age"]


def test_the_owners_recovery_key_opens_too(folder: Path) -> None:
    offline = pyrage.x25519.Identity.generate()
    credentials.set_recovery(folder, str(offline.to_public()))
    credentials.set_recovery(folder, f" {offline.to_public()}\n")
    sealed = credentials.seal(folder, "viewer", "x")
    assert b'"viewer"' in pyrage.decrypt(sealed, [offline])
    with pytest.raises(CredentialsFault, match="another one is set"):
        credentials.set_recovery(folder, str(pyrage.x25519.Identity.generate().to_public()))


@pytest.mark.parametrize("text", ["", "age1x", "AGE-SECRET-KEY-1", "ssh-ed25519 AAAA"])
def test_only_an_age_recipient_can_be_a_recovery_key(folder: Path, text: str) -> None:
    with pytest.raises(CredentialsFault, match="age-keygen"):
        credentials.set_recovery(folder, text)


def test_another_server_or_damage_opens_nothing_and_says_so(folder: Path, tmp_path_factory) -> None:
    sealed = credentials.seal(folder, "viewer", "hunter2")
    other = tmp_path_factory.mktemp("other")
    credentials.make_server_key(other)
    for keys, data in ((other, sealed), (folder, sealed[:-1]), (folder, b""), (folder, b"x" * 400)):
        with pytest.raises(CredentialsFault) as fault:
            credentials.open_sealed(keys, data)
        assert "hunter2" not in str(fault.value) and "Restore" in str(fault.value)


def test_a_missing_open_or_damaged_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CredentialsFault, match="sightpact init"):
        credentials.seal(tmp_path, "a", "b")
    credentials.make_server_key(tmp_path)
    key = tmp_path / "server.age"
    key.chmod(0o640)
    with pytest.raises(CredentialsFault, match="chmod 600"):
        credentials.seal(tmp_path, "a", "b")
    key.chmod(0o600)
    key.write_text("AGE-SECRET-KEY-1BROKEN")
    with pytest.raises(CredentialsFault, match="damaged"):
        credentials.seal(tmp_path, "a", "b")
