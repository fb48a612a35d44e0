"""One thread for each feed and broker, begun, ended and begun anew as their sources come, go and change."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from django.db import close_old_connections, connections

from sightpact.access import alarm_in
from sightpact.access.alarm_links import feed, mqtt
from sightpact.access.errors import UNWRITABLE
from sightpact.activation import alarm_reads as reads
from sightpact.activation.alarm_reads import SourceCard

log = logging.getLogger(__name__)

LOOK_S = 1.0  # between looks at the list of sources, which a command line may have changed
_RUNS = {"cap_feed": feed.run, "mqtt": mqtt.run}


@dataclass
class _Link:
    version: int
    stop: threading.Event
    thread: threading.Thread


class Supervisor:
    """Holds the threads. `start` begins, `stop` ends all of them."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._links: dict[str, _Link] = {}
        self._thread = threading.Thread(target=self._run, name="alarm-links", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(10)

    def _run(self) -> None:
        while True:
            close_old_connections()
            try:
                self._look()
                alarm_in.settle()
            except UNWRITABLE:
                log.warning("the list of alarm sources cannot be read now; it is read again")
            except Exception:
                log.exception("looking after alarm sources failed; it is tried again")
            if self._stop.wait(LOOK_S):
                break
        for link in self._links.values():
            link.stop.set()
        for link in self._links.values():
            link.thread.join(5)
        connections.close_all()

    def _look(self) -> None:
        wanted = {source.id: source for source in reads.sources() if source.kind in _RUNS}
        for id, link in list(self._links.items()):
            source = wanted.get(id)
            if source is None or source.version != link.version or not link.thread.is_alive():
                link.stop.set()
                link.thread.join(5)
                del self._links[id]
        for id, source in wanted.items():
            if id not in self._links:
                self._links[id] = _begin(source)


def _begin(source: SourceCard) -> _Link:
    stop = threading.Event()

    def run() -> None:
        try:
            _RUNS[source.kind](source, stop)
        except Exception:
            log.exception("a link to an alarm source ended; it is begun again")
            stop.wait(LOOK_S)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, name=f"alarm-{source.kind}", daemon=True)
    thread.start()
    return _Link(source.version, stop, thread)
