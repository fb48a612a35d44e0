"""Each agreement of the library, stored, adopted, signed and run: the way that it names opens the hall, and nothing else does."""

from __future__ import annotations

import tomllib
import uuid
from datetime import date
from typing import Any

import pytest

from sightpact.access import asking, facts, sharing, visible
from sightpact.access.asking_fit import Wanted
from sightpact.access.errors import AccessError
from sightpact.activation.errors import ActivationError
from sightpact.agreements import actions as agreements
from sightpact.agreements import templates
from sightpact.agreements.document import parse
from sightpact.ledger import reads as ledger
from sightpact.ledger.clock import SimulatedClock
from tests import lakeview
from tests.access.conftest import journal
from tests.activation.conftest import time_told
from tests.lakeview import Lakeview

from .filled import VALUES

__all__ = ["journal", "time_told"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("journal")]

EMERGENCIES = {"exterior-always": "life_safety", "common-areas": "medical", "new-jersey": "intruder"}
SECTION = {
    "exterior-always": "3.2",
    "common-areas": "3.1",
    "new-jersey": "3.1",
    "when-invited": "3.1",
    "on-request": "3.1",
}


def raw_of(name: str) -> dict[str, Any]:
    own = {"slug": "lakeview-mou", "district_slug": "lakeview-usd", "agency_slug": "lakeview-pd"}
    blanks = (*own, *templates.template(name).blanks)
    values = {k: v for k, v in {**VALUES, **own}.items() if k in blanks}
    return tomllib.loads(templates.fill(name, values, {"school": ["all"]}))["agreements"][0]


@pytest.fixture
def it(request: pytest.FixtureRequest, time_told: SimulatedClock, transactional_db: None,
       monkeypatch: pytest.MonkeyPatch) -> Lakeview:  # fmt: skip
    """Lakeview under the template that the test names, instead of the demonstration's agreement."""
    facts._latest = None
    real = lakeview.text
    monkeypatch.setattr(
        lakeview, "text", lambda name, **c: raw_of(request.param) if name == "agreement" else real(name, **c)
    )
    return lakeview.build(24)


def adopted(name: str) -> None:
    """Both bodies vote, where the text names them."""
    document = parse(raw_of(name))
    votes = [
        agreements.Vote(body, date(2026, 6, 9))
        for c in document.clauses
        if hasattr(c, "bodies")
        for body in c.bodies()
    ]
    agreements.import_agreement(document, votes=votes)


def opened(it: Lakeview, person: str = "omar") -> set[str]:
    """Sections under which this person can watch the hallway now."""
    hall = it.camera("hallway-b-east")
    seen = visible.cameras_for(it.people[person])
    return {each.grant.clause for each in seen if each.camera.id == hall}


def open_it(name: str, it: Lakeview) -> None:
    """The way that the text names."""
    school, mou, key = it.schools["lakeview-high"], it.agreements["lakeview-mou"], str(uuid.uuid4())
    if name in EMERGENCIES:
        sharing.start(it.people["pia"], (school,), EMERGENCIES[name], key)
    elif name == "when-invited":
        asking.ask(it.people["pia"], Wanted("invitation", mou, school, "Smoke in the kitchen", key))
    else:
        card = asking.ask(it.people["omar"], Wanted("request", mou, school, "", key, purpose="danger"))
        assert opened(it) == set(), "asking opens nothing"
        asking.answer(it.people["pia"], card.id, approve=True)


@pytest.mark.parametrize("it", list(SECTION), indirect=True)
def test_it_runs_and_opens_the_inside_in_its_own_way_alone(
    it: Lakeview, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.params["it"]
    if name in ("when-invited", "on-request"):
        assert not facts.snapshot().names.running.get(it.agreements["lakeview-mou"]), (
            "signed, and not adopted yet"
        )
    adopted(name)
    assert it.agreements["lakeview-mou"] in facts.snapshot().names.running
    assert opened(it) == set()
    open_it(name, it)
    assert opened(it) == {SECTION[name]}
    assert opened(it, "ines") == set() and opened(it, "pia") == set()


@pytest.mark.parametrize("it", ["when-invited"], indirect=True)
def test_when_invited_neither_police_nor_switch_open_anything(it: Lakeview) -> None:
    adopted("when-invited")
    school, mou = it.schools["lakeview-high"], it.agreements["lakeview-mou"]
    for person in ("omar", "rosa"):
        with pytest.raises((AccessError, ActivationError)):
            asking.ask(it.people[person], Wanted("invitation", mou, school, "Just a look", str(uuid.uuid4())))
    with pytest.raises((AccessError, ActivationError)):
        sharing.start(it.people["pia"], (school,), "intruder", str(uuid.uuid4()))
    assert opened(it) == set()


@pytest.mark.parametrize("it", ["on-request"], indirect=True)
def test_on_request_silence_leaves_it_closed_and_the_record_says_so(
    it: Lakeview, time_told: SimulatedClock
) -> None:
    adopted("on-request")
    school, mou = it.schools["lakeview-high"], it.agreements["lakeview-mou"]
    card = asking.ask(
        it.people["omar"], Wanted("request", mou, school, "", str(uuid.uuid4()), purpose="danger")
    )
    time_told.advance(5 * 60)
    asking.settle()
    assert opened(it) == set()
    last = ledger.opened(ledger.Query(limit=1))[0]
    assert last.key("situation") == card.id and last.reason_code == "unanswered"
    with pytest.raises((AccessError, ActivationError)):
        asking.answer(it.people["pia"], card.id, approve=True)
