"""Promise 7. Nobody rewrites history without the other party noticing: as far as one party alone can show it.

What one copy cannot show (that two records were never signed with one key) is said on the page: one copy exists.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sightpact.camerasim.testing import RunningSim
from tests.deployment import Deployment, deployment
from tests.faults.pages import act, aside, end
from tests.promises.conftest import watching


@pytest.fixture(scope="module")
def used(sim: RunningSim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment with a history: a sharing, pictures, refusals, an end. Ended, its folder left."""
    with deployment(tmp_path_factory.mktemp("used") / "data", sim) as it:

        async def run() -> None:
            activation = await aside(it.start_sharing)
            async with watching(
                it, "omar", [it.camera("north-lot"), *it.inside, it.camera("guidance")]
            ) as omar:
                await omar.until(lambda: all(tile.frames > 3 or tile.refused for tile in omar.tiles.values()))
                assert (await aside(act, it.page("omar"), "/wall/take/", activation=activation)).status == 200
                page = await aside(it.page("sam").get, "/record/")
                assert "One copy exists" in page.text, "the product says what one copy cannot show"
                assert (await aside(it.page("sam").post, "/watching/stop-all/")).status == 200
                await omar.until(lambda: omar.tiles[2].end is not None)

        asyncio.run(run())
        assert end(it.page("pia"), it.start_sharing("medical"), "mistake").status == 200
        it.stop()
        yield it


@pytest.fixture
def copy(used: Deployment, tmp_path: Path) -> Deployment:
    """A copy of the used deployment's folder, to be spoilt."""
    shutil.copytree(used.data, tmp_path / "data", ignore=shutil.ignore_patterns("run"))
    return Deployment(tmp_path / "data", used.ports)


def _verify(it: Deployment, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = it.run("ledger", "verify", *arguments, "--json", check=False)
    return done.returncode, json.loads(done.stdout)


def _faults(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [fault for step in report["steps"] for fault in step["faults"]]


def _change(it: Deployment, statement: str, *values: Any) -> None:
    link = sqlite3.connect(it.data / "sightpact.sqlite3")
    with link:
        assert link.execute(statement, values).rowcount >= 1
    link.close()


def _entry(it: Deployment, kind: str) -> tuple[int, bytes]:
    link = sqlite3.connect(it.data / "sightpact.sqlite3")
    found = link.execute(
        'SELECT "index", data FROM ledger_entry WHERE type = ? ORDER BY "index"', (kind,)
    ).fetchone()
    link.close()
    return int(found[0]), bytes(found[1])


def test_a_used_record_is_whole_here_and_as_an_export(used: Deployment, tmp_path: Path) -> None:
    code, report = _verify(used)
    assert code == 0 and report["whole"] and report["size"] > 20
    used.run("ledger", "export", str(tmp_path / "export"), "--openings")
    code, exported = _verify(used, str(tmp_path / "export"))
    assert code == 0 and (exported["size"], exported["root"]) == (report["size"], report["root"])


@pytest.mark.parametrize("kind", ["admission", "activation_start", "refusal", "stream_end"])
def test_one_byte_of_one_entry_in_the_database_is_named(copy: Deployment, kind: str) -> None:
    index, data = _entry(copy, kind)
    at = len(data) // 2
    _change(
        copy,
        'UPDATE ledger_entry SET data = ? WHERE "index" = ?',
        data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :],
        index,
    )
    code, report = _verify(copy)
    assert code == 1 and not report["whole"]
    assert any(fault["entry"] == index and "was changed" in fault["why"] for fault in _faults(report))


def test_one_byte_of_one_entry_in_an_export_is_named(used: Deployment, tmp_path: Path) -> None:
    used.run("ledger", "export", str(tmp_path / "export"))
    index, data = _entry(used, "admission")
    (bundle,) = [f for f in (tmp_path / "export").rglob("*") if f.is_file() and data in f.read_bytes()]
    whole = bundle.read_bytes()
    at = whole.index(data) + len(data) // 2
    bundle.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    code, report = _verify(used, str(tmp_path / "export"))
    assert code == 1
    assert any(fault["entry"] == index for fault in _faults(report))


def test_a_name_that_was_exchanged_is_noticed(copy: Deployment) -> None:
    """The names stand beside the log; each entry holds what they were."""
    index, _data = _entry(copy, "admission")
    _change(
        copy,
        """UPDATE ledger_opening SET value = 'Ines Calder' WHERE "index" = ? AND field = 'person'""",
        index,
    )
    code, report = _verify(copy)
    assert code == 1 and any(fault["entry"] == index for fault in _faults(report))


def test_an_older_record_put_back_is_noticed_with_a_kept_checkpoint(
    used: Deployment, copy: Deployment, tmp_path: Path
) -> None:
    """Entries cut off by restoring yesterday's copy: well signed, whole in itself, and yet not what was there."""
    copy.run("ledger", "export", str(tmp_path / "yesterday"))
    copy.python(NOTE)
    copy.run("ledger", "export", str(tmp_path / "today"))
    code, report = _verify(copy, "--since", str(tmp_path / "yesterday"))
    assert code == 0 and report["whole"], "today begins with yesterday"
    code, report = _verify(used, "--since", str(tmp_path / "today" / "checkpoint"))
    assert code == 1
    assert any("now there are" in fault["why"] for fault in _faults(report))


def test_a_past_written_anew_with_the_owners_key_is_noticed(
    used: Deployment, copy: Deployment, tmp_path: Path
) -> None:
    """Not even whoever has the log's key can write another history over a checkpoint that somebody kept."""
    used.run("ledger", "export", str(tmp_path / "kept"))
    copy.python(ANEW)
    code, report = _verify(copy)
    assert code == 0 and report["whole"], "it looks whole by itself"
    code, report = _verify(copy, "--since", str(tmp_path / "kept"))
    assert code == 1
    assert any("written anew" in fault["why"] for fault in _faults(report))


NOTE = """
import django
django.setup()
from sightpact.access import actions
from sightpact.ledger.entries import NewEntry
actions.note([NewEntry(type="alarm", outcome="alarm")])
"""

ANEW = """
import os, django
django.setup()
from django.conf import settings
from django.db import connection, transaction
from sightpact.ledger import actions, clock, keys, store
from sightpact.ledger.entries import NewEntry, encode, stamp
from sightpact.ledger.models import Log
size, keys_at = Log.objects.get().size, settings.SIGHTPACT.keys
(keys_at / "log.head").unlink(missing_ok=True)
with connection.cursor() as c:
    for table in ("ledger_opening", "ledger_node", "ledger_entry"):
        c.execute(f"DELETE FROM {table}")
Log.objects.update(size=0, frontier=b"", last_at="", checkpoint="")
genesis = NewEntry("genesis", party=settings.SIGHTPACT.log_origin)
with transaction.atomic():
    at = stamp(clock.now())
    head = store.read_head(settings.SIGHTPACT.log_origin)
    actions._extend(head, keys.load(keys_at / "log.key"), at, [(genesis, encode(genesis, at, os.urandom))])
with transaction.atomic():
    actions.append([NewEntry(type="alarm", outcome="alarm") for _ in range(size + 5)])
"""
