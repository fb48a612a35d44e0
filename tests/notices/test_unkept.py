"""What is told while nothing can be written: it goes out, is shown, is told once, and is written down when that is possible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sightpact.access import journal_replay, telling_send
from sightpact.ledger import reads as ledger
from sightpact.notices import actions, reads, unkept
from sightpact.notices.models import Delivery
from sightpact.notices.tokens import delivery_of
from sightpact.notices.unkept import Sent
from tests.access.conftest import journal
from tests.activation.unwritable import unwritable
from tests.deployment import wait_for
from tests.lakeview import Lakeview
from tests.notices.endpoints import Browser, Mailbox, Service
from tests.notices.test_telling import message, sam

__all__ = ["journal", "sam"]

ABOUT = message().about


def states() -> dict[str, str]:
    return {each.channel: each.state for each in reads.deliveries(ABOUT)}


def test_it_goes_out_and_is_written_with_its_own_times_when_the_database_is_back(
    district: Lakeview,
    sam: Browser,
    pushes: Service,
    phones: Service,
    mailbox: Mailbox,
    config: Any,
    journal: Any,
) -> None:
    who = [district.people["sam"]]
    mailbox.refuses.add("sam@lakeview.example")
    with unwritable():
        assert telling_send.tell(who, message(), "k1"), "nobody waits for the disk"
        assert not telling_send.tell(who, message(), "k1"), "and nobody is told twice"
        seen = sam.opened(pushes.next().body)
        phones.next()
        wait_for(lambda: states() == {"push": "delivered", "email": "failed", "sms": "sent"})
        assert reads.keys_about(ABOUT) == {"k1"}, "who tells next knows it"
        assert actions.acknowledge(str(delivery_of(seen["token"]))), "the tap on the phone counts"
        assert telling_send.settle() == 0 and Delivery.objects.count() == 0
    assert telling_send.settle() == 1 and telling_send.settle() == 0
    rows = {row.kind: row for row in Delivery.objects.select_related("notice", "channel")}
    assert {kind: row.state for kind, row in rows.items()} == {
        "push": "acknowledged",
        "email": "failed",
        "sms": "sent",
    }
    assert rows["push"].channel is not None and rows["push"].channel.p256dh, "its own channel, not another"
    assert rows["push"].channel.proven_utc == rows["push"].acknowledged_utc, "it was answered on"
    assert rows["sms"].sent_utc and rows["sms"].sent_utc >= rows["sms"].notice.made_utc
    assert "refuses this address" in rows["email"].why
    assert not actions.tell(who, message(), "k1"), "the key is kept: a restart tells nothing anew"
    journal_replay.replay()
    (entry,) = ledger.opened(ledger.Query(types=("notice_sent",), limit=5))
    assert "told while the record could not be written: Sam Whitfield" in entry.shown("text")


def test_a_process_that_dies_leaves_who_was_told_in_the_reserved_journal(
    district: Lakeview,
    sam: Browser,
    pushes: Service,
    phones: Service,
    config: Any,
    journal: Any,
) -> None:
    with unwritable():
        telling_send.tell([district.people["sam"]], message(about="b"), "k2")
        telling_send.call("Lakeview Police Department", "+15550100199", message(about="b"), "k3")
    unkept.forget_all()  # what a new process knows
    journal_replay.replay()
    said = [e.shown("text") for e in ledger.opened(ledger.Query(types=("notice_sent",), limit=5))]
    assert len(said) == 2 and any("Sam Whitfield sms" in each for each in said)
    assert any("Lakeview Police Department voice" in each for each in said)


def test_seen_while_it_is_being_written_down_counts(
    district: Lakeview,
    sam: Browser,
    pushes: Service,
    phones: Service,
    mailbox: Mailbox,
    config: Any,
    journal: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with unwritable():
        telling_send.tell([district.people["sam"]], message(), "k1")
        seen = sam.opened(pushes.next().body)
        wait_for(lambda: "sending" not in states().values())
    keep = actions.keep_sent

    def tapped_meanwhile(told: unkept.Unkept) -> bool:
        kept = keep(told)
        assert actions.acknowledge(str(delivery_of(seen["token"])))
        return kept

    monkeypatch.setattr(actions, "keep_sent", tapped_meanwhile)
    assert telling_send.settle() == 1
    assert states()["push"] == "acknowledged"


def test_one_that_cannot_be_written_holds_up_no_other(district: Lakeview, config: Any, journal: Any) -> None:
    here = Sent("5f0c7a52-0000-4000-8000-000000000001", district.people["sam"], "Sam Whitfield", "page")
    for key in ("k1", "k2", "k3"):
        unkept.begin(key, message())
        unkept.add(key, replace(here, id=here.id[:-1] + ("3" if key == "k3" else "1"), state="delivered"))
    assert telling_send.settle() == 2, "the second has the number of the first"
    assert reads.was_told("k1") and reads.was_told("k3") and not reads.was_told("k2")
