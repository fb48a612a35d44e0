"""Persons come, change what they are, and go. They are never deleted: the record names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads
from sightpact.people.actions.sessions import end_sessions
from sightpact.people.errors import NoSuch, Taken
from sightpact.people.models import Account, Membership, Party, Person, StartKey


@dataclass(frozen=True, slots=True)
class PersonSpec:
    slug: str
    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    party: str  # slug
    role: str
    title: str = ""
    school: str = ""  # slug of where the person works; the switch begins with it


def add_person(
    spec: PersonSpec,
    roles: Sequence[Role] = (),
    by: reads.PersonCard | None = None,
    *,
    signs_in: bool = True,
) -> reads.PersonCard:
    """Add a person with roles. The first role's party is the one shown beside the name.

    1. Refuse a slug that is taken. 2. Store person, account (without any key yet) and roles. 3. Record it.

    Args:
        signs_in: False for what is no human being (a source of alarms): it has no account, and can never get one.
    Raises:
        Taken: the slug stands for another person.
        NoSuch: a role names a party that is not here.
    """
    with transaction.atomic():
        if Person.objects.filter(slug=spec.slug).exists():
            raise Taken(
                f"person '{spec.slug}'", "there is one already", "Choose another slug, or alter that one"
            )
        account = Account(username=spec.slug, email=spec.email) if signs_in else None
        if account is not None:
            account.set_unusable_password()
            account.save()
        row = Person.objects.create(
            slug=spec.slug, name=spec.name, email=spec.email, phone=spec.phone, account=account
        )
        _store_roles(row, roles)
        return _record("person_added", row, f"Person added: {spec.name}; {_words(roles)}", by)


def alter_person(spec: PersonSpec, by: reads.PersonCard | None = None) -> tuple[str, ...]:
    """Make name, e-mail and phone be as `spec` says; returns the names of what changed.

    1. Find the person. 2. Store what differs. 3. Record it; the world has moved.

    Raises:
        NoSuch: no person has that slug.
    """
    with transaction.atomic():
        row = _find(spec.slug)
        changed = tuple(
            name for name in ("name", "email", "phone") if getattr(row, name) != getattr(spec, name)
        )
        if changed:
            for name in changed:
                setattr(row, name, getattr(spec, name))
            row.save(update_fields=changed)
            if "email" in changed and row.account_id is not None:
                Account.objects.filter(id=row.account_id).update(email=spec.email)
            _record("person_altered", row, f"Person altered: {row.name} ({', '.join(changed)})", by)
        return changed


def set_roles(slug: str, roles: Sequence[Role], by: reads.PersonCard | None = None) -> bool:
    """Give a person exactly these roles; returns whether anything changed.

    1. Find the person. 2. Compare in order. 3. Replace all. 4. Record it; the world has moved, so that
    pictures whose basis was a role that is gone end at once.

    Raises:
        NoSuch: no such person or party.
    """
    with transaction.atomic():
        row = _find(slug)
        before = [Role(r.party_slug, r.role, r.title, r.school) for r in reads.roles(str(row.id))]
        if before == list(roles):
            return False
        row.memberships.all().delete()
        _store_roles(row, roles)
        _record("roles_set", row, f"Roles of {row.name}: {_words(roles)}; before: {_words(before)}", by)
        return True


def deactivate(slug: str, by: reads.PersonCard | None = None) -> bool:
    """Take a person out: nothing is granted from here on; returns False when that was so already.

    1. Claim it by a conditional update. 2. Close the account and end its sessions. 3. Revoke the start keys.
    4. Record it; the world has moved, so that all their pictures end at once.

    Raises:
        NoSuch: no person has that slug.
    """
    with transaction.atomic():
        row = _find(slug)
        if not Person.objects.filter(id=row.id, active=True).update(active=False):
            return False
        if row.account_id:
            Account.objects.filter(id=row.account_id).update(is_active=False)
            end_sessions(row.account_id)
        StartKey.objects.filter(person=row, revoked_utc=None).update(revoked_utc=clock.now())
        _record("person_deactivated", row, f"Person taken out: {row.name}", by)
        return True


def reactivate(slug: str, by: reads.PersonCard | None = None) -> bool:
    """Take a person in again, with the passkeys and roles of before but no start key; False when they were
    in.

    1. Claim it by a conditional update. 2. Open the account. 3. Record it; the world has moved.

    Raises:
        NoSuch: no person has that slug.
    """
    with transaction.atomic():
        row = _find(slug)
        if not Person.objects.filter(id=row.id, active=False).update(active=True):
            return False
        if row.account_id:
            Account.objects.filter(id=row.account_id).update(is_active=True)
        _record("person_reactivated", row, f"Person taken in again: {row.name}", by)
        return True


def _find(slug: str) -> Person:
    row = Person.objects.filter(slug=slug).first()
    if row is None:
        raise NoSuch(f"person '{slug}'", "there is none", "Look at the slug in the import file")
    return row


def _store_roles(row: Person, roles: Sequence[Role]) -> None:
    parties = {p.slug: p for p in Party.objects.filter(slug__in={role.party for role in roles})}
    for order, role in enumerate(roles):
        if role.party not in parties:
            why = f"{row.name} is to be {role.role} there, but it is not here"
            raise NoSuch(f"party '{role.party}'", why, "Add it first")
        Membership.objects.create(
            person=row,
            party=parties[role.party],
            role=role.role,
            title=role.title,
            school=role.school,
            order=order,
        )


def _words(roles: Sequence[Role]) -> str:
    said = (f"{r.role} at {r.party}" + (f" ({r.school})" if r.school else "") for r in roles)
    return ", ".join(said) or "no role"


def _record(reason: str, row: Person, text: str, by: reads.PersonCard | None) -> reads.PersonCard:
    card = reads.person(str(row.id))
    assert card is not None
    entry = NewEntry(
        "person_change",
        party=card.party_slug,
        reason_code=reason,
        secret={"person": reads.as_secret(by), "text": Secret(card.id, text)},
    )
    ledger.append([entry], bump="world")
    return card
