"""One simulator for all tests of this folder; each test uses a camera of its own, so faults do not meet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sightpact.camerasim.testing import RunningSim, running

CAMERAS = [
    {"slug": "clock", "scene": "lobby"},  # plays in the background: its frames are the tests' measure of time
    {"slug": "frame", "scene": "field", "keyframe_s": 2.0},
    {"slug": "packet", "scene": "field", "pattern": "packet", "keyframe_s": 0.5},
    {"slug": "hevc", "scene": "gymnasium", "codec": "h265", "number": 777},
    {"slug": "digest", "scene": "lobby", "username": "viewer", "password": "green-door-7"},
    {"slug": "basic", "scene": "lobby", "username": "viewer", "password": "green-door-7", "auth": "basic"},
    {"slug": "bare", "scene": "lobby", "sprop": False},
    {"slug": "protocol", "scene": "lobby", "keyframe_s": 4.0},
    *({"slug": f"faulty-{i}", "scene": "lobby"} for i in range(1, 11)),
]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="session")
def sim(cache: Path) -> Iterator[RunningSim]:
    with running(CAMERAS, cache=cache) as simulator:
        yield simulator
