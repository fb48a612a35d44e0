"""The process that asks cameras for one frame each, decodes it, and forgets it. Run by `frame_check`, ends by itself.

Cameras with their passwords come in on stdin, one line of JSON a camera goes out on stdout. No picture leaves this process.
Own process: a decoder reads what a camera made up, and neither a fault nor a stall of it may reach anybody's picture.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec

from sightpact.media.decode import Decoded, decode_key
from sightpact.media.errors import MediaError
from sightpact.media.frames import Frame, Parameters
from sightpact.media.rtsp import url
from sightpact.media.rtsp.session import Target, open_session

AT_ONCE = 16  # cameras asked at the same time
MEMORY_BYTES = 4 * 1024**3


class Wanted(msgspec.Struct):
    """One camera to ask. Holds a password: never printed."""

    id: str
    address: str
    username: str
    password: str
    networks: tuple[str, ...]


class Job(msgspec.Struct):
    cameras: tuple[Wanted, ...]
    timeout_s: float
    nice: int


class Found(msgspec.Struct):
    """How it went. `detail` is for the owner's technician: it may hold the address, never a password."""

    id: str
    ok: bool
    seconds: float
    why: str = ""
    detail: str = ""
    width: int = 0
    height: int = 0
    one_colour: bool = False


def main() -> None:
    """1. Bound this process. 2. Read whom to ask. 3. Ask, some at a time. 4. Say of each, as soon as it is known."""
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints goes to stderr: stdout is the answers
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    os.nice(job.nice)
    with os.fdopen(out, "wb", buffering=0) as answers:
        asyncio.run(_ask_all(job, lambda found: answers.write(msgspec.json.encode(found) + b"\n")))


async def _ask_all(job: Job, say: Callable[[Found], object]) -> None:
    places, decoding = asyncio.Semaphore(AT_ONCE), asyncio.Lock()

    async def one(wanted: Wanted) -> None:
        async with places:
            say(await ask(wanted, job.timeout_s, decoding))

    await asyncio.gather(*(one(each) for each in job.cameras))


async def ask(wanted: Wanted, timeout_s: float, decoding: asyncio.Lock) -> Found:
    """Connect, take one key frame, decode it. Seconds are from the connecting to the decoded frame; waiting for the decoder
    behind other cameras does not count."""
    began = time.monotonic()
    try:
        parameters, frame = await _first_key(wanted, timeout_s)
        taken = time.monotonic() - began
        async with decoding:
            again = time.monotonic()
            seen: Decoded = await asyncio.to_thread(decode_key, parameters, frame)
        seconds = taken + time.monotonic() - again
    except MediaError as fault:
        return Found(wanted.id, False, _since(began), fault.text, fault.detail)
    except TimeoutError:
        why = f"The camera sent no picture within {timeout_s:g} seconds."
        return Found(wanted.id, False, _since(began), why, why)
    except Exception as fault:
        kind = type(fault).__name__
        return Found(
            wanted.id, False, _since(began), "The gateway failed to read the camera.", f"unexpected {kind}"
        )
    return Found(wanted.id, True, round(seconds, 2), "", "", seen.width, seen.height, seen.one_colour)


def _since(began: float) -> float:
    return round(time.monotonic() - began, 2)


async def _first_key(wanted: Wanted, timeout_s: float) -> tuple[Parameters, Frame]:
    """The camera's first key frame, with what a decoder needs for it."""
    loop = asyncio.get_running_loop()
    first: asyncio.Future[tuple[Parameters, Frame]] = loop.create_future()
    known: list[Parameters] = []

    def take(frame: Frame) -> None:
        if frame.key and known and not first.done():
            first.set_result((known[-1], frame))

    target = Target(url.parse(wanted.address), wanted.username, wanted.password, wanted.networks)
    async with asyncio.timeout(timeout_s):
        session = await open_session(target, take, known.append)
        try:
            either: set[asyncio.Future[Any]] = {first, session.lost}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if first.done():
                return first.result()
            session.lost.result()
            raise MediaError("The camera closed the connection before it sent a picture.")
        finally:
            session.close()


if __name__ == "__main__":
    main()
