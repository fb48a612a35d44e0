"""`sightpact sharing`: what runs, how sharings ended, and ending one, on the server."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from sightpact.access import facts, sharing
from sightpact.access.cli_sharing import app
from sightpact.ledger import reads as ledger
from tests import lakeview
from tests.lakeview import LIFE, Lakeview

run = CliRunner().invoke


@pytest.fixture
def it(transactional_db: None) -> Lakeview:
    facts._latest = None
    return lakeview.build(**LIFE)


def test_it_is_listed_ended_and_counted(it: Lakeview) -> None:
    assert run(app, ["list"]).stdout == "No emergency is shared.\n"
    assert "No sharing ended" in run(app, ["counts"]).stdout
    school = (it.schools["lakeview-high"],)
    card = sharing.report(it.people["omar"], school, "intruder", "k1")
    shown = run(app, ["list"]).stdout
    assert card.id in shown and "not confirmed" in shown and "started by Omar Reyes; 1 start(s)" in shown
    (told,) = json.loads(run(app, ["list", "--json"]).stdout)["sharings"]
    assert (told["id"], told["unverified"], told["level"]) == (card.id, "call_911", "life_safety")
    for wrong in (
        ["--by", "nobody"],
        ["--by", "omar", "--reason", "tired"],
        ["--by", "pia", "--reason", "hoax"],
    ):
        assert run(app, ["end", card.id, *wrong]).exit_code == 1, wrong
    sharing.take(it.people["omar"], card.id)
    assert "Proposed: dispatch confirms" in run(app, ["end", card.id, "--by", "pia"]).stdout
    done = run(app, ["end", card.id, "--by", "omar", "--reason", "hoax"]).stdout
    assert "It was a hoax, says Omar Reyes." in done
    assert json.loads(run(app, ["counts", "--json"]).stdout) == {"lakeview-usd": {"hoax": 1}}
    entries = ledger.opened(ledger.Query(types=("activation_end",)))
    assert entries[0].shown("device") == "command line of the server"
