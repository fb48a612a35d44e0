"""Parties come and change. They never go: agreements and the record name them."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction

from sightpact.ledger import actions as ledger
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads
from sightpact.people.errors import NoSuch, PeopleError, Taken
from sightpact.people.models import Party


@dataclass(frozen=True, slots=True)
class PartySpec:
    slug: str
    name: str
    short_name: str
    kind: str  # owner, agency
    phone: str = ""
    zone: str = "UTC"  # IANA


def add_party(spec: PartySpec, by: reads.PersonCard | None = None) -> reads.PartyCard:
    """Add a party.

    1. Refuse a slug that is taken. 2. Store it. 3. Record it; the world has moved.

    Raises:
        Taken: the slug stands for another party.
    """
    with transaction.atomic():
        if Party.objects.filter(slug=spec.slug).exists():
            raise Taken(
                f"party '{spec.slug}'", "there is one already", "Choose another slug, or alter that one"
            )
        row = Party.objects.create(**asdict(spec))
        _record("party_added", row, f"Party added: {spec.name} ({spec.kind})", by)
        return reads._party(row)


def alter_party(spec: PartySpec, by: reads.PersonCard | None = None) -> tuple[str, ...]:
    """Make a party be as `spec` says; returns the names of what changed, () for nothing.

    1. Find it. 2. Refuse another kind. 3. Store what differs. 4. Record it; the world has moved.

    Raises:
        NoSuch: no party has that slug.
        PeopleError: an owner cannot become an agency or the other way; the record would read wrongly.
    """
    with transaction.atomic():
        row = Party.objects.filter(slug=spec.slug).first()
        if row is None:
            raise NoSuch(f"party '{spec.slug}'", "there is none", "Add it first")
        if row.kind != spec.kind:
            raise PeopleError(
                f"party '{spec.slug}'", f"it is an {row.kind} and stays one", "Add another party"
            )
        changed = tuple(name for name, value in asdict(spec).items() if getattr(row, name) != value)
        if changed:
            for name in changed:
                setattr(row, name, getattr(spec, name))
            row.save(update_fields=changed)
            _record("party_altered", row, f"Party altered: {row.name} ({', '.join(changed)})", by)
        return changed


def _record(reason: str, row: Party, text: str, by: reads.PersonCard | None) -> None:
    entry = NewEntry(
        "person_change",
        party=row.slug,
        reason_code=reason,
        secret={"person": reads.as_secret(by), "text": Secret(str(row.id), text)},
    )
    ledger.append([entry], bump="world")
