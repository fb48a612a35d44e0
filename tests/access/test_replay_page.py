"""The page that asks what would have happened: for readers of the whole record, bounded, and by section."""

from __future__ import annotations

import threading
import time

import pytest

from sightpact.access import facts, replay_desk
from sightpact.access.replay_asked import Asked
from sightpact.access.replay_desk import Desk, Job
from sightpact.agreements import actions as agreements
from sightpact.ledger import reads as ledger
from sightpact.people.models import Account, Person
from tests import lakeview
from tests.access.test_replay import NARROWER, look, text
from tests.browser import as_person
from tests.lakeview import Lakeview

pytestmark = pytest.mark.django_db
AT = "/agreements/lakeview-mou/replay/"


@pytest.fixture
def district(db: None, monkeypatch: pytest.MonkeyPatch) -> Lakeview:
    facts._latest = None
    monkeypatch.setattr("sightpact.web.pages.replay.DESK", Desk())
    made = lakeview.build()
    for person in Person.objects.filter(account=None):
        Person.objects.filter(pk=person.pk).update(account=Account.objects.create(username=person.slug))
    agreements.import_agreement(text(**NARROWER))
    return made


def shown(who: str) -> str:
    """The page once what it counts is there."""
    client = as_person(who)
    for _turn in range(600):
        page = str(client.get(AT).content.decode())
        if 'http-equiv="refresh"' not in page:
            return page
        threading.Event().wait(0.05)
    raise AssertionError("it never came")


def test_what_would_differ_by_section_and_for_whom_the_page_is(
    district: Lakeview, monkeypatch: pytest.MonkeyPatch
):
    entrance = district.camera("main-entrance")
    for _time in range(2):
        look(district, "omar", entrance)
    look(district, "omar", district.camera("north-lot"))
    sam = as_person("sam")
    assert "Revision 2" in sam.get(AT).content.decode()
    assert sam.post(AT, {"text": "2", "over": "7"}).status_code == 302
    (read,) = ledger.opened(ledger.Query(types=("record_read",)))
    assert "lakeview-mou, Revision 2, the last 7 days" in read.shown("text") and read.shown("person")
    page = shown("sam")
    assert "3 looks were decided again" in page and "One would have gone the same way" in page
    assert "Open by section 3.1, and would have been closed" in page and "2 looks" in page and "Omar" in page
    sam.post(AT, {"text": "1", "over": "7"})
    assert "Nothing would have gone otherwise" in shown("sam")
    monkeypatch.setattr("sightpact.web.pages.replay.MOST_LOOKS", 2)
    sam.post(AT, {"text": "2", "over": "30"})
    assert "the newest 2 were decided again" in shown("sam")
    assert f'href="{AT}"' in sam.get("/agreements/lakeview-mou/").content.decode()
    assert f'href="{AT}"' not in as_person("omar").get("/agreements/lakeview-mou/").content.decode()
    for who in ("omar", "pia"):
        assert as_person(who).get(AT).status_code == 404
        assert as_person(who).post(AT, {"text": "2", "over": "7"}).status_code == 404
    assert (
        "Revision 2, tried"
        not in as_person("sam").get("/agreements/lakeview-usd-house/replay/").content.decode()
    )


def test_a_made_up_month_and_what_is_refused(district: Lakeview):
    sam = as_person("sam")
    for bad in ({"text": "9", "over": "7"}, {"text": "2", "over": "8"}, {}):
        assert sam.post(AT, bad).status_code == 422
    assert sam.post(AT, {"text": "2", "over": "month"}).status_code == 302
    page = shown("sam")
    assert "2000 looks were decided again" in page.replace(",", "") and "The month is made up" in page
    answers = [sam.post(AT, {"text": "2", "over": "7"}).status_code for _time in range(7)]
    assert answers[-1] == 422, "a person asks so many in a minute"


def test_a_newer_question_ends_the_older_one(district: Lakeview, monkeypatch: pytest.MonkeyPatch):
    begun, go = threading.Event(), threading.Event()
    ended: list[str] = []

    def slow(asked: Asked, told):  # type: ignore[no-untyped-def]
        begun.set()
        go.wait(10)
        try:
            told(1)
        except Exception as fault:
            ended.append(type(fault).__name__)
            raise

    monkeypatch.setattr(replay_desk, "decide", slow)
    desk, asked = Desk(), Asked(text(), None, facts.snapshot().world.inventory, "x", ())
    first = desk.ask("p", ("a", "1", "7"), asked)
    begun.wait(10)
    second = desk.ask("p", ("a", "2", "7"), asked)
    go.set()
    assert wait(first).failed and ended[0] == "_Ended"
    assert desk.last("p", "a") is second and desk.last("p", "b") is None and desk.last("q", "a") is None


def wait(job: Job) -> Job:
    until = time.monotonic() + 20
    while job.waits and time.monotonic() < until:
        threading.Event().wait(0.01)
    return job
