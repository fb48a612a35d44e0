"""Papers over what is stored: who gets them, what the other side is not told, and how many one may ask for."""

from __future__ import annotations

import io
import re

import docx
import pytest
from django.db import transaction
from django.test import Client

from sightpact.agreements import actions, drafting, paper_views, proof, stored_world
from sightpact.agreements.document import parse
from sightpact.agreements.papers.content import FORMS, TYPES
from sightpact.agreements.papers.pace import Pace
from sightpact.ledger import actions as ledger

from . import paper_parts
from .conftest import clause
from .paper_parts import amended
from .test_pages import client_of, stored  # noqa: F401

pytestmark = pytest.mark.django_db

PAPER = "/agreements/lakeview-mou/paper/"


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(paper_views, "_pace", Pace())


@pytest.fixture
def two(stored):  # noqa: F811
    raw = amended()
    clause(raw, "7.1")["begins"] = "2027-07-01"
    actions.import_agreement(parse(raw))


@pytest.mark.parametrize("form", FORMS)
def test_members_get_a_file_and_others_nothing(two, form):
    address = f"{PAPER}{form}/"
    assert Client().get(address).url.startswith("/sign-in/")
    assert client_of("ines").get(address).status_code == 404
    for member in ("sam", "omar"):
        answer = client_of(member).get(address)
        assert answer.status_code == 200, answer.content[:2000]
        assert answer["Content-Type"] == TYPES[FORMS[form]]
        assert answer["Content-Disposition"].startswith('attachment; filename="lakeview-mou-revision-')
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer.content[:4] in (b"%PDF", b"PK\x03\x04")


def test_what_is_not_there(two):
    sam = client_of("sam")
    for rest in (
        "odt/",
        "pdf/?revision=9",
        "pdf/?revision=x",
        "redline-pdf/?from=1&to=9",
        "redline-docx/?from=%00",
    ):
        assert sam.get(PAPER + rest).status_code == 404, rest
    assert sam.get("/agreements/no-such/paper/pdf/").status_code == 404
    assert client_of("omar").get("/agreements/lakeview-house/paper/pdf/").status_code == 404


def test_one_revision_has_no_redline(stored):  # noqa: F811
    assert client_of("sam").get(f"{PAPER}redline-pdf/").status_code == 404


def test_the_text_tells_who_signed(two):
    told = " ".join(paper_parts.pages(client_of("omar").get(f"{PAPER}pdf/?revision=1").content))
    assert told.count("Signed on ") == 2 and "with an offline key" in told and "Signatory" in told
    assert "Signed by all" in told
    newest = " ".join(paper_parts.pages(client_of("omar").get(f"{PAPER}pdf/?revision=2").content))
    assert "Signed on " not in newest and "It waits for the signature of" in newest


def test_the_board_pack_counts_for_the_owner_alone(two):
    drawn = {who: client_of(who).get(f"{PAPER}board-pack/").content for who in ("sam", "omar")}
    told = {who: paper_parts.pages(pack) for who, pack in drawn.items()}
    assert all(len(pages) == 2 for pages in told.values())
    owner, other = (" ".join(told[who]) for who in ("sam", "omar"))
    assert "All 12 cameras" in owner and "10 always open" in owner and "2 never shared" in owner
    first = " ".join(paper_parts.pages(client_of("sam").get(f"{PAPER}board-pack/?revision=1").content))
    assert "up to 7" in first and "This is the text in force today." in first
    assert paper_parts.alternatives(drawn["sam"]) == ["10 always open and 2 never shared."], (
        "the drawing in words"
    )
    assert "Opens 7 inside cameras" in owner
    for inside in ("All 12", "up to 7", "7 inside", "1 inside", "12 cameras", "2 never", "10 always", "10 "):
        assert inside not in other, inside
    assert "3 outside" in other and "Opens inside cameras (hallways)" in other
    assert "Against revision 1, which is in force today." in owner


def test_the_pack_names_the_certificate_in_the_record(stored):  # noqa: F811
    certificate = stored_world.prove_stored()
    with transaction.atomic():
        receipts = ledger.append(proof.entries(certificate, stored_world.owners()))
    told = {
        who: " ".join(paper_parts.pages(client_of(who).get(f"{PAPER}board-pack/").content))
        for who in ("sam", "omar")
    }
    entry = re.search(r"Entry ([\d,]+) of the record", told["sam"])
    assert entry and int(entry[1].replace(",", "")) in {r.index for r in receipts}
    for pages in told.values():
        assert "None was open that should be closed." in pages and "Exceptions 0" in pages
    assert f"People and cameras {certificate.persons} and {certificate.cameras}" in told["sam"]
    assert "People and cameras" not in told["omar"] and "Cases tried" not in told["omar"]


