"""The records process: pages, decisions, the ledger, the gate. Run by `sightpact serve`; never carries a picture.

Start, in this order, so that nobody is let in before the past is settled:
  1. time does not run behind the last entry   2. what was journalled is a fact again, and is written if it can be
  3. what fell due meanwhile is ended: sharings, and what was asked for
  4. pictures that a dead gateway left open are closed (in the gate)
  5. only then the gate listens and pages are served
None of this needs room on the disk: what cannot be written is journalled or written later.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import django
import uvicorn

if TYPE_CHECKING:
    from sightpact.access.gate import Gate

log = logging.getLogger("sightpact.records")
SLICE_S = 0.0005  # how long a thread computes while another waits: a start's forty short waits must not be 5 ms each
KEEP_S = 0.2  # seconds between looks for what fell due
CHANGES_S = (
    20.0  # seconds between looks for changes that nobody decided, and for training that counts no more
)
REPLAY_S = 2.0  # seconds between attempts to bring the reserved journal into the ledger


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightpact.web.settings")
    django.setup()
    from django.conf import settings

    from sightpact.access import telling
    from sightpact.access.alarm_links.supervise import Supervisor
    from sightpact.access.gate import Gate
    from sightpact.live import readiness
    from sightpact.notices.outbox import Outbox
    from sightpact.record import keeping
    from sightpact.web.asgi import application
    from sightpact.web.http_limits import BoundedHttp
    from sightpact.web.warm import warm

    config = settings.SIGHTPACT
    sys.setswitchinterval(SLICE_S)
    _settle_the_past()
    gate = Gate(config.gate_socket, _origins(config.url))
    gate.start()
    stop = threading.Event()
    keeper = threading.Thread(target=_keep, args=(stop, gate), name="keeper", daemon=True)
    keeper.start()
    alarm_links = Supervisor()
    alarm_links.start()
    looker = threading.Thread(
        target=readiness.keep, args=(stop, config.ready_at), name="readiness", daemon=True
    )
    looker.start()
    tender = threading.Thread(target=keeping.keep, args=(stop,), name="record-keeping", daemon=True)
    tender.start()
    outbox = Outbox(config)
    outbox.start()
    threading.Thread(target=telling.keep, args=(stop,), name="teller", daemon=True).start()
    threading.Thread(target=warm, name="warm", daemon=True).start()
    server = uvicorn.Server(
        uvicorn.Config(
            application(lambda: gate.well),
            host=config.host,
            port=config.port,
            http=BoundedHttp,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            ssl_certfile=config.tls_cert or None,
            ssl_keyfile=config.tls_key or None,
            proxy_headers=config.behind_proxy,
        )
    )
    server.run()
    stop.set()
    alarm_links.stop()
    gate.stop()
    outbox.stop()
    return 0


def _origins(url: str) -> list[str]:
    """Pages of these origins may open viewer sockets; on this machine localhost and 127.0.0.1 are one."""
    origins = [url]
    if "//localhost:" in url:
        origins.append(url.replace("//localhost:", "//127.0.0.1:"))
    return origins


def _settle_the_past() -> None:
    from sightpact.access import asking, drills, emergency_journal, journal_replay, sharing
    from sightpact.ledger import actions as ledger
    from sightpact.ledger import clock
    from sightpact.ledger import reads as ledger_reads

    ledger.begin()
    head = ledger_reads.head()
    if head is not None and head.last_at is not None:
        clock.not_before(head.last_at)
    emergency_journal.recall()
    journal_replay.replay()
    sharing.end_due()
    asking.settle_the_past()
    drills.settle_the_past()


def _keep(stop: threading.Event, gate: Gate) -> None:
    """What falls due, in this process, while it runs. A failure is logged and tried again: deadlines still cut at the gate."""
    from django.db import close_old_connections

    from sightpact.access import alarms, asking, changes, drills, emergency_journal, journal_replay, sharing
    from sightpact.ledger import clock
    from sightpact.live import drill_check

    next_replay = next_changes = 0.0
    while not stop.wait(KEEP_S):
        try:
            sharing.end_due()
            asking.settle()
            drills.settle()
            drill_check.look()
            alarms.look()
            if clock.monotonic() >= next_replay:
                next_replay = clock.monotonic() + REPLAY_S
                if not emergency_journal.journal().empty:
                    journal_replay.replay()
            if clock.monotonic() >= next_changes:
                next_changes = clock.monotonic() + CHANGES_S
                changes.expire()
                changes.lapse()
        except Exception:
            log.exception("keeping failed; it is tried again")
            close_old_connections()
            stop.wait(REPLAY_S)
        if not gate.alive:
            log.critical("the gate is gone; this process ends and is started anew, with every picture dark")
            os.kill(os.getpid(), signal.SIGTERM)
            return


if __name__ == "__main__":
    sys.exit(main())
