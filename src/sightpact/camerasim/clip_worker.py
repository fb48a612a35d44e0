"""A child process that makes clips: one job (JSON) per line in, one finished path per line out.

Ends when its input ends, so it never outlives the simulator. Never: anything that is served.
"""

from __future__ import annotations

import contextlib
import os
import sys

from .clip_encoding import Job, make


def main() -> None:
    with contextlib.suppress(OSError):
        os.nice(5)  # a machine that starts other things at the same time goes first
    for line in sys.stdin:
        for take in make(Job.from_json(line)):
            print(take.path, flush=True)
        print("", flush=True)  # the job is done


if __name__ == "__main__":
    main()
