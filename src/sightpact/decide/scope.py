"""What a section opens of all cameras: kinds of area, marks, named cameras, an exhibit. A predicate over facts.

Pure. Shares nothing with the compiler: the proof and the drawings read it, Cedar decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from sightpact.decide.facts import Camera


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cameras one section is about. No marks, or no lists, narrow nothing."""

    area_kinds: frozenset[str]
    tags: frozenset[str] = frozenset()  # it carries one of these
    lists: tuple[frozenset[str], ...] = ()  # slugs: it stands in each of these

    def holds(self, camera: Camera) -> bool:
        """Whether the section means this camera, by what it sees, how it is marked and what it is called."""
        return (
            camera.area_kinds <= self.area_kinds
            and (not self.tags or bool(camera.tags & self.tags))
            and all((camera.slug or camera.id) in named for named in self.lists)
        )
