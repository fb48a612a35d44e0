"""Which copies of the record there are, and up to where each has countersigned it. Frozen answers; writes nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from sightpact.ledger.models import Cosigner


@dataclass(frozen=True, slots=True)
class Copy:
    id: str
    name: str  # of the key
    party: str  # slug of who keeps it; empty: an office that is no party
    size: int  # entries that it countersigned
    countersigned_utc: datetime | None  # None: never
    enrolled_utc: datetime
    vkey: str
    note: str  # the head with both signatures; empty: never


def copies() -> tuple[Copy, ...]:
    """Those that are enrolled, in the order of their enrolment."""
    rows = Cosigner.objects.filter(log__origin=settings.SIGHTPACT.log_origin, withdrawn_utc=None)
    return tuple(_copy(row) for row in rows.order_by("enrolled_utc", "id"))


def countersigned() -> frozenset[str]:
    """Keys (each the whole line) of the copies that ever countersigned a head. Removing one later takes nothing back."""
    rows = Cosigner.objects.filter(log__origin=settings.SIGHTPACT.log_origin, size__gt=0)
    return frozenset(rows.values_list("vkey", flat=True))


def by_token(token: str) -> Copy | None:
    """The copy that holds this token."""
    row = Cosigner.objects.filter(token_hash=digest(token), withdrawn_utc=None).first()
    return _copy(row) if row else None


def digest(token: str) -> str:
    """What is kept of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _copy(row: Cosigner) -> Copy:
    return Copy(
        id=str(row.pk),
        name=row.name,
        party=row.party,
        size=row.size,
        countersigned_utc=row.countersigned_utc,
        enrolled_utc=row.enrolled_utc,
        vkey=row.vkey,
        note=row.note,
    )
