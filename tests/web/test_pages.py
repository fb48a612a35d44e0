"""The pages as each person gets them: who sees what, in plain answers, and nothing inside for whom nothing is open."""

from __future__ import annotations

import csv
import io
import uuid

import pytest
from django.test import Client

from sightpact.access import sharing, watch
from sightpact.ledger import reads as ledger
from sightpact.people import actions as people
from tests import lakeview
from tests.browser import as_person, streamed

pytestmark = pytest.mark.django_db(transaction=True)
INSIDE = ("Hallway", "Cafeteria", "Gymnasium", "Library", "Stair")


@pytest.fixture
def district(transactional_db: None) -> lakeview.Lakeview:
    return lakeview.build()


def start(district: lakeview.Lakeview, school: str = "lakeview-high") -> str:
    card = sharing.start(
        district.people["pia"], (district.schools[school],), "intruder", key=str(uuid.uuid4())
    )
    return card.id


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("omar", "/wall/", 200),
        ("omar", "/watching/", 404),
        ("omar", "/today/", 404),
        ("sam", "/wall/", 200),
        ("sam", "/watching/", 200),
        ("sam", "/today/", 200),
        ("sam", "/record/", 200),
        ("dana", "/today/", 200),
        ("ines", "/wall/", 200),
        ("ines", "/watching/", 404),
        ("ines", "/record/", 404),
        ("ines", "/today/", 404),
    ],
)
def test_who_gets_which_page(district: lakeview.Lakeview, who: str, path: str, status: int) -> None:
    assert as_person(who).get(path).status_code == status


@pytest.mark.parametrize("path", ["/wall/", "/watching/", "/record/", "/record/file.csv", "/today/"])
def test_without_sign_in_a_page_leads_to_it(district: lakeview.Lakeview, path: str) -> None:
    answer = Client(HTTP_HOST="localhost").get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_nothing_inside_is_named_to_police_while_nothing_is_shared(district: lakeview.Lakeview) -> None:
    omar = as_person("omar")
    for path in ("/wall/", "/wall/state/", "/help/", "/public/"):
        text = omar.get(path).content.decode()
        assert not [word for word in INSIDE if word in text.replace("hallways", "")], path
    assert "Section 3.2 opens them in an emergency." in omar.get("/wall/").content.decode()


def test_the_wall_names_what_an_emergency_opens_and_forgets_it_after(district: lakeview.Lakeview) -> None:
    omar = as_person("omar")
    activation = start(district)
    state = omar.get("/wall/state/").json()
    assert state["mode"] == "emergency"
    assert sum(tile["inside"] for tile in state["tiles"]) == 8
    assert state["untold"] == [activation]
    assert (
        omar.post("/wall/told/", {"activation": activation}, HTTP_ACCEPT="application/json").status_code
        == 200
    )
    assert (
        omar.post("/wall/take/", {"activation": activation}, HTTP_ACCEPT="application/json").status_code
        == 200
    )
    assert "You have it" in omar.get("/wall/state/").json()["html"]["side"]
    sharing.stop(district.people["sam"], activation)
    over = omar.get("/wall/state/").json()
    assert over["mode"] == "ended"
    assert "Sam Whitfield stopped the sharing." in over["html"]["notice"]
    assert not [tile for tile in over["tiles"] if tile["inside"]]
    omar.post("/wall/put-away/", {"activation": "x" * 100_000})
    assert "put_away" not in omar.session
    omar.post("/wall/put-away/", {"activation": activation})
    assert omar.get("/wall/state/").json()["mode"] == "quiet"


def test_a_ticket_is_for_who_has_signed_in(district: lakeview.Lakeview) -> None:
    assert Client(HTTP_HOST="localhost").post("/live/ticket/").status_code == 401
    answer = as_person("omar").post("/live/ticket/").json()
    assert len(answer["ticket"]) == 43
    assert answer["url"].endswith("/live")


