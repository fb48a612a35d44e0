"""`sightpact-cosign init | token | run | status | check`."""

from __future__ import annotations

import argparse
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from sightpact_cosign import follow, keep
from sightpact_cosign.keep import About, Copy
from sightpact_cosign.record import Wrong, vkey_of

WELL, REFUSED, UNREACHABLE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="sightpact-cosign", description="A second copy of a Sightpact record."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    begin = commands.add_parser("init", help="begin a copy, with a key of its own")
    begin.add_argument("folder", type=Path)
    begin.add_argument("--log", required=True, help="address of the gateway whose record it is")
    begin.add_argument(
        "--vkey", required=True, help="the record's public key, from elsewhere than that gateway"
    )
    begin.add_argument(
        "--name", required=True, help="name of this copy, for instance lakeview-pd.example/copy"
    )
    run = commands.add_parser("run", help="follow the record and countersign it")
    run.add_argument("folder", type=Path)
    run.add_argument("--once", action="store_true", help="one round, then end")
    run.add_argument("--every", type=float, default=10.0, metavar="SECONDS")
    for name, text in (
        ("token", "keep the owner's token, read from standard input"),
        ("status", "what this copy holds"),
        ("check", "read all its entries again"),
    ):
        commands.add_parser(name, help=text).add_argument("folder", type=Path)
    given = parser.parse_args(arguments)
    try:
        return int(globals()[f"_{given.command}"](given))
    except Wrong as fault:
        print(fault, file=sys.stderr)
        return REFUSED
    except follow.Unreachable as fault:
        print(fault, file=sys.stderr)
        return UNREACHABLE


def _init(given: argparse.Namespace) -> int:
    if not follow.safe(given.log):
        raise Wrong(f"{given.log} is not https. A token must not travel in the clear.")
    if given.folder.exists():
        raise Wrong(f"{given.folder} is there already. A copy is begun once; give a new folder.")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{1,99}", given.name):
        raise Wrong(
            "A name is 2 to 100 letters, digits, dots, dashes and slashes, like clerk.lakeview.example/copy."
        )
    copy = keep.begin(given.folder, About(given.log, given.vkey.strip(), given.name))
    line = vkey_of(copy.about.name, copy.key)
    print("This copy's key, for the section of the agreement that names it (field `copy`):")
    print(f"  {line}")
    print("Have this copy enrolled on the owner's server:")
    print(f"  sightpact ledger copy-add '{line}'")
    print(f"Then keep the token that it prints:  sightpact-cosign token {given.folder}")
    return WELL


def _token(given: argparse.Namespace) -> int:
    token = sys.stdin.readline().strip()
    if not token:
        raise Wrong("No token was given.")
    keep.put(Copy(given.folder).folder / "token", token + "\n")
    return WELL


def _run(given: argparse.Namespace) -> int:
    copy = Copy(given.folder)
    while True:
        try:
            done = follow.once(copy)
            if done.new or given.once:
                print(f"countersigned {done.size} entries ({done.new} new)", flush=True)
        except (Wrong, follow.Unreachable) as fault:
            if given.once:
                raise
            print(fault, file=sys.stderr, flush=True)
        if given.once:
            return WELL
        time.sleep(given.every)


def _status(given: argparse.Namespace) -> int:
    copy = Copy(given.folder)
    when = (
        datetime.fromtimestamp(copy.countersigned_at, UTC).isoformat() if copy.countersigned_at else "never"
    )
    print(f"{copy.about.name}: {copy.tree.size} entries of {copy.about.log}, last countersigned {when}")
    for path in copy.refusals():
        print(
            f"REFUSED {datetime.fromtimestamp(int(path.stem), UTC).isoformat()}: {path.with_suffix('.why').read_text().strip()}"
        )
    return REFUSED if copy.refusals() else WELL


def _check(given: argparse.Namespace) -> int:
    print(f"{Copy(given.folder).check()} entries give the head that was countersigned")
    return WELL
