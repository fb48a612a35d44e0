from __future__ import annotations

import pytest
from django.contrib.sessions.backends.db import SessionStore

from sightpact.ledger import reads as ledger
from sightpact.people import actions, reads
from sightpact.people.actions import PartySpec, PersonSpec, Role
from sightpact.people.errors import NoSuch, PeopleError, Taken
from sightpact.people.models import Person

pytestmark = pytest.mark.django_db


def session_of(slug: str) -> str:
    session = SessionStore()
    session["_auth_user_id"] = str(Person.objects.get(slug=slug).account_id)
    session.create()
    return str(session.session_key)


def test_a_card_names_the_first_party_and_holds_all_roles(cast) -> None:
    rosa = cast["rosa"]
    usd, pd = reads.party_by_slug("lakeview-usd"), reads.party_by_slug("lakeview-pd")
    assert (rosa.short_party, rosa.party_slug, rosa.title) == ("Lakeview PD", "lakeview-pd", "sro")
    assert rosa.roles == {(usd.id, "guest"), (pd.id, "sro")}
    assert cast["omar"].title == "dispatch console 2"
    assert cast["pia"].zone == "America/Chicago"


def test_facts_rows_hold_every_person_with_roles_and_annexes(cast) -> None:
    rows = reads.persons_for_facts({cast["omar"].id: frozenset({"a"})})
    assert set(rows) == {card.id for card in cast.values()}
    assert rows[cast["rosa"].id].roles == cast["rosa"].roles
    assert rows[cast["omar"].id].named_in == {"a"}
    assert rows[cast["pia"].id].named_in == frozenset()
    assert {p.slug for p in reads.parties_for_facts().values()} == {"lakeview-usd", "lakeview-pd"}


def test_members_of_a_party_by_role(cast) -> None:
    pd = reads.party_by_slug("lakeview-pd").id
    assert [c.slug for c in reads.members(pd)] == ["omar", "rosa"]
    assert [c.slug for c in reads.members(pd, "sro")] == ["rosa"]
    actions.deactivate("rosa")
    assert reads.members(pd, "sro") == ()


def test_person_of_account_is_one_query(cast, django_assert_num_queries) -> None:
    account = Person.objects.get(slug="omar").account_id
    with django_assert_num_queries(1):
        assert reads.person_of_account(account) == cast["omar"]


def test_a_person_without_roles_has_a_card(cast) -> None:
    card = actions.add_person(PersonSpec("paula", "Paula"))
    assert card.roles == frozenset() and card.party_id == "" and card.active
    assert reads.persons_for_facts()[card.id].roles == frozenset()


def test_each_change_moves_the_world_and_is_recorded(cast, recorded) -> None:
    before, count = ledger.epoch().world, len(recorded())
    actions.set_roles("omar", [Role("lakeview-pd", "officer")], by=cast["pia"])
    assert ledger.epoch().world == before + 1
    assert recorded()[count:] == [
        ("person_change", "lakeview-pd", "Pia Marsh, Lakeview Unified School District, principal")
    ]


def test_the_same_again_changes_and_records_nothing(cast, recorded) -> None:
    before, count = ledger.epoch(), len(recorded())
    assert actions.set_roles("omar", [Role("lakeview-pd", "dispatcher", "dispatch console 2")]) is False
    assert actions.alter_person(PersonSpec("omar", "Omar Reyes")) == ()
    assert (
        actions.alter_party(PartySpec("lakeview-pd", "Lakeview Police Department", "Lakeview PD", "agency"))
        == ()
    )
    assert actions.reactivate("omar") is False
    assert (ledger.epoch(), len(recorded())) == (before, count)


def test_alter_says_what_changed(cast) -> None:
    assert actions.alter_person(PersonSpec("omar", "Omar Reyes", email="omar@example.org")) == ("email",)
    assert Person.objects.get(slug="omar").account.email == "omar@example.org"
    assert actions.alter_party(
        PartySpec("lakeview-pd", "Lakeview Police", "Lakeview PD", "agency", phone="555-0142")
    ) == ("name", "phone")


def test_refusals_name_the_thing_and_change_nothing(cast) -> None:
    count = Person.objects.count()
    with pytest.raises(Taken, match="omar"):
        actions.add_person(PersonSpec("omar", "Another Omar"))
    with pytest.raises(NoSuch, match="nowhere"):
        actions.add_person(PersonSpec("ines", "Ines Calder"), [Role("nowhere", "officer")])
    with pytest.raises(PeopleError, match="stays one"):
        actions.alter_party(PartySpec("lakeview-pd", "x", "x", "owner"))
    for call in (actions.deactivate, actions.reactivate, actions.invite):
        with pytest.raises(NoSuch):
            call("nobody")
    assert Person.objects.count() == count


def test_taking_a_person_out_ends_sessions_keys_and_sign_in(cast) -> None:
    person = Person.objects.get(slug="pia")
    mine, other = session_of("pia"), session_of("omar")
    secret = actions.enrol_start_key(cast["pia"].id, "Office phone")
    assert actions.use_start_key(secret) == cast["pia"].id
    assert actions.deactivate("pia") is True
    assert not reads.session_is_live(mine) and reads.session_is_live(other)
    assert actions.use_start_key(secret) is None
    assert reads.person_of_account(person.account_id) is None
    assert reads.persons_for_facts()[cast["pia"].id].active is False
    assert actions.deactivate("pia") is False
    assert actions.reactivate("pia") is True
    assert reads.person_of_account(person.account_id) == cast["pia"]
    assert actions.use_start_key(secret) is None, "a device is set up anew"


def test_live_sessions_run_out_by_the_clock(cast, time) -> None:
    key = session_of("omar")
    assert reads.session_is_live(key) and reads.live_sessions([key, "x"]) == {key}
    assert not reads.session_is_live("") and not reads.session_is_live("unknown")
    time.advance(13 * 3600)
    assert not reads.session_is_live(key) and reads.live_sessions([key]) == frozenset()


def test_signing_out_ends_the_session_and_moves_the_situation(cast, recorded) -> None:
    key = session_of("omar")
    before = ledger.epoch()
    actions.sign_out(cast["omar"], key)
    assert not reads.session_is_live(key)
    assert (ledger.epoch().situation, ledger.epoch().world) == (before.situation + 1, before.world)
    assert recorded()[-1][:2] == ("sign_out", "lakeview-pd")
