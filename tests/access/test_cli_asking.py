"""`sightpact asking`: what was asked for, and ending it, on the server."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from sightpact.access import asking, facts
from sightpact.access.asking_fit import Wanted
from sightpact.access.cli_asking import app
from sightpact.ledger import reads as ledger
from tests import lakeview
from tests.lakeview import ASKING, Lakeview

run = CliRunner().invoke


@pytest.fixture
def it(transactional_db: None) -> Lakeview:
    facts._latest = None
    return lakeview.build(**ASKING)


def test_it_is_listed_and_ended_and_the_record_says_from_where(it: Lakeview) -> None:
    assert run(app, ["list"]).stdout == "Nothing was asked for.\n"
    mou, school = it.agreements["lakeview-mou"], it.schools["lakeview-high"]
    card = asking.ask(it.people["pia"], Wanted("invitation", mou, school, "A door alarm", "k1"))
    shown = run(app, ["list"]).stdout
    assert card.id in shown and "open" in shown and "Pia Marsh: A door alarm" in shown
    (told,) = json.loads(run(app, ["list", "--json"]).stdout)
    assert (told["id"], told["state"], told["section"]) == (card.id, "open", "3.5")
    stranger = run(app, ["end", card.id, "--by", "ines"])
    assert stranger.exit_code == 1 and "no such request" in stranger.stderr
    assert run(app, ["end", card.id, "--by", "nobody"]).exit_code == 1
    assert "Sam Whitfield stopped it for the district." in run(app, ["end", card.id, "--by", "sam"]).stdout
    assert facts.snapshot().situations == ()
    entries = ledger.opened(ledger.Query(types=("invitation",)))
    assert entries[0].shown("device") == "command line of the server"
