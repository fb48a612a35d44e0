"""Running a command where the network or the disk is a smaller one: Linux namespaces, with or without being root."""

from __future__ import annotations

import functools
import os
import subprocess


@functools.cache
def unshare(what: str) -> tuple[str, ...]:
    """The command in front of another that gives it a network ("n") or a table of mounts ("m") of its own."""
    for flags in (f"-{what}", f"-r{what}"):
        if subprocess.run(["unshare", flags, "true"], capture_output=True).returncode == 0:
            return "unshare", flags
    return ()


def enter(pid: int, what: str) -> tuple[str, ...]:
    """The command in front of another that brings it to where the process `pid` is."""
    user = ("-U", "--preserve-credentials") if os.geteuid() != 0 else ()
    return "nsenter", "-t", str(pid), *user, f"-{what}", "--"
