"""The pages between the parties, and that drafts and internal comments are on no page or API of anybody else."""

from __future__ import annotations

import io
from typing import Any

import pytest

from sightpact.agreements import drafting, life, reads, talk
from sightpact.agreements.actions import comments, drafts, rounds
from sightpact.agreements.document import data
from sightpact.agreements.errors import RoundFault
from sightpact.agreements.models import Comment, Draft, Revision
from sightpact.people.models import Account, Person
from tests.agreements.negotiating import BLANKS, SLUG, Cast, begun, cast, changed, countered, proposed
from tests.browser import as_person

__all__ = ["cast"]
AT = f"/agreements/{SLUG}/"
SECRET = "Our bottom line is section 3"


@pytest.fixture
def signed_in(cast: Cast) -> Cast:
    for person in Person.objects.filter(account=None):
        Person.objects.filter(pk=person.pk).update(account=Account.objects.create(username=person.slug))
    return cast


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_way_from_the_first_page_to_an_adopted_text(signed_in: Cast):
    sam, gail = as_person("sam"), as_person("gail")
    assert "New Canaan" in text(sam.get("/agreements/new/"))
    sent = {"template": "exterior-always", "school": "lakeview-high=Lakeview High School", **BLANKS}
    sent |= {"district": "lakeview-usd", "agency": "lakeview-pd"}
    begun_at = sam.post("/agreements/new/", sent)
    draft = str(Draft.objects.get().pk)
    assert begun_at["Location"] == f"{AT}drafts/{draft}/"
    listed = text(sam.get("/agreements/"))
    assert "Drafts of your side" in listed and f"{AT}drafts/{draft}/propose/" in listed
    asked = text(sam.get(f"{AT}drafts/{draft}/propose/"))
    assert "Lakeview Police Department can read it from that moment" in asked
    done = sam.post(f"{AT}drafts/{draft}/propose/", {"version": "1", "note": "Please read section 3."})
    assert done["Location"] == f"{AT}?revision=1"
    assert "On Lakeview PD&#x27;s desk since today" in text(sam.get("/agreements/"))
    page = text(gail.get(AT))
    assert "Please read section 3." in page and f'href="{AT}accept/"' in page
    assert f'href="{AT}accept/"' not in text(sam.get(AT)), "one's own text is accepted already"
    assert "On your desk" in text(gail.get("/agreements/"))

    answer = gail.post(f"{AT}amend/", {"revision": "1"})["Location"].split("/")[-2]
    version = changed(answer, signed_in["gail"], leases={"standing_s": 3})
    gail.post(f"{AT}drafts/{answer}/propose/", {"version": str(version)})
    assert sam.post(f"{AT}accept/", {"revision": "1"}).status_code == 422, "not on the table any more"
    assert sam.post(f"{AT}accept/", {"revision": "2"})["Location"] == f"{AT}?revision=2"
    vote = {
        "body": "Board of Education",
        "on": "2026-06-08",
        "vote": "6 to 1",
        "minutes": "https://board.example/8",
    }
    assert as_person("tess").post(f"{AT}adopt/", vote).status_code == 302
    assert (
        as_person("cole").post(f"{AT}adopt/", {"body": "City Council", "on": "2026-06-23"}).status_code == 302
    )
    state = life.state_of(SLUG)
    assert state is not None and (state.state, state.revision) == ("adopted", 2)
    assert f"{AT}sign/" in text(sam.get(AT))
    history = text(gail.get(f"{AT}history/"))
    assert "Proposed by Gail Moreno, Lakeview Police Department" in history
    assert "Accepted by Sam Whitfield" in history and "superseded" in history


