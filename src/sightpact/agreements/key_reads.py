"""The parties' public keys: which there are, and which count. Frozen answers; writes nothing.

A key counts when the table and the record both know it: who can write the database alone brings none in, and takes back
no withdrawal. Whether the record itself is whole says `sightpact ledger verify`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sightpact.agreements import passkey_signing, signing
from sightpact.agreements.errors import SignatureFault
from sightpact.agreements.models import OfferedKey, SigningKey
from sightpact.ledger import reads as ledger


@dataclass(frozen=True, slots=True)
class KeyCard:
    """A party's public key and who holds its private half."""

    keyid: str
    party_slug: str
    holder: str
    public_pem: str  # PEM; of a passkey its record, JSON
    vouched_by: str  # keyid; "" for the first one
    withdrawn_utc: datetime | None
    person_id: str = ""  # whose passkey it is; "" for an offline key
    vouch: Any = None  # what `vouched_by` signed
    fault: str = ""  # why it does not count although the table has it; "" where table and record agree

    @property
    def is_passkey(self) -> bool:
        return passkey_signing.is_passkey(self.public_pem)

    @property
    def counts(self) -> bool:
        return self.withdrawn_utc is None and not self.fault

    @property
    def spoken(self) -> str:
        """The name of the key in groups that can be read out."""
        return " ".join(self.keyid[i : i + 4] for i in range(0, 32, 4))


@dataclass(frozen=True, slots=True)
class OfferCard:
    """A further key that waits for its party to vouch for it."""

    id: str
    keyid: str
    party_slug: str
    holder: str
    public_pem: str
    person_id: str
    offered_utc: datetime

    @property
    def spoken(self) -> str:
        return " ".join(self.keyid[i : i + 4] for i in range(0, 32, 4))


def signing_keys() -> tuple[KeyCard, ...]:
    """Every key in the table, by party, also those that do not count."""
    enrolled, withdrawn = _recorded()
    rows = SigningKey.objects.order_by("party__slug", "keyid")
    fields = ("keyid", "party__slug", "holder", "public_pem", "vouched_by", "withdrawn_utc")
    found = []
    for row in rows.values_list(*fields, "person_id", "vouch"):
        name, party, holder, public, voucher, withdrawn_utc, person, vouch = row
        fault = ""
        if not _is_named(public, name):
            fault = "The key in the table is another one than its name says."
        elif (party, name) not in enrolled:
            fault = "The record knows no enrolment of this key for this party."
        elif withdrawn_utc is None and name in withdrawn:
            fault = "The record says that this key was withdrawn."
        found.append(
            KeyCard(name, party, holder, public, voucher, withdrawn_utc, str(person or ""), vouch, fault)
        )
    return tuple(found)


def counting_keys() -> tuple[tuple[str, str], ...]:
    """(party slug, public key) of every key that counts."""
    enrolled, withdrawn = _recorded()
    rows = SigningKey.objects.filter(withdrawn_utc=None).order_by("keyid")
    return tuple(
        (party, public)
        for party, name, public in rows.values_list("party__slug", "keyid", "public_pem")
        if (party, name) in enrolled and name not in withdrawn and _is_named(public, name)
    )


def active_keys(party: str) -> tuple[str, ...]:
    """The public keys of a party, by slug, that count."""
    return tuple(public for owner, public in counting_keys() if owner == party)


def offered_keys(party: str) -> tuple[OfferCard, ...]:
    """The keys that wait for a party, by slug, to vouch for them, oldest first."""
    rows = OfferedKey.objects.filter(party__slug=party, closed_utc=None).order_by("offered_utc", "id")
    fields = ("id", "keyid", "party__slug", "holder", "public_pem", "person_id", "offered_utc")
    return tuple(
        OfferCard(str(r[0]), r[1], r[2], r[3], r[4], str(r[5]), r[6]) for r in rows.values_list(*fields)
    )


def missing_keys() -> tuple[tuple[str, str], ...]:
    """(party slug, keyid) that the record knows as enrolled and the table does not have."""
    there = set(SigningKey.objects.values_list("party__slug", "keyid"))
    return tuple(sorted(_recorded()[0] - there))


def _is_named(public: str, name: str) -> bool:
    try:
        return signing.keyid(public) == name
    except SignatureFault:
        return False


def _recorded() -> tuple[set[tuple[str, str]], set[str]]:
    """(party slug, keyid) enrolled, and keyids withdrawn, as the record says."""
    enrolled: set[tuple[str, str]] = set()
    withdrawn: set[str] = set()
    for entry in ledger.in_clear(("key_enrolled", "key_withdrawn"), ("enrolled", "withdrawn")):
        if entry.type == "key_enrolled" and entry.outcome == "enrolled":
            enrolled.add((entry.party, entry.reason_code))
        elif entry.type == "key_withdrawn" and entry.outcome == "withdrawn":
            withdrawn.add(entry.reason_code)
    return enrolled, withdrawn
