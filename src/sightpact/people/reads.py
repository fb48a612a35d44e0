"""What others may know about parties, persons and sessions: frozen answers, never models. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from sightpact.decide import facts
from sightpact.ledger import clock
from sightpact.ledger.entries import Secret
from sightpact.people.models import Invitation, Party, Person, StartKey


@dataclass(frozen=True, slots=True)
class PartyCard:
    id: str
    slug: str
    name: str
    short_name: str
    kind: str  # owner, agency
    phone: str
    zone: str  # IANA


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person with the party that is named beside the name (the first role); `roles` are all of them.

    A person without any role has empty party fields and may do nothing.
    """

    id: str
    slug: str
    name: str
    short_party: str
    party_id: str
    party_slug: str
    party_name: str
    roles: frozenset[tuple[str, str]]  # (party id, role)
    title: str
    zone: str
    active: bool
    home_school: str = ""  # slug: of the first role that names one


@dataclass(frozen=True, slots=True)
class RoleCard:
    party_id: str
    party_slug: str
    role: str
    title: str
    school: str = ""  # slug


@dataclass(frozen=True, slots=True)
class PasskeyCard:
    id: int
    name: str
    created_utc: datetime
    last_used_utc: datetime | None


@dataclass(frozen=True, slots=True)
class StartKeyCard:
    id: str
    person_id: str
    device: str
    created_utc: datetime
    last_used_utc: datetime | None
    revoked_utc: datetime | None


# persons ----------------------------------------------------------------------------------------------------

_CARD = (
    "id",
    "slug",
    "name",
    "active",
    "memberships__role",
    "memberships__title",
    "memberships__party_id",
    "memberships__party__slug",
    "memberships__party__name",
    "memberships__party__short_name",
    "memberships__party__zone",
    "memberships__school",
)


def person(person_id: str) -> PersonCard | None:
    """The person, also one who was taken out (`active` tells)."""
    return _one(id=person_id)


def person_by_slug(slug: str) -> PersonCard | None:
    return _one(slug=slug)


def person_of_account(account_id: object) -> PersonCard | None:
    """Who has signed in, or None: no person, or one who was taken out. One query; asked once a request."""
    return _one(account_id=account_id, active=True)


def persons() -> tuple[PersonCard, ...]:
    """Everybody, also those who were taken out, by name."""
    return tuple(_cards(Person.objects.order_by("name", "id")))


def members(party_id: str, role: str | None = None) -> tuple[PersonCard, ...]:
    """The active people of a party, by name; with `role`, those who hold it there."""
    here = {"memberships__party_id": party_id} | ({"memberships__role": role} if role else {})
    ids = Person.objects.filter(active=True, **here).values("id")
    return tuple(_cards(Person.objects.filter(id__in=ids).order_by("name", "id")))


def persons_for_facts(named: Mapping[str, frozenset[str]] = MappingProxyType({})) -> dict[str, facts.Person]:
    """Every person with all roles, by id, for the snapshot that decisions are made from. One query.

    Args:
        named: person id to the ids of the agreements whose annex names the person (known to `agreements`).
    """
    rows = Person.objects.order_by("id").values_list(
        "id", "active", "memberships__party_id", "memberships__role"
    )
    found = {}
    for (key, active), group in _grouped(rows, 2):
        held = frozenset((str(row[2]), row[3]) for row in group if row[2])
        found[str(key)] = facts.Person(str(key), held, named.get(str(key), frozenset()), active)
    return found


def roles(person_id: str) -> tuple[RoleCard, ...]:
    """The roles of a person in the order in which they were given."""
    rows = Person.objects.filter(id=person_id, memberships__isnull=False).order_by("memberships__order")
    return tuple(
        RoleCard(str(party_id), slug, role, title, school)
        for party_id, slug, role, title, school in rows.values_list(
            "memberships__party_id",
            "memberships__party__slug",
            "memberships__role",
            "memberships__title",
            "memberships__school",
        )
    )


def roles_by_person() -> dict[str, tuple[RoleCard, ...]]:
    """Everybody's roles, by person id, each in the order in which they were given. One query."""
    rows = Person.objects.filter(memberships__isnull=False).order_by(
        "id", "memberships__order", "memberships__id"
    )
    fields = ("party_id", "party__slug", "role", "title", "school")
    listed = rows.values_list("id", *(f"memberships__{name}" for name in fields))
    return {
        str(key): tuple(RoleCard(str(row[1]), *row[2:]) for row in group)
        for (key,), group in _grouped(listed, 1)
    }


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person can be written to or called, as the person's own entry has it. For `notices` alone."""

    id: str
    name: str
    email: str
    phone: str
    active: bool


def contacts(person_ids: Iterable[str]) -> dict[str, Contact]:
    """Those of these persons who exist, by id. One query."""
    rows = Person.objects.filter(id__in=list(person_ids)).values_list(
        "id", "name", "email", "phone", "active"
    )
    return {str(row[0]): Contact(str(row[0]), *row[1:]) for row in rows}


def as_secret(card: PersonCard | None) -> Secret:
    """How a person stands in the ledger: searched by id, read as "Omar Reyes, Lakeview Police Department,
    dispatcher".

    None is the command line: somebody with the server's own account.
    """
    if card is None:
        return Secret("", "command line of the server")
    return Secret(card.id, ", ".join(part for part in (card.name, card.party_name, card.title) if part))


