"""Carries out a plan: everything or nothing, in one transaction, with one `import` entry beside those of the changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from sightpact.agreements import actions as agreements
from sightpact.agreements import proof, proof_words, stored_world
from sightpact.agreements import reads as agreement_reads
from sightpact.agreements.errors import AgreementError, DocumentFaults
from sightpact.cameras import actions as cameras
from sightpact.cameras.errors import CamerasError
from sightpact.decide.cedar_schema import DecideError
from sightpact.ledger import actions as ledger
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import actions as people
from sightpact.people import reads
from sightpact.people.errors import PeopleError
from sightpact.web.importing.faults import Fault, ImportFaults
from sightpact.web.importing.parse import Plan

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What an import did, or would do. `changes` is empty when everything stood already."""

    sha256: str  # of the file
    counts: dict[str, int]  # what the file names, by table
    changes: Words  # each in words, in the order in which it was made


def apply(plan: Plan, content: bytes, by: reads.PersonCard | None = None, dry_run: bool = False) -> Done:
    """Make the deployment be as the plan says; what it does not name stays.

    1. Parties, persons with roles, schools with areas and cameras, signing keys, agreements: each by its slice's own
    actions, which compare first and record what they change. 2. If anything changed, try every case of what would run
    then: a guarantee that does not hold is a fault. 3. The certificates, and the `import` entry: hash of the file, and
    counts. 4. Commit; or undo all of it, when something did not fit or this is a dry run.

    Raises:
        ImportFaults: nothing was changed.
    """
    faults: list[Fault] = []
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        changes = tuple(_all(plan, by, faults))
        certificate = _proven(plan, faults) if changes and not faults else None
        if certificate and not faults:
            _record(plan, digest, changes, certificate, by)
        if faults or dry_run:
            transaction.set_rollback(True)
    if faults:
        raise ImportFaults(faults)
    return Done(digest, plan.counts(), changes)


def _all(plan: Plan, by: reads.PersonCard | None, faults: list[Fault]) -> Iterator[str]:
    steps: list[tuple[int, Callable[[], Words]]] = [
        (1, lambda: tuple(_parties(plan, by))),
        (1, lambda: tuple(_persons(plan, by))),
        (1, lambda: tuple(_inventory(plan, by))),
        (1, lambda: tuple(_keys(plan, by))),
    ]
    for line, step in steps:
        with _noting(faults, line):
            yield from step()
    for agreement in plan.agreements:
        with _noting(faults, agreement.line):
            done = agreements.import_agreement(
                agreement.document,
                votes=agreement.votes,
                signatures=agreement.signatures,
                named=agreement.named,
                by=by,
            )
            yield from (f"agreement {agreement.document.slug}: {change}" for change in done.changes)


@contextmanager
def _noting(faults: list[Fault], line: int) -> Iterator[None]:
    """What does not fit becomes a fault, so that the others are found too; the whole is undone in the end."""
    try:
        with transaction.atomic():
            yield
    except DocumentFaults as fault:
        faults += [Fault(line, f.path, f.what, f.remedy) for f in fault.faults]
    except (AgreementError, CamerasError, PeopleError) as fault:
        faults.append(Fault(line, fault.what, f"{fault.why.rstrip('.')}.", f"{fault.next_step.rstrip('.')}."))


def _parties(plan: Plan, by: reads.PersonCard | None) -> Iterator[str]:
    here = {card.slug for card in reads.parties()}
    for spec in plan.parties:
        if spec.slug not in here:
            people.add_party(spec, by)
            yield f"party {spec.slug} added"
        elif changed := people.alter_party(spec, by):
            yield f"party {spec.slug} altered ({', '.join(changed)})"


def _persons(plan: Plan, by: reads.PersonCard | None) -> Iterator[str]:
    here = {card.slug for card in reads.persons()}
    for person in plan.persons:
        slug = person.spec.slug
        if slug not in here:
            people.add_person(person.spec, person.roles, by)
            yield f"person {slug} added"
        else:
            if changed := people.alter_person(person.spec, by):
                yield f"person {slug} altered ({', '.join(changed)})"
            if people.set_roles(slug, person.roles, by):
                yield f"person {slug} altered (roles)"
        if person.active is False and people.deactivate(slug, by):
            yield f"person {slug} taken out"
        if person.active is True and people.reactivate(slug, by):
            yield f"person {slug} taken in again"


def _inventory(plan: Plan, by: reads.PersonCard | None) -> Iterator[str]:
    for change in cameras.put_inventory(plan.schools, plan.areas, plan.cameras, by):
        fields = f" ({', '.join(change.fields)})" if change.fields else ""
        yield f"{change.kind} {change.slug} {change.what}{fields}"


def _keys(plan: Plan, by: reads.PersonCard | None) -> Iterator[str]:
    here = {key.keyid for key in agreement_reads.signing_keys()}
    for key in plan.keys:
        if agreements.enrol_signing_key(key.party, key.public_pem, key.holder, by, key.vouched) not in here:
            yield f"signing key of {key.party} enrolled"


def _proven(plan: Plan, faults: list[Fault]) -> proof.Certificate | None:
    """Every guarantee of every agreement that would run; each that fails is a fault, with its counterexample."""
    try:
        certificate = stored_world.prove_stored()
    except DecideError as fault:
        faults.append(Fault(1, fault.what, f"It cannot be proven: {fault.why}.", f"{fault.next_step}."))
        return None
    if certificate.holds:
        return certificate
    lines = {a.document.slug: a.line for a in plan.agreements}
    documents = {entry.id: entry.document for entry in agreement_reads.running()}
    names = stored_world.names()
    for proven in certificate.agreements:
        for failed in proven.failed:
            example = proof_words.told(failed, documents[proven.agreement], names)
            what = f"A guarantee would not hold: {example.promise} {example.example}"
            faults.append(
                Fault(lines.get(proven.slug, 1), f"agreement '{proven.slug}'", what, example.change)
            )
    return certificate


def _record(
    plan: Plan, digest: str, changes: Words, certificate: proof.Certificate, by: reads.PersonCard | None
) -> None:
    """Counts stand in the hidden text: how many inside cameras there are is nobody else's to know."""
    owner = next((party.slug for party in reads.parties() if party.kind == "owner"), "")
    counts = ", ".join(f"{count} {name}" for name, count in plan.counts().items() if count)
    text = f"Import of a file with sha256 {digest}: {counts}; {len(changes)} changes"
    secret = {"person": reads.as_secret(by), "text": Secret(digest, text)}
    certificates = proof.entries(certificate, stored_world.owners())
    ledger.append(
        [*certificates, NewEntry("import", party=owner, outcome="done", secret=secret)], bump="world"
    )