def test_the_redline_counts_for_the_owner_alone(two):
    def said(who: str) -> str:
        return " ".join(paper_parts.pages(client_of(who).get(f"{PAPER}redline-pdf/?from=1&to=2").content))

    assert "Opens 7 inside cameras at Lakeview High School" in said("sam")
    assert "7 inside" not in said("omar") and "Opens inside cameras (hallways)" in said("omar")
    file = docx.Document(io.BytesIO(client_of("omar").get(f"{PAPER}redline-docx/").content))
    assert not any("7 inside" in cell.text for t in file.tables for row in t.rows for cell in row.cells)


def test_a_side_gets_papers_of_its_own_draft_alone(two):
    from sightpact.people import reads as people

    sam = people.person_by_slug("sam")
    draft = actions.drafts.begin_from_revision("lakeview-mou", sam)
    card = drafting.load(draft, sam)
    text = card.content.replace("every six months", "every two months")
    actions.drafts.save(draft, text, card.version, sam)
    own, other = client_of("sam"), client_of("omar")
    for form, query in (
        ("docx", f"?revision=draft-{draft}"),
        ("board-pack", f"?revision=draft-{draft}"),
        ("redline-docx", f"?from=2&to=draft-{draft}"),
        ("redline-pdf", f"?from=draft-{draft}&to=1"),
    ):
        assert own.get(f"{PAPER}{form}/{query}").status_code == 200, form
        for stranger in (other, client_of("ines")):
            assert stranger.get(f"{PAPER}{form}/{query}").status_code == 404, form
        assert own.get(f"/agreements/lakeview-house/paper/{form}/{query}").status_code == 404
    answer = own.get(f"{PAPER}redline-docx/?from=2&to=draft-{draft}")
    assert (
        answer["Content-Disposition"]
        == 'attachment; filename="lakeview-mou-revision-2-to-draft-changes.docx"'
    )
    body = paper_parts.xml(answer.content)
    assert {n.get(f"{paper_parts.W}author") for n in body.iter(f"{paper_parts.W}ins")} == {
        "Lakeview Unified School District"
    }
    assert {n.get(f"{paper_parts.W}date")[:2] for n in body.iter(f"{paper_parts.W}ins")} == {"20"}
    told = "".join(body.itertext())
    assert "Draft of revision" in told or "a draft of revision" in told
    assert "A draft of Lakeview Unified School District, for its own people alone." in told


def test_the_links_stand_on_the_pages(two):
    sam = client_of("sam")
    assert f'href="{PAPER}pdf/?revision=1"' in sam.get("/agreements/lakeview-mou/").content.decode()
    changes = sam.get("/agreements/lakeview-mou/changes/").content.decode()
    assert f'href="{PAPER}redline-docx/?from=1&amp;to=2"' in changes


def test_too_many_are_told_to_wait(stored, monkeypatch):  # noqa: F811
    monkeypatch.setattr(paper_views, "_pace", Pace(at_once=1))
    sam = client_of("sam")
    assert sam.get(f"{PAPER}docx/").status_code == 200
    answer = sam.get(f"{PAPER}docx/")
    assert answer.status_code == 429 and "Wait a minute" in answer.content.decode()
    assert client_of("omar").get(f"{PAPER}docx/").status_code == 200, "each has a count of their own"


def test_a_text_that_was_changed_gives_no_paper(stored):  # noqa: F811
    from sightpact.agreements.models import Revision

    Revision.objects.filter(agreement__slug="lakeview-mou").update(canonical=b"{}")
    answer = client_of("sam").get(f"{PAPER}pdf/")
    assert answer.status_code == 503 and "The stored text was changed" in answer.content.decode()


def test_pace():
    pace = Pace(at_once=2, within_s=60)
    assert [pace.may("sam", at) for at in (0.0, 1.0, 2.0, 60.5, 61.5, 61.6)] == [
        True,
        True,
        False,
        True,
        True,
        False,
    ]
    assert pace.may("omar", 2.0)