def test_a_proposal_is_withdrawn_on_the_page_and_stays_in_the_history(signed_in: Cast):
    proposed(signed_in)
    sam, gail = as_person("sam"), as_person("gail")
    assert f'href="{AT}withdraw/"' in text(sam.get(AT)) and f"{AT}withdraw/" not in text(gail.get(AT))
    assert "Withdraw revision 1?" in text(sam.get(f"{AT}withdraw/"))
    refused = gail.post(f"{AT}withdraw/", {"revision": "1"})
    assert refused.status_code == 422 and "may not withdraw" in text(refused)
    done = sam.post(f"{AT}withdraw/", {"revision": "1", "reason": "The board meets first."})
    assert done["Location"] == f"{AT}?revision=1"
    assert "Withdrawn" in text(gail.get(AT)) and f'href="{AT}accept/"' not in text(gail.get(AT))
    assert "withdrawn" in text(gail.get(f"{AT}history/")).lower()


def test_the_blanks_that_are_missing_are_told_with_what_was_filled_in(signed_in: Cast):
    answer = as_person("sam").post(
        "/agreements/new/", {"template": "exterior-always", "district_authority": "Policy 9"}
    )
    assert answer.status_code == 422
    assert "these blanks are not filled" in text(answer) and "Policy 9" in text(answer)
    assert as_person("sam").get("/agreements/new/?template=none").status_code == 404
    assert not Draft.objects.exists()


def test_a_draft_from_a_file(signed_in: Cast):
    sam = as_person("sam")
    file = io.BytesIO(
        b'[[agreements]]\ntitle = "From a file"\nslug = "from-file"\n[[agreements.named]]\nperson = "x"\n'
    )
    file.name = "text.toml"
    assert sam.post("/agreements/new/", {"file": file}).status_code == 302
    card = drafting.load(str(Draft.objects.get().pk), signed_in["sam"])
    assert card is not None and card.document == {"title": "From a file", "slug": "from-file"}
    for content in (b"nonsense = ", b"x = 1", b"\xff\xfe", b"[[agreements]]\n[[agreements]]\n"):
        bad = io.BytesIO(content)
        bad.name = "bad.toml"
        assert sam.post("/agreements/new/", {"file": bad}).status_code == 422
    assert Draft.objects.count() == 1


def test_faults_stand_on_the_page_and_nothing_goes_out(signed_in: Cast):
    draft = begun(signed_in["sam"])
    version = changed(draft, signed_in["sam"], term={"ends": "2020-01-01"})
    page = f"{AT}drafts/{draft}/propose/"
    told = as_person("sam").get(page)
    assert "it ends before it begins." in text(told) and "Propose it now" not in text(told)
    assert as_person("sam").post(page, {"version": str(version)}).status_code == 422
    assert "Only the superintendent, chief or director" not in text(as_person("sam").get(page))
    changed(draft, signed_in["sam"], term={"ends": "2031-06-30"})
    assert "Only the superintendent, chief or director" in text(as_person("tess").get(page))
    assert not Revision.objects.exists()


def test_versions_and_discarding_on_pages(signed_in: Cast):
    draft, sam = begun(signed_in["sam"]), as_person("sam")
    drafts.save(draft, {"title": "Changed"}, 1, signed_in["tess"])
    page = f"{AT}drafts/{draft}/versions/"
    assert "Tess Amari" in text(sam.get(page))
    sam.post(page, {"number": "1", "version": "2"})
    card = drafting.load(draft, signed_in["sam"])
    assert card is not None and card.version == 3 and card.title != "Changed"
    sam.post(f"{AT}drafts/{draft}/discard/")
    assert "Discarded drafts" in text(sam.get("/agreements/"))
    sam.post(f"{AT}drafts/{draft}/discard/", {"back": "1"})
    assert "Discarded drafts" not in text(sam.get("/agreements/"))


