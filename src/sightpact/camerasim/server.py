"""The simulator: all cameras on one RTSP port, the clock wheel, and the making of clips meanwhile.

Never: HTTP (control.py) or reading configuration (config.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from . import studio
from .camera import Camera
from .clips import Clip
from .connection import Connection
from .faults import Fault
from .spec import CameraSpec, PictureFormat, SpecError
from .wheel import Wheel


class Simulator:
    """Owns the listening socket, the connections and the studio that makes clips."""

    def __init__(
        self,
        specs: Iterable[CameraSpec],
        picture: PictureFormat,
        cache: Path,
        *,
        session_timeout_s: int = 60,
        workers: int = 2,
    ) -> None:
        self.cameras: dict[str, Camera] = {}
        for spec in specs:
            if spec.slug in self.cameras:
                raise SpecError(f"camera {spec.slug!r}", "there are two of that slug", "Rename one")
            self.cameras[spec.slug] = Camera(spec)
        self.picture = picture
        self.session_timeout_s = session_timeout_s
        self.wheel = Wheel()
        self.connections: set[Connection] = set()
        self.ready = asyncio.Event()  # all clips are there
        self.port = 0
        self._studio = studio.Studio(picture, cache, workers)
        self.tasks: list[asyncio.Task[None]] = []

    async def start(self, host: str, port: int) -> None:
        """Listens (port 0: a free one, see `self.port`) and begins making clips; does not wait for them."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Connection(self), host, port, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self.tasks = [
            asyncio.create_task(self._make_clips()),
            asyncio.create_task(self._end_silent_sessions()),
        ]

    async def _make_clips(self) -> None:
        def take(slug: str, clip: Clip) -> None:
            self.cameras[slug].clip = clip

        await self._studio.make([camera.spec for camera in self.cameras.values()], take)
        self.ready.set()

    async def _end_silent_sessions(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(1.0, self.session_timeout_s / 4))
            for connection in tuple(self.connections):
                if loop.time() - connection.last_heard > self.session_timeout_s:
                    connection.reset()

    async def show(self, slug: str, fault: Fault) -> None:
        """Makes a camera show a fault. Raises KeyError for an unknown camera."""
        camera = self.cameras[slug]
        if fault is Fault.PARAM_CHANGE and camera.other_clip is None:
            camera.other_clip = await self._studio.other_clip(camera.spec)
        camera.show(fault)

    def states(self) -> list[dict[str, object]]:
        """What each camera is doing, for the control port."""
        return [
            {
                "slug": c.spec.slug,
                "name": c.spec.name,
                "number": c.spec.number,
                "ready": c.clip is not None,
                "fault": c.fault.value,
                "viewers": len(c.viewers),
                "connections": len(c.connections),
                "plays": c.plays,
                "frames_sent": c.frames_sent,
            }
            for c in self.cameras.values()
        ]

    async def close(self) -> None:
        """Stops listening, resets all connections, stops making clips."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self._server.close()
        self.wheel.close()
        for connection in tuple(self.connections):
            connection.reset()
        await self._studio.close()
