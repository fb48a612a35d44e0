"""Gets each camera its clip: from the cache, or made in child processes (small ones in a thread).

Never: drawing or coding itself (clip_encoding.py).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from . import clip_encoding, clips, places
from .clip_encoding import Job, Take
from .clips import Clip
from .spec import CameraSpec, PictureFormat

TAKES_PER_JOB = 8  # cameras of one scene coded side by side
SMALL_FRAMES = 100  # a loop of so few frames is made in a thread: faster than starting a process

Took = Callable[[str, Clip], None]


class Studio:
    """Owns the worker processes."""

    def __init__(self, picture: PictureFormat, cache: Path, workers: int) -> None:
        self._picture, self._cache, self._worker_count = picture, cache, workers
        self._workers: set[asyncio.subprocess.Process] = set()

    def _path(self, spec: CameraSpec, picture: PictureFormat) -> Path:
        scene, mirrored = places.scene_for(spec.scene, spec.number)
        return self._cache / clip_encoding.clip_name(spec, scene, mirrored, picture)

    async def make(self, specs: list[CameraSpec], took: Took) -> None:
        """Calls `took(slug, clip)` for each camera as its clip is there; returns when all are."""
        waiting: dict[str, list[str]] = {}  # path -> slugs
        by_scene: dict[tuple[str, bool, str, bool], list[Take]] = {}
        for spec in specs:
            path = self._path(spec, self._picture)
            if path.exists():
                took(spec.slug, clips.load(path))
                await asyncio.sleep(0)
                continue
            if str(path) not in waiting:
                scene, mirrored = places.scene_for(spec.scene, spec.number)
                take = Take(spec.name, spec.number, spec.keyframe_s, str(path))
                by_scene.setdefault((scene, mirrored, spec.codec, spec.drill), []).append(take)
            waiting.setdefault(str(path), []).append(spec.slug)
        jobs: asyncio.Queue[Job] = asyncio.Queue()
        count = 0
        for (scene, mirrored, codec, drill), takes in by_scene.items():
            for at in range(0, len(takes), TAKES_PER_JOB):
                jobs.put_nowait(
                    Job(scene, mirrored, codec, self._picture, tuple(takes[at : at + TAKES_PER_JOB]), drill)
                )
                count += 1

        def done(path: str) -> None:
            clip = clips.load(Path(path))
            for slug in waiting.pop(path):
                took(slug, clip)

        runner = self._in_thread if self._picture.loop_frames <= SMALL_FRAMES else self._in_process
        async with asyncio.TaskGroup() as group:
            for _ in range(min(self._worker_count, count)):
                group.create_task(runner(jobs, done))

    async def _in_thread(self, jobs: asyncio.Queue[Job], done: Callable[[str], None]) -> None:
        while not jobs.empty():
            job = jobs.get_nowait()
            for take in await asyncio.to_thread(clip_encoding.make_all, job):
                done(take.path)

    async def _in_process(self, jobs: asyncio.Queue[Job], done: Callable[[str], None]) -> None:
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"{__package__}.clip_worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert worker.stdin and worker.stdout
        self._workers.add(worker)
        try:
            while not jobs.empty():
                worker.stdin.write(jobs.get_nowait().to_json().encode() + b"\n")
                while line := await worker.stdout.readline():
                    if line == b"\n":
                        break
                    done(line.decode().strip())
                else:
                    raise RuntimeError("a clip worker ended early; its message stands above")
            worker.stdin.close()
            await worker.wait()
        finally:
            if worker.returncode is None:
                worker.kill()
                await worker.wait()
            self._workers.discard(worker)

    async def other_clip(self, spec: CameraSpec) -> Clip:
        """The same camera at another resolution, for the fault `param_change`."""
        picture = self._picture.other()
        path = self._path(spec, picture)
        if not path.exists():
            scene, mirrored = places.scene_for(spec.scene, spec.number)
            job = Job(
                scene,
                mirrored,
                spec.codec,
                picture,
                (Take(spec.name, spec.number, spec.keyframe_s, str(path)),),
                spec.drill,
            )
            await asyncio.to_thread(clip_encoding.make_all, job)
        return clips.load(path)

    async def close(self) -> None:
        for worker in tuple(self._workers):
            if worker.returncode is None:
                worker.kill()
                await worker.wait()
