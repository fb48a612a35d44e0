"""An import file as one change of access: made at once when it gives nobody more, else by a second person's word.

It may hold camera passwords: while it waits it is stored encrypted for this server's key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction

from sightpact.access import changes
from sightpact.access.changes.kinds import Concerned
from sightpact.agreements import actions as agreements
from sightpact.agreements import reads as agreement_reads
from sightpact.agreements.errors import AgreementError, DocumentFaults
from sightpact.cameras import actions as cameras
from sightpact.cameras import credentials
from sightpact.cameras.errors import CamerasError
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import actions as people
from sightpact.people import reads
from sightpact.people.errors import PeopleError
from sightpact.web.importing import known, parse
from sightpact.web.importing.faults import Fault, ImportFaults
from sightpact.web.importing.parse import Plan

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file's content; or, read from where it waited, the same sealed (base64)."""

    kind: ClassVar[str] = "import"
    only_narrows: ClassVar[bool] = False
    routine: ClassVar[bool] = True
    whole: ClassVar[bool] = True
    content: bytes = field(default=b"", repr=False)
    sealed: str = field(default="", repr=False)
    plan: Plan | None = field(default=None, repr=False)

    @property
    def title(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in self._plan().counts().items() if count)
        return f"Import of a file that names {counts or 'nothing'} (sha256 {self._digest()[:12]})"

    def as_data(self) -> dict[str, Any]:
        sealed = credentials.seal_bytes(settings.SIGHTPACT.keys, self._content())
        return {"sealed": base64.b64encode(sealed).decode()}

    def concerns(self) -> Concerned:
        """The owner; before the first file there is none, and nobody who could propose."""
        return Concerned(next((party.id for party in reads.parties() if party.kind == "owner"), ""))

    def carry_out(self, by: reads.PersonCard | None) -> Words:
        """Each table by its slice's own actions, which compare first and record what they change.

        Raises:
            ImportFaults: all that do not fit.
        """
        faults: list[Fault] = []
        done = tuple(_all(self._plan(), by, faults))
        if faults:
            raise ImportFaults(faults)
        return done

    def entries(self, done: Words, by: reads.PersonCard | None) -> list[NewEntry]:
        """The `import` entry. Counts stand in the hidden text: how many inside cameras there are is nobody else's to know."""
        owner = next((party.slug for party in reads.parties() if party.kind == "owner"), "")
        counts = ", ".join(f"{count} {name}" for name, count in self._plan().counts().items() if count)
        text = f"Import of a file with sha256 {self._digest()}: {counts}; {len(done)} changes"
        secret = {"person": reads.as_secret(by), "text": Secret(self._digest(), text)}
        return [NewEntry("import", party=owner, outcome="done", secret=secret)]

    def _content(self) -> bytes:
        if not self.sealed:
            return self.content
        try:
            sealed = base64.b64decode(self.sealed, validate=True)
        except binascii.Error:
            sealed = b""
        return credentials.open_bytes(settings.SIGHTPACT.keys, sealed)

    def _plan(self) -> Plan:
        if self.plan is not None:
            return self.plan
        return parse.parse(self._content(), known.known(tuple(settings.SIGHTPACT.camera_networks)))

    def _digest(self) -> str:
        return hashlib.sha256(self._content()).hexdigest()


KINDS: Mapping[str, type[Any]] = {**changes.KINDS, ImportFile.kind: ImportFile}
"""Every kind of change that can wait."""


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
