"""Who is named in an agreement: into the annex and out of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from sightpact.agreements import reads
from sightpact.agreements.actions.entries import find_agreement
from sightpact.agreements.clauses.people import NamedPersons
from sightpact.agreements.errors import RevisionFault
from sightpact.agreements.models import Agreement, NamedPerson
from sightpact.ledger import actions as ledger
from sightpact.ledger import clock
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import reads as people


@dataclass(frozen=True, slots=True)
class Named:
    person: str  # person slug
    position: str


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the keeper of an annex knows of a named person; confidential to it."""

    employer: str = ""
    supervisor: str = ""
    trained_until: date | None = None  # last day on which the training counts
    checked_on: date | None = None  # background check


def name_person(
    agreement: str,
    person: str,
    position: str,
    by: people.PersonCard | None = None,
    particulars: Particulars | None = None,
) -> bool:
    """Enter a person in the annex; False when the name stands there already.

    1. The agreement must have an annex; the person must belong to the party that keeps it.
    2. Store it; write `person_change`; bump the world.

    Args:
        agreement: slug.
        person: slug.
    Raises:
        RevisionFault.
    """
    with transaction.atomic():
        row = find_agreement(agreement)
        card = people.person_by_slug(person)
        keepers = _annex_keepers(row)
        keeper = _keeper_for(card, keepers)
        if card is None or keeper is None:
            raise RevisionFault(
                f"'{person}'",
                f"is not one of the people of {' or '.join(k.name for k in keepers)}.",
                "Add the person and the role there first.",
            )
        known = NamedPerson.objects.filter(agreement=row, person_id=card.id, removed_utc=None)
        if known.exists():
            return False
        NamedPerson.objects.create(
            agreement=row,
            person_id=card.id,
            position=position,
            added_utc=clock.now(),
            **(asdict(particulars) if particulars else {}),
        )
        _record_person(row, "named", card, position, keeper.slug, by)
        return True


def alter_particulars(
    agreement: str, person: str, particulars: Particulars, by: people.PersonCard | None = None
) -> bool:
    """Correct what the keeper knows of a person who is named; False when nothing differs. Nobody's access moves.

    1. The person must stand in the annex. 2. Store it; write `person_change`, without what was written.

    Raises:
        RevisionFault.
    """
    with transaction.atomic():
        row = find_agreement(agreement)
        card = people.person_by_slug(person)
        known = NamedPerson.objects.filter(agreement=row, removed_utc=None, person__slug=person)
        if card is None or not known.exists():
            raise RevisionFault(f"'{person}'", "does not stand in the annex.", "Name the person first.")
        if not known.exclude(**asdict(particulars)).exists():
            return False
        known.update(**asdict(particulars))
        keepers = _annex_keepers(row)
        keeper = _keeper_for(card, keepers) or keepers[0]
        _record_person(row, "altered", card, "particulars", keeper.slug, by)
        return True


def remove_person(agreement: str, person: str, by: people.PersonCard | None = None, reason: str = "") -> bool:
    """Take a person out of the annex: what was open to them through it closes. False when they were not in it.

    1. Claim the row. 2. Write `person_change`; bump the world, so that the gate cuts.

    Args:
        reason: why nobody in particular does it ("the training counted until ..."); else it is done by `by`.
    """
    with transaction.atomic():
        row = find_agreement(agreement)
        card = people.person_by_slug(person)
        if card is None:
            return False
        gone = NamedPerson.objects.filter(agreement=row, person_id=card.id, removed_utc=None).update(
            removed_utc=clock.now()
        )
        if gone:
            keepers = _annex_keepers(row)
            keeper = _keeper_for(card, keepers) or keepers[0]
            _record_person(row, "unnamed", card, "", keeper.slug, by, reason)
        return bool(gone)


def _keeper_for(
    card: people.PersonCard | None, keepers: tuple[people.PartyCard, ...]
) -> people.PartyCard | None:
    """The party of this person that keeps an annex."""
    held = {party for party, _role in card.roles} if card else set()
    return next((keeper for keeper in keepers if keeper.id in held), None)


def _annex_keepers(row: Agreement) -> tuple[people.PartyCard, ...]:
    """The parties that keep an annex of their own people, as the text that runs says."""
    document = reads.governing_document(str(row.pk))
    annex = document.all(NamedPersons) if document else ()
    if not annex:
        raise RevisionFault(
            row.title, "has no annex of named persons.", "Name people in an agreement that has one."
        )
    keepers = [people.party_by_slug(clause.kept_by) for clause in annex]
    return tuple(keeper for keeper in keepers if keeper is not None)


def _record_person(
    row: Agreement,
    outcome: str,
    card: people.PersonCard,
    position: str,
    party: str,
    by: people.PersonCard | None,
    reason: str = "",
) -> None:
    why = f": {reason}" if reason else f" by {people.as_secret(by).value}"
    secret = {"person": people.as_secret(card), "text": Secret("", f"{position or 'taken out'}{why}")}
    entry = NewEntry(type="person_change", agreement=row.slug, party=party, outcome=outcome, secret=secret)
    ledger.append([entry], bump=None if outcome == "altered" else "world")
