"""Revocation races admission on the real gate and database: several edges ask while sharings start, end and are stopped.

Nothing is ever renewed after it was cut; at rest nothing is renewed whose ground is gone; each admission has exactly one end.
(Every order of the gate's steps, on its registry alone: `tests/access/test_race.py`.)
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from pathlib import Path

from django.db import connection

from sightpact.access import sharing
from sightpact.access.gate import Gate
from sightpact.access.models import OpenStream
from sightpact.activation.errors import ActivationError
from sightpact.ledger import reads as ledger
from sightpact.wire.messages import Admit, Admitted, Beat, Cut, Ended, StreamEnd
from tests.access.conftest import Edge
from tests.lakeview import Lakeview

ASKS = 60  # of each edge, at least
TURNS = 4  # sharings that start and end meanwhile, at least


class Asking(threading.Thread):
    """An edge whose viewer asks again and again for one outside and two inside cameras, and reports what was cut."""

    def __init__(
        self, path: Path, district: Lakeview, person: str, session: str, seed: int, enough: threading.Event
    ) -> None:
        super().__init__()
        self._enough = enough
        self.edge = Edge(path)
        self._viewer = self.edge.viewer(person, session)
        self._rng = random.Random(seed)
        self._outside, self._inside = district.camera("north-lot"), district.inside
        self.leases: dict[int, str] = {}  # stream to camera
        self._over: set[int] = set()
        self.admitted = 0
        self.faults: list[str] = []
        self._req = 1000

    def run(self) -> None:
        try:
            while self._req < 1000 + ASKS or not self._enough.is_set():
                self._req += 1
                asked = [self._outside, *self._rng.sample(self._inside, 2)]
                self.edge.say(Admit(self._req, self._viewer, asked))
                while not self._take(self.edge.next()):
                    pass
                if self.leases and self._rng.random() < 0.7:
                    self._close(self._rng.sample(sorted(self.leases), min(2, len(self.leases))))
        except Exception as fault:
            self.faults.append(repr(fault))

    def settle(self) -> list[int]:
        """The streams that are renewed when nothing moves any more."""
        named: list[int] = []
        beats = 0
        while beats < 3:
            message = self.edge.next()
            self._take(message)
            if isinstance(message, Beat):
                beats, named = beats + 1, message.streams
        return named

    def _take(self, message: object) -> bool:
        match message:
            case Admitted(req=req, leases=leases):
                for lease in leases:
                    if lease.stream in self._over:
                        self.faults.append(f"{lease.stream} was leased after it was cut")
                    self.leases[lease.stream] = lease.camera
                    self.admitted += 1
                return req == self._req
            case Cut(streams=streams):
                self._close([stream for stream in streams if stream in self.leases], "cut")
                self._over.update(streams)
            case Beat(streams=streams):
                if again := self._over & set(streams):
                    self.faults.append(f"{again} were renewed after they were cut")
        return False

    def _close(self, streams: list[int], code: str = "closed") -> None:
        for stream in streams:
            del self.leases[stream]
        if streams:
            self.edge.say(Ended([StreamEnd(stream, code, 5, 500) for stream in streams]))


def test_no_stream_is_left_behind(gate: Gate, district: Lakeview, session: str, tmp_path: Path) -> None:
    path, school = tmp_path / "gate.sock", (district.schools["lakeview-high"],)
    pia, sam = district.people["pia"], district.people["sam"]
    people = [
        district.people["omar"],
        district.people["omar"],
        district.people["rosa"],
        district.people["rosa"],
    ]
    enough = threading.Event()
    edges = [Asking(path, district, person, session, seed, enough) for seed, person in enumerate(people)]
    for edge in edges:
        edge.start()
    turn = 0
    while any(edge.is_alive() for edge in edges):
        turn += 1
        activation = sharing.start(pia, school, "intruder", f"key {turn}").id
        threads = [
            threading.Thread(target=_quietly, args=(job, *given))
            for job, *given in ((sharing.all_clear, pia, activation), (sharing.stop, sam, activation))
        ]
        if turn % 3 == 0:
            threads.append(threading.Thread(target=_quietly, args=(_stopped_for_a_moment, district)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if turn >= TURNS:
            enough.set()
    assert [edge.faults for edge in edges] == [[]] * 4
    for edge in edges:
        named = edge.settle()
        assert set(named) == set(edge.leases), "exactly what the edge holds a lease for is renewed"
        assert set(edge.leases.values()) <= {district.camera("north-lot")}, (
            "the sharing ended: nothing inside is left"
        )
        assert edge.faults == []
    gate.stop()
    for edge in edges:
        edge.edge.close()
    admissions = [e.index for e in _all("admission")]
    ends = Counter(e.ref for e in _all("stream_end"))
    assert sum(edge.admitted for edge in edges) <= len(admissions)
    assert ends == Counter(admissions), "each admission has exactly one end"
    assert not OpenStream.objects.exists()
    assert turn >= TURNS, "there were revocations"


def _all(kind: str) -> list[ledger.OpenedEntry]:
    found: list[ledger.OpenedEntry] = []
    while page := ledger.opened(
        ledger.Query(types=(kind,), after=found[-1].index if found else -1, limit=500, oldest_first=True)
    ):
        found += page
    return found


def _stopped_for_a_moment(district: Lakeview) -> None:
    sam, omar, owner = district.people["sam"], district.people["omar"], district.parties["lakeview-usd"]
    sharing.stop_person(sam, omar, owner)
    sharing.let_back(sam, omar, owner)


def _quietly(job: object, *given: object) -> None:
    try:
        job(*given)  # type: ignore[operator]
    except ActivationError:
        pass  # the other was faster
    finally:
        connection.close()