def test_a_vote_is_corrected_on_the_page_and_both_records_stay(signed_in: Cast):
    proposed(signed_in)
    rounds.accept(SLUG, 1, signed_in["gail"])
    tess = as_person("tess")
    body = {"body": "Board of Education", "on": "2026-06-08", "vote": "6 to 1"}
    tess.post(f"{AT}adopt/", body)
    assert tess.post(f"{AT}adopt/", body).status_code == 422
    assert tess.post(f"{AT}adopt/", {**body, "on": "not a day"}).status_code == 422
    assert "Correct the record of Board of Education" in text(tess.get(f"{AT}adopt/?body=Board+of+Education"))
    assert "Correct the record" not in text(as_person("cole").get(f"{AT}adopt/?body=Board+of+Education"))
    tess.post(f"{AT}adopt/", {**body, "vote": "7 to 0", "corrects": "1"})
    page = text(tess.get(f"{AT}adopt/"))
    assert "7 to 0" in page and "6 to 1" in page and "corrected since" in page


# who must not know ---------------------------------------------------------------------------------------------


def everything(who: str, more: tuple[str, ...] = ()) -> str:
    """Every page and API of agreements that this person can read, in one text."""
    client = as_person(who)
    paths = ["/agreements/", "/today/", "/wall/", "/api/v1/agreements", f"/api/v1/agreements/{SLUG}", *more]
    paths += [
        AT + name for name in ("", "comments/", "history/", "changes/", "accept/", "adopt/", "?revision=1")
    ]
    found = []
    for path in paths:
        answer = client.get(path)
        if answer.status_code == 200:
            found.append(text(answer))
    return "\n".join(found)


def draft_paths(draft: str) -> list[str]:
    at = f"{AT}drafts/{draft}/"
    return [at, *(f"{at}{name}/" for name in ("save", "propose", "compare", "versions", "discard"))]


@pytest.mark.parametrize("who", ["gail", "cole", "omar", "ines", "pia"])
def test_a_draft_is_on_no_page_of_anybody_else(signed_in: Cast, who: str):
    proposed(signed_in)
    draft = drafts.begin_from_revision(SLUG, signed_in["sam"])
    card = drafting.load(draft, signed_in["sam"])
    assert card is not None
    drafts.save(draft, {**card.document, "title": SECRET}, 1, signed_in["sam"])
    assert SECRET in everything("sam") and SECRET in everything("tess")
    assert SECRET not in everything(who) and draft not in everything(who)
    client = as_person(who)
    for path in draft_paths(draft):
        assert client.get(path).status_code in (404, 405)
        assert client.post(path, {"version": "2"}).status_code in (404, 405), path
    again = drafting.load(draft, signed_in["sam"])
    assert again is not None and again.is_open and again.version == 2


@pytest.mark.parametrize("who", ["gail", "cole", "omar", "ines", "pia"])
def test_an_internal_comment_is_on_no_page_of_anybody_else(signed_in: Cast, who: str):
    """Pia is of the same side, and does not draft for it."""
    proposed(signed_in)
    section = "3.1"
    sent = {"revision": "1", "section": section, "text": SECRET, "who": "own"}
    assert as_person("tess").post(f"{AT}comments/", sent).status_code == 302
    assert SECRET in everything("sam") and "1 open comment" in text(as_person("sam").get(AT))
    assert SECRET not in everything(who) and "1 open comment" not in everything(who)
    comment = str(Comment.objects.get().pk)
    assert comment not in everything(who)
    before = as_person(who).post(f"{AT}comments/nothing/resolve/", {"revision": "1"}).status_code
    assert as_person(who).post(f"{AT}comments/{comment}/resolve/", {"revision": "1"}).status_code == before
    answer = {"revision": "1", "answers": comment, "text": "I saw that", "section": section}
    assert as_person(who).post(f"{AT}comments/", answer).status_code in (404, 422)
    row = Comment.objects.get()
    assert row.resolved_utc is None


