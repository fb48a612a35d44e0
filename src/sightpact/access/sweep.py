"""The law's answers of one sweep of the gate, and the places that sections with a limit of people have left.

Pure over a snapshot and who watches. A section is full for a person when as many others watch under it as it lets.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING

from sightpact.access.streams import State, Stream
from sightpact.decide.authorize import Ground
from sightpact.decide.facts import Action, Answer, Grant
from sightpact.wire.messages import Reason

if TYPE_CHECKING:  # so that a bench can measure a sweep without a database
    from sightpact.access.facts import Snapshot

Section = tuple[str, str]  # (agreement id, section number)


class AskedOnce:
    """Each kind of question is put once, at one instant: who and what no law can tell apart get one answer."""

    def __init__(self, snapshot: Snapshot, streams: Iterable[Stream], explained: bool = True) -> None:
        """
        Args:
            streams: all of the registry's; those asked for count like those that run, so that no place is given twice.
            explained: False: a refusal comes without its reason (see `authorize`).
        """
        self._snapshot, self._explained = snapshot, explained
        self._answers = dict[object, Answer]()
        self._stopped = {stop.person for stop in snapshot.stops}
        self._naming = [(s.id, s.cameras) for s in snapshot.situations if s.cameras is not None]
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

    def answer(self, person: str, camera: str, held: Ground | None = None) -> Answer:
        """The law's answer, with the sections left out that are full for this person; `held` as in `authorize`."""
        full = self._full(person)
        key = (self.alike(person, camera), full, held)
        known = self._answers.get(key)
        if known is None:
            known = self._snapshot.answer(
                person, Action.VIEW_LIVE, camera, full=full, explained=self._explained, held=held
            )
            self._answers[key] = known
        return known

    def alike(self, person: str, camera: str) -> Hashable:
        """The same for who and what no law can tell apart.

        Beside what the laws look at: a stop is of one person, and a situation can name single cameras.
        """
        stopped = person if person in self._stopped else ""
        named = tuple(id for id, cameras in self._naming if camera in cameras)
        return self._snapshot.world.alike(person, camera), stopped, named

    def once(self, streams: Sequence[Stream], reason: Callable[[Stream], Reason]) -> list[Reason]:
        """Why each of them ended, put into words once for those that no law can tell apart: nobody's picture waits for
        everybody's sentence.
        """
        known = dict[Hashable, Reason]()
        found = []
        for stream in streams:
            ground = (stream.grant.agreement, stream.grant.clause, stream.grant.situation)
            key = (self.alike(stream.person, stream.camera), ground, stream.refused)
            if key not in known:
                known[key] = reason(stream)
            found.append(known[key])
        return found

    def seat(self, person: str, grant: Grant) -> None:
        """This person watches, or is about to, on this ground."""
        seats = self._seats.get((grant.agreement, grant.clause))
        if seats is not None:
            seats.add(person)

    def _full(self, person: str) -> frozenset[Section]:
        return frozenset(
            section for section, seats in self._seats.items() if len(seats - {person}) >= self._most[section]
        )
