"""The law's answers of one sweep of the gate, and the places that sections with a limit of people have left.

Pure over a snapshot and who watches. A section is full for a person when as many others watch under it as it lets.
"""

from __future__ import annotations

from collections.abc import Iterable

from sightpact.access.facts import Snapshot
from sightpact.access.streams import State, Stream
from sightpact.decide.facts import Action, Answer, Grant

Section = tuple[str, str]  # (agreement id, section number)


class AskedOnce:
    """A person with several walls is asked about a camera once, at one instant."""

    def __init__(self, snapshot: Snapshot, streams: Iterable[Stream]) -> None:
        """Args: streams: all of the registry's; those asked for count like those that run, so that no place is given twice."""
        self._snapshot = snapshot
        self._answers = dict[tuple[str, str, frozenset[Section]], Answer]()
        self._most = {
            (agreement.id, section): most
            for agreement in snapshot.world.inventory.agreements
            for section, most in agreement.viewers
        }
        self._seats: dict[Section, set[str]] = {section: set() for section in self._most}
        if self._most:
            for stream in streams:
                if stream.state in (State.PENDING, State.LEASED):
                    self.seat(stream.person, stream.grant)

    def answer(self, person: str, camera: str) -> Answer:
        """The law's answer, with the sections left out that are full for this person."""
        full = self._full(person)
        known = self._answers.get((person, camera, full))
        if known is None:
            known = self._snapshot.answer(person, Action.VIEW_LIVE, camera, full=full)
            self._answers[person, camera, full] = known
        return known

    def seat(self, person: str, grant: Grant) -> None:
        """This person watches, or is about to, on this ground."""
        seats = self._seats.get((grant.agreement, grant.clause))
        if seats is not None:
            seats.add(person)

    def _full(self, person: str) -> frozenset[Section]:
        return frozenset(
            section for section, seats in self._seats.items() if len(seats - {person}) >= self._most[section]
        )
