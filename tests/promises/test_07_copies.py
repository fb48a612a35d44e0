"""Promise 7, with a second copy: another party's machine follows the record, countersigns it, and refuses one that was changed.

`cosign/` runs as its own program, over HTTP, with nothing of ours but the record's public key.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.deployment import Deployment
from tests.house.tree import ROOT
from tests.promises.test_07_nobody_rewrites_history import ANEW, NOTE


def _cosign(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "cosign" / "src")}
    line = [sys.executable, "-m", "sightpact_cosign", *arguments]
    return subprocess.run(line, env=environment, input=said, capture_output=True, text=True, timeout=60)


def test_a_copy_elsewhere_follows_and_refuses_what_was_changed(lakeview: Deployment, tmp_path: Path) -> None:
    mine = str(tmp_path / "copy")
    lakeview.run("ledger", "export", str(tmp_path / "first"))
    vkey = (tmp_path / "first" / "vkey").read_text().strip()
    begun = _cosign("init", mine, "--log", lakeview.url, "--vkey", vkey, "--name", "lakeview-pd.example/copy")
    key = re.search(r"copy-add '([^']+)'", begun.stdout)
    assert begun.returncode == 0 and key, begun.stderr

    token = lakeview.run("ledger", "copy-add", key[1], "--party", "lakeview-pd").stdout.strip()
    assert _cosign("run", mine, "--once").returncode == 1, "no token yet"
    assert _cosign("token", mine, said="not-it\n").returncode == 0
    assert "401" in _cosign("run", mine, "--once").stderr
    assert _cosign("token", mine, said=token).returncode == 0
    followed = _cosign("run", mine, "--once")
    assert followed.returncode == 0, followed.stderr
    copies = json.loads(lakeview.run("ledger", "copy-list", "--json").stdout)["copies"]
    assert copies[0]["entries"] == int(followed.stdout.split()[1]) > 5 and copies[0]["countersigned"]
    page = lakeview.page("sam").get("/record/").text
    assert "Lakeview Police Department" in page and "countersigned" in page and "One copy exists" not in page
    assert "Omar Reyes" not in (Path(mine) / "entries").read_bytes().decode("latin-1"), "it learns no names"

    lakeview.end_sharing(lakeview.start_sharing(), reason="mistake")
    assert "(0 new)" not in _cosign("run", mine, "--once").stdout
    assert _cosign("check", mine).returncode == 0
    verified = lakeview.run("ledger", "verify")
    assert "copies elsewhere countersigned: lakeview-pd.example/copy" in verified.stdout
    lakeview.run("ledger", "export", str(tmp_path / "second"))
    assert "lakeview-pd.example/copy" in lakeview.run("ledger", "verify", str(tmp_path / "second")).stdout

    lakeview.stop()
    lakeview.python(NOTE)
    lakeview.python(ANEW)  # the owner, with the log's own key, writes another past
    changed = lakeview.run("ledger", "verify", check=False)
    assert changed.returncode == 1 and "are not those that lakeview-pd.example/copy" in changed.stdout
    lakeview.serve()
    refused = _cosign("run", mine, "--once")
    assert refused.returncode == 1 and "not a continuation" in refused.stderr
    assert _cosign("status", mine).returncode == 1
    (evidence,) = (Path(mine) / "refused").glob("*.note")
    assert f"\u2014 {vkey.partition('+')[0]} " in evidence.read_text(), "signed by the record's own key"
    before = lakeview.run("ledger", "verify", "--since", str(Path(mine) / "checkpoint"), check=False)
    assert before.returncode == 1 and "written anew" in before.stdout