def test_a_shared_comment_is_answered_and_resolved_by_name(signed_in: Cast):
    proposed(signed_in)
    tess, gail = as_person("tess"), as_person("gail")
    nobody_said_who = {"revision": "1", "section": "3.1", "text": "Why all?"}
    assert tess.post(f"{AT}comments/", nobody_said_who).status_code == 422
    tess.post(f"{AT}comments/", {**nobody_said_who, "who": "all"})
    comment = str(Comment.objects.get().pk)
    gail.post(
        f"{AT}comments/",
        {"revision": "1", "answers": comment, "text": "Because of the fields.", "who": "own"},
    )
    page = text(tess.get(f"{AT}comments/"))
    assert "Because of the fields." in page, "an answer is as shared as what it answers"
    gail.post(f"{AT}comments/{comment}/resolve/", {"revision": "1"})
    assert "Resolved by Gail Moreno" in text(tess.get(f"{AT}comments/"))
    assert talk.open_by_section(SLUG, 1, signed_in["sam"]) == {}
    tess.post(f"{AT}comments/{comment}/resolve/", {"revision": "1", "back": "1"})
    assert talk.open_by_section(SLUG, 1, signed_in["omar"]) == {"3.1": 1}
    assert text(as_person("omar").get(f"{AT}comments/")).count("<textarea") == 0, (
        "who does not draft only reads"
    )


def test_comments_stand_at_their_section_of_the_redline(signed_in: Cast):
    """Written, answered and resolved there; the other side's page has no trace of an internal one."""
    proposed(signed_in)
    countered(signed_in, "gail", leases={"standing_s": 3})
    tess, cole, redline = as_person("tess"), as_person("cole"), f"{AT}changes/?from=1&to=2"
    assert "Comment on section" in text(tess.get(redline))
    at = {"revision": "2", "from": "1", "to": "2"}
    leases = next(
        c["number"] for c in data(reads.verdict(_revision(2)).document)["clauses"] if c["kind"] == "leases"
    )
    done = tess.post(f"{AT}comments/", {**at, "section": leases, "text": SECRET, "who": "own"})
    assert done["Location"] == f"{AT}changes/?from=1&to=2#s{leases}"
    tess.post(f"{AT}comments/", {**at, "section": "", "text": "Who pays for it?", "who": "all"})
    ours, theirs = text(tess.get(redline)), text(cole.get(redline))
    assert SECRET in ours and ours.index(f'id="s{leases}"') < ours.index(SECRET) and SECRET not in theirs
    assert "Who pays for it?" in theirs
    shared = str(Comment.objects.get(is_internal=False).pk)
    cole.post(f"{AT}comments/", {**at, "answers": shared, "section": "", "text": "The city."})
    settled = cole.post(f"{AT}comments/{shared}/resolve/", {**at, "section": ""})
    assert settled["Location"] == f"{AT}changes/?from=1&to=2#whole"
    page = text(tess.get(redline))
    assert "The city." in page and "Resolved by Cole Brandt" in page
    astray = tess.post(
        f"{AT}comments/", {**at, "to": "//elsewhere", "section": "", "text": "x", "who": "own"}
    )
    assert astray["Location"] == f"{AT}comments/?revision=2"


def _revision(number: int) -> str:
    return str(Revision.objects.get(agreement__slug=SLUG, number=number).pk)


@pytest.mark.parametrize("bad", ["", "x" * 2001, "a\x00b"])
def test_a_comment_that_cannot_be_kept(signed_in: Cast, bad: str):
    proposed(signed_in)
    with pytest.raises(RoundFault, match="empty or too long"):
        comments.write(SLUG, 1, "", bad, True, signed_in["tess"])
    with pytest.raises(RoundFault, match="is not in revision"):
        comments.write(SLUG, 1, "99", "text", True, signed_in["tess"])
    with pytest.raises(RoundFault, match="is not in revision"):
        comments.write(SLUG, 7, "", "text", True, signed_in["tess"])
    with pytest.raises(RoundFault, match="does not comment"):
        comments.write(SLUG, 1, "", "text", True, signed_in["ines"])


