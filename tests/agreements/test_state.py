"""Suspending, resuming and taking a person out: by page and by command, for those whom the law lets, seen by nobody else."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from typer.testing import CliRunner

from sightpact.access.cli_agreement import app
from sightpact.agreements import reads, signing
from sightpact.ledger import reads as ledger
from sightpact.people import actions as people
from sightpact.people.actions import PersonSpec, Role
from tests import lakeview
from tests.browser import as_person

pytestmark = pytest.mark.django_db(transaction=True)
MOU = "/agreements/lakeview-mou/"


@pytest.fixture
def district(transactional_db: None) -> lakeview.Lakeview:
    found = lakeview.build()
    people.add_person(PersonSpec("gail", "Gail Ortega"), [Role("lakeview-pd", "chief", "chief of police")])
    return found


def suspended() -> dict[str, bool]:
    return {a.slug: a.suspended for a in reads.agreements_for_facts()}


def test_the_superintendent_suspends_and_resumes_on_the_page(district: lakeview.Lakeview) -> None:
    sam = as_person("sam")
    assert f'href="{MOU}suspend/"' in sam.get(MOU).content.decode()
    asked = sam.get(f"{MOU}suspend/")
    assert "Every picture under it ends at once" in asked.content.decode() and not suspended()["lakeview-mou"]
    done = sam.post(f"{MOU}suspend/", {"reason": "pictures were passed on"})
    assert done.status_code == 302 and suspended() == {"lakeview-mou": True, "lakeview-house": False}
    (entry,) = ledger.opened(ledger.Query(types=("agreement_suspended",)))
    assert (
        entry.shown("person").startswith("Sam Whitfield") and entry.shown("text") == "pictures were passed on"
    )
    page = sam.get(MOU).content.decode()
    assert f'href="{MOU}resume/"' in page and f'href="{MOU}suspend/"' not in page
    assert sam.post(f"{MOU}suspend/").status_code == 302, "a second tap"
    assert ledger.opened(ledger.Query(types=("agreement_suspended",))) == [entry]
    sam.post(f"{MOU}resume/")
    assert not suspended()["lakeview-mou"]


def test_the_chief_may_and_then_the_district_cannot_take_it_back(district: lakeview.Lakeview) -> None:
    as_person("gail").post(f"{MOU}suspend/")
    assert suspended()["lakeview-mou"]
    sam = as_person("sam")
    page = sam.get(MOU).content.decode()
    assert "Suspended by Lakeview Police Department" in page and "resume/" not in page
    assert sam.post(f"{MOU}resume/").status_code == 404 and suspended()["lakeview-mou"]


@pytest.mark.parametrize("who", ["omar", "rosa", "pia", "dana", "ines"])
def test_nobody_else_finds_it(district: lakeview.Lakeview, who: str) -> None:
    browser: Client = as_person(who)
    assert "suspend/" not in browser.get(MOU).content.decode()
    for method in (browser.get, browser.post):
        assert method(f"{MOU}suspend/").status_code == method(f"{MOU}resume/").status_code == 404
    assert as_person("gail").get("/agreements/lakeview-house/suspend/").status_code == 404
    assert not any(suspended().values())


def test_agreement_pages_are_not_kept_by_browsers(district: lakeview.Lakeview) -> None:
    sam = as_person("sam")
    for path in ("/agreements/", MOU, f"{MOU}suspend/"):
        assert "no-store" in sam.get(path)["Cache-Control"], path


def run(*command: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(command))
    return done.exit_code, done.output


def test_commands_of_the_server(district: lakeview.Lakeview) -> None:
    code, said = run("suspend", "lakeview-mou", "--as", "omar")
    assert code == 1 and "superintendent or a chief" in said
    assert run("suspend", "lakeview-mou", "--as", "nobody")[0] == 1
    assert run("suspend", "nowhere", "--as", "sam")[0] == 1
    assert (
        run("suspend", "lakeview-mou", "--as", "sam", "--reason", "a leak")[0] == 0
        and suspended()["lakeview-mou"]
    )
    (entry,) = ledger.opened(ledger.Query(types=("agreement_suspended",)))
    assert entry.shown("person").startswith("command line of the server, for Sam Whitfield")
    assert "already" in run("suspend", "lakeview-mou", "--as", "sam")[1]
    assert run("resume", "lakeview-mou", "--as", "sam")[0] == 0 and not suspended()["lakeview-mou"]
    assert run("unname", "lakeview-mou", "omar") == (0, "Taken out.\n")
    assert district.people["omar"] not in reads.named_persons()
    assert "does not stand" in run("unname", "lakeview-mou", "omar")[1]
    assert run("unname", "nowhere", "omar")[0] == 1


def test_commands_for_keys(district: lakeview.Lakeview, tmp_path) -> None:
    code, said = run("keys")
    assert code == 0 and said.count("first key  counts") == 2
    (old,) = (key for key in reads.signing_keys() if key.party_slug == "lakeview-pd")
    assert run("withdraw-key", old.keyid[:16])[0] == 1
    assert run("keygen", str(tmp_path / "old.pem"))[0] == run("keygen", str(tmp_path / "new.pem"))[0] == 0
    code, said = run(
        "vouch", str(tmp_path / "new.pem.pub"), "--key", str(tmp_path / "old.pem"), "--party", "lakeview-pd"
    )
    assert code == 0
    new, mine = (tmp_path / "new.pem.pub").read_text(), (tmp_path / "old.pem.pub").read_text()
    assert signing.verify_vouched(json.loads(said), "lakeview-pd", new, [mine]) == signing.keyid(mine)
    assert run("vouch", str(tmp_path / "nowhere"), "--key", str(tmp_path / "old.pem"), "--party", "x")[0] == 1
