"""Admit and cut, on the real gate: real socket, real database, the law from the signed agreement."""

from __future__ import annotations

import threading
import time

import pytest

from sightpact.access import facts, sharing
from sightpact.access.models import OpenStream
from sightpact.agreements import actions as agreements
from sightpact.ledger import reads as ledger
from sightpact.people import reads as people
from sightpact.wire.messages import Beat, CloseViewer, Cut, Ended, NoViewer, Redeem, StreamEnd
from tests.access.conftest import ORIGIN, Edge
from tests.lakeview import Lakeview


def _start(district: Lakeview, emergency: str = "intruder", key: str = "k1") -> str:
    school = district.schools["lakeview-high"]
    return sharing.start(district.people["pia"], (school,), emergency, key).id


def test_outside_is_admitted_and_written_before_the_lease(
    district: Lakeview, edge: Edge, session: str
) -> None:
    omar = edge.viewer(district.people["omar"], session)
    camera = district.camera("main-entrance")
    answer = edge.ask(omar, [camera])
    assert [lease.camera for lease in answer.leases] == [camera]
    assert answer.leases[0].clause == "3.1"
    (entry,) = ledger.opened(ledger.Query(types=("admission",)))
    assert entry.key("camera") == camera and entry.key("person") == district.people["omar"]
    assert answer.leases[0].stream in edge.hear(Beat).streams


def test_inside_is_closed_without_a_sharing_and_says_the_section(
    district: Lakeview, edge: Edge, session: str
) -> None:
    omar = edge.viewer(district.people["omar"], session)
    answer = edge.ask(omar, district.inside)
    assert answer.leases == []
    assert {refused.reason.clause for refused in answer.refused} == {"3.2"}
    entries = ledger.opened(ledger.Query(types=("refusal",)))
    assert len(entries) == len(district.inside) == 8


def test_a_sharing_opens_inside_and_its_end_cuts_exactly_those(
    district: Lakeview, edge: Edge, session: str
) -> None:
    omar = edge.viewer(district.people["omar"], session)
    outside = edge.ask(omar, [district.camera("north-lot")]).leases[0]
    activation = _start(district)
    inside = edge.ask(omar, district.inside).leases
    assert len(inside) == 8 and {lease.clause for lease in inside} == {"3.2"}
    assert all(lease.until_utc_ms and lease.lease_ms == 15000 for lease in inside)
    sharing.all_clear(district.people["pia"], activation)
    cut = edge.hear(Cut)
    assert sorted(cut.streams) == sorted(lease.stream for lease in inside)
    assert cut.reason.code == "all_clear" and "Pia Marsh" in cut.reason.text
    edge.say(Ended([StreamEnd(stream, "cut", 40, 9000) for stream in cut.streams]))
    beat = edge.hear(Beat)
    assert beat.streams == [outside.stream]
    answer = edge.ask(omar, district.inside)
    assert answer.leases == [] and {r.reason.code for r in answer.refused} == {"closed"}


def test_the_end_is_written_with_counts_and_reason(district: Lakeview, edge: Edge, session: str) -> None:
    omar = edge.viewer(district.people["omar"], session)
    activation = _start(district)
    (lease,) = edge.ask(omar, [district.inside[0]]).leases
    sharing.stop(district.people["sam"], activation)
    cut = edge.hear(Cut)
    edge.say(Ended([StreamEnd(lease.stream, "cut", 31, 12345)]))
    edge.hear(Beat), edge.hear(Beat)
    (end,) = ledger.opened(ledger.Query(types=("stream_end",)))
    assert (end.frames, end.bytes, end.reason_code) == (31, 12345, "stop")
    assert cut.reason.code == "stop"


def test_a_stopped_person_is_cut_and_refused_until_let_back(
    district: Lakeview, edge: Edge, session: str
) -> None:
    omar, sam, owner = district.people["omar"], district.people["sam"], district.parties["lakeview-usd"]
    viewer = edge.viewer(omar, session)
    camera = district.camera("north-lot")
    (lease,) = edge.ask(viewer, [camera]).leases
    sharing.stop_person(sam, omar, owner)
    assert edge.hear(Cut).streams == [lease.stream]
    assert edge.ask(viewer, [camera]).refused[0].reason.code == "stopped"
    assert sharing.let_back(sam, omar, owner)
    assert len(edge.ask(viewer, [camera]).leases) == 1


def test_private_and_unclassified_say_nothing_to_police(district: Lakeview, edge: Edge, session: str) -> None:
    omar = edge.viewer(district.people["omar"], session)
    _start(district)
    private, unknown = district.camera("guidance"), district.camera("new-camera")
    answer = edge.ask(omar, [private, unknown, "4a6c1f0e-0000-4000-8000-000000000000"])
    assert answer.leases == []
    assert len({(r.reason.code, r.reason.text, r.reason.clause) for r in answer.refused}) == 1


def test_the_owner_looks_under_its_house_policy(district: Lakeview, edge: Edge, session: str) -> None:
    sam = edge.viewer(district.people["sam"], session)
    answer = edge.ask(sam, [district.inside[0]])
    assert answer.leases[0].clause == "2.1"
    (entry,) = ledger.opened(ledger.Query(types=("admission",)))
    assert entry.agreement == "lakeview-house"


def test_a_person_without_agreement_gets_nothing(district: Lakeview, edge: Edge, session: str) -> None:
    ines = edge.viewer(district.people["ines"], session)
    answer = edge.ask(ines, list(district.cameras.values()))
    assert answer.leases == [] and {r.reason.code for r in answer.refused} == {"unknown"}