def test_members_who_do_not_act_have_no_pages_of_acting(signed_in: Cast):
    proposed(signed_in)
    for who in ("omar", "pia"):
        for name in ("accept", "adopt", "terminate", "amend"):
            assert as_person(who).post(f"{AT}{name}/", {"revision": "1"}).status_code == 404, (who, name)
        assert as_person(who).get("/agreements/new/").status_code == 404
    for name in ("accept", "terminate"):
        assert as_person("cole").get(f"{AT}{name}/").status_code == 404, name


def test_the_list_of_the_annex_is_confidential_to_its_keeper(signed_in: Cast):
    from sightpact.agreements.actions import name_person

    proposed(signed_in)
    name_person(SLUG, "omar", "dispatcher, console 2")
    assert "Omar Reyes" in text(as_person("gail").get(f"{AT}history/"))
    page = text(as_person("sam").get(f"{AT}history/"))
    assert "One person is named now." in page and "Omar Reyes" not in page and "console 2" not in page


def test_ending_it_on_the_page(signed_in: Cast):
    proposed(signed_in)
    sam = as_person("sam")
    assert "End this agreement for good?" in text(sam.get(f"{AT}terminate/"))
    assert sam.post(f"{AT}terminate/", {"when": "day", "reason": "r"}).status_code == 422
    assert (
        sam.post(f"{AT}terminate/", {"when": "day", "from": "2099-07-01", "reason": "The board"}).status_code
        == 302
    )
    state = life.state_of(SLUG)
    assert state is not None and state.terminates_utc is not None
    assert state.terminates_utc.isoformat() == "2099-07-01T04:00:00+00:00", "midnight at the school"
    assert "Your side ends this agreement." in text(sam.get(f"{AT}terminate/"))
    assert "End this agreement for good?" in text(as_person("gail").get(f"{AT}terminate/"))
    sam.post(f"{AT}terminate/", {"back": "1"})
    state = life.state_of(SLUG)
    assert state is not None and state.terminates_utc is None


def test_the_command_line_says_the_same(signed_in: Cast):
    from typer.testing import CliRunner

    from sightpact.agreements.cli import app

    proposed(signed_in)
    said = CliRunner().invoke(app, ["state", SLUG])
    assert said.exit_code == 0
    assert f"{SLUG}, revision 1: Proposed. On Lakeview PD's desk since today" in said.output
    assert CliRunner().invoke(app, ["state", "nothing"]).exit_code == 1
    assert '"desk": [\n' in CliRunner().invoke(app, ["state", "--json"]).output


def test_the_first_page_says_what_waits_on_which_desk(signed_in: Cast):
    from datetime import timedelta

    from sightpact.agreements import life_page
    from sightpact.ledger import clock

    proposed(signed_in)
    (mine,) = life_page.reminders(signed_in["gail"])
    assert (mine.is_mine, mine.days, mine.path) == (True, 0, f"{AT}?revision=1")
    assert life_page.reminders(signed_in["sam"]) == () == life_page.reminders(signed_in["ines"])
    later = clock.SimulatedClock(clock.now() + timedelta(days=12))
    before = clock.use(later)
    try:
        (theirs,) = life_page.reminders(signed_in["sam"])
        assert not theirs.is_mine and theirs.text.startswith("On Lakeview PD's desk for 12 days.")
        assert life_page.reminders(signed_in["gail"])[0].days == 12
    finally:
        clock.use(before)


def test_the_api_says_the_same(signed_in: Cast):
    proposed(signed_in)
    found = as_person("sam").get(f"/api/v1/agreements/{SLUG}").json()
    assert (found["life"]["state"], found["life"]["desk"], found["life"]["next"]) == (
        "proposed",
        ["lakeview-pd"],
        "answer",
    )
    assert found["coming"] is None and found["life"]["says"].startswith("Lakeview PD can accept this text")
