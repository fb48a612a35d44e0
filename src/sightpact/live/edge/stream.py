"""One picture on its way to one tile: its lease, and where it stands. Data; the sending is in `outbox.py`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sightpact.live.edge.lease import Lease

if TYPE_CHECKING:
    from sightpact.live.edge.camera import Camera
    from sightpact.live.edge.viewer import Viewer
    from sightpact.media.frames import Parameters


class Stream:
    """A stream exists from the gate's lease to its end, never without a lease."""

    __slots__ = (
        "bytes",
        "camera",
        "clause",
        "ended",
        "frames",
        "id",
        "lease",
        "mark",
        "parameters",
        "reported",
        "since",
        "tile",
        "until_utc_ms",
        "viewer",
        "waiting_key",
    )

    def __init__(
        self,
        number: int,
        camera: Camera,
        viewer: Viewer,
        tile: int,
        lease: Lease,
        clause: str,
        until: int | None,
    ) -> None:
        self.id, self.camera, self.viewer, self.tile = number, camera, viewer, tile
        self.lease, self.clause, self.until_utc_ms = lease, clause, until
        self.since = math.inf  # monotonic: only frames whose first packet arrived later may be sent
        self.waiting_key = True
        self.parameters: Parameters | None = None  # the ones the viewer was told
        self.frames = self.bytes = 0  # handed to the socket
        self.reported = 0  # frames in the last progress report
        self.mark = 0  # the viewer's byte count right after this stream's last fragment
        self.ended = False
