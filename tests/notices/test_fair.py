"""What one person's phone or test may hold up: nothing that saves a life."""

from __future__ import annotations

import socketserver
import threading

import pytest

from sightpact.notices import actions, outbox
from sightpact.notices.errors import ChannelFault
from sightpact.notices.models import Channel
from sightpact.notices.senders import web
from sightpact.notices.words import SendFault
from sightpact.people import reads as people
from sightpact.people.actions import PersonSpec, alter_person
from tests.lakeview import Lakeview
from tests.notices.endpoints import Browser
from tests.notices.test_telling import message


class Drip(socketserver.StreamRequestHandler):
    """Answers a byte at a time, for as long as anybody listens."""

    def handle(self) -> None:
        try:
            self.wfile.write(b"HTTP/1.1 201 Created\r\nX-Long: ")
            while not self.server.over.wait(0.02):  # type: ignore[attr-defined]
                self.wfile.write(b"a")
        except OSError:
            return


def test_an_answer_that_drips_in_ends_at_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "TIMEOUT_S", 0.3)
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Drip)
    server.daemon_threads, server.over = True, threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        with pytest.raises(SendFault, match="does not answer within"):
            web.post(f"http://127.0.0.1:{server.server_address[1]}/", b"", {}, ("127.0.0.0/8",))
    finally:
        server.over.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()


def test_tests_are_few_and_wait_for_life_safety(district: Lakeview, config: object) -> None:
    alter_person(PersonSpec("sam", "Sam Whitfield", "sam@lakeview.example", "+1 555 010 0100"))
    card = people.person(district.people["sam"])
    assert card is not None
    phones = [Browser(f"http://127.0.0.1:9/push/{n}") for n in range(7)]
    for phone in phones:
        actions.add_push(card, phone.endpoint, phone.p256dh, phone.auth, "A phone")
    rows = dict(card_channels(card.id))
    for phone in phones[:6]:
        actions.test_channel(card, "push", rows[phone.endpoint])
    with pytest.raises(ChannelFault, match="on its way already"):
        actions.test_channel(card, "push", rows[phones[0].endpoint])
    with pytest.raises(ChannelFault, match="6 tests in a minute"):
        actions.test_channel(card, "push", rows[phones[6].endpoint])
    actions.tell([card.id], message(), "k1")
    took = actions.claim("push", 8, 8 - outbox.FOR_LIFE - 5)
    assert [job.level for job in took] == ["life_safety"] * 7 + ["urgent"], "first, though asked last"
    assert actions.claim("push", 8, 0) == (), "the last senders are kept for what saves a life"


def card_channels(person: str) -> list[tuple[str, str]]:
    return [(row.address, str(row.pk)) for row in Channel.objects.filter(person_id=person, kind="push")]
