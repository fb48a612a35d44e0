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
from sightpact.ledger.models import Entry, Log, Node, Opening


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


@pytest.mark.django_db(transaction=True)
def test_a_key_whose_log_is_gone_begins_no_second_history() -> None:
    with transaction.atomic():
        actions.append([NewEntry("alarm")])
    for table in (Opening, Node, Entry, Log):
        table.objects.all().delete()
    for begin in (actions.begin, lambda: actions.append([NewEntry("alarm")]), actions.check):
        with pytest.raises(KeyTrouble, match="--new-record"), transaction.atomic():
            begin()
    assert not Log.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_new_record_is_asked_for_and_has_its_own_key_and_name(settings) -> None:
    folder = settings.SIGHTPACT.keys
    with transaction.atomic():
        actions.append([NewEntry("alarm")])
    before = keys.load(folder / "log.key").vkey
    with pytest.raises(KeyTrouble, match="log_origin"):
        actions.begin(anew=True)
    settings.SIGHTPACT = replace(settings.SIGHTPACT, log_origin="lakeview.example/second")
    with pytest.raises(KeyTrouble, match="--new-record"):
        actions.begin()
    aside = actions.begin(anew=True)
    try:
        assert "log.key.1" in aside and keys.parse_signer((folder / "log.key.1").read_text()).vkey == before
        assert keys.load(folder / "log.key").name == "lakeview.example/second"
        actions.check()
    finally:
        for name in aside:
            (folder / name).unlink()
