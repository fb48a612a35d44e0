"""What the page of signing keys shows: the keys of the parties that the reader deals with. Writes nothing.

Keys of one's own party are enrolled and vouched for here; those of the other parties are there to be compared by voice.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from sightpact.agreements import key_reads, passkey_signing, reads, signers, signing_page
from sightpact.agreements.document import Document
from sightpact.agreements.errors import SignatureFault
from sightpact.agreements.key_reads import KeyCard, OfferCard
from sightpact.agreements.models import Agreement
from sightpact.people import passkey
from sightpact.people import reads as people
from sightpact.people.reads import PersonCard


@dataclass(frozen=True, slots=True)
class Device:
    """A passkey with which the reader signs in."""

    id: int
    name: str
    state: str  # "" (may become a signing key), "counts", "offered", "withdrawn", "unusable"


@dataclass(frozen=True, slots=True)
class PartyKeys:
    slug: str
    name: str
    keys: tuple[KeyCard, ...]
    offers: tuple[OfferCard, ...]
    may_hold: bool  # the reader may enrol a passkey as a key of this party, and answer offers
    has_passkey: bool  # the reader has one that counts for this party: it can vouch
    devices: tuple[Device, ...]


def page(person: PersonCard) -> tuple[PartyKeys, ...]:
    """The reader's parties first, then those that they have agreements with; empty for somebody of none."""
    mine = {party for party, _role in person.roles}
    shared = _documents(person)
    cards = {card.id: card for card in people.parties()}
    holds = any(_may_hold(person, cards[i].slug, i, shared) for i in mine if i in cards)
    seen = set(mine) if holds else set()
    for parties, _document in shared.values():
        seen |= parties
    every = key_reads.signing_keys()
    found = []
    for party_id in sorted(seen & set(cards), key=lambda i: (i not in mine, cards[i].name)):
        card = cards[party_id]
        may = party_id in mine and _may_hold(person, card.slug, party_id, shared)
        keys = tuple(key for key in every if key.party_slug == card.slug)
        offers = key_reads.offered_keys(card.slug) if may else ()
        found.append(
            PartyKeys(
                slug=card.slug,
                name=card.name,
                keys=keys,
                offers=offers,
                may_hold=may,
                has_passkey=bool(signing_page.own_passkeys(person, card.slug)),
                devices=_devices(person, every, offers) if may else (),
            )
        )
    return tuple(found)


def device(person: PersonCard, key_id: str) -> passkey_signing.Passkey | None:
    """A sign-in passkey of this person as the record of a signing key; None when there is none of that number.

    Raises:
        SignatureFault: of an algorithm that is not used here.
    """
    for each in passkey.credentials(person.id):
        if str(each.id) == key_id:
            return _record(each)
    return None


def _devices(
    person: PersonCard, every: tuple[KeyCard, ...], offers: tuple[OfferCard, ...]
) -> tuple[Device, ...]:
    known = {key.keyid: "counts" if key.counts else "withdrawn" for key in every}
    known |= {offer.keyid: "offered" for offer in offers}
    found = []
    for each in passkey.credentials(person.id):
        try:
            state = known.get(_record(each).keyid, "")
        except SignatureFault:
            state = "unusable"
        found.append(Device(each.id, each.name, state))
    return tuple(found)


def _record(each: passkey.Credential) -> passkey_signing.Passkey:
    page = urlsplit(settings.SIGHTPACT.url)
    return passkey_signing.of_credential(
        each.data, settings.SIGHTPACT.rp_id, f"{page.scheme}://{page.netloc}", each.sign_count
    )


def _documents(person: PersonCard) -> dict[str, tuple[set[str], Document | None]]:
    """Ids of the parties, and the newest text, of every agreement that the person may read."""
    mine = [UUID(party) for party, _role in person.roles]
    rows = Agreement.objects.filter(parties__in=mine).distinct().prefetch_related("parties")
    return {
        str(row.pk): ({str(p.pk) for p in row.parties.all()}, reads.newest_document(str(row.pk)))
        for row in rows
    }


def _may_hold(
    person: PersonCard, slug: str, party_id: str, shared: dict[str, tuple[set[str], Document | None]]
) -> bool:
    texts = tuple(text for parties, text in shared.values() if text is not None and party_id in parties)
    return signers.may_hold_key(person, party_id, slug, texts)
