"""A deployment whose data lies on a small disk of its own, which a test fills and empties."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path

from tests.deployment import Deployment
from tests.faults import namespaces

MOUNT = """
set -e
cp -a "$DATA" "$DATA.seed"
mount -t tmpfs -o size=$SIZE,mode=700 tmpfs "$DATA"
cp -a "$DATA.seed/." "$DATA/"
rm -rf "$DATA.seed"
exec "$@"
"""


@dataclass
class SmallDisk(Deployment):
    size: str = "64m"

    def serve(self) -> None:
        """The first time on a fresh small disk; after that where that disk is."""
        if self.enter:
            self.command_prefix = self.enter
            super().serve()
            return
        own = namespaces.unshare("m")
        assert own, (
            "this machine lends no mount namespace (unshare -m, or unshare -rm for people without root)"
        )
        self.extra = {**self.extra, "DATA": str(self.data), "SIZE": self.size}
        self.command_prefix = (*own, "sh", "-c", MOUNT, "sh")
        super().serve()
        assert self.process is not None
        self.enter = namespaces.enter(self.process.pid, "m")

    @property
    def disk(self) -> Path:
        """The data folder as its processes see it."""
        assert self.process is not None
        return Path(f"/proc/{self.process.pid}/root{self.data}")

    def fill(self) -> None:
        """Not one byte is left."""
        with (self.disk / "filler").open("ab", buffering=0) as filler:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while filler.write(bytes(size)):
                        pass
                except OSError as fault:
                    assert fault.errno == errno.ENOSPC

    def empty(self) -> None:
        (self.disk / "filler").unlink()
