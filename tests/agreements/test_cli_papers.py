"""`sightpact agreement paper`: files out, and refusals with an exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sightpact.agreements.cli import app

DEMO = Path(__file__).parents[2] / "src/sightpact/demo/agreement.toml"


def run(*given: object):
    return CliRunner().invoke(app, ["paper", *map(str, given)])


@pytest.mark.parametrize(
    ("form", "begins"), [("pdf", b"%PDF-1.7"), ("docx", b"PK"), ("board-pack", b"%PDF-1.7")]
)
def test_a_file_is_written(form, begins, tmp_path):
    out = tmp_path / "paper"
    done = run(DEMO, "--form", form, "-o", out)
    assert done.exit_code == 0, done.output
    assert out.read_bytes().startswith(begins) and "lakeview-mou, revision 1" in done.output


@pytest.mark.parametrize(
    ("form", "begins"), [("redline-pdf", b"%PDF-1.7"), ("redline-docx", b"PK"), ("board-pack", b"%PDF")]
)
def test_two_texts(form, begins, tmp_path):
    newer, out = tmp_path / "newer.toml", tmp_path / "paper"
    newer.write_text(DEMO.read_text().replace("every year", "every six months", 1))
    done = run(newer, "--form", form, "--against", DEMO, "--out", out)
    assert done.exit_code == 0, done.output
    assert out.read_bytes().startswith(begins)


def test_refusals(tmp_path):
    out = tmp_path / "paper"
    assert run(DEMO, "--form", "odt", "-o", out).exit_code == 2
    told = run(DEMO, "--form", "redline-pdf", "-o", out)
    assert told.exit_code == 2 and "--against" in told.output
    assert run(tmp_path / "none.toml", "--form", "pdf", "-o", out).exit_code == 2
    told = run(DEMO, "--form", "docx", "-o", tmp_path / "no" / "paper")
    assert told.exit_code == 2 and "cannot be written" in told.output
    assert not out.exists()
