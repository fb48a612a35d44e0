"""The verifier names what is wrong: every artefact of the generator, the live database, and the command's exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from typer.testing import CliRunner

from sightpact.ledger import actions, notes
from sightpact.ledger.cli import app
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.ledger.source import Folder
from sightpact.ledger.verify import Report, verify
from tests.ledger import artefacts

SIZE = 600
SEED = 20261121


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "right"
    artefacts.build(folder, SIZE, SEED)
    return folder


def report(folder: Path, vkey: str = "") -> Report:
    source = Folder(folder)
    return verify(source, notes.parse_vkey(vkey or source.vkey()))


def test_a_right_export_is_whole(right: Path) -> None:
    seen = report(right)
    assert seen.whole and seen.size == SIZE and len(seen.steps) == 7


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 512, 513])
def test_sizes_at_the_edges_of_tiles(tmp_path: Path, size: int) -> None:
    artefacts.build(tmp_path, size, SEED)
    assert report(tmp_path).whole


@pytest.mark.parametrize("wrong", artefacts.wrongs(SIZE), ids=lambda w: w.name)
def test_each_wrong_artefact_is_named(right: Path, tmp_path: Path, wrong: artefacts.Wrong) -> None:
    folder = artefacts.copy(right, tmp_path / "wrong")
    wrong.change(folder, SIZE)
    seen = report(folder)
    assert not seen.whole
    first = next(number for number, step in enumerate(seen.steps, 1) if step.faults)
    assert first == wrong.step, [step.faults for step in seen.steps]
    fault = seen.steps[first - 1].faults[0]
    if wrong.entry is not None:
        assert fault.entry == wrong.entry
    if wrong.file:
        assert fault.file == wrong.file


def test_every_flipped_byte_is_noticed(tmp_path: Path) -> None:
    """A small log, each byte of each of its files (the key and the read-me apart: they are not signed)."""
    folder = tmp_path / "small"
    key = artefacts.build(folder, 3, SEED)
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.name in ("vkey", "README.txt"):
            continue
        whole = path.read_bytes()
        for at in range(len(whole)):
            broken = bytearray(whole)
            broken[at] ^= 0x01
            path.write_bytes(bytes(broken))
            if path.name == "openings.jsonl" and _same_openings(whole, bytes(broken)):
                continue
            assert not report(folder, key.vkey).whole, f"{path.name} byte {at}"
        path.write_bytes(whole)
    assert report(folder, key.vkey).whole


def _same_openings(one: bytes, other: bytes) -> bool:
    """A changed blank between two JSON words, or the case of a hex digit, changes nothing that is shown."""
    try:
        read = [
            [
                {**json.loads(line), "salt": json.loads(line)["salt"].lower()}
                for line in text.decode().splitlines()
            ]
            for text in (one, other)
        ]
    except (ValueError, KeyError):
        return False
    return read[0] == read[1]


def test_another_key_is_refused(right: Path) -> None:
    other = notes.signer(artefacts.ORIGIN, bytes(32))
    assert not report(right, other.vkey).whole


def test_times_that_go_back_are_named(tmp_path: Path) -> None:
    artefacts.build(tmp_path, 30, SEED, unordered=True)
    seen = report(tmp_path)
    assert seen.steps[5].faults[0].entry == 1 and not any(step.faults for step in seen.steps[:5])


def test_the_command_needs_no_django(right: Path, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from sightpact.ledger.cli import app\n"
        "try:\n    app(['verify', sys.argv[1], '--json'])\n"
        "finally:\n    assert not {m for m in sys.modules if m.split('.')[0] in ('django', 'rfc8785', 'sqlite3')}\n"
    )
    done = subprocess.run([sys.executable, "-c", program, right], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["whole"] is True


def test_exit_codes_and_sentences(right: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(app, ["verify", str(right)]).exit_code == 0
    folder = artefacts.copy(right, tmp_path / "wrong")
    artefacts.wrongs(SIZE)[0].change(folder, SIZE)
    broken = run(app, ["verify", str(folder)])
    assert broken.exit_code == 1 and "entry 17 was changed" in broken.output
    shown = json.loads(run(app, ["verify", str(folder), "--json"]).output)
    assert shown["whole"] is False and shown["steps"][2]["faults"][0]["entry"] == 17
    assert run(app, ["verify", str(tmp_path / "nothing")]).exit_code == 2
    (folder / "checkpoint").unlink()
    assert run(app, ["verify", str(folder), "--json"]).exit_code == 2


@pytest.fixture
def live(transactional_db: None) -> list[actions.Receipt]:
    with transaction.atomic():
        secret = {"person": Secret("id-1", "Omar Reyes"), "camera": Secret("c-1", "Hall")}
        return actions.append([NewEntry("admission", party="lakeview-pd", secret=secret) for _ in range(300)])


def test_the_live_log_and_its_export(live: list[actions.Receipt], tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(app, ["verify"]).exit_code == 0
    assert run(app, ["export", str(tmp_path / "plain")]).exit_code == 0
    assert not (tmp_path / "plain" / "openings.jsonl").exists()
    assert not any(b"Omar" in path.read_bytes() for path in (tmp_path / "plain").rglob("*") if path.is_file())
    assert run(app, ["export", str(tmp_path / "full"), "--openings"]).exit_code == 0
    for name in ("plain", "full"):
        assert run(app, ["verify", str(tmp_path / name)]).exit_code == 0
    assert run(app, ["export", str(tmp_path / "full")]).exit_code == 2, "a used folder is not written over"


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE ledger_entry SET data = REPLACE(CAST(data AS TEXT), 'lakeview', 'fairmont') WHERE {i} = 7", "entry 7"),
        ("DELETE FROM ledger_entry WHERE {i} = 300", "entries 300 to 300 are missing"),
        ("DELETE FROM ledger_entry WHERE {i} = 9", "entry 9 is missing"),
        ("UPDATE ledger_node SET hash = (SELECT hash FROM ledger_node WHERE level=0 AND {i}=1)"
         " WHERE level=0 AND {i}=5", "hash of entry 5"),
        ("UPDATE ledger_entry SET party = 'nobody' WHERE {i} = 12", "entry 12: party"),
        ("UPDATE ledger_opening SET value = 'Rosa Delgado' WHERE {i} = 3 AND field = 'person'", "person shown for entry 3"),
        ("DELETE FROM ledger_opening WHERE {i} = 4 AND field = 'person'", "the person of entry 4 was taken away"),
        ("UPDATE ledger_log SET size = 200, checkpoint = REPLACE(checkpoint, '301', '200')", "signature"),
    ],
)  # fmt: skip
def test_tampering_with_the_live_database_is_named(live: list[actions.Receipt], sql: str, says: str) -> None:
    if connection.vendor == "postgresql":
        sql = sql.replace("REPLACE(CAST(data AS TEXT), 'lakeview', 'fairmont')", "set_byte(data, 20, 65)")
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{i}", '"index"'))
    broken = CliRunner().invoke(app, ["verify"])
    assert broken.exit_code == 1 and says in broken.output, broken.output


def test_the_key_file_is_a_second_witness(live: list[actions.Receipt]) -> None:
    """Whoever re-signs the database with a key of their own is found out by the key file."""
    other = notes.signer(settings.SIGHTPACT.log_origin, bytes(32))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_log SET vkey = %s", [other.vkey])
    assert CliRunner().invoke(app, ["verify"]).exit_code == 0, "the checkpoint is still the true key's"
    from sightpact.ledger.models import Log

    row = Log.objects.get()
    text = row.checkpoint.rpartition("\n\n")[0] + "\n"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_log SET checkpoint = %s", [notes.sign(text, [other])])
    assert CliRunner().invoke(app, ["verify"]).exit_code == 1
