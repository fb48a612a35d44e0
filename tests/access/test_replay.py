"""What would have happened under another text: the record's looks decided again, and a made-up month that can be made again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import transaction
from typer.testing import CliRunner

from sightpact.access import facts, replay, sharing, words
from sightpact.access.cli_agreement import app
from sightpact.agreements import actions as agreements
from sightpact.agreements import stored_world
from sightpact.agreements.document import Document, parse
from sightpact.decide.facts import Action, Grant
from sightpact.ledger import actions as ledger
from sightpact.ledger.entries import NewEntry
from tests import lakeview
from tests.lakeview import DEMO, Lakeview

pytestmark = pytest.mark.django_db
NARROWER = {"s3_1": {"area_kinds": ["exterior", "parking", "field", "bus_loop"]}}  # entrances no longer


def text(**changes: object) -> Document:
    return parse({**lakeview.text("agreement", **changes), "revision": 2})


@pytest.fixture
def district(db: None) -> Lakeview:
    facts._latest = None
    return lakeview.build()


def look(district: Lakeview, who: str, camera: str) -> None:
    """Somebody asks, and the record has the law's answer, as the gate writes it."""
    snapshot = facts.snapshot()
    person = district.people[who]
    answer = snapshot.answer(person, Action.VIEW_LIVE, camera)
    granted = isinstance(answer, Grant)
    entry = NewEntry(
        "admission" if granted else "refusal",
        agreement=snapshot.names.agreement_slugs.get(answer.agreement or "", ""),
        clause=answer.clause or "",
        party=words.party_slug(snapshot, person),
        outcome="granted" if granted else "refused",
        reason_code="" if granted else getattr(answer, "code", ""),
        secret=words.secrets(snapshot, person, camera, "test", getattr(answer, "situation", None)),
    )
    with transaction.atomic():
        ledger.append([entry])


def again(document: Document, today: Document | None = None) -> replay.Replayed:
    stock = stored_world.bare()
    id = next(a.id for a in facts.snapshot().world.inventory.agreements if a.slug == document.slug)
    looks, _unreadable = replay.recorded(document, stock, 30)
    world = replay.under(today, stock, id) if today else None
    return replay.replay(looks, replay.under(document, stock, id), world)


def test_a_look_of_the_past_that_would_be_closed(district: Lakeview) -> None:
    entrance, lot, hall = (district.camera(name) for name in ("main-entrance", "north-lot", "hallway"))
    for camera in (entrance, entrance, lot, hall):
        look(district, "omar", camera)
    look(district, "sam", hall)  # the owner's own: its house policy, not this text
    found = again(text(**NARROWER), text())
    assert found.looks == 4 and found.same == 2
    (each,) = found.differs
    assert (each.camera, each.was_open, each.was_section, each.times) == (entrance, True, "3.1", 2)
    assert each.during == () and not each.only_since


def test_an_emergency_of_the_past_counts_as_it_was(district: Lakeview) -> None:
    hall = district.camera("hallway")
    pia, school = district.people["pia"], district.schools["lakeview-high"]
    begun = sharing.start(pia, (school,), "intruder", key="replay")
    look(district, "omar", hall)
    sharing.stop(district.people["sam"], begun.id)
    look(district, "omar", hall)
    assert again(text()).differs == (), "the same text, the same answers, also after the emergency has ended"
    kinds = next(e for e in lakeview.text("agreement")["clauses"] if e["number"] == "3.2")["emergencies"]
    without = [e for e in kinds if e["kind"] != "intruder"]
    (each,) = again(text(s3_2={"emergencies": without})).differs
    assert (each.was_section, each.during, each.times) == ("3.2", ("intruder",), 1)


def test_what_people_changed_since_is_told_apart(district: Lakeview) -> None:
    look(district, "omar", district.camera("north-lot"))
    agreements.remove_person("lakeview-mou", "omar")
    (each,) = again(text(), text()).differs
    assert each.only_since


def test_the_made_up_month_is_the_same_for_the_same_seed(district: Lakeview, tmp_path: Path) -> None:
    file = tmp_path / "narrower.toml"
    whole = (DEMO / "agreement.toml").read_text()
    file.write_text(whole.replace('["exterior", "entrance_outside", "parking"', '["exterior", "parking"', 1))

    def month(*options: str) -> dict:
        done = CliRunner().invoke(
            app, ["replay", str(file), "--synthetic", "--looks", "400", "--json", *options]
        )
        assert done.exit_code == 0, done.output
        answer: dict = json.loads(done.stdout)
        return answer

    one = month("--seed", "7")
    assert [d["says"].split("; ")[0] for d in one["differs"]] == [
        d["says"].split("; ")[0] for d in month("--seed", "7")["differs"]
    ]
    assert one["looks"] == 400 and len(one["differs"]) > 0 and one["same"] < 400
    assert all(d["was"] == "section 3.1" and d["would_be"] == "closed" for d in one["differs"])
    assert month("--seed", "8")["differs"] != one["differs"]


def test_the_command_says_it_in_words(district: Lakeview, tmp_path: Path) -> None:
    look(district, "omar", district.camera("main-entrance"))
    file = tmp_path / "narrower.toml"
    whole = (DEMO / "agreement.toml").read_text()
    file.write_text(whole.replace('["exterior", "entrance_outside", "parking"', '["exterior", "parking"', 1))
    said = CliRunner().invoke(app, ["replay", str(file)]).stdout
    assert "1 look in the record of the last 365 days: 0 would have gone the same way." in said
    assert "Omar Reyes" in said and "on a normal day: was open by section 3.1, would be closed" in said, said
