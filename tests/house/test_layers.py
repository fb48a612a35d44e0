"""Who may import whom: the contracts stand in pyproject.toml; here it is shown that each of them bites."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import ROOT

LINT = Path(sys.executable).with_name("lint-imports")
CONTRACTS = [
    c["name"]
    for c in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]

PLANTED = {
    # file under src/sightpact: one line that breaks one contract
    "ledger/planted.py": "from sightpact.access import gate",
    "decide/planted.py": "import time",
    "wire/planted.py": "import django",
    "record/planted.py": "import av",
    "live/planted.py": "from sightpact.camerasim import camera",
}


def lint(folder: Path, source: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(source)}
    command = [LINT, "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_the_house_keeps_its_layers():
    done = lint(ROOT, ROOT / "src")
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def broken(tmp_path_factory) -> str:
    """What the linter says of a copy of the house with one violation of each contract."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(
        ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "static", "*.egg-info")
    )
    for path, line in PLANTED.items():
        (folder / "src" / "sightpact" / path).write_text(line + "\n")
    done = lint(folder, folder / "src")
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("contract", CONTRACTS)
def test_it_bites(contract, broken):
    assert f"{contract} BROKEN" in broken


@pytest.mark.parametrize("path", PLANTED)
def test_it_names_the_module(path, broken):
    assert "sightpact." + path.removesuffix(".py").replace("/", ".") in broken
