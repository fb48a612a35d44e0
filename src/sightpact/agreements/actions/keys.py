"""Signing keys of the parties: enrolled, offered, withdrawn.

A party's first key is taken on trust; each further one is vouched for by the party itself.
Never: a key withdrawn that leaves its party without one, or a withdrawn key that counts again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from sightpact.agreements import passkey_signing, reads, signing
from sightpact.agreements.errors import SignatureFault
from sightpact.agreements.models import OfferedKey, SigningKey
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads as people
from sightpact.people.models import Party


def enrol_signing_key(
    party: str,
    public_pem: str,
    holder: str,
    by: people.PersonCard | None = None,
    vouched: Mapping[str, Any] | None = None,
    person: people.PersonCard | None = None,
) -> str:
    """Enrol a party's public key; returns its keyid.

    1. Read the key. 2. Refuse one that another party holds, and one that was withdrawn.
    3. Where the party has a key already: refuse a further one that no key of the party vouches for.
    4. Store it; write `key_enrolled`. 5. An offer of the same key is closed by that.

    Args:
        party: slug.
        public_pem: PEM; of a passkey its record.
        holder: who keeps the private half, by office: "Superintendent".
        vouched: envelope over `signing.key_statement`, by a key that the party has already.
        person: whose passkey it is.
    Raises:
        SignatureFault.
    """
    with transaction.atomic():
        name = signing.keyid(public_pem)
        card = people.party_by_slug(party)
        if card is None:
            raise SignatureFault("This key", f"is for '{party}', which is no party here.", "Name a party.")
        Party.objects.select_for_update().get(
            pk=card.id
        )  # two first keys at once: the second finds the first
        known = SigningKey.objects.filter(keyid=name).select_related("party").first()
        if known is not None:
            if str(known.party_id) != card.id:
                raise SignatureFault(
                    "This key",
                    f"is enrolled for {known.party.name} already.",
                    "Each party needs its own key.",
                )
            if known.withdrawn_utc is not None:
                raise SignatureFault("This key", "was withdrawn, for good.", "Make a new one.")
            return name
        voucher = ""
        if SigningKey.objects.filter(party_id=card.id).exists():
            voucher = signing.verify_vouched(vouched, party, public_pem, reads.active_keys(party))
        SigningKey.objects.create(
            party_id=card.id,
            keyid=name,
            public_pem=public_pem,
            holder=holder,
            person_id=person.id if person else None,
            vouched_by=voucher,
            vouch=dict(vouched) if voucher and vouched else None,
        )
        OfferedKey.objects.filter(keyid=name, closed_utc=None).update(closed_utc=clock.now())
        how = f", vouched for by key {voucher}" if voucher else ", the first of this party"
        secret = {
            "person": people.as_secret(by),
            "text": Secret("", f"{_sort(public_pem)} of {card.name}, held by {holder}{how}"),
        }
        ledger.append(
            [NewEntry(type="key_enrolled", party=party, outcome="enrolled", reason_code=name, secret=secret)],
            bump="world",
        )
        return name


def offer_key(party: str, public_pem: str, holder: str, person: people.PersonCard) -> str:
    """Offer a person's passkey as a further key of a party; returns its keyid. It counts for nothing yet.

    1. Refuse one that is enrolled, also for another party or withdrawn. 2. Store the offer, once; write `key_offered`.

    Args:
        party, public_pem, holder: as `enrol_signing_key`.
    Raises:
        SignatureFault.
    """
    with transaction.atomic():
        name = signing.keyid(public_pem)
        card = people.party_by_slug(party)
        if card is None:
            raise SignatureFault("This key", f"is for '{party}', which is no party here.", "Name a party.")
        known = SigningKey.objects.filter(keyid=name).select_related("party").first()
        if known is not None:
            why = (
                "was withdrawn, for good." if known.withdrawn_utc else f"is enrolled for {known.party.name}."
            )
            raise SignatureFault("This passkey", why, "Use another passkey.")
        waiting = OfferedKey.objects.filter(keyid=name, closed_utc=None).select_related("party").first()
        if waiting is not None:
            if str(waiting.party_id) != card.id:
                raise SignatureFault(
                    "This passkey", f"is offered to {waiting.party.name}.", "Each party needs its own key."
                )
            return name
        OfferedKey.objects.create(
            party_id=card.id,
            keyid=name,
            public_pem=public_pem,
            holder=holder,
            person_id=person.id,
            offered_utc=clock.now(),
        )
        _record_offer(
            "offered", card, name, f"{_sort(public_pem)} offered as one of {card.name}: {holder}", person
        )
        return name


def enrol_offered(offer_id: str, vouched: Mapping[str, Any], by: people.PersonCard) -> str:
    """Enrol an offered key that a key of its party vouches for; returns its keyid.

    1. Find the offer, still open. 2. A passkey that vouches must be `by`'s own. 3. Enrol it as any other.

    Args:
        vouched: envelope over `signing.key_statement` of the offered key.
    Raises:
        SignatureFault.
    """
    with transaction.atomic():
        row = OfferedKey.objects.filter(pk=offer_id, closed_utc=None).select_related("party").first()
        person = people.person(str(row.person_id)) if row else None
        if row is None or person is None:
            raise SignatureFault("This offer", "is closed.", "Look at the list of keys.")
        if not person.active:
            raise SignatureFault(person.name, "was taken out meanwhile.", "Turn the offer down.")
        own_passkey(vouched, row.party.slug, by)
        return enrol_signing_key(row.party.slug, row.public_pem, row.holder, by, vouched, person)


def own_passkey(envelope: Mapping[str, Any], party: str, by: people.PersonCard) -> None:
    """The session and the finger must be the same person's. An offline key signs for whoever holds it.

    Raises:
        SignatureFault: a passkey, and not one that `by` enrolled for this party.
    """
    if not isinstance(envelope, Mapping) or signing.form_of(envelope) != passkey_signing.TYPE:
        return
    mine = SigningKey.objects.filter(party__slug=party, person_id=by.id, withdrawn_utc=None)
    ids = [
        passkey_signing.b64(passkey_signing.read_key(public).credential_id)
        for public in mine.values_list("public_pem", flat=True)
        if passkey_signing.is_passkey(public)
    ]
    if envelope.get("credential_id") not in ids:
        raise SignatureFault(
            "This passkey",
            "is not a signing key of yours.",
            "Enrol it on the page of signing keys, or use the one that you enrolled.",
        )


def turn_down_key(offer_id: str, by: people.PersonCard) -> bool:
    """Close the offer of a key without enrolling it; False when it was closed already.

    1. Claim it. 2. Write `key_offered` with outcome `turned_down`.
    """
    with transaction.atomic():
        row = OfferedKey.objects.filter(pk=offer_id).select_related("party").first()
        if row is None or not OfferedKey.objects.filter(pk=row.pk, closed_utc=None).update(
            closed_utc=clock.now()
        ):
            return False
        card = people.party_by_slug(row.party.slug)
        assert card is not None
        _record_offer("turned_down", card, row.keyid, f"Offer of a key of {card.name} turned down", by)
        return True


def _record_offer(outcome: str, card: people.PartyCard, name: str, text: str, by: people.PersonCard) -> None:
    secret = {"person": people.as_secret(by), "text": Secret("", text)}
    entry = NewEntry(type="key_offered", party=card.slug, outcome=outcome, reason_code=name, secret=secret)
    ledger.append([entry])


def _sort(public_pem: str) -> str:
    return "Signing passkey" if passkey_signing.is_passkey(public_pem) else "Signing key"


def withdraw_signing_key(name: str, by: people.PersonCard | None = None, reason: str = "") -> bool:
    """A key counts no more, and no signature by it: a text signed with it stops running until it is signed again.

    1. Find it. 2. Refuse to withdraw the last one of its party: nobody could vouch for the next.
    3. Claim it. 4. Write `key_withdrawn`; bump the world, so that the gate cuts what hung on it.

    Args:
        name: keyid, or its beginning (at least eight characters).
    Returns:
        False when it was withdrawn already.
    Raises:
        SignatureFault.
    """
    with transaction.atomic():
        rows = list(SigningKey.objects.filter(keyid__startswith=name).select_related("party")[:2])
        if len(name) < 8 or len(rows) != 1:
            why = "is not here." if len(name) >= 8 and not rows else "is not told clearly enough."
            raise SignatureFault(f"Key '{name}'", why, "List them: sightpact agreement keys.")
        row = rows[0]
        if row.withdrawn_utc is not None:
            return False
        if not SigningKey.objects.filter(party=row.party, withdrawn_utc=None).exclude(pk=row.pk).exists():
            raise SignatureFault(
                f"Key '{row.keyid[:16]}'",
                f"is the only one of {row.party.name}.",
                "Enrol the next one first (sightpact agreement vouch), sign again with it, then withdraw this one."
                " To close at once: sightpact agreement suspend.",
            )
        if not SigningKey.objects.filter(pk=row.pk, withdrawn_utc=None).update(withdrawn_utc=clock.now()):
            return False
        text = f"Signing key of {row.party.name}, held by {row.holder}" + (f": {reason}" if reason else "")
        secret = {"person": people.as_secret(by), "text": Secret("", text)}
        entry = NewEntry(
            type="key_withdrawn",
            party=row.party.slug,
            outcome="withdrawn",
            reason_code=row.keyid,
            secret=secret,
        )
        ledger.append([entry], bump="world")
        return True
