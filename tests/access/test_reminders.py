"""What whoever watches is reminded of, on the wall and on the record: the words of the text that runs, with its sections."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from sightpact.access import facts, wall
from sightpact.access.reminders import reminders
from sightpact.agreements import actions as agreements
from sightpact.people import reads as people
from tests import regional

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_agencys_people_are_told_not_to_pass_on_and_all_what_nobody_watches_for() -> None:
    region = regional.build()
    facts._latest = None
    snapshot = facts.snapshot()
    for person, told in (("rosa", True), ("nora", True), ("sam", False)):
        (found,) = reminders(snapshot, region.people[person])
        assert (found.agreement, bool(found.notice)) == ("lakeview-regional", told)
        assert found.forbidden_section == "5.1" and "the enforcement of immigration law" in found.forbidden
    assert reminders(snapshot, "nobody") == ()


def test_the_wall_shows_them_beside_pictures_and_not_without() -> None:
    region = regional.build()
    facts._latest = None
    state = wall.state(region.people["rosa"])
    assert state.tiles and state.reminders
    html = render_to_string("live/_reminder.html", {"reminders": state.reminders})
    assert "34 CFR 99.33" in html and '/agreements/lakeview-regional/#s5.2"' in html
    assert "Not to be watched for: the enforcement of immigration law; school discipline" in html
    assert wall.state(region.people["felix"]).reminders == (), "who sees nothing needs no reminder"


def test_a_suspended_agreement_reminds_of_nothing() -> None:
    region = regional.build()
    facts._latest = None
    sam = people.person_by_slug("sam")
    assert sam is not None
    agreements.suspend("lakeview-regional", sam)
    assert reminders(facts.snapshot(), region.people["rosa"]) == ()