def test_a_ticket_works_once_and_for_our_pages_only(district: Lakeview, edge: Edge, session: str) -> None:
    from sightpact.access import tickets

    ticket = tickets.issue(district.people["omar"], session, "test")
    edge.say(Redeem(1, ticket, "http://elsewhere.example", "127.0.0.1"))
    assert edge.hear(NoViewer).reason.code == "ticket"
    edge.say(Redeem(2, ticket, ORIGIN, "127.0.0.1"))
    assert edge.hear(NoViewer).reason.code == "ticket", "a ticket that was shown is used, whatever came of it"


def test_signing_out_closes_the_viewer(district: Lakeview, edge: Edge, session: str) -> None:
    from django.contrib.sessions.models import Session
    from django.db import transaction

    from sightpact.ledger import actions

    omar = edge.viewer(district.people["omar"], session)
    edge.ask(omar, [district.camera("north-lot")])
    with transaction.atomic():
        Session.objects.filter(pk=session).delete()
        actions.append([], bump="situation")
    assert edge.hear(CloseViewer).viewer == omar
    assert edge.hear(Beat).streams == []


def test_a_deadline_cuts_without_anybody(district: Lakeview, edge: Edge, session: str) -> None:
    from datetime import timedelta

    from django.db import transaction

    from sightpact.activation.models import Activation
    from sightpact.ledger import actions, clock

    omar = edge.viewer(district.people["omar"], session)
    activation = _start(district)
    with transaction.atomic():  # nothing in the product moves a deadline; a test may
        Activation.objects.filter(pk=activation).update(deadline_utc=clock.now() + timedelta(seconds=1.5))
        actions.append([], bump="situation")
    (lease,) = edge.ask(omar, [district.inside[0]]).leases
    cut = edge.hear(Cut, 4.0)
    assert cut.streams == [lease.stream] and cut.reason.code == "deadline"


def test_a_lost_edge_ends_its_streams_in_the_record(district: Lakeview, edge: Edge, session: str) -> None:
    omar = edge.viewer(district.people["omar"], session)
    edge.ask(omar, [district.camera("north-lot")])
    edge.close()
    until = time.monotonic() + 5
    while OpenStream.objects.exists() and time.monotonic() < until:
        time.sleep(0.02)
    (end,) = ledger.opened(ledger.Query(types=("stream_end",)))
    assert end.reason_code == "edge_lost"


def test_a_suspension_cuts_everything_under_the_agreement(
    district: Lakeview, edge: Edge, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    omar, sam = (edge.viewer(district.people[slug], session) for slug in ("omar", "sam"))
    _start(district)
    watched = edge.ask(omar, [district.inside[0], district.camera("north-lot")]).leases
    own = edge.ask(sam, [district.inside[0]]).leases
    assert len(watched) == 2 and len(own) == 1
    read_anew, whole_world = threading.Event(), facts._world
    monkeypatch.setattr(facts, "_world", lambda *given: read_anew.wait(20) and whole_world(*given))
    agreements.suspend("lakeview-mou", people.person_by_slug("sam"), "a leak")
    cut: list[int] = []
    while len(cut) < len(watched):
        heard = edge.hear(Cut)  # one message a reason
        cut += heard.streams
        assert heard.reason.code == "suspended" and "Sam Whitfield suspended it, phone " in heard.reason.text
    read_anew.set()  # all of it before the new facts were read
    assert sorted(cut) == sorted(lease.stream for lease in watched)
    edge.say(Ended([StreamEnd(stream, "cut", 40, 9000) for stream in cut]))
    assert edge.hear(Beat).streams == [own[0].stream], "the house policy is not suspended"
    answer = edge.ask(omar, [district.inside[0]])
    assert answer.leases == [] and answer.refused[0].reason.code == "suspended"
    by = people.person_by_slug("sam")
    assert by is not None and "Sam Whitfield suspended it, phone " in answer.refused[0].reason.text
    assert agreements.resume("lakeview-mou", by)
    (again,) = edge.ask(omar, [district.inside[0]]).leases
    assert again.until_utc_ms == watched[0].until_utc_ms, "taken back: the same sharing, its old deadline"


def test_who_is_taken_out_of_the_annex_is_cut(district: Lakeview, edge: Edge, session: str) -> None:
    omar, rosa = (edge.viewer(district.people[slug], session) for slug in ("omar", "rosa"))
    (gone,) = edge.ask(omar, [district.camera("north-lot")]).leases
    (kept,) = edge.ask(rosa, [district.camera("north-lot")]).leases
    agreements.remove_person("lakeview-mou", "omar")
    assert edge.hear(Cut).streams == [gone.stream]
    edge.say(Ended([StreamEnd(gone.stream, "cut", 4, 900)]))
    assert edge.hear(Beat).streams == [kept.stream]


def test_a_sign_in_that_runs_out_never_cuts_an_emergency(
    district: Lakeview, edge: Edge, session: str
) -> None:
    """Re-authentication is routine: it waits for the end. What is not in the emergency goes at once."""
    from datetime import timedelta

    from django.contrib.sessions.models import Session
    from django.db import transaction

    from sightpact.ledger import actions, clock

    omar = edge.viewer(district.people["omar"], session)
    activation = _start(district)
    (lease,) = edge.ask(omar, [district.inside[0]]).leases
    with transaction.atomic():
        Session.objects.filter(pk=session).update(expire_date=clock.now() - timedelta(seconds=1))
        actions.append([], bump="situation")
    assert lease.stream in edge.hear(Beat).streams
    assert lease.stream in edge.hear(Beat).streams, "it goes on"
    sharing.all_clear(district.people["pia"], activation)
    assert edge.hear(CloseViewer).viewer == omar
