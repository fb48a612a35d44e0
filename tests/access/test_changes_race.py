"""Two second persons at the same moment, on their own connections: one decides, the other finds it decided."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from sightpact.access import changes, facts
from sightpact.access.models import PendingChange
from sightpact.agreements import reads as agreements
from sightpact.ledger.models import Entry
from sightpact.people import actions as people_actions
from sightpact.people import reads as people
from sightpact.people.actions import PersonSpec, Role
from tests import lakeview

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_of_two_decides(transactional_db: None) -> None:
    facts._latest = None
    lakeview.build()
    people_actions.add_person(PersonSpec("hana", "Hana Brandt"), [Role("lakeview-pd", "dispatcher")])
    people_actions.add_person(PersonSpec("gail", "Gail Ortega"), [Role("lakeview-pd", "chief")])
    change = changes.NamePerson("lakeview-mou", "hana", "dispatcher")
    pending = changes.propose(change, people.person_by_slug("dana")).pending
    ready, outcomes = threading.Barrier(3), []

    def decide(slug: str, approve: bool) -> None:
        try:
            by = people.person_by_slug(slug)
            assert by is not None
            ready.wait()
            if approve:
                changes.approve(pending, by)
            else:
                changes.refuse(pending, by, "no")
            outcomes.append("approved" if approve else "refused")
        except changes.ChangeRefused as fault:
            assert "decided already" in str(fault)
        finally:
            connections.close_all()

    deciding = (("sam", True), ("gail", True), ("gail", False))
    threads = [threading.Thread(target=decide, args=each) for each in deciding]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(outcomes) == 1, outcomes
    row = PendingChange.objects.get()
    assert row.state == outcomes[0]
    kinds = list(
        Entry.objects.filter(type__startswith="change_").order_by("index").values_list("type", flat=True)
    )
    assert kinds == ["change_proposed", f"change_{outcomes[0]}"]
    hana = people.person_by_slug("hana")
    assert hana is not None
    assert (hana.id in agreements.named_persons()) is (outcomes[0] == "approved")