def _one(**where: object) -> PersonCard | None:
    return next(_cards(Person.objects.filter(**where)), None)


def _cards(query: Any) -> Iterator[PersonCard]:
    ordered = query.order_by(*query.query.order_by, "memberships__order", "memberships__id")
    for key, rows in _grouped(ordered.values_list(*_CARD), 4):
        found = [row[4:] for row in rows if row[6]]
        role, title, party_id, slug, name, short, zone, _school = (
            found[0] if found else ("", "", "", "", "", "", "UTC", "")
        )
        yield PersonCard(
            id=str(key[0]),
            slug=key[1],
            name=key[2],
            short_party=short,
            party_id=str(party_id),
            party_slug=slug,
            party_name=name,
            roles=frozenset((str(row[2]), row[0]) for row in found),
            title=title or role,
            zone=zone,
            active=key[3],
            home_school=next((row[7] for row in found if row[7]), ""),
        )


def _grouped(
    rows: Iterable[tuple[Any, ...]], width: int
) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    """Rows of one person come together; `width` columns belong to the person, the rest to a role."""
    for key, group in groupby(rows, key=lambda row: row[:width]):
        yield key, list(group)


# parties ----------------------------------------------------------------------------------------------------


def parties() -> tuple[PartyCard, ...]:
    """All parties, owners first, by name."""
    return tuple(_party(row) for row in Party.objects.order_by("-kind", "name", "id"))


def parties_for_facts() -> dict[str, facts.Party]:
    """Every party by id, for the snapshot that decisions are made from. One query."""
    rows = Party.objects.order_by("id").values_list("id", "name", "slug")
    return {str(key): facts.Party(str(key), name, slug) for key, name, slug in rows}


def party(party_id: str) -> PartyCard | None:
    row = Party.objects.filter(id=party_id).first()
    return _party(row) if row else None


def party_by_slug(slug: str) -> PartyCard | None:
    row = Party.objects.filter(slug=slug).first()
    return _party(row) if row else None


def _party(row: Party) -> PartyCard:
    return PartyCard(str(row.id), row.slug, row.name, row.short_name, row.kind, row.phone, row.zone)


# keys, links, sessions --------------------------------------------------------------------------------------


def passkeys(person_id: str) -> tuple[PasskeyCard, ...]:
    """The passkeys with which a person can sign in, oldest first."""
    rows = Authenticator.objects.filter(user__person__id=person_id, type=Authenticator.Type.WEBAUTHN)
    return tuple(
        PasskeyCard(row.pk, row.wrap().name, row.created_at, row.last_used_at) for row in rows.order_by("pk")
    )


def start_keys(person_id: str) -> tuple[StartKeyCard, ...]:
    """The devices from which a person can start emergency sharing, also revoked ones, oldest first."""
    rows = StartKey.objects.filter(person_id=person_id).order_by("created_utc", "id")
    return tuple(
        StartKeyCard(str(r.id), person_id, r.device, r.created_utc, r.last_used_utc, r.revoked_utc)
        for r in rows
    )


def passkeys_by_person() -> dict[str, tuple[PasskeyCard, ...]]:
    """Everybody's passkeys, by person id, oldest first. One query."""
    found: dict[str, tuple[PasskeyCard, ...]] = {}
    rows = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, user__person__isnull=False)
    for row in rows.select_related("user__person").order_by("pk"):
        card = PasskeyCard(row.pk, row.wrap().name, row.created_at, row.last_used_at)
        key = str(row.user.person.id)
        found[key] = (*found.get(key, ()), card)
    return found


def start_keys_by_person() -> dict[str, tuple[StartKeyCard, ...]]:
    """Everybody's devices that can start emergency sharing, also revoked ones, by person id, oldest first. One query."""
    found: dict[str, tuple[StartKeyCard, ...]] = {}
    for row in StartKey.objects.order_by("created_utc", "id"):
        key = str(row.person_id)
        card = StartKeyCard(str(row.id), key, row.device, row.created_utc, row.last_used_utc, row.revoked_utc)
        found[key] = (*found.get(key, ()), card)
    return found


def invited(secret_digest: str) -> PersonCard | None:
    """Whom an invitation link is for, while it is open; None when used, too old or unknown."""
    row = Invitation.objects.filter(
        hash=secret_digest, used_utc=None, expires_utc__gt=clock.now(), person__active=True
    ).first()
    return person(str(row.person_id)) if row else None


def session_is_live(session_key: str) -> bool:
    """Has this browser session neither ended nor run out? One query. A ticket and its streams live no
    longer."""
    return (
        bool(session_key)
        and Session.objects.filter(session_key=session_key, expire_date__gt=clock.now()).exists()
    )


def run_out_sessions(session_keys: Iterable[str]) -> frozenset[str]:
    """Those of the given sessions that nobody ended, but whose time is over."""
    rows = Session.objects.filter(session_key__in=list(session_keys), expire_date__lte=clock.now())
    return frozenset(rows.values_list("session_key", flat=True))


def live_sessions(session_keys: Iterable[str]) -> frozenset[str]:
    """Those of the given sessions that are live. One query, for the gate's look at all its viewers."""
    rows = Session.objects.filter(session_key__in=list(session_keys), expire_date__gt=clock.now())
    return frozenset(rows.values_list("session_key", flat=True))
