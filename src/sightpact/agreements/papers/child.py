"""The process that makes one paper and ends: values in on stdin, bytes out on stdout, or one line that says why not.

Own process, because the libraries beneath are native and slow: the kernel bounds its time and memory, and neither a fault
nor a stall of theirs can reach the server's.
"""

from __future__ import annotations

import json
import os
import resource
import sys

import msgspec

MEMORY_BYTES = 2 * 1024**3
CPU_S = 60
REFUSED = 3  # exit code: the reason stands on stderr as JSON


class Job(msgspec.Struct):
    form: str
    paper: msgspec.Raw


def main() -> None:
    """1. Bound this process. 2. Read the values. 3. Make the paper. 4. Write it, or say why not."""
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints goes to stderr: stdout is the paper
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)  # pictures and decisions come first
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)

    from sightpact.agreements.errors import AgreementError
    from sightpact.agreements.papers.make import MAKERS

    kind, make = MAKERS[job.form]
    try:
        content = make(msgspec.json.decode(job.paper, type=kind))
    except AgreementError as fault:
        sys.stderr.write("\n" + json.dumps([fault.what, fault.why, fault.next_step]))
        raise SystemExit(REFUSED) from None
    with os.fdopen(out, "wb") as stream:
        stream.write(content)


if __name__ == "__main__":
    main()
