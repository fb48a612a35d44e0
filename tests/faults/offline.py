"""The whole story on a machine without a network: run by `test_09_no_internet`, inside a network namespace where that can be.

Prints one JSON object: what was seen, and every address other than this machine's own that a process of the product spoke to
or listened on.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import socket
import struct
import sys
import tempfile
from pathlib import Path

from tests.deployment import Deployment, deployment, simulator
from tests.faults.pages import a_phone, act, aside, start, told_and_taken
from tests.promises.conftest import watching

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
NOBODY = {"00000000", "0" * 32}


def loopback_up() -> None:
    """A fresh network namespace has one interface, and it is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        asked = struct.pack("16sh22x", b"lo", 0)
        flags = struct.unpack("16sh22x", fcntl.ioctl(s, SIOCGIFFLAGS, asked))[1]
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | IFF_UP))


def elsewhere(pid: int) -> list[str]:
    """Sockets of this process that reach beyond this machine, from the kernel's own tables."""
    mine = set()
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        target = str(handle.readlink()) if handle.is_symlink() else ""
        if target.startswith("socket:["):
            mine.add(target[8:-1])
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            parts = line.split()
            local, remote = parts[1].split(":")[0], parts[2].split(":")[0]
            if parts[9] in mine and (local not in LOOPBACK or remote not in LOOPBACK | NOBODY):
                found.append(f"{table} {parts[1]} {parts[2]}")
    return found


async def story(it: Deployment) -> dict[str, object]:
    reached: set[str] = set()

    def look() -> None:
        for name in ("records", "edge"):
            pid = it.pid(name)
            reached.update(elsewhere(pid) if pid else [])

    phone = await aside(a_phone, it)
    activation = await aside(start, phone, it)
    await aside(told_and_taken, it, phone, activation)
    async with watching(it, "omar", [it.camera("north-lot"), it.inside[0]]) as omar:
        await omar.until(lambda: all(tile.frames > 10 for tile in omar.tiles.values()))
        await aside(look)
        for path in ("/", "/wall/", "/agreements/lakeview-mou/", "/help/", "/public/"):
            assert (await aside(it.page("omar").get, path)).status == 200, path
        await aside(look)
        await aside(act, it.page("omar"), "/wall/all-clear/", activation=activation)
        await omar.until(lambda: omar.tiles[2].end is not None)
        code = omar.tiles[2].end["code"] if omar.tiles[2].end else ""
    await aside(look)
    return {"ended": code, "elsewhere": sorted(reached)}


def main() -> None:
    if "--alone" in sys.argv:
        loopback_up()
    interfaces = [name for _, name in socket.if_nameindex()]
    with (
        tempfile.TemporaryDirectory() as folder,
        simulator() as sim,
        deployment(Path(folder) / "data", sim) as it,
    ):
        print(json.dumps({"interfaces": interfaces, **asyncio.run(story(it))}))


if __name__ == "__main__":
    main()
