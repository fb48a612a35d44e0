"""The one command: what it hands on, and with which exit code it ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SIGHTPACT = Path(sys.executable).with_name("sightpact")


def sightpact(*words: str) -> subprocess.CompletedProcess[str]:
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("SIGHTPACT_", "DJANGO_"))}
    return subprocess.run([SIGHTPACT, *words], env=plain, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--version"], 0, "0.1.0"),
        (["bench", "--help"], 0, "sightpact bench"),
        (["bench", "nothing"], 2, "there is no bench 'nothing'"),
        (["bench", "activation", "--only", "nothing"], 2, "no part of bench"),
        (["bench", "--nothing"], 2, "No such option"),
        (["ledger", "verify", "/nowhere", "--json"], 2, "/nowhere"),
        (["nothing"], 2, "No such command 'nothing'"),
    ],
)
def test_words_are_handed_on_and_the_exit_code_comes_back(words, code, says):
    done = sightpact(*words)
    assert (done.returncode, says in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_settings_folder_is_handed_on(tmp_path):
    done = sightpact("--data", str(tmp_path / "one"), "init")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "one" / "keys").is_dir()
