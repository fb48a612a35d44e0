"""A process that forks writers of the ledger, to be killed at any instruction. Run by `writers.py`, not by pytest.

Loads Django once and forks for each writer, so that a round costs milliseconds. Commands on standard input:
`write SEED`, `race COUNT` and `quit`; writers say on standard output what is durably theirs.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys

NAME, PREFIX = sys.argv[1], "tests.settings"


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = PREFIX
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = NAME
    django.setup()
    from sightpact.ledger import actions, reads  # noqa: F401 - loaded before the forks

    for line in sys.stdin:
        command, _, value = line.strip().partition(" ")
        if command == "quit":
            return
        child = os.fork()
        if child == 0:
            {"write": write, "race": race}[command](int(value))
            os._exit(0)
        say(f"pid {child}")
        _, status = os.waitpid(child, 0)
        say(f"gone {status}")


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())  # one write call: lines of two processes never mix


def write(seed: int) -> None:
    """Append for ever, with and without a change of facts, saying each index and hash once it is durable."""
    from django.db import transaction

    from sightpact.ledger import actions
    from sightpact.ledger.entries import NewEntry, Secret

    rng = random.Random(seed)
    while True:
        made = [
            NewEntry(
                "admission", party="lakeview-pd", secret={"person": Secret(f"{rng.random()}", "Omar Reyes")}
            )
            for _ in range(rng.choice((1, 1, 2, 7)))
        ]
        with transaction.atomic():
            receipts = actions.append(made, bump="situation" if rng.random() < 0.5 else None)
        for receipt in receipts:
            say(f"ack {receipt.index} {hashlib.sha256(receipt.entry_bytes).hexdigest()}")


def race(count: int) -> None:
    """Change facts `count` times, each time only if they are as last seen, else look again."""
    from django.db import transaction

    from sightpact.ledger import actions, reads
    from sightpact.ledger.entries import NewEntry
    from sightpact.ledger.errors import EpochMoved

    done = moved = 0
    while done < count:
        seen = reads.epoch()
        try:
            with transaction.atomic():
                receipt = actions.append([NewEntry("activation_start")], bump="situation", expect=seen)[0]
        except EpochMoved:
            moved += 1
            continue
        done += 1
        say(f"ack {receipt.index} {hashlib.sha256(receipt.entry_bytes).hexdigest()}")
    say(f"moved {moved}")


main()
