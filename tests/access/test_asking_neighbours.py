"""Two agencies, each with an agreement of its own: what is asked for under one opens nothing, and tells nothing, to the other."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sightpact.access import asked, asking, asking_sections, facts
from sightpact.access.asking_fit import Wanted
from sightpact.access.errors import NotFound, Refused
from sightpact.activation.errors import UnknownAsking
from sightpact.agreements import actions as agreements
from sightpact.agreements import signing
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse
from sightpact.cameras import actions as cameras
from sightpact.cameras.models import School
from sightpact.decide.facts import Action, Grant
from sightpact.ledger import reads as ledger
from sightpact.people import actions as people
from tests import lakeview
from tests.lakeview import ASKING, Lakeview

PARTIES = ("lakeview-usd", "lakeview-pd", "fairmont-pd")


@pytest.fixture
def it(transactional_db: None) -> Lakeview:
    """Fairmont's agreement is Lakeview's with other names; who is named there may ask."""
    facts._latest = None
    keys = {party: signing.keygen() for party in PARTIES}
    lakeview.build(keys=keys, **ASKING)
    asks = [{"party": "lakeview-pd", "named_only": True}]
    text = json.dumps(
        lakeview.text("agreement", **{**ASKING, "s3_6": {**ASKING["s3_6"], "ask": asks}}), default=str
    )
    for old, new in {
        "lakeview-mou": "fairmont-mou",
        "lakeview-pd": "fairmont-pd",
        "Lakeview Police Department": "Fairmont Police",
    }.items():
        text = text.replace(old, new)
    document = parse(_dates(json.loads(text)))
    content = signing.payload(document, make(document))
    signed = {p.slug: signing.sign(content, keys[p.slug].private_pem) for p in document.parties}
    agreements.import_agreement(document, signatures=signed, named=[agreements.Named("ines", "officer")])
    return lakeview.found()


def _dates(raw: dict[str, Any]) -> dict[str, Any]:
    for clause in raw["clauses"]:
        for name in ("begins", "ends"):
            if name in clause:
                clause[name] = date.fromisoformat(clause[name])
    return raw


def sees(it: Lakeview, who: str) -> set[str]:
    snapshot = facts.snapshot()
    answers = {c: snapshot.answer(it.people[who], Action.VIEW_LIVE, c) for c in it.inside}
    return {camera for camera, answer in answers.items() if isinstance(answer, Grant)}


def ask(it: Lakeview, who: str, agreement: str, kind: str = "request", key: str = "k1") -> str:
    wanted = Wanted(kind, it.agreements[agreement], it.schools["lakeview-high"], "A door alarm", key)
    return asking.ask(it.people[who], wanted).id


def test_a_request_of_one_opens_nothing_to_the_other(it: Lakeview) -> None:
    his = ask(it, "omar", "lakeview-mou")
    ines = it.people["ines"]
    assert asked.one(ines, his) is None and not asked.everything(ines).any
    with pytest.raises(UnknownAsking):
        asking.end(ines, his)
    asking.answer(it.people["pia"], his, True)
    assert (sees(it, "omar"), sees(it, "ines")) == (set(it.inside), set())
    hers = ask(it, "ines", "fairmont-mou", key="k2")
    assert asked.one(it.people["omar"], hers) is None
    asking.answer(it.people["sam"], hers, True)
    asking.end(it.people["pia"], his)
    assert (sees(it, "omar"), sees(it, "ines")) == (set(), set(it.inside))


def test_nobody_asks_under_the_others_agreement(it: Lakeview) -> None:
    for who, agreement in (("omar", "fairmont-mou"), ("ines", "lakeview-mou")):
        with pytest.raises((Refused, NotFound)):
            ask(it, who, agreement)
    assert facts.snapshot().askings == ()


def test_the_school_chooses_whom_it_invites(it: Lakeview) -> None:
    pia = it.people["pia"]
    slugs = {o.section.slug for o in asking_sections.options(pia) if o.section.kind == "invitation"}
    assert slugs == {"lakeview-mou", "fairmont-mou"}
    ask(it, "pia", "fairmont-mou", "invitation")
    assert (sees(it, "ines"), sees(it, "omar")) == (set(it.inside), set())


def test_a_school_outside_the_agreement_is_asked_for_nothing(it: Lakeview) -> None:
    """Another district's school is refused, and that is in the record; one that is nowhere is not found."""
    people.add_party(people.PartySpec("harbor-usd", "Harbor Schools", "Harbor", "owner"))
    cameras.put_inventory([cameras.SchoolSpec("harbor-high", "harbor-usd", "Harbor High")])
    harbor = str(School.objects.get(slug="harbor-high").pk)
    wanted = Wanted("request", it.agreements["lakeview-mou"], harbor, "A door alarm", "k9")
    with pytest.raises(Refused, match="nothing here that is shared with you"):
        asking.ask(it.people["omar"], wanted)
    (refusal,) = ledger.opened(ledger.Query(types=("refusal",)))
    assert refusal.key("person") == it.people["omar"] and refusal.key("school") == harbor
    with pytest.raises(NotFound, match="No agreement that runs has such a section for this school"):
        asking.ask(it.people["omar"], replace(wanted, school="00000000-0000-4000-8000-000000000000"))
    assert facts.snapshot().askings == ()
