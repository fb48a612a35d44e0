"""Viewer sockets that edges hold, as the gate knows them, and what they ask for. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from sightpact.access.edge_link import EdgeLink
from sightpact.access.tickets import Bearer

MOST_CAMERAS = 64  # per request


@dataclass(slots=True)
class Watching:
    """One viewer socket at an edge. Owned by the gate."""

    id: str
    link: EdgeLink
    bearer: Bearer


@dataclass(frozen=True, slots=True)
class Ask:
    """A viewer's request for cameras, to be answered once."""

    req: int
    viewer: Watching
    cameras: tuple[str, ...]
