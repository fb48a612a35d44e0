"""The pages and calls of asking: who finds them, what they say, what a stranger gets."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from sightpact.access import asking, facts
from sightpact.access.asking_fit import Wanted
from sightpact.activation.askings import AskingCard
from tests import lakeview
from tests.browser import as_person
from tests.lakeview import ASKING, Lakeview

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def it(transactional_db: None) -> Lakeview:
    return lakeview.build(**ASKING)


def where(it: Lakeview, school: str = "lakeview-high") -> str:
    return f"{it.agreements['lakeview-mou']}:{it.schools[school]}"


def request(it: Lakeview, who: str = "omar", key: str = "") -> AskingCard:
    mou, school = it.agreements["lakeview-mou"], it.schools["lakeview-high"]
    return asking.ask(it.people[who], Wanted("request", mou, school, "A door alarm", key or str(uuid4())))


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_pia_invites_by_the_form_and_police_look(it: Lakeview) -> None:
    pia = as_person("pia")
    assert '<a href="/asking/"' in pia.get("/agreements/").content.decode()
    form = pia.get("/asking/invite/")
    assert "All 8 that the section allows (8 inside)" in text(form)
    assert "Room 112" not in text(form), "what no section opens is not offered"
    sent = {"where": where(it), "reason": "A door alarm", "minutes": "10", "which": "all", "key": "k1"}
    answer = pia.post("/asking/invite/", sent)
    assert answer.status_code == 302
    again = pia.post("/asking/invite/", sent)
    assert again["Location"] == answer["Location"], "a double press is one invitation"
    page = text(pia.get(answer["Location"]))
    for words in ("Open", "A door alarm", "8 cameras, 8 of them inside", "Section 3.5", "Pia Marsh invited"):
        assert words in page
    omar = as_person("omar")
    wall = text(omar.get("/wall/"))
    for words in ("INVITED", "Pia Marsh", "Section 3.5", "8 cameras", "We are done, end it"):
        assert words in wall
    (card,) = facts.snapshot().askings
    assert omar.post("/wall/end-look/", {"asking": card.id}, HTTP_ACCEPT="application/json").json() == {
        "ok": True
    }
    assert "Omar Reyes ended it." in text(pia.get(answer["Location"]))
    assert "Omar Reyes ended it." in text(omar.get("/wall/"))


def test_only_some_cameras(it: Lakeview) -> None:
    two = it.inside[:2]
    sent = {"where": where(it), "reason": "r", "minutes": "5", "which": "some", "camera": two}
    as_person("pia").post("/asking/invite/", sent)
    (card,) = facts.snapshot().askings
    assert set(card.cameras) == set(two)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"minutes": "31"}, "1 to 30 minutes"),
        ({"minutes": "soon"}, "not a whole number"),
        ({"reason": ""}, "It needs a reason"),
        ({"where": "gone"}, "No school was chosen"),
        ({"which": "some"}, "No camera was chosen"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_stays(
    it: Lakeview, changed: dict[str, str], says: str
) -> None:
    sent = {"where": where(it), "reason": "A door alarm", "minutes": "10", "which": "all", **changed}
    answer = as_person("pia").post("/asking/invite/", sent)
    assert answer.status_code == 409 and says in text(answer)
    if "reason" not in changed:
        assert 'value="A door alarm"' in answer.content.decode()
    assert facts.snapshot().askings == ()


def test_a_request_reaches_the_approvers_page_and_is_answered_in_two_taps(it: Lakeview) -> None:
    omar, pia, sam = as_person("omar"), as_person("pia"), as_person("sam")
    sent = {"where": where(it), "reason": "A door alarm", "incident": "26-1183"}
    page = omar.post("/asking/request/", sent)["Location"]
    assert "Waits for an answer" in text(omar.get(page)) and "Pia Marsh, Sam Whitfield can answer" in text(
        omar.get(page)
    )
    line = pia.get("/state-line/").content.decode()
    assert "Omar Reyes asks to look at Lakeview High." in line and f'href="{page}"' in line
    assert "Omar Reyes asks to look at Lakeview High." in text(sam.get("/today/"))
    board = sam.get("/watching/").content.decode()
    assert f'href="{page}"' in board and "A door alarm" in board
    shown = text(pia.get(page))
    for words in ("A door alarm", "26-1183", "8 cameras, 8 of them inside", "Open for 20 minutes", "Refuse"):
        assert words in shown
    pia.post(page + "answer/", {"answer": "approve"})
    assert "Pia Marsh approved" in text(omar.get(page))
    late = sam.post(page + "answer/", {"answer": "refuse"}, follow=True)
    assert "Pia Marsh approved it before you." in text(late)
    board = text(sam.get("/watching/"))
    assert "Request to look" in board and "Approved by Pia Marsh" in board
    assert "8 inside cameras are open to police." in pia.get("/state-line/").content.decode()


def test_an_event_is_planned_in_the_schools_time(it: Lakeview) -> None:
    sent = {"where": where(it), "reason": "Final", "opens": "2026-12-18T18:00", "closes": "2026-12-18T21:00"}
    page = as_person("pia").post("/asking/event/", sent)["Location"]
    (card,) = facts.snapshot().askings
    assert card.opens_utc is not None and card.opens_utc.isoformat() == "2026-12-18T23:00:00+00:00"
    assert card.minutes == 180
    sam = as_person("sam")
    sam.post(page + "answer/", {"answer": "approve"})
    assert "Approved, comes by itself" not in text(sam.get(page))
    assert "opens by itself at 18 December 2026, 18:00" in text(sam.get(page))
    assert "18 Dec" in text(as_person("omar").get("/asking/"))
    for never in ("tomorrow", "9999-12-31T23:59"):  # later than any time in UTC
        refused = as_person("pia").post("/asking/event/", {**sent, "opens": never})
        assert refused.status_code == 409 and "not a day and a time" in text(refused)


def test_the_lists_are_said_when_empty(it: Lakeview) -> None:
    page = text(as_person("omar").get("/asking/"))
    for words in ("Nothing waits.", "Nothing is open by", "No approved event is to come.", "None."):
        assert words in page


PATHS = ["/asking/", "/asking/state/", "/asking/invite/", "/asking/request/", "/asking/event/"]


def test_what_each_of_the_cast_finds(it: Lakeview) -> None:
    number = request(it).id
    paths = [*PATHS, f"/asking/{number}/", f"/asking/{number}/state/", f"/asking/{uuid4()}/"]
    found = {
        who: [as_person(who).get(path).status_code for path in paths]
        for who in ("pia", "omar", "rosa", "dana", "ines")
    }
    assert found == {
        "pia": [200, 200, 200, 404, 200, 200, 200, 404],  # the school does not ask itself to look
        "omar": [200, 200, 404, 200, 200, 200, 200, 404],
        "rosa": [200, 200, 404, 404, 404, 200, 200, 404],
        "dana": [200, 200, 404, 404, 404, 200, 200, 404],
        "ines": [404] * 8,
    }
    assert {Client(HTTP_HOST="localhost").get(path).status_code for path in paths} == {302}


def test_strangers_change_nothing_while_one_waits(it: Lakeview) -> None:
    card = request(it)
    ines = as_person("ines")
    for path, sent in {
        f"/asking/{card.id}/answer/": {"answer": "approve"},
        f"/asking/{card.id}/end/": {},
        "/asking/invite/": {"where": where(it), "reason": "r", "minutes": "5", "which": "all"},
        "/asking/request/": {"where": where(it), "reason": "r"},
    }.items():
        assert ines.post(path, sent).status_code == 404
    assert as_person("pia").post(f"/asking/{card.id}/answer/", {"answer": "maybe"}).status_code == 302
    (same,) = facts.snapshot().askings
    assert same == card


def test_ines_wall_and_state_line_say_nothing_of_it(it: Lakeview) -> None:
    request(it)
    ines = as_person("ines")
    for path in ("/wall/", "/wall/state/", "/state-line/", "/agreements/"):
        assert "Lakeview High" not in ines.get(path).content.decode()


def test_omar_learns_no_name_of_inside_before_it_opens(it: Lakeview) -> None:
    card = request(it)
    omar = as_person("omar")
    for path in (*PATHS, f"/asking/{card.id}/", "/wall/", "/api/v1/askings", "/api/v1/askings/options"):
        shown = omar.get(path).content.decode()
        assert not [word for word in ("Hallway", "Stair 2", "Room 112", *it.inside) if word in shown], path


# the calls ----------------------------------------------------------------------------------------------------


def call(client: Client, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    if body is None:
        return client.get(f"/api/v1/{path}").json()
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)


def test_the_same_over_the_api(it: Lakeview) -> None:
    omar, pia = as_person("omar"), as_person("pia")
    (choice,) = [
        c for c in call(omar, "askings/options")["choices"]
        if (c["kind"], c["school_name"]) == ("request", "Lakeview High")
    ]  # fmt: skip
    assert (choice["section"], choice["answer_minutes"], choice["unanswered"], choice["cameras"]) == (
        "3.6", 5, "stays_closed", [],
    )  # fmt: skip
    wish = {
        "kind": "request",
        "agreement": choice["agreement"],
        "school": choice["school"],
        "reason": "Alarm",
    }
    made = call(omar, "askings", wish, **{"Idempotency-Key": "k1"}).json()
    assert call(omar, "askings", wish, **{"Idempotency-Key": "k1"}).json()["id"] == made["id"]
    assert (made["state"], made["can_answer"], made["can_end"]) == ("asked", False, True)
    assert [each["id"] for each in call(pia, "askings")["waiting"]] == [made["id"]]
    own = call(omar, f"askings/{made['id']}/answer", {"answer": "approve"})
    assert (own.status_code, own.json()["code"]) == (403, "refused")
    opened = call(pia, f"askings/{made['id']}/answer", {"answer": "approve"}).json()
    assert (opened["state"], opened["inside_cameras"], opened["decided_by"]) == ("open", 8, "Pia Marsh")
    late = call(as_person("sam"), f"askings/{made['id']}/answer", {"answer": "refuse"})
    assert (late.status_code, late.json()["code"]) == (409, "too_late")
    ended = call(omar, f"askings/{made['id']}/end", {}).json()
    assert (ended["state"], ended["end_sentence"]) == ("ended", "Omar Reyes ended it.")
    assert [step["text"] for step in ended["steps"]][-1] == "Omar Reyes ended it."
    assert call(pia, "askings")["ended"][0]["id"] == made["id"]


def test_the_api_says_what_does_not_fit(it: Lakeview) -> None:
    mou, school = it.agreements["lakeview-mou"], it.schools["lakeview-high"]
    pia = as_person("pia")
    wish = {"kind": "window", "agreement": mou, "school": school, "reason": "Final"}
    zoneless = call(pia, "askings", {**wish, "opens": "2026-12-18T18:00:00", "closes": "2026-12-18T20:00:00"})
    assert (zoneless.status_code, zoneless.json()["code"]) == (409, "bad_asking")
    assert call(pia, "askings", {**wish, "kind": "party"}).status_code == 422
    assert call(as_person("ines"), "askings", wish).status_code in (403, 404)


def test_the_record_tells_each_step_in_a_sentence(it: Lakeview) -> None:
    card = request(it)
    asking.answer(it.people["pia"], card.id, True)
    asking.end(it.people["sam"], card.id)
    asking.answer(it.people["sam"], request(it, key="k2").id, False)
    page = text(as_person("sam").get("/record/?what=sharings"))
    for words in (
        "Omar Reyes asked to look at Lakeview High, section 3.6",
        "Pia Marsh approved the request to look at Lakeview High",
        "The request to look at Lakeview High ended: stopped by Sam Whitfield",
        "The request to look at Lakeview High ended: refused by Sam Whitfield",
    ):
        assert words in page, words
