"""The proof of what runs now, and where the record holds its certificate. Tried anew when a fact has changed."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from sightpact.access.facts import Snapshot
from sightpact.agreements import proof, proof_words, stored_world
from sightpact.agreements.proof import Certificate
from sightpact.agreements.proof_words import Counterexample
from sightpact.decide.cedar_schema import DecideError
from sightpact.decide.world import World
from sightpact.ledger import clock
from sightpact.ledger import reads as ledger


@dataclass(frozen=True, slots=True)
class Tried:
    """`certificate` is None when nothing could be proven; `fault` says why."""

    certificate: Certificate | None
    examples: tuple[Counterexample, ...]
    fault: str
    at: datetime

    @property
    def holding(self) -> int:
        """Guarantees that hold under every agreement."""
        return self.guarantees - len({example.guarantee for example in self.examples})

    @property
    def guarantees(self) -> int:
        """The built-in ones, and those that the texts give themselves."""
        own = sum(len(p.own) for p in self.certificate.agreements) if self.certificate else 0
        return len(proof_words.SAYS) + own


_lock = threading.Lock()
_latest: tuple[World, Tried] | None = None


def tried(snapshot: Snapshot) -> Tried:
    """Try every case of the world of this snapshot; kept until a fact changes."""
    global _latest
    with _lock:
        if _latest is None or _latest[0] is not snapshot.world:
            _latest = (snapshot.world, _try(snapshot))
        return _latest[1]


def recorded(certificate: Certificate) -> tuple[int, ...]:
    """Indexes of the record's entries that hold this very certificate: same facts, same policies. Empty: not entered yet."""
    wanted = {(p.slug, p.policy) for p in certificate.agreements}
    entries = ledger.opened(
        ledger.Query(types=("guarantees_proven",), outcome="hold", limit=4 * len(wanted) + 1)
    )
    found: dict[tuple[str, str], int] = {}
    for entry in entries:
        if entry.reason_code == certificate.world:
            found.setdefault((entry.agreement, entry.policy), entry.index)
    return tuple(sorted(found.values())) if set(found) == wanted else ()


def _try(snapshot: Snapshot) -> Tried:
    documents = {id: entry.document for id, entry in snapshot.names.running.items()}
    try:
        certificate = proof.prove(snapshot.world.inventory, documents)
    except DecideError as fault:
        return Tried(None, (), str(fault), clock.now())
    examples: list[Counterexample] = []
    if not certificate.holds:
        names = stored_world.names()
        for proven in certificate.agreements:
            examples += [proof_words.told(f, documents[proven.agreement], names) for f in proven.failed]
    return Tried(certificate, tuple(examples), "", clock.now())
