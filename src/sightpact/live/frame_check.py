"""Would this camera show a picture now? Asks each camera for one frame, in a process of its own; nobody sees it.

The frame is decoded and thrown away there: what comes back is yes or no, the seconds, and why not. It opens no picture to
anybody, so it needs no clause and is no access; whoever shows the answer shows it to the owner's people alone.
Never: a password on a command line, in an environment or in a log.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from sightpact.cameras import reads as cameras
from sightpact.live.one_frame import AT_ONCE, Found, Job, Wanted

log = logging.getLogger(__name__)
_ROOM = threading.BoundedSemaphore(2)  # a drill's beside the nightly one
START_S = 20.0  # for the process to start and end, on a busy machine
LOW = 15  # niceness: pictures and decisions come first


@dataclass(frozen=True, slots=True)
class FrameCheck:
    ok: bool
    seconds: float  # from connecting to the decoded frame, or until it was given up
    why: str  # for whoever may know of the camera; empty when ok
    detail: str = ""  # for the owner's technician: with address and protocol facts, never a password
    width: int = 0  # pixels
    height: int = 0
    one_colour: bool = False  # it decodes, and there is nothing to see: a covered lens, or no sensor


def check(camera_ids: Iterable[str], timeout_s: float = 8, niceness: int = LOW) -> dict[str, FrameCheck]:
    """Decode one frame of each camera and throw it away. Waits: seconds to a minute, never on an event loop.

    Args:
        camera_ids: any; unknown ones and those out of service come back as not ok, with the reason.
        timeout_s: seconds for each camera, from its own turn (16 are asked at the same time).
        niceness: of the process that does it, 0 to 19.
    Returns:
        An answer for each id that was asked for, in that order.
    """
    wanted = list(dict.fromkeys(camera_ids))
    known = {source.id: source for source in cameras.sources()}
    here = [known[each] for each in wanted if each in known]
    asked = tuple(Wanted(s.id, s.address, s.username, s.password, s.allowed_networks) for s in here)
    with _ROOM:
        found = _run(Job(asked, timeout_s, niceness)) if asked else {}
    gone = FrameCheck(
        False, 0.0, "The camera is out of service, or its password cannot be opened on this server."
    )
    failed = FrameCheck(
        False, 0.0, "The gateway could not finish asking the camera. Ask again; if it stays, look at the log."
    )
    return {each: found.get(each, failed) if each in known else gone for each in wanted}


def _run(job: Job) -> dict[str, FrameCheck]:
    turns = -(-len(job.cameras) // AT_ONCE)
    longest_s = turns * (job.timeout_s + 1.0) + START_S
    command = [sys.executable, "-P", "-s", "-m", "sightpact.live.one_frame"]
    try:
        done = subprocess.run(
            command,
            input=msgspec.json.encode(job),
            capture_output=True,
            timeout=longest_s,
            env=_environment(),
        )
        said, complaint = done.stdout, done.stderr
        if done.returncode:
            log.error("asking cameras for a frame ended with %s: %s", done.returncode, _last(complaint))
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""
        log.error("asking %s cameras for a frame took longer than %.0f s", len(job.cameras), longest_s)
    found = (msgspec.json.decode(line, type=Found) for line in said.split(b"\n") if line.endswith(b"}"))
    return {
        f.id: FrameCheck(f.ok, f.seconds, f.why, f.detail, f.width, f.height, f.one_colour) for f in found
    }


def _last(complaint: bytes) -> str:
    return complaint.decode(errors="replace").strip().rpartition("\n")[2][:300]


def _environment() -> dict[str, str]:
    """Nothing of ours but where programs are: no secret, no setting."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LANG": "C.UTF-8"}
