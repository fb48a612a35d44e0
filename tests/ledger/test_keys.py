"""The signing key's file: closed to others, made once, never replaced for a log that exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction

from sightpact.ledger import actions, keys
from sightpact.ledger.entries import NewEntry
from sightpact.ledger.errors import BadNote, KeyTrouble
from sightpact.ledger.models import Entry


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    keys.load.cache_clear()
    yield
    keys.load.cache_clear()


def test_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    made = keys.create(path, "lakeview.example/log")
    assert keys.create(path, "lakeview.example/log").vkey == made.vkey == keys.load(path).vkey
    assert path.stat().st_mode & 0o777 == 0o600 and [p.name for p in tmp_path.iterdir()] == ["log.key"]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    keys.create(path, "lakeview.example/log")
    path.chmod(0o640)
    with pytest.raises(KeyTrouble, match="chmod 600"):
        keys.load(path)
    path.chmod(0o600)
    path.write_text("garbage")
    with pytest.raises(BadNote):
        keys.load(path)


@pytest.mark.django_db
def test_a_log_without_its_key_is_not_given_another(settings, tmp_path: Path) -> None:
    with transaction.atomic():
        actions.append([NewEntry("alarm")])
    (tmp_path / "keys").mkdir()
    settings.SIGHTPACT = replace(settings.SIGHTPACT, data=tmp_path)
    with pytest.raises(KeyTrouble, match="backup"), transaction.atomic():
        actions.append([NewEntry("alarm")])
    assert Entry.objects.count() == 2 and not list((tmp_path / "keys").iterdir())