def test_the_switch_is_two_taps_without_a_sign_in(district: lakeview.Lakeview) -> None:
    phone = Client(HTTP_HOST="localhost")
    phone.cookies["sightpact_start"] = people.enrol_start_key(district.people["pia"], "Chrome on Android")
    first = phone.get("/switch/").content.decode()
    assert "Lakeview High" in first
    assert "Call 911 too" in first
    school = district.schools["lakeview-high"]
    second = phone.get(f"/switch/?school={school}&emergency=intruder").content.decode()
    said = second.replace("&nbsp;", " ")
    assert (
        "Let Lakeview police dispatch watch 8 cameras at Lakeview High live, 60 min, section 3.2. Call 911 too."
        in said
    )
    sent = {"school": school, "emergency": "intruder", "key": "k1"}
    where = phone.post("/switch/start/", sent)["Location"]
    assert phone.post("/switch/start/", sent)["Location"] == where
    shown = phone.get(where).content.decode()
    assert "Police can see Lakeview High" in shown
    assert "Police told" in shown
    assert "End sharing" in shown
    phone.post(f"{where}end/", {"reason": "mistake"})
    assert "Sent by mistake, says Pia Marsh." in phone.get(where).content.decode()


def test_a_device_without_a_key_is_told_to_call_911(district: lakeview.Lakeview) -> None:
    answer = Client(HTTP_HOST="localhost").get("/switch/")
    assert answer.status_code == 403
    assert "Call 911 now" in answer.content.decode()
    refused = Client(HTTP_HOST="localhost").post(
        "/switch/start/", {"emergency": "intruder"}, HTTP_ACCEPT="application/json"
    )
    assert refused.status_code == 409


def test_another_school_s_page_of_a_sharing_is_not_for_police(district: lakeview.Lakeview) -> None:
    activation = start(district)
    assert as_person("ines").get(f"/switch/{activation}/").status_code == 404


def test_the_board_stops_and_lets_back(district: lakeview.Lakeview) -> None:
    sam, owner, omar = as_person("sam"), district.parties["lakeview-usd"], district.people["omar"]
    activation = start(district)
    assert "End this sharing" in sam.get("/watching/").content.decode()
    sam.post("/watching/stop/", {"person": omar, "owner": owner})
    assert "Stopped by Sam Whitfield" in sam.get("/watching/state/").content.decode()
    assert as_person("omar").get("/wall/state/").json()["tiles"] == []
    sam.post("/watching/let-back/", {"person": omar, "owner": owner})
    assert as_person("omar").get("/wall/state/").json()["tiles"]
    sam.post("/watching/stop-sharing/", {"activation": activation})
    assert as_person("omar").get("/wall/state/").json()["mode"] == "ended"


def test_who_may_not_stop_changes_nothing(district: lakeview.Lakeview) -> None:
    activation = start(district)
    omar = as_person("omar")
    omar.post("/watching/stop-sharing/", {"activation": activation})
    omar.post("/watching/stop-all/")
    assert omar.get("/wall/state/").json()["mode"] == "emergency"


def test_the_record_shows_refusals_and_that_it_was_read(district: lakeview.Lakeview) -> None:
    as_person("ines").get("/wall/")
    text = as_person("sam").get("/record/").content.decode()
    assert "Ines Calder" in text
    assert "Whole." in text
    read = ledger.opened(ledger.Query(types=("record_read",)))
    assert read[0].shown("person").startswith("Sam Whitfield")
    lines = streamed(as_person("sam").get("/record/file.csv?what=all"))
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert {"refused", "event"} <= {row["kind"] for row in rows}


def test_the_public_page_has_no_inside_count_and_no_live_state(district: lakeview.Lakeview) -> None:
    before = Client(HTTP_HOST="localhost").get("/public/").content
    start(district)
    after = Client(HTTP_HOST="localhost").get("/public/").content
    assert b"13 cameras, live" in before
    assert _without_tokens(before) == _without_tokens(after)


def _without_tokens(page: bytes) -> list[bytes]:
    changing = (b"csrfmiddlewaretoken", b"server-now", b"nonce=")
    return [line for line in page.splitlines() if not any(word in line for word in changing)]


def test_errors_are_plain_pages(district: lakeview.Lakeview) -> None:
    client = Client(HTTP_HOST="localhost")
    assert "There is nothing at this address" in client.get("/nothing-here/").content.decode()


def test_without_an_edge_no_camera_is_said_to_work(district: lakeview.Lakeview) -> None:
    watch.forget_health()
    shown = as_person("sam").get("/today/").content.decode()
    assert '<p class="n">0<span>of 24</span>' in shown
    assert "24 were not tried yet" in shown


def test_parents_are_promised_no_number_that_is_not_there(district: lakeview.Lakeview) -> None:
    """How often police looked stands on no public page, so that nobody learns of an emergency from it."""
    assert "how often" not in Client(HTTP_HOST="localhost").get("/sign-in/").content.decode()
