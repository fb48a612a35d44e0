"""A replay in two steps: what it needs is read at once, and what takes long is then decided by itself. For command and page.

Reads; writes nothing. `decide` touches no database, so that it can run beside everything else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sightpact.access import replay
from sightpact.access.replay import Look, Replayed
from sightpact.agreements import reads, stored_world
from sightpact.agreements.as_facts import all_named
from sightpact.agreements.document import Document
from sightpact.agreements.errors import AgreementError
from sightpact.decide.facts import Inventory

LOOKS = 2000  # of a made-up month


@dataclass(frozen=True, slots=True)
class Asked:
    document: Document  # the text that is tried
    runs: Document | None  # the text of that name that runs now
    stock: Inventory
    id: str  # of the agreement
    recorded: tuple[Look, ...] | None  # None: a made-up month
    unreadable: int = 0
    looks: int = LOOKS
    seed: int = 1
    is_cut: bool = False  # the record holds older looks than these, which were left out

    @property
    def total(self) -> int:
        """How many looks are decided again."""
        return self.looks if self.recorded is None else len(self.recorded)


def gather(
    document: Document, days: int | None, looks: int = LOOKS, seed: int = 1, most: int | None = None
) -> Asked:
    """Read what a replay needs.

    Args:
        days: how far back the record is asked; None: a made-up month of so many `looks`, the same for the same `seed`.
        most: of the record, the newest so many; None: all.
    Raises:
        AgreementError: a made-up month is compared with what runs, and no text of this name runs.
    """
    running = next((entry for entry in reads.running() if entry.slug == document.slug), None)
    stock = stored_world.bare()
    id = running.id if running else document.slug
    if running is None:
        stock = all_named(stock, document, id)
    runs = running.document if running else None
    if days is not None:
        found, unreadable = replay.recorded(document, stock, days, None if most is None else most + 1)
        is_cut = most is not None and len(found) > most
        return Asked(document, runs, stock, id, tuple(found[is_cut:]), unreadable, is_cut=is_cut)
    if runs is None:
        what = f"'{document.slug}'"
        raise AgreementError(what, "does not run here.", "A made-up month is compared with what runs.")
    return Asked(document, runs, stock, id, None, looks=looks, seed=seed)


def decide(asked: Asked, told: Callable[[int], None] | None = None) -> Replayed:
    """Decide every look again. No database.

    Args:
        told: called with how many are decided; what it raises ends the replay.
    """
    today = replay.under(asked.runs, asked.stock, asked.id) if asked.runs else None
    looks: list[Look] = list(asked.recorded or ())
    if asked.recorded is None and today is not None:
        looks = replay.made_up(asked.document, today, asked.stock, asked.seed, asked.looks)
    draft = replay.under(asked.document, asked.stock, asked.id)
    return replace(replay.replay(looks, draft, today, told), unreadable=asked.unreadable)
