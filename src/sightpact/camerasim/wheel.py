"""The clock wheel: sends each camera's frame at its instant of UTC, with one timer per group of cameras.

Cameras of one rate and phase share a timer; a group without viewers has none, so idle cameras cost nothing.
Never: packets. This file only says "now frame n" to cameras.
"""

from __future__ import annotations

import asyncio
import math
import time

from .camera import Camera
from .timecode import PHASES, phase_s

MAX_BEHIND = 15  # frames; after a longer gap (a suspended machine, a clock step) the rest is skipped


class Wheel:
    """Owns the timers of all groups. Frame n of a group is due at n / fps + phase."""

    def __init__(self) -> None:
        self._groups: dict[tuple[int, int], set[Camera]] = {}
        self._last: dict[tuple[int, int], int] = {}
        self._timers: dict[tuple[int, int], asyncio.TimerHandle] = {}

    def add(self, camera: Camera) -> None:
        """Starts sending with the next frame: in the middle of a group of pictures, as real cameras do."""
        assert camera.clip is not None
        key = (camera.clip.fps, camera.spec.number % PHASES)
        self._groups.setdefault(key, set()).add(camera)
        if key not in self._timers:
            self._last[key] = self._due(key)
            self._arm(key)

    def remove(self, camera: Camera) -> None:
        """Stops sending; a group that is empty drops its timer."""
        for key, group in self._groups.items():
            group.discard(camera)
            if not group and (timer := self._timers.pop(key, None)):
                timer.cancel()

    def _due(self, key: tuple[int, int]) -> int:
        fps, phase = key
        return math.floor((time.time() - phase_s(phase, fps)) * fps + 1e-6)

    def _arm(self, key: tuple[int, int]) -> None:
        fps, phase = key
        delay = (self._last[key] + 1) / fps + phase_s(phase, fps) - time.time()
        self._timers[key] = asyncio.get_running_loop().call_later(min(max(0.0, delay), 1.0), self._turn, key)

    def _turn(self, key: tuple[int, int]) -> None:
        due, last = self._due(key), self._last[key]
        if due < last - 1 or due > last + MAX_BEHIND:  # the clock was set
            last = due - 1
        for n in range(last + 1, due + 1):
            for camera in tuple(self._groups[key]):
                camera.tick(n)
        self._last[key] = max(last, due)
        if self._groups[key]:
            self._arm(key)
        else:
            self._timers.pop(key, None)

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
