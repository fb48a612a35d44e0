"""Starts the process that makes a paper, waits for it, and bounds it. Everything that the server needs to know of papers.

One at a time: a paper takes about two seconds of one core, and pictures come first.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import msgspec

from sightpact.agreements.errors import PaperFault
from sightpact.agreements.papers.child import REFUSED
from sightpact.agreements.papers.content import FORMS, Paper

LONGEST_S = 90  # wall clock, for one paper
WAIT_S = 20  # for the one before
_ROOM = threading.BoundedSemaphore(1)


def paper(form: str, content: Paper, longest_s: float = LONGEST_S) -> bytes:
    """One paper.

    Args:
        form: a key of `content.FORMS`.
        longest_s: seconds after which it is given up.
    Raises:
        PaperFault: it cannot be made here, took too long, or too many are asked for; says which.
    """
    if form not in FORMS:
        raise PaperFault(f"'{form}'", "is no form of paper.", f"Name one of: {', '.join(FORMS)}.")
    return made(form, content, longest_s)


def made(form: str, content: object, longest_s: float = LONGEST_S) -> bytes:
    """As `paper`, for any key of `make.MAKERS`: also papers that are none of an agreement."""
    if not _ROOM.acquire(timeout=WAIT_S):
        raise PaperFault("This paper", "has to wait: others are being made.", "Ask again in a minute.")
    try:
        return _run(form, content, longest_s)
    finally:
        _ROOM.release()


def _run(form: str, content: object, longest_s: float) -> bytes:
    job = msgspec.json.encode({"form": form, "paper": content})
    command = [sys.executable, "-P", "-s", "-m", "sightpact.agreements.papers.child"]
    try:
        done = subprocess.run(command, input=job, capture_output=True, timeout=longest_s, env=_environment())
    except subprocess.TimeoutExpired:
        raise PaperFault(
            "This paper", f"was not ready after {longest_s:g} seconds.", "Ask for the text or the Word file."
        ) from None
    if done.returncode == REFUSED:
        what, why, next_step = json.loads(done.stderr.rpartition(b"\n")[2])
        raise PaperFault(what, why, next_step)
    if done.returncode != 0 or not done.stdout:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:300]
        raise PaperFault(
            "This paper",
            f"could not be made ({last or f'exit {done.returncode}'}).",
            "Tell whoever runs this server.",
        )
    return done.stdout


def _environment() -> dict[str, str]:
    """Nothing of ours but where programs are: no secret, no setting. The fixed dates make the same bytes each time."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "315532800", "PYTHONHASHSEED": "0"}
