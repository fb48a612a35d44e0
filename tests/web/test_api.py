"""The API as each of the cast meets it, on a quiet day and in an emergency. What a stranger gets: tests/house/."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from sightpact.access import facts, sharing
from sightpact.ledger import reads as ledger
from sightpact.people import actions as people
from sightpact.people.models import Account
from tests import lakeview

pytestmark = pytest.mark.django_db
FAULT = {"code", "what", "why", "next_step"}
INSIDE = (
    "Hallway B",
    "Stair 2",
    "Cafeteria",
    "Gymnasium",
    "Library",
    "trophy case",
    "room 114",
    "Guidance office",
    "Room 112",
)


@pytest.fixture
def town(db: None) -> lakeview.Lakeview:
    facts._latest = None
    cache.clear()
    return lakeview.build()


def person(slug: str, **options: Any) -> Client:
    client = Client(headers={"Host": "localhost"}, **options)
    if slug != "nobody":
        backend = "allauth.account.auth_backends.AuthenticationBackend"
        client.force_login(Account.objects.get(username=slug), backend=backend)
    return client


def get(who: str, path: str, **query: Any) -> Any:
    return person(who).get(f"/api/v1/{path}", query)


def post(who: str | Client, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    client = person(who) if isinstance(who, str) else who
    sent = json.dumps(body or {})
    return client.post(f"/api/v1/{path}", sent, content_type="application/json", headers=headers)


def start(town: lakeview.Lakeview) -> str:
    school = town.schools["lakeview-high"]
    return sharing.start(town.people["pia"], (school,), "intruder", key=str(uuid.uuid4())).id


# statuses, person by person -----------------------------------------------------------------------------------

CAST = ("nobody", "ines", "omar", "pia", "sam", "dana")
READS = {
    # path: the status for each of the cast
    "me": (401, 200, 200, 200, 200, 200),
    "cameras": (401, 200, 200, 200, 200, 200),
    "sharings": (401, 200, 200, 200, 200, 200),
    "sharings/options": (401, 200, 200, 200, 200, 200),
    "watchers": (401, 404, 404, 200, 200, 200),
    "record": (401, 404, 404, 404, 200, 200),
    "agreements": (401, 200, 200, 200, 200, 200),
    "agreements/lakeview-mou": (401, 404, 200, 200, 200, 200),
    "agreements/lakeview-house": (401, 404, 404, 200, 200, 200),
    "openapi.json": (401, 200, 200, 200, 200, 200),
    "nothing-here": (404, 404, 404, 404, 404, 404),
    "cameras/{inside}": (401, 404, 403, 403, 200, 403),
    "cameras/{private}": (401, 404, 404, 403, 403, 403),
    "cameras/{unknown}": (401, 404, 404, 404, 404, 404),
}
DURING = READS | {"cameras/{inside}": (401, 404, 200, 403, 200, 403)}


@pytest.mark.parametrize("emergency", [False, True], ids=["quiet", "emergency"])
def test_who_gets_what(town: lakeview.Lakeview, emergency: bool) -> None:
    if emergency:
        start(town)
    ids = {"inside": town.camera("library"), "private": town.camera("guidance"), "unknown": str(uuid.uuid4())}
    wrong = []
    for path, statuses in (DURING if emergency else READS).items():
        for who, status in zip(CAST, statuses, strict=True):
            answer = get(who, path.format(**ids))
            if answer.status_code != status:
                wrong.append(f"{who} {path}: {answer.status_code}, not {status}: {answer.content[:200]!r}")
            if answer.headers["Content-Type"].split(";")[0] != "application/json":
                wrong.append(f"{who} {path}: not JSON")
            if status >= 400 and set(answer.json()) != FAULT:
                wrong.append(f"{who} {path}: no fault: {answer.content[:200]!r}")
            if "no-store" not in answer.headers["Cache-Control"]:
                wrong.append(f"{who} {path}: may be cached")
    assert wrong == []


def test_a_private_camera_reads_like_none_at_all(town: lakeview.Lakeview) -> None:
    for who in ("ines", "omar"):
        private, none = (get(who, f"cameras/{pk}") for pk in (town.camera("guidance"), uuid.uuid4()))
        assert private.content == none.content


@pytest.mark.parametrize("emergency", [False, True], ids=["quiet", "emergency"])
@pytest.mark.parametrize("who", ["nobody", "ines", "omar"])
def test_no_answer_names_what_is_not_open(town: lakeview.Lakeview, who: str, emergency: bool) -> None:
    """Promise 4, over the whole API."""
    if emergency:
        start(town)
    opened = set(town.inside) if emergency and who == "omar" else set()
    outside = {c["id"] for c in get("omar", "cameras").json()["cameras"] if not c["inside"]}
    secret = [pk for pk in town.cameras.values() if pk not in opened | outside]
    words = [word for word in INSIDE if not opened or word in ("Guidance office", "Room 112")]
    assert len(secret) == 24 - 13 - len(opened)
    paths = [*(path for path in READS if "{" not in path), *(f"cameras/{pk}" for pk in secret)]
    texts = {path: get(who, path).content.decode() for path in paths}
    assert [
        f"{path}: {word}" for path, text in texts.items() for word in [*words, *secret] if word in text
    ] == []


# cameras ------------------------------------------------------------------------------------------------------


def test_cameras_come_with_their_ground_and_go_with_it(town: lakeview.Lakeview) -> None:
    quiet = get("omar", "cameras").json()["cameras"]
    assert {c["section"] for c in quiet} == {"3.1"} and len(quiet) == 13
    activation = start(town)
    opened = [c for c in get("omar", "cameras").json()["cameras"] if c["inside"]]
    assert {c["id"] for c in opened} == set(town.inside)
    assert {(c["section"], c["sharing"], c["agreement"]) for c in opened} == {
        ("3.2", activation, "lakeview-mou")
    }
    assert all(c["until"] for c in opened)
    sharing.stop(town.people["sam"], activation)
    assert get("omar", "cameras").json()["cameras"] == quiet


def test_a_closed_camera_says_which_section_opens_it(town: lakeview.Lakeview) -> None:
    fault = get("omar", f"cameras/{town.camera('library')}").json()
    assert fault["code"] == "refused"
    assert fault["why"] == "Inside cameras are closed. Section 3.2 opens them in an emergency."


# sharings -----------------------------------------------------------------------------------------------------


def test_a_sharing_from_start_to_all_clear(town: lakeview.Lakeview) -> None:
    (high, *_rest) = get("pia", "sharings/options").json()["schools"]
    kind = next(each for each in high["kinds"] if each["kind"] == "intruder")
    assert (high["name"], kind["section"], kind["inside_cameras"]) == ("Lakeview High", "3.2", 8)
    wish = {"school": high["id"], "emergency": "intruder"}
    begun = post("pia", "sharings", wish, **{"Idempotency-Key": "one"}).json()
    assert post("pia", "sharings", wish, **{"Idempotency-Key": "one"}).json()["id"] == begun["id"]
    (running,) = get("omar", "sharings").json()["running"]
    assert (running["id"], running["inside_cameras"], running["can_take"], running["can_stop"]) == (
        begun["id"],
        8,
        True,
        False,
    )
    assert post("omar", f"sharings/{begun['id']}/take").json()["taken_by"] == "Omar Reyes"
    assert post("pia", f"sharings/{begun['id']}/all-clear").json()["end_proposed_by"] == "Pia Marsh"
    assert post("omar", f"sharings/{begun['id']}/keep-open").json()["end_due"] is None
    over = post("omar", f"sharings/{begun['id']}/all-clear").json()
    assert over["ended"] and over["end_reason"] == "all_clear"
    again = post("omar", f"sharings/{begun['id']}/take")
    assert (again.status_code, again.json()["code"]) == (409, "already_ended")
    assert get("omar", "sharings").json()["last_ended"]["id"] == begun["id"]
    assert get("ines", "sharings").json() == {"running": [], "last_ended": None}
    assert post("ines", f"sharings/{begun['id']}/take").status_code == 404, "how it ended is not for her"


def test_the_owner_stops_at_once_and_others_may_not(town: lakeview.Lakeview) -> None:
    activation = start(town)
    for who in ("omar", "dana", "pia"):
        assert post(who, f"sharings/{activation}/stop").status_code == 403, who
    assert (
        post("sam", f"sharings/{activation}/stop").json()["end_sentence"]
        == "Sam Whitfield stopped the sharing."
    )


@pytest.mark.parametrize("who", ["ines", "omar", "dana"])
def test_who_may_not_start_is_refused_on_the_record(town: lakeview.Lakeview, who: str) -> None:
    answer = post(who, "sharings", {"school": town.schools["lakeview-high"], "emergency": "intruder"})
    assert (answer.status_code, answer.json()["code"]) == (403, "refused")
    (entry,) = ledger.opened(ledger.Query(types=("refusal",)))
    assert entry.key("person") == town.people[who]
    assert facts.snapshot().live == ()


@pytest.mark.parametrize(
    ("school", "status"), [("all", 200), ("lakeview-high", 404), ("", 404), (str(uuid.UUID(int=7)), 403)]
)
def test_a_school_is_exactly_known_or_nothing_starts(
    town: lakeview.Lakeview, school: str, status: int
) -> None:
    answer = post("pia", "sharings", {"school": school, "emergency": "intruder"})
    assert answer.status_code == status, answer.content
    assert bool(facts.snapshot().live) == (status == 200)


def test_an_enrolled_device_starts_and_ends_without_a_sign_in(town: lakeview.Lakeview) -> None:
    device = person("nobody")
    device.cookies["sightpact_start"] = people.enrol_start_key(
        town.people["pia"], "Wall button, front office"
    )
    (high, *_rest) = device.get("/api/v1/sharings/options").json()["schools"]
    begun = post(device, "sharings", {"school": high["id"], "emergency": "intruder"})
    assert begun.json()["started_by"] == "Pia Marsh"
    over = post(device, f"sharings/{begun.json()['id']}/all-clear", {"reason": "mistake"})
    assert over.json()["end_sentence"] == "Sent by mistake, says Pia Marsh. There is no emergency."
    for path in ("me", "cameras", "sharings", "watchers", "record", "agreements", "openapi.json"):
        assert device.get(f"/api/v1/{path}").status_code == 401, path
    assert post(device, "tickets").status_code == 401


# watchers, record, agreements, tickets ------------------------------------------------------------------------


def test_one_person_is_stopped_and_let_back(town: lakeview.Lakeview) -> None:
    omar = town.people["omar"]
    for who in ("omar", "pia", "dana"):
        assert post(who, f"watchers/{omar}/stop").status_code == 404, who
    assert post("sam", f"watchers/{omar}/stop").json() == {"person": omar, "stopped": True}
    assert get("omar", "cameras").json() == {"cameras": []}
    (stopped,) = get("sam", "watchers").json()["stopped"]
    assert (stopped["name"], stopped["by"]) == ("Omar Reyes", "Sam Whitfield")
    assert post("sam", f"watchers/{omar}/let-back").json()["stopped"] is False
    assert get("omar", "cameras").json()["cameras"]
    assert post("sam", f"watchers/{uuid.uuid4()}/stop").status_code == 404


def test_the_record_by_filters_and_pages_and_that_it_was_read(town: lakeview.Lakeview) -> None:
    start(town)
    everything = get("sam", "record", what="all").json()
    first = everything["lines"][0]
    assert first["index"] == everything["own_entry"]
    older = get("sam", "record", what="all", before=first["index"]).json()["lines"]
    assert all(line["index"] < first["index"] for line in older)
    sharings = get("sam", "record", what="sharings", school=town.schools["lakeview-high"]).json()["lines"]
    assert [line["school"] for line in sharings] == ["Lakeview High"]
    for wrong in ({"what": "everything"}, {"person": "sam"}, {"before": -1}, {"before": 2**80}):
        assert get("sam", "record", **wrong).status_code == 422, wrong
    assert get("sam", "record", since="2026-01-01").status_code == 422, "without a zone it is no instant"
    (read, *_others) = ledger.opened(ledger.Query(types=("record_read",)))
    assert read.shown("text").startswith("API: what=sharings")


def test_an_agreement_is_words_hashes_and_data(town: lakeview.Lakeview) -> None:
    police, district = (get(who, "agreements/lakeview-mou").json() for who in ("omar", "sam"))
    assert police["text"] == district["text"] and police["hashes"] == district["hashes"]
    assert {len(value) for value in police["hashes"].values()} == {64}
    theirs, ours = ({c["number"]: c for c in each["clauses"]} for each in (police, district))
    assert theirs["3.2"]["data"]["kind"] == ours["3.2"]["data"]["kind"]
    assert theirs["3.2"]["count"] == "" and ours["3.2"]["count"] == "up to 8"


def test_a_ticket_is_for_who_has_signed_in(town: lakeview.Lakeview) -> None:
    assert post("nobody", "tickets").status_code == 401
    answer = post("omar", "tickets").json()
    assert len(answer["ticket"]) == 43 and answer["url"].endswith("/live")


# the API itself -----------------------------------------------------------------------------------------------


def test_a_write_needs_the_token_that_me_gives(town: lakeview.Lakeview) -> None:
    sam = person("sam", enforce_csrf_checks=True)
    activation = start(town)
    refused = post(sam, f"sharings/{activation}/stop")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    token = sam.get("/api/v1/me").json()["csrf_token"]
    assert post(sam, f"sharings/{activation}/stop", None, **{"X-CSRFToken": token}).status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("sharings", "{", 400, "not_understood"),
        ("sharings", "{}", 422, "not_understood"),
        ("sharings", '{"school": [], "emergency": 1}', 422, "not_understood"),
        (
            "sharings/00000000-0000-0000-0000-000000000000/all-clear",
            '{"reason": "bored"}',
            422,
            "not_understood",
        ),
        ("sharings/00000000-0000-0000-0000-000000000000/stop", "{}", 404, "unknown_activation"),
        ("sharings/7/stop", "{}", 404, "not_found"),
        ("me", "{}", 405, "method"),
    ],
)
def test_what_is_not_understood_is_told(
    town: lakeview.Lakeview, path: str, body: str, status: int, code: str
) -> None:
    answer = person("sam").post(f"/api/v1/{path}", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == FAULT


def test_writes_are_limited_by_person(town: lakeview.Lakeview) -> None:
    omar = person("omar")
    statuses = [post(omar, "tickets").status_code for _ in range(121)]
    assert set(statuses[:120]) == {200} and statuses[120] == 429
    assert post("sam", "tickets").status_code == 200


def test_no_other_site_is_let_in(town: lakeview.Lakeview) -> None:
    answer = person("omar").get("/api/v1/cameras", headers={"Origin": "https://elsewhere.example"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert person("omar").options("/api/v1/cameras").status_code == 405


def test_there_is_no_page_that_tries_things_out(town: lakeview.Lakeview) -> None:
    assert get("sam", "docs").status_code == 404
